// Node: the module is inside this file, and is loaded when it is first used.

import { brotliDecompressSync } from "node:zlib";

import * as glue from "../build/node/calendar_publish.js";
import compressed from "../build/node/module.js";
import { loadedBy, wasm } from "./module.js";

loadedBy(() => {
  glue.initSync({ module: brotliDecompressSync(Buffer.from(compressed, "base64")) });
  return glue;
});

/** Loads the module, which the first call would do otherwise. */
export async function ready() {
  wasm();
}

export * from "./index.js";
export { Engine } from "./engine.js";
