export * from "./operations.js";
export * from "./library.js";
