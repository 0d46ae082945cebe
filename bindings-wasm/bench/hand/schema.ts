/** The same documents as zod schemas, for a team that validates what it reads. */

import * as z from "zod";

const instant = z.iso.datetime({ offset: true });
const media = z.object({
  kind: z.enum(["image", "video"]),
  url: z.string(),
  urlExpiresAt: instant.optional(),
  mimeType: z.string().optional(),
  sizeBytes: z.number().int().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  durationMs: z.number().int().optional(),
  frameRate: z.number().optional(),
  bitRate: z.number().int().optional(),
  videoCodec: z.string().optional(),
  audioCodec: z.string().optional(),
  audioSampleRate: z.number().int().optional(),
  audioChannels: z.number().int().optional(),
  moovFirst: z.boolean().optional(),
  editList: z.boolean().optional(),
  altText: z.string().optional(),
});

const piece = z.object({
  title: z.string(),
  channel: z.enum(["tiktok", "instagram"]),
  format: z.string(),
  copy: z.string(),
  script: z.string().optional(),
  targetAudience: z.string().optional(),
  date: z.iso.date(),
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  hashtags: z.array(z.string()),
});

export const entry = z.object({
  id: z.uuid(),
  calendarId: z.uuid(),
  accountId: z.uuid().optional(),
  piece,
  scheduledAt: instant.optional(),
  draft: z.boolean().optional(),
  media: z.array(media),
  tiktok: z
    .object({
      mode: z.enum(["direct", "inbox"]).optional(),
      privacy: z.string().optional(),
      allowComment: z.boolean().optional(),
      allowDuet: z.boolean().optional(),
      allowStitch: z.boolean().optional(),
      discloseCommercial: z.boolean().optional(),
      yourBrand: z.boolean().optional(),
      brandedContent: z.boolean().optional(),
      consent: z.object({ givenAt: instant, text: z.string() }).optional(),
    })
    .optional(),
  reviewed: z.boolean().optional(),
  readiness: z.string().optional(),
  revision: z.number().int().optional(),
});

export const entries = z.array(entry);

export const streamed = z.object({
  type: z.literal("calendar_piece"),
  runId: z.string(),
  calendarId: z.string(),
  index: z.number().int(),
  total: z.number().int(),
  piece,
});
