// Node: with the engine, and with a zone database.

import * as glue from "../build/node/calendar_publish.js";
import module from "../build/node/module.js";
import { embedded } from "./embedded.js";

/** Loads the module, which the first call would do otherwise. */
export const ready = embedded(glue, module);

export * from "./index.js";
export { Engine } from "./engine.js";
