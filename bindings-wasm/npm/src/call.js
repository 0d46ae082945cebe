import { documentOf, guarded } from "./module.js";
import { misuse, wordedBy } from "./error.js";

/**
 * Runs an operation by its name.
 * @param {string} name
 * @param {unknown} input
 * @returns {any}
 */
export function call(name, input) {
  return JSON.parse(callText(name, documentOf(input)));
}

/**
 * Runs an operation on a JSON text, and gives its answer as JSON text: what JavaScript's numbers can't hold
 * passes to the letter, and a refusal names the line and column of this text.
 * @param {string} name
 * @param {string} document
 * @returns {string}
 */
export function callText(name, document) {
  if (typeof document !== "string") throw misuse("INPUT_INVALID", "a JSON text was expected");
  const operation = String(name);
  return guarded((wasm) => wasm.call(operation, document));
}

wordedBy((error, lang) => {
  const { message, action } = call("messageText", { lang, about: { type: "error", error } });
  return `${message} ${action}`;
});
