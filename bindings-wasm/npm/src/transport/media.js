import { Refusal } from "../stores/refusal.js";
import { Forbidden } from "./address.js";
import { joined } from "./body.js";
import { checkedFetch } from "./call.js";

const DEADLINE_MILLIS = 60_000;
const KEPT_VERSIONS = 1024;

const unavailable = (reason) => new Refusal({ type: "unavailable", reason });
const notAllowed = (reason) => new Refusal({ type: "address_forbidden", reason });

/** `Content-Range: bytes 0-99/1000`, or with `*` for the range where the range lies behind the file's end. */
function contentRange(headers) {
  const found = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(headers.get("content-range") ?? "");
  return found && { first: Number(found[1]), last: Number(found[2]), total: Number(found[3]) };
}

/** Appends the bytes of `[skip, skip + wanted)` of the body; what comes after them isn't read. */
async function keep(response, skip, wanted, parts) {
  let place = 0;
  let kept = 0;
  const reader = response.body?.getReader();
  while (reader && kept < wanted) {
    const { done, value } = await reader.read();
    if (done) break;
    const piece = value.subarray(Math.max(0, skip - place), Math.max(0, skip + wanted - place));
    place += value.length;
    kept += piece.length;
    if (piece.length > 0) parts.push(piece);
  }
  await reader?.cancel().catch(() => {});
  return kept;
}

/**
 * Media read range by range, by the rules of `fetchTransport`. A file that changes while it is read
 * is noticed by its size, `ETag` or `Last-Modified` and counts as unavailable until it is read from its start.
 */
export function mediaOverFetch({ deadlineMillis = DEADLINE_MILLIS, ...options } = {}) {
  const fetch = checkedFetch(options);
  const versions = new Map();

  function agree(url, offset, version) {
    const known = versions.get(url);
    if (offset === 0 || known === undefined) {
      versions.delete(url);
      versions.set(url, version);
      if (versions.size > KEPT_VERSIONS) versions.delete(versions.keys().next().value);
      return true;
    }
    // What an answer leaves out says nothing.
    return version.every((value, at) => value === null || known[at] === null || known[at] === value);
  }

  async function readPart(target, offset, wanted, parts, signal) {
    const last = offset + Math.max(wanted, 1) - 1;
    const response = await fetch(target, {
      headers: { range: `bytes=${offset}-${last}`, "accept-encoding": "identity" },
      redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal,
    });
    const { headers, status } = response;
    const encoding = headers.get("content-encoding") ?? "identity";
    let total;
    let kept = 0;
    if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
      throw notAllowed("it leads elsewhere");
    } else if (encoding !== "identity") {
      throw unavailable("it compresses the file");
    } else if (status === 206) {
      const range = contentRange(headers);
      if (!range || range.first !== offset || !(range.last <= last)) {
        throw unavailable("it answers with another part than asked for");
      }
      total = range.total;
      const due = Math.min(wanted, range.last - range.first + 1);
      kept = await keep(response, 0, due, parts);
      if (kept < due) throw unavailable("its answer is too short");
    } else if (status === 200) {
      // It doesn't know ranges and sends the whole file.
      const length = headers.get("content-length");
      if (length === null) throw unavailable("it doesn't say how long the file is");
      total = Number(length);
      const due = Math.max(0, Math.min(wanted, total - offset));
      kept = await keep(response, offset, due, parts);
      if (kept < due) throw unavailable("its answer is too short");
    } else if (status === 416) {
      const range = contentRange(headers);
      if (!range || range.total > offset) throw unavailable("it doesn't say how long the file is");
      total = range.total;
    } else if ([401, 403, 404, 410].includes(status)) {
      throw new Refusal({ type: "missing" });
    } else {
      throw unavailable(`it answers with ${status}`);
    }
    const version = [total, headers.get("etag"), headers.get("last-modified")];
    return { total, kept, version, mimeType: headers.get("content-type")?.split(";")[0].trim().toLowerCase() };
  }

  return {
    async read({ url, offset, length }) {
      const signal = AbortSignal.timeout(deadlineMillis);
      try {
        const target = new URL(url);
        const parts = [];
        let size = 0;
        for (;;) {
          // A server may answer with less than was asked for.
          const part = await readPart(target, offset + size, length - size, parts, signal);
          if (!agree(url, offset + size, part.version)) throw unavailable("the file changed while it was read");
          size += part.kept;
          if (size >= length || offset + size >= part.total) {
            const bytes = joined(parts, size);
            return { bytes, totalBytes: part.total, ...(part.mimeType ? { mimeType: part.mimeType } : {}) };
          }
          if (part.kept === 0) throw unavailable("it answers with nothing");
        }
      } catch (error) {
        if (error instanceof Refusal) throw error;
        if (error instanceof Forbidden) throw notAllowed(error.message);
        if (error?.code === "ERR_INVALID_URL") throw notAllowed("it is no URL");
        if (signal.aborted) throw unavailable("it took too long");
        throw unavailable(String(error?.cause?.code ?? error?.name));
      }
    },
  };
}
