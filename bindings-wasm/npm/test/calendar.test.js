// The calendar that lives in an interface, held against the pure operations on the same entries.

import assert from "node:assert/strict";
import test from "node:test";

import { Calendar, GenerationStream, evaluateCalendar, exportCsv, planShift } from "calendar-publish";

const user = "018f0000-0000-7000-8000-0000000000b1";
const calendarId = "018f0000-0000-7000-8000-0000000000c1";
const account = {
  id: "018f0000-0000-7000-8000-0000000000a1",
  userId: user,
  channel: "instagram",
  externalAccountId: "17841400000000000",
  displayName: "@pan",
  timezone: "Europe/Madrid",
  status: "ok",
};
const entryId = (number) => `018f0000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const entries = Array.from({ length: 120 }, (_, number) => ({
  id: entryId(number),
  calendarId,
  piece: {
    title: `Pan ${number}`,
    channel: "instagram",
    format: "post",
    copy: "Hoy hay pan.",
    date: `2026-0${4 + (number % 3)}-${String(1 + (number % 28)).padStart(2, "0")}`,
    time: "09:00",
  },
  media:
    number % 5 === 0
      ? []
      : [
          {
            kind: "image",
            url: `https://cdn.example/${number}.jpg`,
            mimeType: "image/jpeg",
            sizeBytes: 640000,
            width: 1080,
            height: 1350,
          },
        ],
}));
const now = "2026-03-01T09:00:00Z";
/** A piece as the host's stream carries it (`docs/host.md`). */
/** Characters of one byte, of two that look like one elsewhere, and of more. */
const TITLE = "Ñandú ÿ \u0080\u009f € 🍞 \\u00f1";
function pieceEvent(title) {
  const piece = { channel: "tiktok", format: "video", title, copy: "Hola", date: "2026-04-02", time: "10:00" };
  const data = { type: "calendar_piece", runId: entryId(7), calendarId, index: 0, total: 1, piece };
  const envelope = { data, error: null, meta: { requestId: "r" } };
  return new TextEncoder().encode(`event: data\ndata: ${JSON.stringify(envelope)}\n\n`);
}
const load = () => Calendar.load({ entries, accounts: [account] }, now);

test("its tiles are those of the operation", () => {
  const calendar = load();
  const { tiles, total } = calendar.page({ limit: 1000 });
  assert.equal(total, entries.length);
  const judged = evaluateCalendar({ entries, accounts: [account], now }).entries;
  const expected = new Map(judged.map((one) => [one.entryId, one.readiness.tile]));
  for (const tile of tiles) assert.equal(tile.tile, expected.get(tile.entryId), tile.title);
  const days = tiles.map((tile) => `${tile.date}T${tile.time}`);
  assert.deepEqual(days, [...days].sort());
});

test("an edit answers with the tiles that look different, and a page shows them", () => {
  const calendar = load();
  const edited = { ...entries[1], draft: true };
  const { tiles } = calendar.put({ entry: edited });
  assert.equal(tiles[0].entryId, edited.id);
  assert.equal(tiles[0].tile, "draft");
  const drafts = calendar.page({ limit: 10, tile: "draft" });
  assert.deepEqual([drafts.total, drafts.tiles[0].entryId], [1, edited.id]);
});

test("a shift moves the wall clock across the change of the clocks, and is taken back", () => {
  const calendar = load();
  const request = { entryIds: [entryId(2)], offset: { type: "days", days: 150 } };
  const state = { entries, accounts: [account], now };
  const [planned] = planShift({ calendar: state, request }).moves;
  const applied = calendar.shift(request);
  assert.equal(applied.moved, 1);
  const moved = calendar.entry({ entryId: entryId(2) });
  assert.equal(moved.scheduledAt, planned.after.scheduledAt);
  assert.equal(moved.piece.time, "09:00");
  assert.ok(calendar.undo());
  assert.equal(calendar.entry({ entryId: entryId(2) }).piece.date, entries[2].piece.date);
  assert.equal(calendar.undo(), null);
});

test("its export is that of the operation, in bytes", () => {
  const calendar = load();
  const judged = evaluateCalendar({ entries, accounts: [account], now }).entries;
  const rows = entries.map((entry, index) => ({
    entry,
    readiness: judged[index].readiness,
    timezone: account.timezone,
  }));
  const bytes = calendar.export({ format: "csv" });
  assert.ok(bytes instanceof Uint8Array);
  assert.equal(new TextDecoder().decode(bytes), exportCsv({ rows }).text);
});

test("a stream is read however it is cut", async () => {
  const bytes = pieceEvent(TITLE);
  const stream = new GenerationStream(undefined, now);
  const events = [];
  for (const byte of bytes) events.push(...stream.push(Uint8Array.of(byte), now));
  const whole = new GenerationStream(undefined, now).push(bytes, now);
  assert.deepEqual(events, whole);
  assert.deepEqual([whole[0].type, whole[0].piece?.title], ["piece", TITLE]);
  const response = new Response(new Blob([bytes]).stream());
  const read = [];
  for await (const event of new GenerationStream().read(response)) read.push(event.type);
  assert.deepEqual(read, whole.map((event) => event.type));
});

test("a stream that breaks or isn't read on says so, and keeps what arrived", async () => {
  const bytes = pieceEvent("Pan");
  let closed = false;
  const endless = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(bytes),
      cancel: () => {
        closed = true;
      },
    });
  const stopped = new GenerationStream();
  for await (const event of stopped.read(endless())) {
    assert.equal(event.type, "piece");
    break;
  }
  assert.ok(closed);
  assert.equal(stopped.snapshot().pieces.length, 1);
  let sent = 0;
  const broken = new ReadableStream({
    pull: (controller) => {
      sent += 1;
      if (sent === 1) controller.enqueue(bytes);
      else controller.error(new Error("the connection is gone"));
    },
  });
  const stream = new GenerationStream();
  await assert.rejects(async () => {
    for await (const _ of stream.read(broken));
  }, /gone/);
  assert.equal(stream.snapshot().pieces.length, 1);
  assert.notDeepEqual(stream.snapshot().state, stopped.snapshot().state);
});
