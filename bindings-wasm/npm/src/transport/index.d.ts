export { Refusal } from "../stores/index.js";

export interface HeaderLine {
  /** In lower case. */
  name: string;
  /** It may be a token. */
  value: string;
}

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Absolute; it may hold a token. */
  url: string;
  headers: HeaderLine[];
  body: Uint8Array;
  /** How long the whole exchange may take before it counts as unanswered. */
  deadlineMillis: number;
}

export interface HttpResponse {
  status: number;
  headers: HeaderLine[];
  body: Uint8Array;
}

/**
 * HTTP as the engine needs it. It throws a `Refusal` of `not_sent`, `no_answer` or `address_forbidden`; whatever
 * else it throws counts as no answer: the request may have taken effect.
 */
export interface HttpTransport {
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface MediaChunk {
  bytes: Uint8Array;
  totalBytes: number;
  mimeType?: string;
}

/** Reads parts of media files. It throws a `Refusal` of `missing`, `address_forbidden` or `unavailable`. */
export interface MediaSource {
  read(range: { url: string; offset: number; length: number }): Promise<MediaChunk>;
}

export interface AddressOptions {
  /** Called in place of the transport's own connections (Node) or the platform's `fetch` (elsewhere). */
  fetch?: typeof globalThis.fetch;
  /** Origins that are called whatever they are, `http` too: for simulators, never for what users give. */
  allow?: readonly string[];
  /** What a name resolves to; the system's resolver if unset, and nothing in a browser. */
  lookup?: (name: string) => Promise<readonly string[]>;
}

/**
 * HTTP over `fetch`. In Node it makes its own connections, and what a name resolves to is checked as it is connected
 * to. A `fetch` that is handed in resolves names by itself, after they were checked: it should check them again.
 */
export function fetchTransport(
  options?: AddressOptions & {
    /** How many bytes an answer's body may have; 8 MiB if unset. A longer one counts as no answer. */
    maxAnswerBytes?: number;
  },
): HttpTransport;

/** Media read by ranges, by the same rules. */
export function mediaOverFetch(options?: AddressOptions & { deadlineMillis?: number }): MediaSource;

/** Whether an IP address lies on the public internet; `undefined` where the text is no address. */
export function isPublicAddress(address: string): boolean | undefined;
