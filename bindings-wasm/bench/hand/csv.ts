/** The calendar as CSV, in the columns that spreadsheets of the team expect. */

import Papa from "papaparse";

import type { Entry, Readiness } from "./types.js";

const COLUMNS = ["title", "channel", "format", "copy", "script", "targetAudience", "date", "time", "hashtags", "status"];
const encoder = new TextEncoder();

export function toCsv(entries: Entry[], readiness: Readiness[]): Uint8Array {
  const rows = entries.map(({ piece }, i) => [
    piece.title, piece.channel, piece.format, piece.copy, piece.script ?? "", piece.targetAudience ?? "",
    piece.date, piece.time, piece.hashtags.join(";"), readiness[i]!.tile,
  ]);
  // Cells that a spreadsheet could run are guarded, as exports to people must be.
  const text = Papa.unparse({ fields: COLUMNS, data: rows }, { quotes: true, newline: "\r\n", escapeFormulae: true });
  return encoder.encode(`${text}\r\n`);
}
