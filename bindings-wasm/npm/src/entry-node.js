// Node: the module is inside this file, and is loaded when it is first used.

import { inflateRawSync } from "node:zlib";

import * as glue from "../build/node/calendar_publish.js";
import { deflated, length } from "../build/node/module.js";
import { loadedBy, wasm } from "./module.js";

loadedBy(() => {
  // In one piece: put together from small ones, it takes twice as long.
  glue.initSync({ module: inflateRawSync(Buffer.from(deflated, "base64"), { chunkSize: length }) });
  return glue;
});

/** Loads the module, which the first call would do otherwise. */
export async function ready() {
  wasm();
}

export * from "./index.js";
export { Engine } from "./engine.js";
