/** The caption that is really sent, and what the platforms count in it. */

import type { Channel, Piece } from "./types.js";

const TAGS = {
  tiktok: /(?<!\S)#\S+/gu,
  instagram: /(?<![\p{L}\p{N}_\u0300-\u036f])#[\p{L}\p{N}_\u0300-\u036f]+/gu,
};
const MENTIONS = /(?<![\p{L}\p{N}_\u0300-\u036f])@[A-Za-z0-9._]+/gu;
const PLAIN = /^[A-Za-z0-9_]+$/;
const GOES_ON = { tiktok: /^\S+$/u, instagram: /^[\p{L}\p{N}_\u0300-\u036f]+$/u };

export interface Counted {
  caption: string;
  hashtags: number;
  mentions: number;
  /** The places of hashtags that the platform would cut. */
  broken: number[];
}

function written(copy: string, channel: Channel): string[] {
  if (!copy.includes("#")) return [];
  return copy.match(TAGS[channel]) ?? [];
}

export function count(piece: Piece): Counted {
  const { channel } = piece;
  const copy = piece.copy.includes("\r") ? piece.copy.replace(/\r\n?/g, "\n") : piece.copy;
  const inCopy = written(copy, channel);
  const seen = new Set(inCopy.map((tag) => tag.slice(1).replace(/[^\p{L}\p{N}_]+$/u, "").toLowerCase()));
  const appended: string[] = [];
  const broken: number[] = [];
  piece.hashtags.forEach((tag, index) => {
    const bare = PLAIN.test(tag) ? tag : tag.trim().replace(/^#+/, "").trimStart();
    if (!GOES_ON[channel].test(bare)) broken.push(index);
    const key = bare.toLowerCase();
    if (bare !== "" && !seen.has(key)) {
      seen.add(key);
      appended.push(`#${bare}`);
    }
  });
  const tags = appended.join(" ");
  const caption = tags === "" ? copy : copy === "" ? tags : `${copy}\n\n${tags}`;
  const mentions = channel === "instagram" && copy.includes("@") ? (copy.match(MENTIONS) ?? []).length : 0;
  return { caption, hashtags: inCopy.length + appended.length, mentions, broken };
}

/** The code points of a text; only worth counting where the code units are too many. */
export function codePoints(text: string): number {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}
