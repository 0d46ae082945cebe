// The WebAssembly module: one for the whole process or page, and after a trap a fresh instance of it.

import { errorOf, misuse } from "./error.js";
import { Life } from "./life.js";

/** Loads the module without waiting, where that is possible. */
let loadNow;
/** The functions and classes of the module once it is loaded. */
let loaded;
/** The instance that is in use. */
let current = new Life();

/** Tells how the module is loaded when it is first needed. */
export function loadedBy(load) {
  loadNow = load;
}

/** The module was loaded. */
export function setModule(glue) {
  loaded = glue;
}

/** The instance that is in use. */
export function life() {
  return current;
}

/** The functions and classes of the module. */
export function wasm() {
  if (loaded === undefined) {
    if (loadNow === undefined) throw misuse("LIBRARY_FAILED", "wait for `ready()` first");
    setModule(loadNow());
  }
  if (current.isOver) renew();
  return loaded;
}

/** Puts a fresh instance in place of the one that trapped. The module stays compiled. */
function renew() {
  // A port that calls the library while the instance is running would take its memory away from it.
  if (current.isEntered) throw errorOf(current.cause);
  current.abandon();
  try {
    loaded.__wbg_reset_state();
  } catch (thrown) {
    // There is no memory for it yet: the next call tries again.
    throw errorOf(thrown);
  }
  current = new Life();
}

/** Runs `use` on the module, and throws its failures as errors. */
export function guarded(use) {
  const glue = wasm();
  try {
    return current.enter(() => use(glue));
  } catch (thrown) {
    throw errorOf(thrown);
  }
}

/**
 * A value as the JSON text that the module reads.
 * @param {unknown} value
 * @returns {string}
 */
export function documentOf(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    // A cycle, a BigInt, or a `toJSON` that throws.
    throw misuse("INPUT_INVALID", String(cause?.message ?? cause));
  }
  if (text === undefined) {
    throw misuse("INPUT_INVALID", `a document was expected, not ${typeof value}`);
  }
  return text;
}

/**
 * An instant as milliseconds since 1970.
 * @param {Date | number | string} instant
 * @returns {number}
 */
export function millisOf(instant) {
  const millis =
    typeof instant === "number"
      ? instant
      : instant instanceof Date
        ? instant.getTime()
        : typeof instant === "string"
          ? Date.parse(instant)
          : Number.NaN;
  if (!Number.isFinite(millis)) {
    throw misuse("TIMESTAMP_INVALID", "a Date, milliseconds or an RFC 3339 text was expected", "now");
  }
  return millis;
}

/**
 * Bytes as they are, a text as UTF-8, and anything else as JSON.
 * @param {Uint8Array | ArrayBuffer | string | object} document
 * @returns {Uint8Array}
 */
export function bytesOf(document) {
  if (document instanceof Uint8Array) return document;
  if (document instanceof ArrayBuffer) return new Uint8Array(document);
  if (ArrayBuffer.isView(document)) {
    return new Uint8Array(document.buffer, document.byteOffset, document.byteLength);
  }
  return new TextEncoder().encode(typeof document === "string" ? document : documentOf(document));
}
