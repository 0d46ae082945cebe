// In place of `queueMicrotask`, by which the module's glue lets futures go on: a trap in one of them would end the
// host's process.

import { life } from "./module.js";

export function queueMicrotask(task) {
  globalThis.queueMicrotask(life().callback(task));
}
