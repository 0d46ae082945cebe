/** What stands between each entry and its publication: the tile, and every finding. */

import { DAILY_CAP, LIMITS } from "./limits.js";
import { checkRules, postKind, type Push } from "./rules.js";
import type { Account, Channel, Entry, Finding, Job, Readiness, Tile } from "./types.js";
import { resolve, shows } from "./zone.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GRACE = HOUR;
const WEIGHT = { blocking: 0, warning: 1, notice: 2 };

/** A calendar in memory, its instants read once. */
export interface Loaded {
  entries: Entry[];
  /** By the place of the entry: when it was scheduled, and when its files' addresses die. */
  scheduled: (number | undefined)[];
  accounts: LoadedAccount[];
  accountById: Map<string, LoadedAccount>;
  jobByEntry: Map<string, LoadedJob>;
}

export interface LoadedAccount extends Account {
  expires?: number;
  renewable?: number;
  coolingDown?: number;
  quotaReadAt?: number;
}

export interface LoadedJob extends Job {
  at: number;
  nextAt?: number;
}

interface Post {
  at: number;
  entry: Entry;
  result: Judgement;
  published: boolean;
}

interface Judgement {
  findings: Finding[];
  standing: Standing;
}

type Standing = "idle" | "waiting" | "retrying" | "stopped" | "publishing" | "delivered" | "published";

/** Judges every entry at `now`, with its neighbours. */
export function evaluateAll(calendar: Loaded, now: number): Readiness[] {
  const lines = new Map<LoadedAccount, Post[]>();
  const judged = calendar.entries.map((entry, place) => judge(calendar, entry, place, now, lines));
  for (const [account, posts] of lines) crowd(account, posts, now);
  return judged.map((result, place) => finish(calendar.entries[place]!, result));
}

function judge(calendar: Loaded, entry: Entry, place: number, now: number, lines: Map<LoadedAccount, Post[]>): Judgement {
  const job = calendar.jobByEntry.get(entry.id);
  const standing = standingOf(entry, job);
  const link = linkOf(calendar, entry);
  const account = typeof link === "object" && link.channel === entry.piece.channel ? link : undefined;
  const live = job && job.status !== "published" && job.status !== "cancelled" && job.status !== "delivered_to_inbox" ? job : undefined;
  let due = live?.nextAt;
  let note: "gap" | "fold" | undefined;
  if (due === undefined) {
    due = calendar.scheduled[place];
    if (due === undefined && account) ({ at: due, note } = resolve(entry.piece.date, entry.piece.time, account.timezone));
    due ??= live?.at;
  }
  const result: Judgement = { findings: [], standing };
  if (account && due !== undefined && takesPlace(entry, job, standing, due, now)) {
    const line = lines.get(account);
    const post = { at: due, entry, result, published: standing === "published" };
    if (line) line.push(post);
    else lines.set(account, [post]);
  }
  if (standing !== "published" && standing !== "publishing" && standing !== "delivered") {
    judgeOpen(entry, place, calendar, { job, live, link, account, due, note, now }, result.findings);
  }
  return result;
}

interface Scene {
  job?: LoadedJob;
  live?: LoadedJob;
  link: LoadedAccount | Link;
  account?: LoadedAccount;
  due?: number;
  note?: "gap" | "fold";
  now: number;
}

type Link = "missing" | "not_found" | "ambiguous";

function linkOf(calendar: Loaded, entry: Entry): LoadedAccount | Link {
  if (entry.accountId !== undefined) return calendar.accountById.get(entry.accountId) ?? "not_found";
  const same = calendar.accounts.filter((account) => account.channel === entry.piece.channel);
  return same.length === 1 ? same[0]! : same.length === 0 ? "missing" : "ambiguous";
}

function standingOf(entry: Entry, job?: LoadedJob): Standing {
  if (entry.readiness === "published") return "published";
  switch (job?.status) {
    case "scheduled": return "waiting";
    case "failed": return job.attemptCount === 0 ? "waiting" : "retrying";
    case "needs_attention": return "stopped";
    case "publishing": return "publishing";
    case "delivered_to_inbox": return "delivered";
    case "published": return "published";
    default: return "idle";
  }
}

function takesPlace(entry: Entry, job: LoadedJob | undefined, standing: Standing, due: number, now: number): boolean {
  if (standing === "published" || standing === "publishing") return true;
  if (standing === "delivered" || entry.draft || job?.status === "cancelled") return false;
  return standing === "idle" ? due >= now : now - due <= GRACE;
}

function judgeOpen(entry: Entry, place: number, calendar: Loaded, scene: Scene, findings: Finding[]): void {
  const { job, link, account, due, now } = scene;
  const at = due === undefined ? now : Math.max(due, now);
  const push: Push = (code, severity, path, measured, allowed) => {
    findings.push({ code, severity, judged: "now", path, measured, allowed });
  };
  const pushFor: PushFor = (already, code, severity, path, measured, allowed) => {
    findings.push({ code, severity, judged: already || at <= now ? "now" : "at_schedule", path, measured, allowed });
  };

  if (job?.status === "needs_attention" && !MENDED_BY_EDIT.has(job.lastError ?? "PUBLISH_ERROR")) {
    push(job.lastError ?? "PUBLISH_ERROR", "blocking", "job.lastError");
  }
  if (job?.status === "failed") push(job.lastError ?? "PUBLISH_ERROR", "warning", "job.lastError");
  if (entry.draft) push("ENTRY_DRAFT", "notice", "draft");

  if (link === "missing") push("CHANNEL_AUTH_MISSING", "blocking", "account", entry.piece.channel);
  else if (link === "not_found") push("ACCOUNT_NOT_FOUND", "blocking", "accountId", entry.accountId);
  else if (link === "ambiguous") push("ACCOUNT_AMBIGUOUS", "blocking", "accountId");
  else if (!account) push("ACCOUNT_CHANNEL_MISMATCH", "blocking", "accountId", link.channel, [entry.piece.channel]);
  else {
    if (account.status === "revoked") push("CHANNEL_AUTH_INVALID", "blocking", "account.status", account.channel);
    if (account.scopes.length > 0) {
      for (const scope of LIMITS[postKind(entry)]!.scopes) {
        if (!account.scopes.includes(scope)) push("SCOPE_MISSING", "blocking", "account.scopes", scope);
      }
    }
    judgeToken(account, at, now, pushFor);
  }

  checkRules(entry, push);
  entry.media.forEach((media, index) => {
    if (media.urlExpiresAt === undefined) return;
    const expires = Date.parse(media.urlExpiresAt);
    if (expires < at + HOUR) {
      pushFor(expires <= now, "MEDIA_URL_EXPIRES", "blocking", `media[${index}].urlExpiresAt`, expires, at + HOUR);
    }
  });

  judgeSchedule(entry, calendar.scheduled[place], scene, findings, push);
  if (due !== undefined && due >= now && !entry.draft && !(job && job.attemptCount > 0)) {
    if (now >= due - 24 * HOUR && findings.some((found) => found.code === "MEDIA_MISSING")) {
      push("CHECKPOINT_MEDIA_LATE", "warning", "media", due - 24 * HOUR);
    }
    if (now >= due - 6 * HOUR && !entry.reviewed) push("CHECKPOINT_REVIEW_LATE", "warning", "reviewed", due - 6 * HOUR);
  }
  if (account?.coolingDown !== undefined && account.coolingDown > at) {
    pushFor(false, "ACCOUNT_COOLING_DOWN", "warning", "account.coolingDownUntil", account.coolingDown);
  }
}

/** Whether there is an instant, whether it is what people read, and whether it has passed. */
function judgeSchedule(entry: Entry, scheduled: number | undefined, scene: Scene, findings: Finding[], push: Push): void {
  const { account, due, live, note, now } = scene;
  if (account && scheduled !== undefined && !shows(scheduled, account.timezone, entry.piece.date, entry.piece.time)) {
    const read = resolve(entry.piece.date, entry.piece.time, account.timezone).at;
    if (scheduled < read || scheduled >= read + MINUTE) push("SCHEDULE_MISMATCH", "warning", "scheduledAt", scheduled);
  }
  if (note) {
    const code = note === "gap" ? "SCHEDULE_GAP" : "SCHEDULE_FOLD";
    findings.push({ code, severity: "notice", judged: "at_schedule", path: "piece.time" });
  }
  if (due === undefined) push("SCHEDULE_MISSING", "blocking", "scheduledAt");
  else if (due < now) {
    const stopped = (found: Finding) => found.path === "job.lastError" && found.severity === "blocking";
    if (!live) push("SCHEDULE_IN_PAST", "blocking", "scheduledAt", due, now);
    else if (now - due > GRACE && !findings.some(stopped)) push("MISSED_SCHEDULE", "blocking", "scheduledAt", due, now);
  }
}

type PushFor = (already: boolean, ...finding: Parameters<Push>) => void;

function judgeToken(account: LoadedAccount, at: number, now: number, pushFor: PushFor): void {
  if (account.status === "revoked") return;
  if (account.status === "expired") {
    pushFor(true, "TOKEN_EXPIRED", "blocking", "account.status");
    return;
  }
  const { expires, renewable } = account;
  if (expires === undefined || expires > at + HOUR) return;
  if (expires > at) {
    if (renewable === undefined || renewable <= at) {
      pushFor(false, "TOKEN_EXPIRED", "warning", "account.expiresAt", expires, at + HOUR);
    }
  } else if (renewable !== undefined && renewable > at) {
    pushFor(expires <= now, "TOKEN_REFRESH_NEEDED", "notice", "account.expiresAt", expires, at);
  } else {
    pushFor(Math.max(expires, renewable ?? 0) <= now, "TOKEN_EXPIRED", "blocking", "account.expiresAt", expires, at);
  }
}

/** Clashes and caps: the posts of an account in order, with a moving window. */
function crowd(account: LoadedAccount, posts: Post[], now: number): void {
  posts.sort((one, other) => one.at - other.at || (one.entry.id < other.entry.id ? -1 : 1));
  const cap = account.quota?.total ?? DAILY_CAP[account.channel as Channel];
  const window = (account.quota?.windowSeconds ?? 86_400) * 1000;
  const readAt = account.quotaReadAt;
  const counts = (post: Post) => !(post.published && readAt !== undefined && post.at <= readAt);
  let first = 0;
  let inWindow = 0;
  posts.forEach((post, index) => {
    while (first < index && posts[first]!.at <= post.at - window) {
      if (counts(posts[first]!)) inWindow -= 1;
      first += 1;
    }
    if (!post.published && post.result.standing !== "publishing") {
      const used = readAt !== undefined && post.at < readAt + window ? account.quota!.used : 0;
      const judged = post.at > now ? "at_schedule" : "now";
      const number = inWindow + 1 + used;
      if (number > cap) {
        post.result.findings.push({ code: "DAILY_CAP_EXCEEDED", severity: "blocking", judged, path: "scheduledAt", measured: number, allowed: cap });
      }
      const before = posts[index - 1]?.at ?? -Infinity;
      const after = posts[index + 1]?.at ?? Infinity;
      const nearest = after - post.at < post.at - before ? after : before;
      if (Math.abs(nearest - post.at) < MINUTE) {
        post.result.findings.push({ code: "SCHEDULE_CLASH", severity: "warning", judged, path: "scheduledAt", measured: nearest });
      }
    }
    if (counts(post)) inWindow += 1;
  });
}

function finish(entry: Entry, { findings, standing }: Judgement): Readiness {
  findings.sort((one, other) => WEIGHT[one.severity] - WEIGHT[other.severity]);
  if (standing === "published") return { state: "published", tile: "published", findings };
  if (standing === "delivered") return { state: "needs_attention", tile: "delivered_to_inbox", findings, nextAction: "finish_in_inbox" };
  if (standing === "publishing") return { state: "ready", tile: "publishing", findings };
  const { tile, state, cause } = weigh(findings, standing);
  const draft = entry.draft && cause?.code !== "OUTCOME_UNKNOWN";
  const shown: Tile = draft ? "draft" : tile;
  return { state, tile: shown, findings, nextAction: nextAction(shown, draft ? undefined : cause, findings, standing) };
}

interface Decision {
  tile: Tile;
  state: string;
  cause?: Finding;
}

function weigh(findings: Finding[], standing: Standing): Decision {
  const blocking = (code: string) => findings.find((found) => found.severity === "blocking" && found.code === code);
  const same = (tile: Tile, cause?: Finding): Decision => ({ tile, state: tile, cause });
  if (findings[0]?.severity === "blocking") {
    const unknown = blocking("OUTCOME_UNKNOWN");
    if (unknown) return same("needs_attention", unknown);
    const missing = blocking("MEDIA_MISSING");
    if (missing) return same("missing_media", missing);
    const token = blocking("TOKEN_EXPIRED");
    if (token) return same("token_expired", token);
    return same("needs_attention", findings[0]);
  }
  if (standing === "retrying") return same("failed_retry", findings.find((found) => found.path === "job.lastError"));
  const late = findings.find((found) => found.code === "CHECKPOINT_MEDIA_LATE") ?? findings.find((found) => found.code === "CHECKPOINT_REVIEW_LATE");
  if (late) return same("needs_attention", late);
  return standing === "idle" ? same("ready") : { tile: "scheduled", state: "ready" };
}

/** The codes that an edit, an upload or a relink mends: readiness finds them by itself. */
const MENDED_BY_EDIT = new Set([
  "MEDIA_MISSING", "CAPTION_TOO_LONG", "TITLE_TOO_LONG", "HASHTAGS_TOO_MANY", "MENTIONS_TOO_MANY", "PRIVACY_MISSING",
  "CONSENT_MISSING", "CHANNEL_AUTH_MISSING", "CHANNEL_AUTH_INVALID", "TOKEN_EXPIRED", "SCOPE_MISSING",
  "DAILY_CAP_EXCEEDED", "ACCOUNT_COOLING_DOWN", "ENTRY_DRAFT",
]);

const REMEDIES: Record<string, string> = {
  MEDIA_MISSING: "upload_media", CHECKPOINT_MEDIA_LATE: "upload_media", TOKEN_EXPIRED: "relink_account",
  CHANNEL_AUTH_INVALID: "relink_account", SCOPE_MISSING: "relink_account", CHANNEL_AUTH_MISSING: "link_account",
  ACCOUNT_NOT_FOUND: "link_account", SCHEDULE_MISSING: "schedule", MISSED_SCHEDULE: "reschedule",
  SCHEDULE_IN_PAST: "reschedule", SCHEDULE_CLASH: "reschedule", DAILY_CAP_EXCEEDED: "reschedule",
  ACCOUNT_COOLING_DOWN: "reschedule", MEDIA_TOO_MANY: "replace_media", MEDIA_KIND_UNSUPPORTED: "replace_media",
  MEDIA_MIXED: "replace_media", MEDIA_FORMAT_UNSUPPORTED: "replace_media", MEDIA_TOO_LARGE: "replace_media",
  MEDIA_DIMENSIONS_INVALID: "replace_media", MEDIA_RATIO_INVALID: "replace_media", MEDIA_DURATION_INVALID: "replace_media",
  MEDIA_FRAME_RATE_INVALID: "replace_media", MEDIA_CODEC_UNSUPPORTED: "replace_media", MEDIA_AUDIO_UNSUPPORTED: "replace_media",
  MEDIA_BIT_RATE_TOO_HIGH: "replace_media", MEDIA_NOT_STREAMABLE: "replace_media", MEDIA_URL_INVALID: "replace_media",
  MEDIA_URL_EXPIRES: "replace_media",
};
const RETRIED = new Set(["RETRIES_EXHAUSTED", "PUBLISH_ERROR", "PLATFORM_TEMPORARY", "RATE_LIMITED", "QUOTA_EXHAUSTED", "STORE_UNAVAILABLE"]);

function nextAction(tile: Tile, cause: Finding | undefined, findings: Finding[], standing: Standing): string | undefined {
  if (tile === "published" || tile === "publishing" || tile === "scheduled") return undefined;
  if (tile === "ready") return "schedule";
  const hindered = findings.some((found) => found.severity === "blocking" && found.path !== "job.lastError");
  const mends = (found: Finding) =>
    found.severity === "blocking" || found.code.startsWith("CHECKPOINT_") || found.code === "SCHEDULE_CLASH";
  for (const found of cause ? [cause, ...findings] : findings) {
    if (found !== cause && !mends(found)) continue;
    if (RETRIED.has(found.code)) {
      if (!hindered && (standing === "retrying" || standing === "stopped")) return "retry";
      return "reschedule";
    }
    return REMEDIES[found.code] ?? "edit_content";
  }
  if (standing === "retrying" && !hindered) return "retry";
  if (standing === "idle") return hindered ? undefined : "schedule";
  return standing === "stopped" ? "cancel" : "reschedule";
}
