// After a trap: a real one, of a module whose memory is full or whose stack is. A fresh instance goes on.

import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate, setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";

// 50 MB instead of 4 GB: the same trap, sooner. It must be said before the module is loaded.
setFlagsFromString("--wasm-max-mem-pages=800");
const { Calendar, CalendarPublishError, Engine, GenerationStream, countText } = await import("calendar-publish");

const works = () => assert.equal(countText({ text: "Pan 🍞", channel: "tiktok" }).utf16, 6);
const small = '{"entries":[]}';

/** Within the bounds of a document, and more than there is memory for. */
const large = "x".repeat(60_000_000);
const exhaust = () => countText({ text: large, channel: "tiktok" });

function thrownBy(use, code) {
  try {
    use();
  } catch (error) {
    assert.ok(error instanceof CalendarPublishError, `${error?.stack ?? error}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  assert.fail("nothing was thrown");
}

const trap = () => thrownBy(exhaust, "LIBRARY_FAILED");

async function collect() {
  for (let round = 0; round < 10; round += 1) {
    global.gc();
    await setImmediate();
  }
}

const settings = { settings: [{ name: "PUBLISH_SERVICE_ENABLED", value: "true" }], instagram: {} };
const ports = (more) => ({
  store: { call: () => new Promise(() => {}) },
  transport: { send: assert.fail },
  tokens: { accessToken: assert.fail, replacement: assert.fail },
  ...more,
});

test("a trap is an error with its cause, and the next call works", () => {
  for (let round = 0; round < 3; round += 1) {
    const error = trap();
    assert.ok(error.cause instanceof WebAssembly.RuntimeError, `${error.cause}`);
    assert.match(error.messageFor("es"), /\w/);
    works();
  }
});

test("what lived in the dead instance says so, and new handles work", () => {
  const calendar = Calendar.load(small, 0);
  const stream = new GenerationStream(undefined, 0);
  const freed = Calendar.load(small, 0);
  freed.free();
  trap();
  for (const round of ["before the fresh instance", "after it"]) {
    assert.match(thrownBy(() => calendar.summary(), "HANDLE_CLOSED").message, /lost when the library failed/, round);
    assert.match(thrownBy(() => stream.snapshot(), "HANDLE_CLOSED").message, /stream was lost/);
    assert.match(thrownBy(() => freed.summary(), "HANDLE_CLOSED").message, /was freed/);
    works();
  }
  const anew = Calendar.load(small, 0);
  calendar.free();
  calendar.free();
  stream.free();
  assert.equal(anew.length, 0);
  assert.match(thrownBy(() => calendar.length, "HANDLE_CLOSED").message, /was freed/);
});

const entry = (number, copy = "Hoy hay pan.") => ({
  id: `018f0000-0000-7000-8000-${String(number).padStart(12, "0")}`,
  calendarId: "018f0000-0000-7000-8000-0000000000c1",
  piece: { title: "Pan", channel: "instagram", copy, date: "2026-04-02" },
});
const document = JSON.stringify({ entries: [entry(1)] });

test("what is forgotten after a trap frees nothing of the fresh instance", async () => {
  const load = (count) => Calendar.load({ entries: Array.from({ length: count }, (_, number) => entry(number)) }, 0);
  // As many of each, of the same sizes: those of the fresh instance lie where those of the dead one lay.
  const counts = Array.from({ length: 50 }, (_, number) => number + 1);
  let finalized = 0;
  const watch = new FinalizationRegistry(() => {
    finalized += 1;
  });
  (() => {
    for (const calendar of counts.map(load)) watch.register(calendar);
  })();
  trap();
  const held = counts.map(load);
  await collect();
  assert.ok(finalized >= counts.length - 1, `${finalized} were collected`);
  // What was given back wrongly would be handed out again, and written over.
  const more = counts.map(load);
  for (const calendars of [held, more]) {
    assert.deepEqual(calendars.map((calendar) => calendar.entries().entries.length), counts);
    for (const calendar of calendars) calendar.free();
  }
  works();
});

test("the memory of dead instances is given back", async () => {
  const outside = async () => {
    await collect();
    return process.memoryUsage().external;
  };
  trap();
  works();
  const before = await outside();
  const kept = [];
  const heavy = { entries: [entry(1, "x".repeat(8_000_000))] };
  for (let round = 0; round < 8; round += 1) {
    kept.push(Calendar.load(heavy, 0), new Engine(ports(), settings));
    trap();
    works();
  }
  const after = await outside();
  // Each holds more than 16 MB.
  assert.ok(after - before < 48_000_000, `${before} -> ${after}`);
  assert.equal(kept.length, 16);
});

test("a worker and commands in the dead instance fail instead of hanging, and leave the process alone", async () => {
  const wild = [];
  const listen = (thrown) => wild.push(thrown);
  process.on("uncaughtException", listen);
  process.on("unhandledRejection", listen);
  const answers = [];
  const store = { call: () => new Promise((answer, refuse) => answers.push({ answer, refuse })) };
  const sleeps = [];
  const clock = { now: () => Date.now(), sleep: () => new Promise((wake) => sleeps.push(wake)) };
  const engine = new Engine(ports({ store, clock }), settings);
  const run = engine.run();
  const accounts = engine.accounts({ userId: "018f0000-0000-7000-8000-0000000000b1" });
  await setTimeout(20);
  assert.ok(answers.length >= 2, "the store was asked");
  trap();
  for (const promise of [run, accounts]) {
    await assert.rejects(promise, (error) => error instanceof CalendarPublishError && error.code === "LIBRARY_FAILED");
  }
  thrownBy(() => engine.stop(), "HANDLE_CLOSED");
  await assert.rejects(engine.tick({ limit: 1 }), { code: "HANDLE_CLOSED" });
  works();
  // What the ports answer afterwards reaches nobody: least of all the fresh instance.
  const other = new Engine(ports({ store: { accounts: async () => [] } }), settings);
  for (const [number, { answer, refuse }] of answers.entries()) number % 2 ? answer("[]") : refuse(new Error("late"));
  for (const wake of sleeps) wake();
  await setTimeout(20);
  assert.deepEqual(await other.accounts({ userId: "018f0000-0000-7000-8000-0000000000b1" }), []);
  engine.free();
  process.off("uncaughtException", listen);
  process.off("unhandledRejection", listen);
  assert.deepEqual(wild, []);
});

test("a trap in a future rejects its promise, and leaves the process alone", async () => {
  const wild = [];
  const listen = (thrown) => wild.push(thrown);
  process.on("uncaughtException", listen);
  process.on("unhandledRejection", listen);
  // The store answers with more than there is memory for.
  const store = { call: async () => JSON.stringify(large) };
  const engine = new Engine(ports({ store }), settings);
  const user = { userId: "018f0000-0000-7000-8000-0000000000b1" };
  await assert.rejects(engine.accounts(user), { code: "LIBRARY_FAILED" });
  works();
  // So does the host's own request, which is read after the call has returned.
  const again = new Engine(ports({ store }), settings);
  await assert.rejects(again.call("saveCalendar", { large }), { code: "LIBRARY_FAILED" });
  works();
  await setTimeout(20);
  process.off("uncaughtException", listen);
  process.off("unhandledRejection", listen);
  assert.deepEqual(wild, []);
});

test("a port that calls the library while it fails is told so, and doesn't pull the instance away", async () => {
  const seen = [];
  const telemetry = {
    record: () => {
      for (const use of [exhaust, works]) {
        try {
          seen.push(use());
        } catch (error) {
          seen.push(error.code);
        }
      }
    },
  };
  const engine = new Engine(ports({ telemetry, store: { call: async () => "[]" } }), settings);
  await assert.rejects(engine.tick({ limit: 1 }), { code: "LIBRARY_FAILED" });
  assert.deepEqual(seen.slice(0, 2), ["LIBRARY_FAILED", "LIBRARY_FAILED"]);
  works();
});

test("a stack that is full in the middle of the module is a trap, too", () => {
  const calendar = Calendar.load(small, 0);
  let lost = false;
  let tries = 0;
  // On the way up from a full stack there is a frame more for each try: in some of them the module begins and can't
  // go on.
  const descend = () => {
    try {
      descend();
    } catch (full) {
      if (!lost && tries < 2000) {
        tries += 1;
        try {
          Calendar.load(document, 0);
          calendar.summary();
        } catch (error) {
          // Nothing is called here: there is no room for it.
          lost = error.code === "HANDLE_CLOSED";
        }
      }
      throw full;
    }
  };
  assert.throws(descend, RangeError);
  assert.ok(lost, `${tries} tries`);
  works();
  assert.equal(Calendar.load(document, 0).length, 1);
});
