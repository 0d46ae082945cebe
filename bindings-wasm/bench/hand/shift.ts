/** Moving every entry by days: the wall clock stays, the instant follows the zone. */

import { addDays } from "date-fns";
import { formatInTimeZone, fromZonedTime } from "date-fns-tz";
import { DateTime } from "luxon";

import type { LoadedAccount } from "./readiness.js";
import type { Entry } from "./types.js";

export interface Move {
  id: string;
  date: string;
  time: string;
  scheduledAt: string;
}

type Accounts = Map<string, LoadedAccount>;

export function shiftByLuxon(entries: Entry[], accounts: Accounts, days: number): Move[] {
  return entries.map(({ id, accountId, piece }) => {
    const { timezone: zone } = accounts.get(accountId!)!;
    const moved = DateTime.fromISO(`${piece.date}T${piece.time}`, { zone }).plus({ days });
    return {
      id,
      date: moved.toISODate()!,
      time: moved.toFormat("HH:mm"),
      scheduledAt: moved.toUTC().toISO({ suppressMilliseconds: true })!,
    };
  });
}

export function shiftByDateFns(entries: Entry[], accounts: Accounts, days: number): Move[] {
  return entries.map(({ id, accountId, piece }) => {
    const { timezone: zone } = accounts.get(accountId!)!;
    // The day is moved as a day of no zone, so that the server's own zone can't matter.
    const date = addDays(new Date(`${piece.date}T12:00:00`), days);
    const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
    const at = fromZonedTime(`${day}T${piece.time}:00`, zone);
    return {
      id,
      date: day,
      time: formatInTimeZone(at, zone, "HH:mm"),
      scheduledAt: at.toISOString().replace(".000Z", "Z"),
    };
  });
}
