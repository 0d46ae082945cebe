import { Refusal } from "../stores/refusal.js";
import { Forbidden } from "./address.js";
import { wholeBody } from "./body.js";
import { checkedFetch } from "./call.js";

/** The platforms' answers are documents of a few kilobytes. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** What can only happen before the first byte of a request leaves. */
const NEVER_SENT = new Set([
  "ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_REVOKED", "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Errors of the system that are certain only where they come from connecting. */
const NOT_CONNECTED = new Set(["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ETIMEDOUT", "EACCES"]);

function wasSent(error) {
  if (error === undefined || error === null) return true;
  // It is known: there was no connection yet.
  if (error.sent === false) return false;
  // Several addresses were tried: none of them may have been reached.
  if (Array.isArray(error.errors) && error.errors.length > 0) return error.errors.some(wasSent);
  if (NEVER_SENT.has(error.code)) return false;
  return !(NOT_CONNECTED.has(error.code) && error.syscall === "connect");
}

// Reasons hold codes alone: messages hold addresses, and those hold tokens.
const reasonOf = (error) => String(error?.code ?? error?.errors?.[0]?.code ?? error?.name ?? "no connection");
const notSent = (reason) => new Refusal({ type: "not_sent", reason });
const noAnswer = (reason) => new Refusal({ type: "no_answer", reason });

/** Header lines as they came; `fetch` itself joins those of one name, but for cookies. */
const linesOf = ({ lines, headers }) => lines ?? [...headers].map(([name, value]) => ({ name, value }));

/**
 * The engine's HTTP: any status is an answer, redirects are not followed, nothing is kept. A request counts as not
 * sent only where that is certain.
 */
export function fetchTransport({ maxAnswerBytes = MAX_ANSWER_BYTES, ...options } = {}) {
  const fetch = checkedFetch(options);
  return {
    async send({ method, url, headers = [], body, deadlineMillis }) {
      const signal = AbortSignal.timeout(deadlineMillis);
      const target = parsed(url);
      const request = {
        method,
        headers: headers.map(({ name, value }) => [name, value]),
        body: body?.length > 0 ? body : undefined,
        redirect: "manual",
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
      };
      writable(request);
      try {
        const response = await fetch(target, { ...request, signal });
        // A browser hides where a redirect leads, and that it is one.
        if (response.type === "opaqueredirect") throw noAnswer("a redirect that can't be seen");
        const bytes = await wholeBody(response, maxAnswerBytes);
        if (bytes === undefined) throw noAnswer(`its answer has more than ${maxAnswerBytes} bytes`);
        return { status: response.status, headers: linesOf(response), body: bytes };
      } catch (error) {
        if (error instanceof Refusal) throw error;
        if (error instanceof Forbidden) throw new Refusal({ type: "address_forbidden", reason: error.message });
        const cause = error?.sent === false ? error : error?.cause;
        if (!wasSent(cause)) throw notSent(signal.aborted ? "no connection by the deadline" : reasonOf(cause));
        if (signal.aborted) throw noAnswer("no whole answer by the deadline");
        throw noAnswer(reasonOf(cause ?? error));
      }
    },
  };
}

function parsed(url) {
  try {
    return new URL(url);
  } catch {
    throw notSent("the address is no URL");
  }
}

/** Refuses what `fetch` would refuse before it does anything, whatever the address. */
function writable(request) {
  try {
    new Request("https://host.invalid/", request);
  } catch {
    throw notSent("the request can't be written");
  }
}
