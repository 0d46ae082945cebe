import { Handle } from "./handle.js";
import { bytesOf, documentOf, millisOf } from "./module.js";

/** What browsers have, and Node only with all of its languages. */
let windows1252;
/** Node's own way is many times as quick. */
const latin1Slice = globalThis.Buffer?.prototype.latin1Slice;

/** The text of bytes that are one character each; the module leaves out those that the two ways take for different ones. */
const textOf = (bytes) => latin1Slice?.call(bytes, 0, bytes.length) ?? (windows1252 ??= new TextDecoder("windows-1252")).decode(bytes);

/**
 * A generation's stream, read as it arrives. The partial calendar survives a stall, a cut or an error.
 */
export class GenerationStream {
  #handle;

  /**
   * @param {import("../types/model.js").SessionOptions} [options]
   * @param {Date | number | string} [now]
   */
  constructor(options, now = Date.now()) {
    const document = options === undefined ? "" : documentOf(options);
    const at = millisOf(now);
    this.#handle = new Handle("stream", (wasm) => new wasm.StreamHandle(document, at));
  }

  /**
   * Takes bytes as they arrived, however they were cut, and gives the events in them.
   * @param {Uint8Array | ArrayBuffer | string} bytes
   * @param {Date | number | string} [now]
   * @returns {import("../types/model.js").GenerationEvent[]}
   */
  push(bytes, now = Date.now()) {
    const [chunk, at] = [bytesOf(bytes), millisOf(now)];
    const events = (stream) => {
      const length = stream.push(chunk, at);
      return textOf(new Uint8Array(stream.memory().buffer, stream.events(), length));
    };
    return JSON.parse(this.#handle.use(events));
  }

  /**
   * Says what time it is, and gives the state: a stream that is silent stalls.
   * @returns {import("../types/model.js").GenerationState}
   */
  tick(now = Date.now()) {
    const at = millisOf(now);
    return JSON.parse(this.#handle.use((stream) => stream.tick(at)));
  }

  /** How many milliseconds it is until `tick` can tell something new, if ever. */
  millisToNextTick(now = Date.now()) {
    const at = millisOf(now);
    return this.#handle.use((stream) => stream.millisToNextTick(at));
  }

  /** The connection has ended. */
  end(now = Date.now()) {
    const at = millisOf(now);
    this.#handle.use((stream) => stream.end(at));
  }

  /** The person doesn't want it any more. */
  cancel(now = Date.now()) {
    const at = millisOf(now);
    this.#handle.use((stream) => stream.cancel(at));
  }

  /**
   * What arrived so far, and how the generation stands.
   * @returns {import("../types/model.js").GenerationSnapshot}
   */
  snapshot() {
    return JSON.parse(this.#handle.use((stream) => stream.snapshot()));
  }

  /**
   * Reads a response to its end and yields its events as they come.
   * @param {Response | ReadableStream<Uint8Array>} source
   */
  async *read(source) {
    const reader = (source.body ?? source).getReader();
    let over = false;
    const next = async () => {
      try {
        const chunk = await reader.read();
        over = chunk.done;
        return chunk;
      } catch (broken) {
        over = true;
        throw broken;
      } finally {
        if (over) this.end();
      }
    };
    try {
      for (let chunk = await next(); !chunk.done; chunk = await next()) yield* this.push(chunk.value);
    } finally {
      // Whoever stops reading doesn't want the rest.
      if (!over) {
        this.cancel();
        reader.cancel().catch(() => {});
      }
      reader.releaseLock();
    }
  }

  free() {
    this.#handle.free();
  }
}

if (Symbol.dispose !== undefined) {
  GenerationStream.prototype[Symbol.dispose] = GenerationStream.prototype.free;
}
