// Whether both sides say the same of the same calendar.
import assert from "node:assert/strict";

import { calendar, chunks, LATER, NOW, stream } from "./data.js";

const words = ({ code, severity, judged, path }) => `${severity} ${judged} ${code} ${path}`;
const comparable = ({ tile, state, nextAction, findings }) => ({
  tile,
  state,
  nextAction: nextAction ?? null,
  findings: findings.map(words).sort(),
});

/**
 * Holds the hand-written readiness against the package's: tile, state, next action and every finding
 * of every entry. Gives how many entries show each tile.
 */
export function agree(call, hand, count) {
  const document = calendar(count);
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  const tiles = {};
  for (const now of [NOW, LATER]) {
    const { entries } = call("evaluateCalendar", { ...document, now });
    const written = hand.evaluateAll(hand.load(hand.read(bytes)), Date.parse(now));
    assert.equal(written.length, entries.length);
    entries.forEach(({ entryId, readiness }, i) => {
      assert.equal(entryId, document.entries[i].id);
      assert.deepEqual(comparable(written[i]), comparable(readiness), `entry ${i} at ${now}`);
      tiles[readiness.tile] = (tiles[readiness.tile] ?? 0) + 1;
    });
  }
  return tiles;
}

/** Holds both hand-written shifts against the package's plan. */
export function agreeOnShift(call, hand, count) {
  const { entries, accounts } = calendar(count);
  const entryIds = entries.map((entry) => entry.id);
  const plan = call("planShift", {
    calendar: { entries, accounts, jobs: [], settings: {}, now: NOW },
    request: { entryIds, offset: { type: "days", days: 1 } },
  });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byLuxon = new Map(hand.shiftByLuxon(entries, byId, 1).map((move) => [move.id, move]));
  const byDateFns = new Map(hand.shiftByDateFns(entries, byId, 1).map((move) => [move.id, move]));
  assert.ok(plan.moves.length > count * 0.9, `${plan.moves.length} moves`);
  for (const { entryId, after, note } of plan.moves) {
    // In a gap and in a repeated hour libraries choose as they like.
    if (note) continue;
    const { date, time, scheduledAt } = after;
    assert.deepEqual(byLuxon.get(entryId), { id: entryId, date, time, scheduledAt });
    assert.deepEqual(byDateFns.get(entryId), { id: entryId, date, time, scheduledAt });
  }
  return plan.moves.length;
}

/** Holds the hand-written CSV against the package's, byte by byte. */
export function agreeOnCsv(load, hand, count) {
  const bytes = new TextEncoder().encode(JSON.stringify(calendar(count)));
  const mine = load(bytes, NOW);
  const theirs = hand.load(hand.read(bytes));
  const written = hand.toCsv(theirs.entries, hand.evaluateAll(theirs, Date.parse(NOW)));
  assert.deepEqual(Buffer.from(mine.csv()), Buffer.from(written));
  mine.free();
  return written.length;
}

/** Holds the pieces that both read off a stream, cut anywhere, against each other. */
export function agreeOnStream(decode, hand, count) {
  const bytes = stream(count);
  const titles = (pieces) => pieces.map(({ piece }) => `${piece.title} ${piece.copy} ${piece.hashtags}`);
  for (const size of [7, 1_400, bytes.length]) {
    const parts = chunks(bytes, size);
    const read = titles(decode(parts));
    assert.equal(read.length, count);
    assert.deepEqual(titles(hand.decode(parts)), read);
  }
}
