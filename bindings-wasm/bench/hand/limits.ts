/** The platforms' limits by kind of post, from `docs/limits.md`. */

export interface VideoLimits {
  formats: string[];
  bytes: number;
  bytesWarning: number;
  seconds: [number, number];
  secondsWarning?: number;
  codecs: string[];
  width: [number, number];
  height?: [number, number];
  /** What Instagram asks of a video besides. */
  instagram?: { verticalNotice: boolean };
}

export interface ImageLimits {
  formats: string[];
  bytes: number;
  bytesWarning: number;
  shortSide?: number;
  longSideWarning?: number;
  instagram?: boolean;
}

export interface PostLimits {
  captionUtf16?: number;
  captionCodePoints?: number;
  titleUtf16?: number;
  hashtags?: number;
  hashtagsWarning?: number;
  mentions?: number;
  mentionsWarning?: number;
  items: [number, number];
  kinds: string[];
  /** Whether an address that isn't public https stops the post. */
  urlBlocks: boolean;
  addressAllowed: boolean;
  video?: VideoLimits;
  image?: ImageLimits;
  scopes: string[];
}

const INSTAGRAM_SCOPES = ["instagram_business_basic", "instagram_business_content_publish"];
const INSTAGRAM_TEXT = {
  captionCodePoints: 2200, hashtags: 30, hashtagsWarning: 5, mentions: 20, mentionsWarning: 3,
  urlBlocks: true, addressAllowed: true, scopes: INSTAGRAM_SCOPES,
};
const INSTAGRAM_IMAGE: ImageLimits = { formats: ["image/jpeg"], bytes: 8388608, bytesWarning: 8000000, instagram: true };
const instagramVideo = (extra: Partial<VideoLimits>, verticalNotice: boolean): VideoLimits => ({
  formats: ["video/mp4", "video/quicktime"], bytes: 314572800, bytesWarning: 300000000, seconds: [3, 900],
  codecs: ["h264", "hevc"], width: [0, 1920], instagram: { verticalNotice }, ...extra,
});
const TIKTOK_VIDEO: VideoLimits = {
  formats: ["video/mp4", "video/quicktime", "video/webm"], bytes: 4294967296, bytesWarning: 4000000000,
  seconds: [0, 600], secondsWarning: 180, codecs: ["h264", "hevc", "vp8", "vp9"],
  width: [360, 4096], height: [360, 4096],
};

export const LIMITS: Record<string, PostLimits> = {
  tiktok_video: {
    captionUtf16: 2200, hashtagsWarning: 5, items: [1, 1], kinds: ["video"],
    urlBlocks: false, addressAllowed: false, video: TIKTOK_VIDEO, scopes: ["video.publish"],
  },
  tiktok_photos: {
    captionUtf16: 4000, titleUtf16: 90, hashtagsWarning: 5, items: [1, 35], kinds: ["image"],
    urlBlocks: true, addressAllowed: false, scopes: ["video.publish"],
    image: {
      formats: ["image/jpeg", "image/webp"], bytes: 20971520, bytesWarning: 20000000,
      shortSide: 1080, longSideWarning: 1920,
    },
  },
  instagram_image: { ...INSTAGRAM_TEXT, items: [1, 1], kinds: ["image"], image: INSTAGRAM_IMAGE },
  instagram_reel: { ...INSTAGRAM_TEXT, items: [1, 1], kinds: ["video"], video: instagramVideo({}, true) },
  instagram_carousel: {
    ...INSTAGRAM_TEXT, items: [2, 10], kinds: ["image", "video"], image: INSTAGRAM_IMAGE,
    video: instagramVideo({ secondsWarning: 60 }, false),
  },
};

/** Posts in a moving day; a platform's own figure counts for more. */
export const DAILY_CAP = { tiktok: 15, instagram: 50 };
