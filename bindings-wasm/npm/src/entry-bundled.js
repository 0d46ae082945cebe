// The same as `entry-node.js` in one file, for bundlers: what a server runs may be all that is deployed.

import * as glue from "../build/node/calendar_publish.js";
import module from "../build/node/module.js";
import { embedded } from "./embedded.js";

/** Loads the module, which the first call would do otherwise. */
export const ready = embedded(glue, module);

export * from "./index.js";
export { Engine } from "./engine.js";
