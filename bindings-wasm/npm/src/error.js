// What goes wrong, as an `Error` that programs can look into.

import { isTrap } from "./life.js";

let wordFailure = (failure) => failure.code;

/** Tells how a failure is worded; the module that words it needs this one itself. */
export function wordedBy(word) {
  wordFailure = word;
}

/** An error of the library: a stable code, and where and by how much. */
export class CalendarPublishError extends Error {
  /**
   * @param {import("../types/model.js").Failure} failure
   * @param {{ message?: string, retryable?: boolean, cause?: unknown }} [more]
   */
  constructor(failure, more = {}) {
    const { message = failure.code, retryable = false, cause } = more;
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CalendarPublishError";
    this.code = failure.code;
    this.path = failure.path ?? "";
    this.measured = failure.measured ?? undefined;
    this.allowed = failure.allowed ?? undefined;
    this.position = failure.position ?? undefined;
    this.retryable = retryable;
  }

  /** The error as the library's own document, to be stored or handed on. */
  toJSON() {
    const { code, path, measured, allowed, position } = this;
    return { code, ...(path && { path }), measured, allowed, position };
  }

  /**
   * What to tell the person, in their language: what happened, and what to do.
   * @param {"es" | "en"} lang
   * @returns {string}
   */
  messageFor(lang) {
    return wordFailure(this.toJSON(), lang);
  }
}

/** Makes an error of what the module threw; anything else goes on as it is. */
export function errorOf(thrown) {
  if (typeof thrown === "string") {
    const { error, retryable, message } = JSON.parse(thrown);
    return new CalendarPublishError(error, { message, retryable });
  }
  if (isTrap(thrown)) {
    const measured = { type: "text", value: thrown.message };
    return new CalendarPublishError(
      { code: "LIBRARY_FAILED", measured },
      { message: `LIBRARY_FAILED: ${thrown.message}`, cause: thrown },
    );
  }
  return thrown;
}

/** An error in how the library is called. */
export function misuse(code, message, path = "") {
  return new CalendarPublishError({ code, path }, { message: `${code}: ${message}` });
}
