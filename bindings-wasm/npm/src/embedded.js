// Node: the module is inside the file, and is loaded when it is first used.

import { inflateRawSync } from "node:zlib";

import { loadedBy, wasm } from "./module.js";

/** A function that loads the module, which the first call would do otherwise. */
export function embedded(glue, { deflated, length }) {
  loadedBy(() => {
    // In one piece: put together from small ones, it takes twice as long.
    const module = inflateRawSync(Buffer.from(deflated, "base64"), { chunkSize: length });
    glue.initSync({ module });
    return glue;
  });
  return async () => {
    wasm();
  };
}
