// The package beside what a team would write by hand, in one run:
//
//   node --expose-gc run.js [--package DIR] [--entries 10000] [--rounds 15] [--json]
//
// Says where a bar is missed and then ends with 1.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { agree, agreeOnCsv, agreeOnShift, agreeOnStream } from "./src/agree.js";
import { calendar, chunks, LATER, NOW, stream } from "./src/data.js";
import { hand as compiled } from "./src/hand.js";
import { each, median, race } from "./src/measure.js";
import { open, PACKAGE } from "./src/ours.js";
import { keeps, table } from "./src/table.js";

const { values: options } = parseArgs({
  options: {
    package: { type: "string", default: PACKAGE },
    entries: { type: "string", default: "10000" },
    rounds: { type: "string", default: "15" },
    json: { type: "boolean", default: false },
  },
});
const COUNT = Number(options.entries);
const ROUNDS = Number(options.rounds);
/** How many entries a document holds at most. */
const PART = 40_000;
const say = (text) => options.json || console.log(text);

if (!globalThis.gc) throw new Error("run it with --expose-gc: what one side leaves behind must not slow the other");
const hand = await compiled();
const ours = await open(options.package);
const rows = [];
const add = (what, times, against) => {
  const [first] = Object.keys(times);
  for (const [name, least] of Object.entries(against)) {
    rows.push({ what, ours: times[first], against: name, peer: times[name], bar: least ?? undefined });
  }
};

say("Both sides say the same, of tiles:");
const tiles = agree(ours.call, hand, 2000);
agreeOnShift(ours.call, hand, 1000);
agreeOnCsv(ours.load, hand, 1000);
agreeOnStream(ours.decode, hand, 100);
say(Object.entries(tiles).map(([tile, count]) => `  ${tile} ${count}`).join("\n"));

const document = calendar(COUNT);
const bytes = new TextEncoder().encode(JSON.stringify(document));
const now = Date.parse(NOW);
say(`\n${COUNT} entries, ${(bytes.length / 1e6).toFixed(1)} MB, medians of ${ROUNDS} rounds in turns.\n`);

// Reading a calendar and judging all of it.
{
  const byHand = (validate) => () => {
    const document = hand.read(bytes);
    if (validate) hand.entriesSchema.parse(document.entries);
    return hand.evaluateAll(hand.load(document), now);
  };
  const times = race(
    {
      ours: { run: () => ours.load(bytes, NOW), release: (calendar) => calendar.free() },
      "JSON.parse and hand-written": byHand(false),
      "the same with zod": byHand(true),
    },
    ROUNDS,
  );
  add("load from bytes and judge all", times, { "JSON.parse and hand-written": { atLeast: 2 }, "the same with zod": null });
}

const mine = ours.load(bytes, NOW);
const theirs = hand.load(hand.read(bytes));

// Judging all of it again, a minute later.
{
  let turn = 0;
  const other = () => ((turn += 1) % 2 === 1 ? LATER : NOW);
  const times = race(
    {
      ours: { prepare: other, run: (now) => mine.setNow(now) },
      "hand-written": { prepare: other, run: (now) => hand.evaluateAll(theirs, Date.parse(now)) },
      "zod and hand-written": {
        prepare: other,
        run: (now) => (hand.entriesSchema.parse(theirs.entries), hand.evaluateAll(theirs, Date.parse(now))),
      },
    },
    ROUNDS,
  );
  add("judge all again in memory", times, { "hand-written": { atLeast: 2 }, "zod and hand-written": { atLeast: 7 } });
}
mine.setNow(NOW);

// Moving everything by a day: what lies in the past may not stay there.
{
  const coming = theirs.entries.filter(({ scheduledAt = LATER }) => scheduledAt > NOW);
  const ids = coming.map((entry) => entry.id);
  const times = race(
    {
      ours: { run: () => mine.shift(ids, 1), release: () => mine.undo() },
      luxon: () => hand.shiftByLuxon(coming, theirs.accountById, 1),
      "date-fns-tz": () => hand.shiftByDateFns(coming, theirs.accountById, 1),
    },
    Math.min(ROUNDS, 7),
  );
  add("shift all by a day", times, { luxon: { atLeast: 10 }, "date-fns-tz": { atLeast: 10 } });
}

// As CSV, in bytes.
{
  const readiness = hand.evaluateAll(theirs, now);
  const times = race({ ours: () => mine.csv(), papaparse: () => hand.toCsv(theirs.entries, readiness) }, ROUNDS);
  add("CSV in bytes", times, { papaparse: { atLeast: 3 } });
}
mine.free();

// One edit, and one page, whatever the size of the calendar.
for (const count of [1_000, 10_000, 100_000]) {
  const { entries, ...rest } = calendar(count);
  const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
  // A document may have 64 MiB: the largest calendar is loaded in parts.
  const large = ours.load(encode({ ...rest, entries: entries.slice(0, PART), jobs: rest.jobs.slice(0, PART / 2) }), NOW);
  for (let at = PART; at < count; at += PART) large.putMany(entries.slice(at, at + PART));
  const edited = (i) => {
    const entry = entries[(i * 97) % count];
    const copy = `${entry.piece.copy} ${i}`;
    // Every other edit takes the media away or brings them back, so that the tile changes.
    return { ...entry, piece: { ...entry.piece, copy }, media: i % 2 === 0 ? [] : entry.media };
  };
  const edit = each(1_000, (i) => large.update(edited(i)));
  rows.push({ what: `one edit with its new tiles, of ${count}`, ours: edit, bar: { atMostMs: 0.1 } });
  const page = each(1_000, (i) => large.page((i * 50) % (count - 50), 50));
  rows.push({ what: `a page of 50 tiles, of ${count}`, ours: page, bar: { atMostMs: 0.5 } });
  large.free();
}

// The AI's stream, in the pieces that a network makes of it.
{
  const parts = chunks(stream(COUNT), 1_400);
  const times = race(
    {
      ours: () => ours.decode(parts),
      "eventsource-parser and JSON.parse": () => hand.decode(parts),
    },
    ROUNDS,
  );
  add("AI stream in typed pieces", times, { "eventsource-parser and JSON.parse": { atMostTimes: 1.5 } });
}

// A process of its own.
{
  const script = fileURLToPath(new URL("src/start.js", import.meta.url));
  const starts = Array.from({ length: 11 }, () =>
    Number(execFileSync(process.execPath, [script, options.package], { encoding: "utf8" })),
  );
  rows.push({ what: "import to first answer, fresh process", ours: median(starts), bar: { atMostMs: 50 } });
}

if (options.json) console.log(JSON.stringify(rows.map((row) => ({ ...row, kept: keeps(row) })), null, 2));
else console.log(table(rows));
if (!rows.every(keeps)) process.exitCode = 1;
