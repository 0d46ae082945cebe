/** Reading a calendar from the bytes that a server sent. */

import type { Loaded, LoadedAccount, LoadedJob } from "./readiness.js";
import type { Document, Entry } from "./types.js";

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d\d:\d\d$/;
const decoder = new TextDecoder();

/** What every later line relies on; anything else is somebody else's fault. */
function check(entry: Entry, place: number): void {
  const { piece } = entry;
  const wrong =
    typeof entry.id !== "string" ? "id"
    : typeof piece !== "object" || piece === null ? "piece"
    : piece.channel !== "tiktok" && piece.channel !== "instagram" ? "piece.channel"
    : typeof piece.copy !== "string" ? "piece.copy"
    : !DATE.test(piece.date) ? "piece.date"
    : !TIME.test(piece.time) ? "piece.time"
    : !Array.isArray(piece.hashtags) ? "piece.hashtags"
    : !Array.isArray(entry.media) ? "media"
    : undefined;
  if (wrong) throw new Error(`entries[${place}].${wrong}`);
}

const instant = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

export function read(bytes: Uint8Array): Document {
  return JSON.parse(decoder.decode(bytes)) as Document;
}

export function load(document: Document): Loaded {
  const { entries } = document;
  entries.forEach(check);
  const accounts: LoadedAccount[] = document.accounts.map((account) => ({
    ...account,
    expires: instant(account.expiresAt),
    renewable: instant(account.renewableUntil),
    coolingDown: instant(account.coolingDownUntil),
    quotaReadAt: instant(account.quota?.readAt),
  }));
  const jobByEntry = new Map<string, LoadedJob>();
  for (const job of document.jobs) {
    const known = jobByEntry.get(job.calendarEntryId);
    if (!known || rank(job.status) > rank(known.status) || job.createdAt > known.createdAt) {
      jobByEntry.set(job.calendarEntryId, { ...job, at: Date.parse(job.scheduledAt), nextAt: instant(job.nextAttemptAt) });
    }
  }
  return {
    entries,
    scheduled: entries.map((entry) => instant(entry.scheduledAt)),
    accounts,
    accountById: new Map(accounts.map((account) => [account.id, account])),
    jobByEntry,
  };
}

function rank(status: string): number {
  return status === "published" ? 3 : status === "cancelled" ? 0 : status === "delivered_to_inbox" ? 1 : 2;
}
