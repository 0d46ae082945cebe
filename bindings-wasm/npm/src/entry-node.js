// Node: with the engine, and with a zone database. The module is a file beside this one.

import * as glue from "../build/node/calendar_publish.js";
import { beside } from "./beside.js";

/** Loads the module, which the first call would do otherwise. */
export const ready = beside(glue, () => new URL("calendar_publish_node.wasm", import.meta.url));

export * from "./index.js";
export { Engine } from "./engine.js";
