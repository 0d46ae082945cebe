// `fetch` for Node, over its own sockets. Node's `fetch` resolves a name by itself, and offers no place to look at the
// address that it connects to: between a check and the call a name may be made to mean something inside.

import { Forbidden, namesHost, publicAddresses } from "./address.js";

/** How long a connection waits for the next request, as that of Node's `fetch`. */
const IDLE_MILLIS = 4000;
/** Answers that have no body, whatever they say. */
const WITHOUT_BODY = new Set([204, 205, 304]);
/** What frames a request is for the connection to say: another length would hide a second request in the body. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection", "host", "expect", "upgrade"]);

/** Node's modules: bundlers for browsers mustn't look for them. */
async function nodeModules() {
  const [http, https, stream] = await Promise.all([
    import(/* webpackIgnore: true */ /* @vite-ignore */ "node:http"),
    import(/* webpackIgnore: true */ /* @vite-ignore */ "node:https"),
    import(/* webpackIgnore: true */ /* @vite-ignore */ "node:stream"),
  ]);
  return { http, https, Readable: stream.Readable };
}

/** Resolves names for a connection: to public addresses, or not at all. */
const checkedLookup = (lookup) => (name, options, answer) => {
  publicAddresses(name, lookup).then(
    (found) => {
      const addresses = found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      if (addresses.length === 0) answer(Object.assign(new Error("no address"), { code: "ENOTFOUND" }));
      else if (options.all) answer(null, addresses);
      else answer(null, addresses[0].address, addresses[0].family);
    },
    (error) => answer(error),
  );
};

/**
 * An agent whose connections are handed out when they stand, so that a request without one was certainly not sent.
 * It is this transport's alone: connections that others made in Node's shared one were not checked.
 */
function agentOf(Agent, established, lookup) {
  class StandingAgent extends Agent {
    createConnection(options, done) {
      const { until } = options;
      const socket = super.createConnection(lookup === undefined ? options : { ...options, lookup });
      const giveUp = () => socket.destroy(new Error("given up"));
      const settle = (error) => {
        socket.off("error", settle);
        socket.off(established, settle);
        until.removeEventListener("abort", giveUp);
        if (error === undefined) done(null, socket);
        else done(error);
      };
      socket.once("error", settle);
      socket.once(established, () => settle());
      until.addEventListener("abort", giveUp, { once: true });
    }
  }
  return new StandingAgent({ keepAlive: true, timeout: IDLE_MILLIS });
}

/** `fetch`, as far as it is needed here: redirects are answers, nothing is kept, bodies come as they are. */
export function socketFetch({ allow, lookup }) {
  let prepared;
  const prepare = async () => {
    const { http, https, Readable } = await nodeModules();
    const agents = {
      "http:": agentOf(http.Agent, "connect"),
      "https:": agentOf(https.Agent, "secureConnect", checkedLookup(lookup)),
      allowed: agentOf(https.Agent, "secureConnect"),
    };
    return { http, https, Readable, agents };
  };
  return async (target, { method = "GET", headers = [], body, signal }) => {
    // Refuses what isn't to be resolved; a name is looked at when it is connected to.
    namesHost(target, allow);
    const { http, https, Readable, agents } = await (prepared ??= prepare());
    const isTls = target.protocol === "https:";
    const agent = isTls && allow.includes(target.origin) ? agents.allowed : agents[target.protocol];
    const options = { method, agent, headers: headerLines(headers, body), until: signal };
    const message = await exchange((isTls ? https : http).request(target, options), body, signal);
    return answerOf(message, Readable);
  };
}

/** The lines of a request by name, with the length of what is sent. */
function headerLines(given, body) {
  const lines = { accept: "*/*", "user-agent": "calendar-publish" };
  for (const [name, value] of new Headers(given)) if (!FRAMING.has(name)) lines[name] = value;
  if (body !== undefined) lines["content-length"] = body.length;
  return lines;
}

/** Sends a request, and gives the answer when its head has come. */
function exchange(request, body, signal) {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const abort = () => request.destroy(new Error("given up"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    request.once("socket", () => {
      isConnected = true;
    });
    request.once("response", (message) => {
      message.once("close", () => signal.removeEventListener("abort", abort));
      resolve(message);
    });
    request.once("error", (error) => {
      signal.removeEventListener("abort", abort);
      if (error instanceof Forbidden) reject(error);
      else reject(new TypeError("fetch failed", { cause: isConnected ? error : Object.assign(error, { sent: false }) }));
    });
    request.end(body);
  });
}

function answerOf(message, Readable) {
  const { rawHeaders, statusCode: status } = message;
  const lines = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    lines.push({ name: rawHeaders[at].toLowerCase(), value: rawHeaders[at + 1] });
  }
  const isEmpty = WITHOUT_BODY.has(status);
  if (isEmpty) message.resume();
  const body = isEmpty ? null : Readable.toWeb(message);
  return {
    status,
    lines,
    headers: { get: (name) => lines.find((line) => line.name === name)?.value ?? null },
    body,
  };
}
