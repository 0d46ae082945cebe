// The smallest module: zones come from the host's own `Intl`, and what only servers do isn't there.

import init, * as glue from "../build/intl/calendar_publish_intl.js";
import { loading } from "./loading.js";

/** Downloads and compiles the module. Everything else works once it has resolved. */
export const ready = loading(init, glue);

export * from "./interface.js";
