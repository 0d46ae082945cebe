/** Wall clocks and instants. `Intl` is slow, so offsets are remembered by the hour. */

const HOUR = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

function ask(zone: string, millis: number): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  const found = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(millis));
  if (!found?.[1]) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === "-" ? -minutes : minutes) * 60_000;
}

/** How far clocks are ahead of UTC, in milliseconds. Offsets of our days change on the half hour. */
export function offsetAt(zone: string, millis: number): number {
  let known = offsets.get(zone);
  if (!known) offsets.set(zone, (known = new Map()));
  const half = Math.floor(millis / (HOUR / 2));
  let offset = known.get(half);
  if (offset === undefined) known.set(half, (offset = ask(zone, half * (HOUR / 2))));
  return offset;
}

/** The instant of a date and a time; a gap moves forward, of a repeated hour the first is taken. */
export function resolve(date: string, time: string, zone: string): { at: number; note?: "gap" | "fold" } {
  const local = Date.UTC(
    Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8)),
    Number(time.slice(0, 2)), Number(time.slice(3)),
  );
  const before = offsetAt(zone, local - 24 * HOUR);
  const after = offsetAt(zone, local + 24 * HOUR);
  if (before === after) return { at: local - before };
  const early = local - before;
  const late = local - after;
  const earlyHolds = offsetAt(zone, early) === before;
  const lateHolds = offsetAt(zone, late) === after;
  if (earlyHolds && lateHolds) return { at: Math.min(early, late), note: "fold" };
  if (earlyHolds) return { at: early };
  if (lateHolds) return { at: late };
  return { at: early, note: "gap" };
}

/** Whether clocks show this date and time at an instant. */
export function shows(millis: number, zone: string, date: string, time: string): boolean {
  const wall = new Date(millis + offsetAt(zone, millis)).toISOString();
  return wall.startsWith(date) && wall.startsWith(time, 11);
}
