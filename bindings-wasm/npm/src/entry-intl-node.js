// Node, with the smallest module: for pages that a server renders before a browser goes on with them.

import * as glue from "../build/intl/calendar_publish_intl.js";
import module from "../build/intl/module.js";
import { embedded } from "./embedded.js";

/** Loads the module, which the first call would do otherwise. */
export const ready = embedded(glue, module);

export * from "./interface.js";
