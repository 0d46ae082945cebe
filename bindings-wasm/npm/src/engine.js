import { EngineOperations } from "./engine-operations.js";
import { CalendarPublishError } from "./error.js";
import { Handle } from "./handle.js";
import { documentOf, life } from "./module.js";

/**
 * What a port refused, as the library reads it: a document where it says what it is (`Refusal`, or an error of
 * the library), otherwise an error whose message is told.
 */
function refusal(thrown) {
  const failure = thrown instanceof CalendarPublishError ? thrown.toJSON() : thrown?.document;
  if (failure !== undefined) return documentOf(failure);
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The host's ports as the module calls them. Its failing is no matter of theirs, nor theirs of its life. */
class HostPorts {
  #ports;

  constructor(ports) {
    this.#ports = ports;
  }

  document(port, method, request) {
    return life().heard(this.#document(port, method, request));
  }

  bytes(port, head, body) {
    return life().heard(this.#bytes(port, head, body));
  }

  sleep(millis) {
    return life().heard(this.#sleep(millis));
  }

  record(event) {
    this.#ports.telemetry?.record(JSON.parse(event));
  }

  /** The machine's time where the host's clock fails. */
  now() {
    try {
      const now = this.#ports.clock?.now();
      if (Number.isFinite(now)) return now;
    } catch {
      // The machine's clock goes on.
    }
    return Date.now();
  }

  async #document(port, method, request) {
    try {
      const target = this.#ports[port];
      // A store that takes documents as they are keeps payloads to the letter.
      if (typeof target?.call === "function") return await target.call(method, request);
      if (typeof target?.[method] !== "function") {
        throw new TypeError(`the port \`${port}\` has no method \`${method}\``);
      }
      return documentOf((await target[method](JSON.parse(request))) ?? null);
    } catch (thrown) {
      throw refusal(thrown);
    }
  }

  async #bytes(port, head, body) {
    try {
      const target = this.#ports[port];
      if (port === "media") {
        const { bytes, ...rest } = await target.read(JSON.parse(head));
        return { head: documentOf(rest), body: bytes };
      }
      const { body: bytes = new Uint8Array(), ...rest } = await target.send({
        ...JSON.parse(head),
        body,
      });
      return { head: documentOf(rest), body: bytes };
    } catch (thrown) {
      throw refusal(thrown);
    }
  }

  async #sleep(millis) {
    const clock = this.#ports.clock;
    if (typeof clock?.sleep === "function") await clock.sleep(millis);
    else await new Promise((wake) => setTimeout(wake, millis));
  }
}

/**
 * The publish engine: what people ask of publish jobs, and the worker that publishes what is due.
 *
 * It keeps everything in the store, so that a process may end at any moment and another goes on.
 */
export class Engine extends EngineOperations {
  #handle;
  #running = 0;

  /**
   * @param {import("../types/engine.js").EnginePorts} ports
   * @param {import("../types/model.js").EngineSettings} [settings]
   */
  constructor(ports, settings = {}) {
    super();
    const host = new HostPorts(ports);
    const document = documentOf(settings);
    const given = documentOf(Object.keys(ports).filter((name) => ports[name] != null));
    this.#handle = new Handle("engine", (wasm) => new wasm.EngineHandle(host, given, document));
  }

  /**
   * Runs an operation by its name.
   * @param {string} name
   * @param {unknown} input
   * @returns {Promise<any>}
   */
  async call(name, input) {
    const [operation, document] = [String(name), documentOf(input)];
    return JSON.parse(await this.#handle.promise((engine) => engine.call(operation, document)));
  }

  /** Works until `stop` is called, and then ends gracefully. */
  async run() {
    return JSON.parse(await this.#handle.promise((engine) => engine.run()));
  }

  /** Ends `run`: it claims no more, and lets every call come to its end. */
  stop() {
    this.#handle.use((engine) => engine.stop());
  }

  free() {
    this.#handle.free();
  }
}
