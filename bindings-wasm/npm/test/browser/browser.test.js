// The modules that browsers download, in a browser: every vector, in both.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { forServers } from "../support/for-servers.js";
import { vectorsFolder } from "../support/paths.js";
import { withoutAbbreviations } from "../support/vectors.js";

const here = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };

const page = (entry) => `<!doctype html>
<script type="importmap">{ "imports": { "calendar-publish": "/dist/${entry}" } }</script>
<script type="module">
  import * as library from "calendar-publish";
  import { runVector } from "/test/support/vectors.js";
  window.library = library;
  window.runVectors = async (vectors) => {
    await library.ready();
    const failures = [];
    for (const { file, text } of vectors) {
      try { runVector(text, file); } catch (error) { failures.push(String(error?.message ?? error)); }
    }
    return failures;
  };
</script>`;

const server = createServer((request, response) => {
  const path = normalize(request.url);
  const entry = /^\/(\w+)\.html$/.exec(path)?.[1];
  try {
    const body = entry ? page(`${entry}.js`) : readFileSync(join(here, path));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});

const vectors = readdirSync(vectorsFolder)
  .filter((operation) => !operation.startsWith("."))
  .flatMap((operation) => readdirSync(join(vectorsFolder, operation)).map((file) => join(operation, file)))
  .map((file) => ({ file, text: readFileSync(join(vectorsFolder, file), "utf8") }));

let browser;
test.before(async () => {
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
      // 50 MB for a module: a trap for want of memory comes sooner.
      "--js-flags=--wasm-max-mem-pages=800"],
  });
});
test.after(async () => {
  await browser?.close();
  server.close();
});

/** A tab with the library of `entry`. */
async function opened(entry) {
  const tab = await browser.newPage();
  const said = [];
  tab.on("pageerror", (error) => said.push(error.message));
  await tab.goto(`http://127.0.0.1:${server.address().port}/${entry}.html`);
  await tab.waitForFunction(() => window.runVectors !== undefined, undefined, { timeout: 10_000 }).catch(() => {});
  assert.deepEqual(said, []);
  return tab;
}

const forInterfaces = vectors
  .filter(({ file }) => !forServers.includes(dirname(file)))
  .map((one) => ({ ...one, text: withoutAbbreviations(one.text) }));

for (const [entry, held, least] of [
  ["browser", vectors, 1000],
  ["intl", forInterfaces, 750],
]) {
  test(`every vector holds in Chromium, with the module \`${entry}\``, async () => {
    const tab = await opened(entry);
    assert.deepEqual(await tab.evaluate((all) => window.runVectors(all), held), []);
    console.log(`vectors in Chromium, ${entry}: ${held.length}`);
    assert.ok(held.length >= least);
    const missing = await tab.evaluate(
      (names) => names.filter((name) => {
        try { window.library.callText(name, "{}"); } catch (error) { return error.code === "OPERATION_UNKNOWN"; }
        return false;
      }),
      forServers,
    );
    assert.deepEqual(missing, entry === "intl" ? forServers : []);
  });

  test(`a stream keeps its characters in Chromium, with the module \`${entry}\``, async () => {
    const tab = await opened(entry);
    const title = "Ñandú ÿ \u0080\u009f € 🍞 \\u00f1";
    const piece = { channel: "tiktok", format: "video", title, copy: "", date: "2026-04-02", time: "10:00" };
    const data = { type: "calendar_piece", index: 0, total: 1, piece };
    const sent = `event: data\ndata: ${JSON.stringify({ data, error: null, meta: {} })}\n\n`;
    const [read] = await tab.evaluate(async (text) => {
      await window.library.ready();
      return new window.library.GenerationStream().push(text);
    }, sent);
    assert.equal(read.piece?.title, title);
  });

  test(`after a trap a fresh instance of \`${entry}\` goes on in Chromium`, async () => {
    const tab = await opened(entry);
    const told = await tab.evaluate(async () => {
      await window.library.ready();
      const { Calendar, countText } = window.library;
      const codeOf = (use) => {
        try {
          return use();
        } catch (error) {
          return error.code;
        }
      };
      const calendar = Calendar.load('{"entries":[]}', 0);
      return [
        codeOf(() => countText({ text: "x".repeat(60_000_000), channel: "tiktok" })),
        codeOf(() => calendar.length),
        codeOf(() => countText({ text: "Pan", channel: "tiktok" }).utf16),
        codeOf(() => calendar.length),
        codeOf(() => Calendar.load('{"entries":[]}', 0).length),
      ];
    });
    assert.deepEqual(told, ["LIBRARY_FAILED", "HANDLE_CLOSED", 3, "HANDLE_CLOSED", 0]);
  });
}
