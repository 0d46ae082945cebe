// Node: the module is inside the package's file, and is loaded when it is first used.

import { brotliDecompressSync } from "node:zlib";

import { loadedBy, wasm } from "./module.js";

/** A function that loads the module, which the first call would do otherwise. */
export function embedded(glue, compressed) {
  loadedBy(() => {
    glue.initSync({ module: brotliDecompressSync(Buffer.from(compressed, "base64")) });
    return glue;
  });
  return async () => {
    wasm();
  };
}
