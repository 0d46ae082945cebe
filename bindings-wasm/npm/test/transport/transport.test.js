import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { fetchTransport, isPublicAddress, mediaOverFetch, Refusal } from "../../src/transport/index.js";

const FILE = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
let server, base, closed, etag = '"1"', requests = [];

before(async () => {
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    const body = Buffer.concat(chunks);
    const path = new URL(request.url, base).pathname;
    if (path === "/echo") return response.end(body);
    if (path === "/status") return response.writeHead(503, { "set-cookie": ["a=1", "b=2"] }).end("busy");
    if (path === "/away") return response.writeHead(302, { location: "/echo" }).end();
    if (path === "/cut") return response.destroy();
    if (path === "/half") return response.writeHead(200, { "content-length": 10 }).write("half", () => response.destroy());
    if (path === "/slow") return response.writeHead(200).write("begun");
    if (path === "/whole") return response.writeHead(200, { "content-length": FILE.length }).end(FILE);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range);
    if (path !== "/file") return response.writeHead(404).end();
    const [first, last] = [Number(range[1]), Math.min(Number(range[2]), FILE.length - 1)];
    if (first >= FILE.length) return response.writeHead(416, { "content-range": `bytes */${FILE.length}` }).end();
    // At most 300 bytes at a time.
    const end = Math.min(last, first + 299);
    response.writeHead(206, { "content-range": `bytes ${first}-${end}/${FILE.length}`, etag, "content-type": "video/mp4; x=y" });
    return response.end(FILE.subarray(first, end + 1));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${server.address().port}`;
  const gone = createServer();
  await new Promise((done) => gone.listen(0, "127.0.0.1", done));
  closed = `http://127.0.0.1:${gone.address().port}`;
  await new Promise((done) => gone.close(done));
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const transport = (options) => fetchTransport({ allow: [base, closed], ...options });
const request = (path, more) => ({
  method: "GET", url: base + path, headers: [], body: new Uint8Array(), deadlineMillis: 5000, ...more,
});

async function refusal(work) {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.document;
  }
  throw new Error("it wasn't refused");
}

test("bytes go and come, and any status is an answer", async () => {
  const body = new Uint8Array(1 << 20).map((_, index) => index);
  for (const method of ["POST", "PUT"]) {
    const answer = await transport().send(request("/echo", { method, body }));
    assert.equal(answer.status, 200);
    assert.deepEqual(Buffer.from(answer.body).equals(Buffer.from(body)), true);
  }
  const busy = await transport().send(request("/status"));
  assert.equal(busy.status, 503);
  assert.equal(Buffer.from(busy.body).toString(), "busy");
  assert.deepEqual(busy.headers.filter((line) => line.name === "set-cookie").map((line) => line.value), ["a=1", "b=2"]);
});

test("a redirect is an answer, and no cookie is kept", async () => {
  requests = [];
  const answer = await transport().send(request("/away"));
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.find((line) => line.name === "location").value, "/echo");
  await transport().send(request("/status"));
  await transport().send(request("/status"));
  assert.deepEqual(requests.map((one) => one.url), ["/away", "/status", "/status"]);
  assert.ok(requests.every((one) => one.headers.cookie === undefined));
});

test("an answer that is lost, cut or late is no answer", async () => {
  for (const path of ["/cut", "/half"]) {
    const document = await refusal(transport().send(request(path, { method: "POST", body: new Uint8Array(3) })));
    assert.equal(document.type, "no_answer", path);
  }
  const start = Date.now();
  const late = await refusal(transport().send(request("/slow", { deadlineMillis: 200 })));
  assert.equal(late.type, "no_answer");
  assert.ok(Date.now() - start < 2000);
});

test("what certainly didn't leave says so, without address or token", async () => {
  const refused = await refusal(transport().send(request("", { url: `${closed}/?access_token=SECRET` })));
  assert.equal(refused.type, "not_sent");
  assert.doesNotMatch(JSON.stringify(refused), /SECRET|127\.0/);
  assert.equal((await refusal(transport().send(request("", { url: "no url" })))).type, "not_sent");
  const unknown = { ...request(""), url: "https://nowhere.invalid/" };
  const lookup = async () => { throw Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }); };
  assert.deepEqual(await refusal(transport({ lookup }).send(unknown)), { type: "not_sent", reason: "ENOTFOUND" });
});

test("a reset on an open connection may have taken effect", async () => {
  const thrown = (cause) => async () => { throw Object.assign(new TypeError("fetch failed"), { cause }); };
  const type = async (cause) =>
    (await refusal(transport({ fetch: thrown(cause) }).send(request("/echo")))).type;
  const coded = (code, more) => Object.assign(new Error(code), { code, ...more });
  assert.equal(await type(coded("ECONNRESET")), "no_answer");
  assert.equal(await type(coded("EHOSTUNREACH", { syscall: "read" })), "no_answer");
  assert.equal(await type(coded("EHOSTUNREACH", { syscall: "connect" })), "not_sent");
  assert.equal(await type(new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")])), "not_sent");
  assert.equal(await type(new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")])), "no_answer");
  assert.equal(await type(undefined), "no_answer");
});

test("inner addresses are refused before anything is sent", async () => {
  const never = () => assert.fail("it was called");
  const strict = (addresses) => fetchTransport({ fetch: never, lookup: async () => addresses });
  const urls = [
    "https://127.0.0.1/", "https://0x7f.1/", "https://2130706433/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/", "https://169.254.169.254/latest", "http://93.184.216.34/", "https://user@cdn.example/",
  ];
  for (const url of urls) {
    assert.equal((await refusal(strict([]).send({ ...request(""), url }))).type, "address_forbidden", url);
  }
  const mixed = strict(["93.184.216.34", "10.0.0.1"]).send({ ...request(""), url: "https://cdn.example/" });
  assert.equal((await refusal(mixed)).type, "address_forbidden");
});

test("public addresses are told from the others", () => {
  for (const address of ["1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:2800:220:1::1", "2001:200::1"]) {
    assert.equal(isPublicAddress(address), true, address);
  }
  for (const address of ["100.64.0.1", "192.0.2.1", "224.0.0.1", "fe80::1", "fc00::1", "2002::1", "2001:db8::1", "::"]) {
    assert.equal(isPublicAddress(address), false, address);
  }
  assert.equal(isPublicAddress("cdn.example"), undefined);
});

test("a file is read by ranges, from servers that know them and from others", async () => {
  const media = mediaOverFetch({ allow: [base] });
  for (const path of ["/file", "/whole"]) {
    const chunk = await media.read({ url: base + path, offset: 100, length: 700 });
    assert.ok(Buffer.from(chunk.bytes).equals(FILE.subarray(100, 800)), path);
    assert.equal(chunk.totalBytes, 1000);
    const end = await media.read({ url: base + path, offset: 990, length: 700 });
    assert.equal(end.bytes.length, 10);
  }
  assert.equal((await media.read({ url: `${base}/file`, offset: 0, length: 1 })).mimeType, "video/mp4");
  assert.equal((await media.read({ url: `${base}/file`, offset: 2000, length: 5 })).bytes.length, 0);
});

test("a file that changes, moves or is gone says so", async () => {
  const media = mediaOverFetch({ allow: [base] });
  const read = (path, offset) => media.read({ url: base + path, offset, length: 10 });
  await read("/file", 0);
  etag = '"2"';
  assert.equal((await refusal(read("/file", 10))).type, "unavailable");
  assert.equal((await read("/file", 0)).bytes.length, 10);
  assert.equal((await refusal(read("/gone", 0))).type, "missing");
  assert.equal((await refusal(read("/away", 0))).type, "address_forbidden");
  assert.equal((await refusal(read("/status", 0))).type, "unavailable");
  const inner = mediaOverFetch({ lookup: async () => ["10.0.0.1"] });
  assert.equal((await refusal(inner.read({ url: "https://a.example/v.mp4", offset: 0, length: 1 }))).type, "address_forbidden");
});
