// What a careless caller gets: a clear error, and everything works afterwards.

import assert from "node:assert/strict";
import test from "node:test";

import {
  Calendar,
  CalendarPublishError,
  GenerationStream,
  call,
  countText,
  evaluateReadiness,
  resolveTime,
} from "calendar-publish";

const works = () => assert.equal(countText({ text: "Pan 🍞", channel: "tiktok" }).utf16, 6);

/** The error that `use` throws. */
function thrownBy(use) {
  try {
    use();
  } catch (error) {
    assert.ok(error instanceof CalendarPublishError, `${error?.stack ?? error}`);
    assert.ok(error instanceof Error);
    works();
    return error;
  }
  assert.fail("nothing was thrown");
}

test("an error says what, where, and in both languages what to do", () => {
  const error = thrownBy(() =>
    resolveTime({ date: "2026-02-30", time: "09:00", zone: "Europe/Madrid" }),
  );
  assert.equal(error.code, "DATE_INVALID");
  assert.equal(error.path, "date");
  assert.equal(error.retryable, false);
  assert.match(error.messageFor("es"), /fecha/i);
  assert.match(error.messageFor("en"), /date/i);
  assert.match(error.stack, /errors\.test\.js/);
});

test("what no document can be made of is refused with its code", () => {
  const circular = {};
  circular.self = circular;
  for (const input of [undefined, () => {}, Symbol("x"), 10n, { count: 10n }, circular]) {
    assert.equal(thrownBy(() => countText(input)).code, "INPUT_INVALID");
  }
});

test("wrong types are refused with their path", () => {
  for (const input of [null, 7, true, "text", [], [1], new Date(0), new Map()]) {
    const { code } = thrownBy(() => evaluateReadiness(input));
    assert.match(code, /^(INPUT_INVALID|FIELD_MISSING)$/);
  }
  assert.equal(thrownBy(() => countText({ text: 7, channel: "tiktok" })).path, "text");
  assert.equal(thrownBy(() => countText({ text: "x", channel: "myspace" })).code, "CHANNEL_UNSUPPORTED");
  assert.equal(thrownBy(() => call("fly", {})).code, "OPERATION_UNKNOWN");
  assert.equal(thrownBy(() => call(undefined, {})).code, "OPERATION_UNKNOWN");
});

test("half a surrogate pair is a text like any other, or refused", () => {
  try {
    assert.equal(typeof countText({ text: "\ud83c", channel: "tiktok" }).utf16, "number");
  } catch (error) {
    assert.ok(error instanceof CalendarPublishError);
  }
  works();
});

test("a document beyond the bound is refused by its size", () => {
  const error = thrownBy(() => countText({ text: "x".repeat(65 * 1024 * 1024), channel: "tiktok" }));
  assert.equal(error.code, "INPUT_TOO_LARGE");
  assert.ok(error.measured);
  assert.ok(error.allowed);
});

test("a calendar is loaded from bytes, text or an object, and from nothing else", () => {
  const empty = { entries: [] };
  const text = JSON.stringify(empty);
  const bytes = new TextEncoder().encode(text);
  for (const document of [empty, text, bytes, bytes.buffer, Buffer.from(text)]) {
    assert.equal(Calendar.load(document, 0).length, 0);
  }
  const invalid = new Uint8Array([0x7b, 0xff, 0x7d]);
  assert.equal(thrownBy(() => Calendar.load(invalid, 0)).code, "INPUT_NOT_UTF8");
  assert.equal(thrownBy(() => Calendar.load("{}", 0)).path, "entries");
  assert.equal(thrownBy(() => Calendar.load(undefined, 0)).code, "INPUT_INVALID");
  assert.equal(thrownBy(() => Calendar.load(empty, "yesterday")).code, "TIMESTAMP_INVALID");
  assert.equal(thrownBy(() => Calendar.load(empty, new Date(Number.NaN))).code, "TIMESTAMP_INVALID");
});

test("what was freed says so", () => {
  const calendar = Calendar.load({ entries: [] }, 0);
  calendar.free();
  calendar.free();
  assert.equal(thrownBy(() => calendar.page({ limit: 1 })).code, "HANDLE_CLOSED");
  assert.equal(thrownBy(() => calendar.length).code, "HANDLE_CLOSED");
  assert.equal(thrownBy(() => calendar.export({ format: "csv" })).code, "HANDLE_CLOSED");
  const stream = new GenerationStream(undefined, 0);
  stream.free();
  assert.equal(thrownBy(() => stream.push("x", 0)).code, "HANDLE_CLOSED");
  assert.match(thrownBy(() => stream.snapshot()).messageFor("es"), /cerrado/);
});
