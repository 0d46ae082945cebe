// Node: the module is a file, and is loaded when it is first used.

import { readFileSync } from "node:fs";

import { misuse } from "./error.js";
import { loadedBy, wasm } from "./module.js";

/** A function that loads the module from its place, which the first call would do otherwise. */
export function beside(glue, place) {
  loadedBy(() => {
    glue.initSync({ module: read(place) });
    return glue;
  });
  return async () => {
    wasm();
  };
}

function read(place) {
  try {
    return readFileSync(place());
  } catch (cause) {
    // A bundle elsewhere, or one of CommonJS, which knows no place of its own.
    if (cause.code !== "ENOENT" && cause.code !== "ERR_INVALID_URL") throw cause;
    throw misuse(
      "LIBRARY_FAILED",
      `calendar_publish_node.wasm isn't there: a bundler has to know the condition "module", or to leave this package out`,
    );
  }
}
