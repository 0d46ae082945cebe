// Nothing is kept of what was forgotten: 10,000 calls, with errors among them, and handles that nobody frees.

import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate } from "node:timers/promises";

import { Calendar, countText, resolveTime } from "calendar-publish";

const entry = (number) => ({
  id: `018f0000-0000-7000-8000-${String(number).padStart(12, "0")}`,
  calendarId: "018f0000-0000-7000-8000-0000000000c1",
  piece: { title: "Pan", channel: "instagram", copy: "Hoy hay pan. ".repeat(20), date: "2026-04-02" },
});
const document = new TextEncoder().encode(
  JSON.stringify({ entries: Array.from({ length: 100 }, (_, number) => entry(number)) }),
);

async function settle() {
  for (let round = 0; round < 5; round += 1) {
    global.gc();
    await setImmediate();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, outside: external + arrayBuffers };
}

async function calls(count) {
  for (let number = 0; number < count; number += 1) {
    countText({ text: "Pan 🍞".repeat(100), channel: "tiktok" });
    try {
      resolveTime({ date: "x", time: "y", zone: "z" });
    } catch {
      // Wanted.
    }
    Calendar.load(document, 0).page({ limit: 10 });
    if (number % 100 === 0) {
      global.gc();
      await setImmediate();
    }
  }
}

test("10,000 calls leave the heap as it was", async () => {
  assert.equal(typeof global.gc, "function", "run with node --expose-gc");
  await calls(1_000);
  const before = await settle();
  await calls(10_000);
  const after = await settle();
  // Each call that kept a hundredth of its document would show as a hundred megabytes.
  assert.ok(after.heap - before.heap < 4_000_000, `heap ${before.heap} -> ${after.heap}`);
  assert.ok(after.outside - before.outside < 16_000_000, `outside ${before.outside} -> ${after.outside}`);
});
