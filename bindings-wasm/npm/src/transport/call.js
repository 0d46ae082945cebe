import { isNode, namesHost, publicAddresses } from "./address.js";
import { socketFetch } from "./sockets.js";

/** What is certain of a request that wasn't sent. */
const unsent = (error) => Object.assign(error, { sent: false });

/**
 * A function that calls addresses as `fetch` does, and refuses (`Forbidden`) those that mustn't be called. In Node
 * the connection goes to the very address that was checked. A `fetch` of the host's or a browser's resolves by
 * itself: names are then checked before it is called.
 */
export function checkedFetch({ fetch, allow = [], lookup } = {}) {
  if (fetch === undefined && isNode) return socketFetch({ allow, lookup });
  const call = fetch ?? globalThis.fetch;
  return async (target, request) => {
    if (namesHost(target, allow)) {
      try {
        await Promise.race([publicAddresses(target.hostname, lookup), whenAborted(request.signal)]);
      } catch (error) {
        throw unsent(error);
      }
    }
    return call(target, request);
  };
}

function whenAborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject({ name: "no connection by the deadline" }), { once: true });
  });
}
