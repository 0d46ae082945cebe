/** What an entry breaks of the platforms' rules. */

import { codePoints, count } from "./caption.js";
import { type ImageLimits, LIMITS, type PostLimits, type VideoLimits } from "./limits.js";
import type { Entry, Finding, Media, Severity } from "./types.js";

export type Push = (code: string, severity: Severity, path: string, measured?: Finding["measured"], allowed?: Finding["allowed"]) => void;

const CAROUSEL = /^(carousel|carrusel|carrousel|carrete|[aá]lbum|galer[ií]a)$/i;
const VIDEO = /^(reels?|v[ií]deo|videos|clip)$/i;

export function postKind(entry: Entry): string {
  const { channel, format } = entry.piece;
  const first = entry.media[0]?.kind;
  if (channel === "tiktok") {
    const photos = CAROUSEL.test(format) || (!VIDEO.test(format) && first === "image");
    return photos ? "tiktok_photos" : "tiktok_video";
  }
  if (CAROUSEL.test(format)) return "instagram_carousel";
  return VIDEO.test(format) || first === "video" ? "instagram_reel" : "instagram_image";
}

export function checkRules(entry: Entry, push: Push): void {
  const limits = LIMITS[postKind(entry)]!;
  checkText(entry, limits, push);
  checkMedia(entry, limits, push);
  if (entry.piece.channel === "tiktok") checkTiktok(entry, push);
}

function checkText({ piece }: Entry, limits: PostLimits, push: Push): void {
  const { caption, hashtags, mentions, broken } = count(piece);
  if (limits.captionUtf16 !== undefined && caption.length > limits.captionUtf16) {
    push("CAPTION_TOO_LONG", "blocking", "piece.copy", caption.length, limits.captionUtf16);
  }
  if (limits.captionCodePoints !== undefined && caption.length > limits.captionCodePoints) {
    const points = codePoints(caption);
    if (points > limits.captionCodePoints) {
      push("CAPTION_TOO_LONG", "blocking", "piece.copy", points, limits.captionCodePoints);
    }
    push("CAPTION_TOO_LONG", "warning", "piece.copy", caption.length, limits.captionCodePoints);
  }
  if (limits.titleUtf16 !== undefined && piece.title.length > limits.titleUtf16) {
    push("TITLE_TOO_LONG", "blocking", "piece.title", piece.title.length, limits.titleUtf16);
  }
  if (limits.hashtags !== undefined && hashtags > limits.hashtags) {
    push("HASHTAGS_TOO_MANY", "blocking", "piece.hashtags", hashtags, limits.hashtags);
  }
  if (limits.hashtagsWarning !== undefined && hashtags > limits.hashtagsWarning) {
    push("HASHTAGS_TOO_MANY", "warning", "piece.hashtags", hashtags, limits.hashtagsWarning);
  }
  if (limits.mentions !== undefined && mentions > limits.mentions) {
    push("MENTIONS_TOO_MANY", "blocking", "piece.copy", mentions, limits.mentions);
  }
  if (limits.mentionsWarning !== undefined && mentions > limits.mentionsWarning) {
    push("MENTIONS_TOO_MANY", "warning", "piece.copy", mentions, limits.mentionsWarning);
  }
  for (const index of broken) {
    push("HASHTAG_INVALID", "warning", `piece.hashtags[${index}]`, piece.hashtags[index]);
  }
}

function checkMedia({ media }: Entry, limits: PostLimits, push: Push): void {
  const [least, most] = limits.items;
  if (media.length < least) push("MEDIA_MISSING", "blocking", "media", media.length, limits.items);
  else if (media.length > most) push("MEDIA_TOO_MANY", "blocking", "media", media.length, limits.items);
  const mixed = media.some((one) => one.kind !== media[0]!.kind);
  if (mixed && limits.kinds.length === 1) push("MEDIA_MIXED", "blocking", "media", undefined, limits.kinds);
  media.forEach((one, index) => {
    const path = `media[${index}]`;
    if (!mixed && !limits.kinds.includes(one.kind)) {
      push("MEDIA_KIND_UNSUPPORTED", "blocking", `${path}.kind`, one.kind, limits.kinds);
    }
    if (!isPublicUrl(one.url, limits.addressAllowed)) {
      push("MEDIA_URL_INVALID", limits.urlBlocks ? "blocking" : "warning", `${path}.url`, one.url);
    }
    if (one.kind === "video" && limits.video) checkVideo(one, limits.video, path, push);
    if (one.kind === "image" && limits.image) checkImage(one, limits.image, path, push);
  });
}

function isPublicUrl(text: string, addressAllowed: boolean): boolean {
  // By far most addresses are plain.
  if (/^https:\/\/(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:\/[\x21-\x5b\x5d-\x7e]*)?$/i.test(text)) {
    return !/^https:\/\/[^/:]+\.(?:localhost|local|internal|home\.arpa)(?:[:/]|$)/i.test(text);
  }
  if (!addressAllowed || !/^https:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(text)) return false;
  const host = /^https:\/\/(\d+\.\d+\.\d+\.\d+)(?::\d+)?(?:[/?#]|$)/i.exec(text)?.[1];
  return host !== undefined && !/^(?:10|127|0|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(host);
}

function checkSize(media: Media, limits: VideoLimits | ImageLimits, path: string, push: Push): void {
  if (media.mimeType === undefined) push("MEDIA_UNPROBED", "warning", `${path}.mimeType`);
  else if (!limits.formats.includes(media.mimeType)) {
    push("MEDIA_FORMAT_UNSUPPORTED", "blocking", `${path}.mimeType`, media.mimeType, limits.formats);
  }
  if (!media.sizeBytes) push("MEDIA_UNPROBED", "warning", `${path}.sizeBytes`);
  else {
    if (media.sizeBytes > limits.bytes) push("MEDIA_TOO_LARGE", "blocking", `${path}.sizeBytes`, media.sizeBytes, limits.bytes);
    if (media.sizeBytes > limits.bytesWarning) {
      push("MEDIA_TOO_LARGE", "warning", `${path}.sizeBytes`, media.sizeBytes, limits.bytesWarning);
    }
  }
  if (!media.width) push("MEDIA_UNPROBED", "warning", `${path}.width`);
  if (!media.height) push("MEDIA_UNPROBED", "warning", `${path}.height`);
}

function checkImage(media: Media, limits: ImageLimits, path: string, push: Push): void {
  checkSize(media, limits, path, push);
  const { width, height } = media;
  if (!width || !height) return;
  const shorter = height < width ? "height" : "width";
  if (limits.shortSide !== undefined && Math.min(width, height) > limits.shortSide) {
    push("MEDIA_DIMENSIONS_INVALID", "blocking", `${path}.${shorter}`, Math.min(width, height), limits.shortSide);
  }
  if (limits.longSideWarning !== undefined && Math.max(width, height) > limits.longSideWarning) {
    const longer = height > width ? "height" : "width";
    push("MEDIA_DIMENSIONS_INVALID", "warning", `${path}.${longer}`, Math.max(width, height), limits.longSideWarning);
  }
  if (limits.instagram) {
    if (width < 320) push("MEDIA_DIMENSIONS_INVALID", "warning", `${path}.width`, width, 320);
    if (width > 1440) push("MEDIA_DIMENSIONS_INVALID", "notice", `${path}.width`, width, 1440);
    const ratio = width / height;
    if (ratio < 0.8 || ratio > 1.91) push("MEDIA_RATIO_INVALID", "blocking", `${path}.width`, ratio, [0.8, 1.91]);
    const alt = media.altText;
    if (alt !== undefined && alt.length > 1000) {
      if (codePoints(alt) > 1000) push("ALT_TEXT_TOO_LONG", "blocking", `${path}.altText`, codePoints(alt), 1000);
      push("ALT_TEXT_TOO_LONG", "warning", `${path}.altText`, alt.length, 1000);
    }
  } else if (media.altText) {
    push("ALT_TEXT_UNSUPPORTED", "warning", `${path}.altText`);
  }
}

function checkVideo(media: Media, limits: VideoLimits, path: string, push: Push): void {
  checkSize(media, limits, path, push);
  const { width, height } = media;
  if (width && (width < limits.width[0] || width > limits.width[1])) {
    push("MEDIA_DIMENSIONS_INVALID", "blocking", `${path}.width`, width, limits.width);
  }
  if (height && limits.height && (height < limits.height[0] || height > limits.height[1])) {
    push("MEDIA_DIMENSIONS_INVALID", "blocking", `${path}.height`, height, limits.height);
  }
  if (!media.durationMs) push("MEDIA_UNPROBED", "warning", `${path}.durationMs`);
  else {
    const seconds = media.durationMs / 1000;
    if (seconds < limits.seconds[0] || seconds > limits.seconds[1]) {
      push("MEDIA_DURATION_INVALID", "blocking", `${path}.durationMs`, seconds, limits.seconds);
    }
    if (limits.secondsWarning !== undefined && seconds > limits.secondsWarning) {
      push("MEDIA_DURATION_INVALID", "warning", `${path}.durationMs`, seconds, limits.secondsWarning);
    }
  }
  if (media.videoCodec === undefined) push("MEDIA_UNPROBED", "warning", `${path}.videoCodec`);
  else if (!limits.codecs.includes(codecName(media.videoCodec))) {
    push("MEDIA_CODEC_UNSUPPORTED", "blocking", `${path}.videoCodec`, media.videoCodec, limits.codecs);
  }
  if (!media.frameRate) push("MEDIA_UNPROBED", "warning", `${path}.frameRate`);
  else if (media.frameRate < 23 || media.frameRate > 60) {
    push("MEDIA_FRAME_RATE_INVALID", "blocking", `${path}.frameRate`, media.frameRate, [23, 60]);
  }
  if (limits.instagram) checkInstagramVideo(media, limits.instagram.verticalNotice, path, push);
  else if (media.altText) push("ALT_TEXT_UNSUPPORTED", "warning", `${path}.altText`);
}

function checkInstagramVideo(media: Media, verticalNotice: boolean, path: string, push: Push): void {
  const { width, height } = media;
  if (width && height) {
    if (Math.min(width, height) < 640) {
      const shorter = height < width ? "height" : "width";
      push("MEDIA_DIMENSIONS_INVALID", "warning", `${path}.${shorter}`, Math.min(width, height), 640);
    }
    const ratio = width / height;
    if (ratio < 0.01 || ratio > 10) push("MEDIA_RATIO_INVALID", "blocking", `${path}.width`, ratio, [0.01, 10]);
    if (verticalNotice && (ratio < 0.56 || ratio > 0.565)) {
      push("MEDIA_RATIO_INVALID", "notice", `${path}.width`, ratio, [0.56, 0.565]);
    }
  }
  if (!media.bitRate) push("MEDIA_UNPROBED", "warning", `${path}.bitRate`);
  else if (media.bitRate > 25000000) push("MEDIA_BIT_RATE_TOO_HIGH", "blocking", `${path}.bitRate`, media.bitRate, 25000000);
  if (media.moovFirst === undefined) push("MEDIA_UNPROBED", "warning", `${path}.moovFirst`);
  else if (!media.moovFirst) push("MEDIA_NOT_STREAMABLE", "blocking", `${path}.moovFirst`, "moov_last");
  if (media.editList === undefined) push("MEDIA_UNPROBED", "warning", `${path}.editList`);
  else if (media.editList) push("MEDIA_NOT_STREAMABLE", "blocking", `${path}.editList`, "edit_list");
  if (media.audioCodec === undefined) return;
  if (codecName(media.audioCodec) !== "aac") push("MEDIA_AUDIO_UNSUPPORTED", "blocking", `${path}.audioCodec`, media.audioCodec);
  if (!media.audioSampleRate) push("MEDIA_UNPROBED", "warning", `${path}.audioSampleRate`);
  else if (media.audioSampleRate > 48000) {
    push("MEDIA_AUDIO_UNSUPPORTED", "blocking", `${path}.audioSampleRate`, media.audioSampleRate, 48000);
  }
  if (!media.audioChannels) push("MEDIA_UNPROBED", "warning", `${path}.audioChannels`);
  else if (media.audioChannels > 2) push("MEDIA_AUDIO_UNSUPPORTED", "blocking", `${path}.audioChannels`, media.audioChannels, [1, 2]);
}

const CODECS: [RegExp, string][] = [
  [/^(h\.?264|avc)/i, "h264"], [/^(hevc|h\.?265|hvc1|hev1)/i, "hevc"], [/^vp0?8/i, "vp8"],
  [/^vp0?9/i, "vp9"], [/^(aac|mp4a)/i, "aac"],
];

function codecName(codec: string): string {
  if (codec === "h264" || codec === "aac" || codec === "hevc") return codec;
  return CODECS.find(([spelling]) => spelling.test(codec))?.[1] ?? codec;
}

const CONSENT = "By posting, you agree to TikTok's Music Usage Confirmation";
const CONSENT_BRANDED = "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation";

function checkTiktok({ tiktok }: Entry, push: Push): void {
  if (tiktok?.privacy === undefined) push("PRIVACY_MISSING", "blocking", "tiktok.privacy");
  if (tiktok?.consent === undefined) push("CONSENT_MISSING", "blocking", "tiktok.consent");
  if (!tiktok) return;
  if (tiktok.discloseCommercial) {
    if (!tiktok.yourBrand && !tiktok.brandedContent) push("DISCLOSURE_INCOMPLETE", "blocking", "tiktok.discloseCommercial");
    else if (tiktok.brandedContent && tiktok.privacy === "SELF_ONLY") {
      push("DISCLOSURE_PRIVACY_CONFLICT", "blocking", "tiktok.privacy", tiktok.privacy);
    }
  } else {
    if (tiktok.yourBrand) push("OPTION_IGNORED", "warning", "tiktok.yourBrand");
    if (tiktok.brandedContent) push("OPTION_IGNORED", "warning", "tiktok.brandedContent");
  }
  if (tiktok.consent) {
    const asked = tiktok.discloseCommercial && tiktok.brandedContent ? CONSENT_BRANDED : CONSENT;
    const given = tiktok.consent.text.trim().replace(/\.+$/, "").replace(/’/g, "'");
    if (given !== asked) push("CONSENT_MISSING", "blocking", "tiktok.consent.text", tiktok.consent.text, asked);
  }
}
