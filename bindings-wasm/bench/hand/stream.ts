/** The generation's event stream: bytes in, typed pieces out. */

import { createParser } from "eventsource-parser";

import type { Piece } from "./types.js";

export interface Streamed {
  runId: string;
  calendarId: string;
  index: number;
  total: number;
  piece: Piece;
}

export function decode(chunks: Iterable<Uint8Array>): Streamed[] {
  const pieces: Streamed[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      if (event !== "data") return;
      const envelope = JSON.parse(data);
      if (envelope.error === null && envelope.data?.type === "calendar_piece") pieces.push(envelope.data as Streamed);
    },
  });
  const decoder = new TextDecoder();
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
  return pieces;
}
