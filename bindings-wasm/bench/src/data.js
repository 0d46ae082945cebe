// The calendar that both sides are given: what a host stores, with the mistakes that people make.

/** The instant at which everything is judged. */
export const NOW = "2026-04-01T08:00:00Z";
/** A minute later, for judging again. */
export const LATER = "2026-04-01T08:01:00Z";

const ACCOUNTS = 8;
const HOUR = 3_600_000;
const CHANNELS = ["instagram", "tiktok"];
const ZONES = ["Europe/Madrid", "America/Mexico_City", "Asia/Kolkata", "America/New_York"];
const CONSENT = "By posting, you agree to TikTok's Music Usage Confirmation";

const id = (kind, number) =>
  `018f0000-0000-7000-8${kind.toString(16).padStart(3, "0")}-${number.toString(16).padStart(12, "0")}`;

/** What clocks in a zone show, as `["2026-04-02", "09:00"]`. */
function wallClock(millis, zone) {
  const text = new Date(millis).toLocaleString("sv-SE", { timeZone: zone });
  return [text.slice(0, 10), text.slice(11, 16)];
}

function accounts() {
  return Array.from({ length: ACCOUNTS }, (_, i) => ({
    id: id(1, i),
    userId: id(2, 0),
    channel: CHANNELS[i % 2],
    externalAccountId: `1784140000000000${i}`,
    displayName: `Panadería ${i}`,
    timezone: ZONES[i % ZONES.length],
    status: i === 7 ? "expired" : "ok",
    // One token runs out in the middle of the calendar and can't be renewed.
    expiresAt: i === 5 ? "2026-05-20T00:00:00Z" : "2046-01-01T00:00:00Z",
    ...(i === 5 ? {} : { renewableUntil: "2046-06-01T00:00:00Z" }),
    scopes: ["video.publish", "video.upload", "instagram_business_basic", "instagram_business_content_publish"],
    ...(i === 2
      ? { quota: { used: 3, total: 10, windowSeconds: 86400, readAt: "2026-04-01T07:00:00Z" } }
      : {}),
  }));
}

const video = (i, expires) => ({
  kind: "video",
  url: `https://media.example.com/pan-${i}.mp4`,
  urlExpiresAt: expires,
  mimeType: "video/mp4",
  sizeBytes: 5_000_000,
  width: i % 70 === 11 ? 300 : 1080,
  height: 1920,
  durationMs: i % 90 === 17 ? 950_000 : 15_000,
  frameRate: 30,
  bitRate: 2_600_000,
  videoCodec: i % 60 === 19 ? "av1" : "h264",
  ...(i % 25 === 4 ? {} : { audioCodec: "aac", audioSampleRate: 48_000, audioChannels: 2 }),
  ...(i % 80 === 6 ? {} : { moovFirst: true }),
  editList: false,
});

const image = (i, expires, n) => ({
  kind: "image",
  url: `https://media.example.com/pan-${i}-${n}.jpg`,
  urlExpiresAt: expires,
  mimeType: i % 80 === 13 ? "image/png" : "image/jpeg",
  sizeBytes: 900_000,
  width: 1080,
  height: i % 55 === 23 ? 1920 : 1080,
});

/** The format and the files of an entry: half are videos, the others one image or several. */
function shape(i, channel, expires) {
  const turn = Math.floor(i / ACCOUNTS) % 4;
  if (turn < 2) return [channel === "tiktok" ? "video" : "reel", [video(i, expires)]];
  const several = turn === 3 || channel === "tiktok";
  const media = Array.from({ length: several ? 3 : 1 }, (_, n) => image(i, expires, n));
  return [several ? "carrusel" : "post", media];
}

const SENTENCES = "Pan de masa madre, recién hecho. Te esperamos mañana 🥖 en la tienda. ";

function entry(i) {
  const account = i % ACCOUNTS;
  const channel = CHANNELS[account % 2];
  // A post every two hours on each account; one in forty stands where the next one does, one in two
  // hundred lies in the past.
  let at = Date.parse(NOW) + (2 + Math.floor(i / ACCOUNTS) * 2) * HOUR;
  if (i % 200 === 57) at -= 40 * 24 * HOUR;
  if (i % 40 === 12) at += 2 * HOUR;
  const expires = i % 30 === 9 ? "2026-04-02T00:00:00Z" : "2046-01-01T00:00:00Z";
  const [format, media] = shape(i, channel, expires);
  const [date, time] = wallClock(at, ZONES[account % ZONES.length]);
  const hashtags = ["pan", "masamadre", "barcelona"];
  return {
    id: id(3, i),
    calendarId: id(4, 0),
    accountId: id(1, account),
    piece: {
      title: `Pan del día ${i}`,
      channel,
      format,
      copy: SENTENCES.repeat(i % 50 === 7 ? 60 : 3) + (i % 10 === 6 ? "Ven con @ana #pan" : ""),
      script: "Plano del horno, manos, corteza.",
      targetAudience: "Vecinos del barrio",
      date,
      time,
      hashtags: i % 33 === 5 ? [...hashtags, "café", "horno", "gràcia", "trigo"] : hashtags,
    },
    // One in ten was never scheduled: date and time in the account's zone say when it is due.
    ...(i % 10 === 1 ? {} : { scheduledAt: new Date(at).toISOString().replace(".000Z", "Z") }),
    ...(i % 45 === 31 ? { draft: true } : {}),
    media: i % 20 === 3 ? [] : media,
    ...(channel === "tiktok"
      ? {
          tiktok: {
            ...(i % 26 === 3 ? {} : { privacy: "PUBLIC_TO_EVERYONE" }),
            allowComment: true,
            consent: { givenAt: "2026-03-01T00:00:00Z", text: CONSENT },
          },
        }
      : {}),
    reviewed: i % 3 !== 0,
    revision: 1,
  };
}

/** A job for every second entry: most wait, some have failed, a few are out. */
function job(entry, i) {
  const states = { 3: ["failed", 1], 5: ["published", 1], 8: ["needs_attention", 4] };
  const [status, attemptCount] = states[Math.floor(i / 2) % 40] ?? ["scheduled", 0];
  const due = entry.scheduledAt ?? "2026-06-01T09:00:00Z";
  return {
    id: id(5, i),
    calendarEntryId: entry.id,
    userId: id(2, 0),
    accountId: entry.accountId,
    channel: entry.piece.channel,
    scheduledAt: due,
    status,
    attemptCount,
    ...(status === "failed"
      ? { lastError: "PLATFORM_TEMPORARY", nextAttemptAt: new Date(Date.parse(due) + 300_000).toISOString() }
      : {}),
    ...(status === "needs_attention" ? { lastError: "RETRIES_EXHAUSTED" } : {}),
    createdAt: "2026-03-20T10:00:00Z",
    updatedAt: "2026-03-20T10:00:00Z",
  };
}

/** A calendar of `count` entries as a document. */
export function calendar(count) {
  const entries = Array.from({ length: count }, (_, i) => entry(i));
  const jobs = entries.map((entry, i) => (i % 2 === 0 ? job(entry, i) : undefined)).filter(Boolean);
  return { entries, accounts: accounts(), jobs };
}

/** The bytes of a generation of `count` pieces, as the host's service streams them. */
export function stream(count) {
  const meta = { requestId: id(6, 0), done: false };
  const event = (name, data, more) =>
    `event: ${name}\ndata: ${JSON.stringify({ data, error: null, meta: { ...meta, ...more } })}\n\n`;
  let text = "";
  for (let i = 0; i < count; i += 1) {
    if (i % 50 === 0) text += ": keep-alive\n\n";
    const { piece } = entry(i);
    text += event("data", {
      type: "calendar_piece", runId: id(7, 0), calendarId: id(4, 0), index: i, total: count, piece,
    });
  }
  const diff = { added: [], updated: [], removed: [] };
  text += event(
    "done",
    { type: "calendar_summary", calendarId: id(4, 0), runId: id(7, 0), pieceCount: count, status: "completed", diff },
    { done: true },
  );
  return new TextEncoder().encode(text);
}

/** `bytes` as a network hands them over. */
export function chunks(bytes, size) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return parts;
}
