// Browsers, without a zone database: zones come from the browser's own `Intl`.

import init, * as glue from "../build/intl/calendar_publish_intl.js";
import { loading } from "./loading.js";

/** Downloads and compiles the module. Everything else works once it has resolved. */
export const ready = loading(init, glue);

export * from "./index.js";
