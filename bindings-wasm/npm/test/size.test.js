// What a browser downloads stays within its budget.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const budget = JSON.parse(read("size-budget.json"));

function downloaded(path) {
  const bytes = read(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

for (const [name, files] of [
  ["browser", ["dist/calendar_publish_bg.wasm", "dist/browser.js"]],
  ["intl", ["dist/calendar_publish_intl_bg.wasm", "dist/intl.js"]],
]) {
  test(`the download of ${name} stays within its budget`, () => {
    const size = files.map(downloaded).reduce((sum, bytes) => sum + bytes);
    console.log(`${name}: ${size} bytes`);
    assert.ok(size <= budget[name], `${size} bytes, ${budget[name]} allowed`);
  });
}
