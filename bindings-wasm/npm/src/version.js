import { guarded } from "./module.js";

/** The version of the library. */
export const version = () => guarded((wasm) => wasm.version());
