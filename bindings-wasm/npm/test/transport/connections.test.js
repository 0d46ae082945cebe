// Where the transport's connections lead: to the address that was checked, whatever a name means a moment later.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { fetchTransport, mediaOverFetch, Refusal } from "../../src/transport/index.js";

const PUBLIC = "1.1.1.1";
const request = (url, more) => ({
  method: "POST", url, headers: [], body: new Uint8Array(3), deadlineMillis: 1000, ...more,
});

async function refusal(work) {
  const error = await work.then(
    (answer) => assert.fail(`it was answered: ${answer.status}`),
    (refused) => refused,
  );
  assert.ok(error instanceof Refusal, `${error?.stack ?? error}`);
  return error.document;
}

/** A server inside, and how many connections it had. */
async function inside(t, server) {
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return { port: server.address().port, connections: () => connections };
}

/** Answers the first time with a public address, and with an inner one from then on. */
function rebinding() {
  const asked = [];
  const lookup = async (name) => {
    asked.push(name);
    return [asked.length === 1 ? PUBLIC : "127.0.0.1"];
  };
  return { lookup, asked };
}

test("a name that turns inside after it was checked is never followed there", async (t) => {
  const { port, connections } = await inside(t, createSocketServer((socket) => socket.destroy()));
  // The system knows this name as an inner one, too: who resolves it once more ends there.
  const url = `https://localhost:${port}/`;
  const { lookup, asked } = rebinding();
  const transport = fetchTransport({ lookup });
  // It went to the public address, where nobody is reached on this port.
  assert.equal((await refusal(transport.send(request(url)))).type, "not_sent");
  assert.deepEqual(asked, ["localhost"]);
  assert.equal((await refusal(transport.send(request(url)))).type, "address_forbidden");
  assert.equal(asked.length, 2);

  const media = mediaOverFetch({ ...rebinding(), deadlineMillis: 1000 });
  assert.equal((await refusal(media.read({ url, offset: 0, length: 1 }))).type, "unavailable");
  assert.equal((await refusal(media.read({ url, offset: 0, length: 1 }))).type, "address_forbidden");
  assert.equal(connections(), 0);
});

test("one inner address among public ones is enough, and none is called", async (t) => {
  const { port, connections } = await inside(t, createSocketServer((socket) => socket.destroy()));
  for (const found of [["127.0.0.1", PUBLIC], [PUBLIC, "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]]) {
    const transport = fetchTransport({ lookup: async () => found });
    const document = await refusal(transport.send(request(`https://localhost:${port}/`)));
    assert.equal(document.type, "address_forbidden", found.join());
  }
  const nothing = fetchTransport({ lookup: async () => [] });
  assert.equal((await refusal(nothing.send(request(`https://localhost:${port}/`)))).type, "not_sent");
  assert.equal(connections(), 0);
});

test("a redirect to the inside is an answer that nobody follows", async (t) => {
  const inner = await inside(t, createServer((_, response) => response.end()));
  const outer = await inside(
    t,
    createServer((_, response) => response.writeHead(307, { location: `http://127.0.0.1:${inner.port}/` }).end()),
  );
  const allow = [`http://127.0.0.1:${outer.port}`];
  const answer = await fetchTransport({ allow }).send(request(`${allow[0]}/`));
  assert.equal(answer.status, 307);
  const read = mediaOverFetch({ allow }).read({ url: `${allow[0]}/`, offset: 0, length: 1 });
  assert.equal((await refusal(read)).type, "address_forbidden");
  assert.equal(inner.connections(), 0);
});

test("a handshake that never ends is given up, and nothing was sent", async (t) => {
  const received = [];
  const { port } = await inside(t, createSocketServer((socket) => socket.on("data", (data) => received.push(data))));
  const url = `https://127.0.0.1:${port}/`;
  const transport = fetchTransport({ allow: [new URL(url).origin] });
  const body = new TextEncoder().encode("SECRET");
  const document = await refusal(transport.send(request(url, { body, deadlineMillis: 300 })));
  assert.equal(document.type, "not_sent");
  assert.doesNotMatch(Buffer.concat(received).toString("latin1"), /SECRET|POST/);
});

test("connections are used again, and one that died while idle costs nothing", async (t) => {
  let last = false;
  let died;
  const server = createServer((incoming, response) => {
    const { socket } = incoming.resume();
    if (last) died = once(socket, "close");
    response.end("ok", () => last && setImmediate(() => socket.destroy()));
  });
  const { port, connections } = await inside(t, server);
  const origin = `http://127.0.0.1:${port}`;
  const transport = fetchTransport({ allow: [origin] });
  for (let round = 0; round < 5; round += 1) assert.equal((await transport.send(request(`${origin}/`))).status, 200);
  assert.equal(connections(), 1);
  last = true;
  await transport.send(request(`${origin}/`));
  last = false;
  await died;
  // The news has to come here, too.
  await setTimeout(100);
  assert.equal((await transport.send(request(`${origin}/`))).status, 200);
  assert.equal(connections(), 2);
});

test("a body goes with its length and never with another, and isn't asked to be compressed", async (t) => {
  const seen = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming.headers);
    incoming.resume();
    response.writeHead(200, { "content-encoding": "gzip" }).end("not really");
  });
  const { port } = await inside(t, server);
  const origin = `http://127.0.0.1:${port}`;
  const transport = fetchTransport({ allow: [origin] });
  const headers = [{ name: "content-length", value: "1" }, { name: "transfer-encoding", value: "chunked" }];
  for (const method of ["POST", "PUT", "DELETE"]) {
    const answer = await transport.send(request(`${origin}/`, { method, headers }));
    assert.equal(Buffer.from(answer.body).toString(), "not really");
  }
  await transport.send(request(`${origin}/`, { body: new Uint8Array() }));
  assert.deepEqual(seen.map((one) => one["content-length"]), ["3", "3", "3", "0"]);
  for (const one of seen) assert.deepEqual([one["transfer-encoding"], one["accept-encoding"]], [undefined, undefined]);
});

test("certificates are checked: a stranger's gets nothing, a known one's server is spoken to", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "calendar-publish-tls-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, "-keyout", key, "-out", cert], { stdio: "pipe" });
  const bodies = [];
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, async (incoming, response) => {
    for await (const chunk of incoming) bodies.push(chunk.toString());
    response.end("hello");
  });
  const { port } = await inside(t, server);
  const origin = `https://localhost:${port}`;
  const body = new TextEncoder().encode("SECRET");
  const document = await refusal(fetchTransport({ allow: [origin] }).send(request(`${origin}/`, { body })));
  assert.deepEqual(document, { type: "not_sent", reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  assert.deepEqual(bodies, []);

  const transport = fileURLToPath(new URL("../../src/transport/index.js", import.meta.url));
  const program = `
    const { fetchTransport } = await import(${JSON.stringify(transport)});
    const request = { method: "POST", url: "${origin}/", headers: [], body: new TextEncoder().encode("known"), deadlineMillis: 5000 };
    const { status, body } = await fetchTransport({ allow: ["${origin}"] }).send(request);
    console.log(status, new TextDecoder().decode(body));`;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: cert };
  const known = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { env });
  assert.equal(known.stdout, "200 hello\n");
  assert.deepEqual(bodies, ["known"]);
});

for (const [how, fetch] of [["of its own", undefined], ["by the `fetch` of the host", globalThis.fetch]]) {
  test(`an answer without end is not read to its end, over connections ${how}`, async (t) => {
    let isClosed = false;
    const endless = createServer((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      };
      response.on("drain", more).on("close", () => (isClosed = true));
      more();
    });
    const { port } = await inside(t, endless);
    const origin = `http://127.0.0.1:${port}`;
    const transport = fetchTransport({ allow: [origin], fetch, maxAnswerBytes: 1_000_000 });
    const refused = await refusal(transport.send(request(`${origin}/`, { deadlineMillis: 30_000 })));
    assert.deepEqual(refused, { type: "no_answer", reason: "its answer has more than 1000000 bytes" });
    while (!isClosed) await setTimeout(5);
  });
}

test("an answer of just as many bytes as are allowed is one", async (t) => {
  const { port } = await inside(t, createServer((_, response) => response.end("x".repeat(1000))));
  const origin = `http://127.0.0.1:${port}`;
  const transport = fetchTransport({ allow: [origin], maxAnswerBytes: 1000 });
  const { body } = await transport.send(request(`${origin}/`));
  assert.equal(body.length, 1000);
});
