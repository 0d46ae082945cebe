/** The documents as they are stored, and what is found about them. */

export type Channel = "tiktok" | "instagram";
export type Severity = "blocking" | "warning" | "notice";
export type Tile =
  | "ready" | "missing_media" | "token_expired" | "failed_retry" | "published"
  | "needs_attention" | "draft" | "scheduled" | "publishing" | "delivered_to_inbox";

export interface Media {
  kind: "image" | "video";
  url: string;
  urlExpiresAt?: string;
  mimeType?: string;
  sizeBytes?: number;
  width?: number;
  height?: number;
  durationMs?: number;
  frameRate?: number;
  bitRate?: number;
  videoCodec?: string;
  audioCodec?: string;
  audioSampleRate?: number;
  audioChannels?: number;
  moovFirst?: boolean;
  editList?: boolean;
  altText?: string;
}

export interface Piece {
  title: string;
  channel: Channel;
  format: string;
  copy: string;
  script?: string;
  targetAudience?: string;
  date: string;
  time: string;
  hashtags: string[];
}

export interface Entry {
  id: string;
  calendarId: string;
  accountId?: string;
  piece: Piece;
  scheduledAt?: string;
  draft?: boolean;
  media: Media[];
  tiktok?: {
    mode?: "direct" | "inbox";
    privacy?: string;
    allowComment?: boolean;
    allowDuet?: boolean;
    allowStitch?: boolean;
    discloseCommercial?: boolean;
    yourBrand?: boolean;
    brandedContent?: boolean;
    consent?: { givenAt: string; text: string };
  };
  reviewed?: boolean;
  readiness?: string;
  revision?: number;
}

export interface Account {
  id: string;
  userId: string;
  channel: Channel;
  externalAccountId: string;
  displayName: string;
  timezone: string;
  status: "ok" | "expired" | "revoked";
  expiresAt?: string;
  renewableUntil?: string;
  scopes: string[];
  coolingDownUntil?: string;
  quota?: { used: number; total: number; windowSeconds: number; readAt: string };
}

export interface Job {
  id: string;
  calendarEntryId: string;
  accountId?: string;
  channel: Channel;
  scheduledAt: string;
  status: "scheduled" | "publishing" | "published" | "delivered_to_inbox" | "failed" | "needs_attention" | "cancelled";
  attemptCount: number;
  lastError?: string;
  nextAttemptAt?: string;
  createdAt: string;
}

export interface Document {
  entries: Entry[];
  accounts: Account[];
  jobs: Job[];
}

export interface Finding {
  code: string;
  severity: Severity;
  judged: "now" | "at_schedule";
  path: string;
  measured?: number | string;
  allowed?: number | string | string[] | [number, number];
}

export interface Readiness {
  state: string;
  tile: Tile;
  findings: Finding[];
  nextAction?: string;
}
