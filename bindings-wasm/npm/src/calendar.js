import { CalendarOperations } from "./calendar-operations.js";
import { Handle } from "./handle.js";
import { bytesOf, documentOf, millisOf } from "./module.js";

/**
 * A calendar that lives in an interface: its entries stay inside, and only what changed comes out.
 *
 * It reads no clock: `load` and `setNow` say what time it is.
 */
export class Calendar extends CalendarOperations {
  #handle;

  constructor(handle) {
    super();
    this.#handle = handle;
  }

  /**
   * Reads a calendar. Bytes straight from a file or a response are the fastest: parsing them first and
   * handing over the object does the work twice.
   * @param {Uint8Array | ArrayBuffer | string | import("../types/model.js").CalendarDocument} document
   * @param {Date | number | string} [now]
   * @returns {Calendar}
   */
  static load(document, now = Date.now()) {
    const [bytes, at] = [bytesOf(document), millisOf(now)];
    return new Calendar(new Handle("calendar", (wasm) => new wasm.CalendarHandle(bytes, at)));
  }

  /**
   * Runs an operation by its name.
   * @param {string} name
   * @param {unknown} input
   * @returns {any}
   */
  call(name, input) {
    const [operation, document] = [String(name), documentOf(input)];
    return JSON.parse(this.#handle.use((calendar) => calendar.call(operation, document)));
  }

  /**
   * Writes every entry as CSV, JSON or iCalendar.
   * @param {import("../types/model.js").CalendarExportRequest} request
   * @returns {Uint8Array}
   */
  export(request) {
    const document = documentOf(request);
    return this.#handle.use((calendar) => calendar.export(document));
  }

  /** How many entries there are. */
  get length() {
    return this.#handle.use((calendar) => calendar.length);
  }

  /** Gives the memory back at once; without it, that happens some time after nobody holds it any more. */
  free() {
    this.#handle.free();
  }
}

if (Symbol.dispose !== undefined) {
  Calendar.prototype[Symbol.dispose] = Calendar.prototype.free;
}
