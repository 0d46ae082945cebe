// Browsers: the module is a file beside this one, and is downloaded once.

import init, * as glue from "../build/browser/calendar_publish.js";
import { loading } from "./loading.js";

/** Downloads and compiles the module. Everything else works once it has resolved. */
export const ready = loading(init, glue);

export * from "./index.js";
