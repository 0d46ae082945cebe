// Node: the module is a file, and is loaded when it is first used.

import { readFileSync } from "node:fs";

import { misuse } from "./error.js";
import { loadedBy, wasm } from "./module.js";

/** A function that loads the module from `file`, which the first call would do otherwise. */
export function beside(glue, file) {
  loadedBy(() => {
    glue.initSync({ module: read(file) });
    return glue;
  });
  return async () => {
    wasm();
  };
}

function read(file) {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (cause.code !== "ENOENT") throw cause;
    throw misuse(
      "LIBRARY_FAILED",
      `${file.href} is missing: a bundler has to know the condition "module", or to leave this package out`,
    );
  }
}
