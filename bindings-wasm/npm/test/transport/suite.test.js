// The promises of a transport, case by case as `core/src/conformance/transport.rs` holds them for the others: its
// cases by its names, over the server that it describes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";

import { fetchTransport, Refusal } from "../../src/transport/index.js";
import { root } from "../support/paths.js";

const METHODS = ["GET", "POST", "PUT", "DELETE"];
const DEADLINE = 30_000;

/** A server as the suite's table has it. */
async function served() {
  const taken = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const [path, query = ""] = request.url.split("?");
    const [, what, key = ""] = path.split("/");
    if (["take", "drop", "cut", "hang"].includes(what)) taken.set(key, (taken.get(key) ?? 0) + 1);
    const lines = [
      ["x-method", request.method], ["x-query", query], ["x-probe", request.headers["x-probe"] ?? ""],
      ["x-cookie", request.headers.cookie ?? ""], ["X-Twice", "1"], ["X-Twice", "2"], ["set-cookie", "kept=1"],
    ];
    switch (what) {
      case "echo": return response.writeHead(200, lines.flat()).end(body);
      case "status": return response.writeHead(Number(key)).end(key === "204" ? "" : `status ${key}`);
      case "redirect": return response.writeHead(Number(key), { location: `${base}/take/redirected` }).end();
      case "take": return response.end();
      case "drop": return response.destroy();
      case "cut": return response.writeHead(200, { "content-length": 1000 }).write("0123456789", () => response.destroy());
      case "hang": return undefined;
      case "taken": return response.end(String(taken.get(key) ?? 0));
      default: return response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const base = `http://127.0.0.1:${server.address().port}`;
  return { server, base };
}

/** An address at which nobody listens any more. */
async function closedAddress() {
  const { server, base } = await served();
  await new Promise((closed) => server.close(closed));
  return base;
}

/** What the cases work with. */
function bench(transport, base) {
  const request = (method, path, more) => ({
    method, url: base + path, headers: [], body: new Uint8Array(), deadlineMillis: DEADLINE, ...more,
  });
  const send = (method, path, more) => transport.send(request(method, path, more));
  return {
    send,
    values: (answer, name) => answer.headers.filter((line) => line.name === name).map((line) => line.value),
    taken: async (key) => Number(Buffer.from((await send("GET", `/taken/${key}`)).body).toString()),
    refusal: async (method, path, more) => {
      const error = await send(method, path, more).then(
        (answer) => assert.fail(`${method} ${path}: answered with ${answer.status}`),
        (refused) => refused,
      );
      assert.ok(error instanceof Refusal, `${error?.stack ?? error}`);
      return error;
    },
  };
}

const CASES = {
  "a request arrives as given": async ({ send, values }) => {
    for (const method of METHODS) {
      const body = method === "GET" ? new Uint8Array() : Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const headers = [{ name: "x-probe", value: "Bearer a.b-c" }];
      const answer = await send(method, "/echo?a=1&b=%2F%20x&c=", { headers, body });
      assert.equal(answer.status, 200);
      assert.deepEqual(values(answer, "x-method"), [method]);
      assert.deepEqual(values(answer, "x-query"), ["a=1&b=%2F%20x&c="]);
      assert.deepEqual(values(answer, "x-probe"), ["Bearer a.b-c"]);
      assert.deepEqual([...answer.body], [...body]);
    }
  },
  "an empty body arrives empty": async ({ send }) => {
    for (const method of METHODS) {
      const answer = await send(method, "/echo");
      assert.deepEqual([answer.status, answer.body.length], [200, 0], method);
    }
  },
  "a megabyte goes and comes": async ({ send }) => {
    const body = new Uint8Array(1 << 20).map((_, place) => place % 251);
    assert.ok(Buffer.from(body).equals(Buffer.from((await send("PUT", "/echo", { body })).body)));
  },
  "any status is an answer": async ({ send }) => {
    for (const status of [200, 201, 204, 400, 401, 403, 404, 413, 429, 500, 502, 503]) {
      const answer = await send("POST", `/status/${status}`);
      assert.equal(answer.status, status);
      assert.equal(Buffer.from(answer.body).toString(), status === 204 ? "" : `status ${status}`);
    }
  },
  "header lines stay apart": async ({ send, values }) => {
    assert.deepEqual(values(await send("GET", "/echo"), "x-twice"), ["1", "2"]);
  },
  "a redirect is an answer": async ({ send, values, taken }) => {
    for (const method of METHODS) {
      for (const status of [301, 302, 303, 307, 308]) {
        const answer = await send(method, `/redirect/${status}`);
        assert.equal(answer.status, status);
        assert.match(values(answer, "location").join(), /^http:.*\/take\/redirected$/);
      }
    }
    assert.equal(await taken("redirected"), 0);
  },
  "nothing is kept": async ({ send, values }) => {
    for (let round = 0; round < 2; round += 1) assert.deepEqual(values(await send("GET", "/echo"), "x-cookie"), [""]);
  },
  "a lost answer is no answer": async ({ send, refusal, taken }) => {
    for (const end of ["drop", "cut"]) {
      for (const method of METHODS) {
        // A connection that has served before must change nothing.
        await send("GET", "/echo");
        const { document } = await refusal(method, `/${end}/${end}-${method}`);
        assert.equal(document.type, "no_answer", `${end} ${method}`);
        assert.equal(await taken(`${end}-${method}`), 1, `${end} ${method}`);
      }
    }
  },
  "the deadline is kept": async ({ refusal, taken }) => {
    const { document } = await refusal("POST", "/hang/hanging", { deadlineMillis: 2000 });
    assert.equal(document.type, "no_answer");
    assert.equal(await taken("hanging"), 1);
  },
  "a closed port is not sent to": async ({ refusal, closed }) => {
    assert.equal((await refusal("POST", "", { url: `${closed}/` })).document.type, "not_sent");
  },
  "no URL, nothing sent": async ({ refusal }) => {
    for (const url of ["", "/echo", "no url", "mailto:a@b.example", "file:///etc/hosts"]) {
      assert.match((await refusal("GET", "", { url })).document.type, /^(not_sent|address_forbidden)$/, url);
    }
  },
  "errors keep secrets": async ({ refusal, base, closed }) => {
    const headers = [{ name: "authorization", value: "Bearer SECRET" }];
    const body = new TextEncoder().encode("client_secret=SECRET");
    for (const address of [`${base}/drop/secret`, `${closed}/`]) {
      const error = await refusal("POST", "", { url: `${address}?access_token=SECRET`, headers, body });
      assert.doesNotMatch(`${error} ${error.stack} ${JSON.stringify(error.document)}`, /SECRET/);
    }
  },
};

/** What `fetch` itself can't do: it joins lines of one name. */
const BEYOND_FETCH = ["header lines stay apart"];

for (const [name, fetch] of [["its own connections", undefined], ["a `fetch` that is handed in", globalThis.fetch]]) {
  test(`the transport over ${name} conforms`, async (t) => {
    const { server, base } = await served();
    const closed = await closedAddress();
    const transport = fetchTransport({ allow: [base, closed], ...(fetch && { fetch }) });
    for (const [title, run] of Object.entries(CASES)) {
      if (fetch && BEYOND_FETCH.includes(title)) continue;
      await t.test(title, () => run({ ...bench(transport, base), base, closed }));
    }
    server.closeAllConnections();
    server.close();
  });
}

test("the cases are those of the suite", () => {
  const suite = readFileSync(join(root, "core/src/conformance/transport.rs"), "utf8");
  const names = [...suite.matchAll(/cases\s*\.check\(\s*"([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(Object.keys(CASES), names);
});
