export * from "./interface-operations.js";
export * from "./library.js";
