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
  /** The platform's `fetch` if unset. */
  fetch?: typeof globalThis.fetch;
  /** Origins that are called whatever they are, `http` too: for simulators, never for what users give. */
  allow?: readonly string[];
  /** What a name resolves to; the system's resolver if unset, and nothing in a browser. */
  lookup?: (name: string) => Promise<readonly string[]>;
}

/**
 * HTTP over `fetch`. On Node a name is resolved and checked before it is called; `fetch` resolves it again, so
 * that a host that calls addresses of strangers should bring a `fetch` whose connections are checked too.
 */
export function fetchTransport(options?: AddressOptions): HttpTransport;

/** Media read by ranges over `fetch`, by the same rules. */
export function mediaOverFetch(options?: AddressOptions & { deadlineMillis?: number }): MediaSource;

/** Whether an IP address lies on the public internet; `undefined` where the text is no address. */
export function isPublicAddress(address: string): boolean | undefined;
