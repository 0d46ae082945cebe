// Node, without a zone database: for pages that browsers render with the same module, and the server before them.

import * as glue from "../build/intl/calendar_publish_intl.js";
import compressed from "../build/intl/module.js";
import { embedded } from "./embedded.js";

/** Loads the module, which the first call would do otherwise. */
export const ready = embedded(glue, compressed);

export * from "./index.js";
