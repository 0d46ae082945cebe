// Written by `cargo xtask generate` from the library's types. Edit those.
//
// A field with `?` may be left out. Where a field is left out or `null`, nothing is said of it.

/** A cap for one account, given by whoever plans. */
export interface AccountCap {
  /** The account. */
  accountId: AccountId;
  /** Posts allowed in any window. */
  posts: number;
  /** Length of the window in seconds, at least 1; a day unless told otherwise. */
  windowSeconds?: number;
}

/**
 * A linked TikTok or Instagram account.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type AccountId = string;

/** `removeAccount`: a user's account. */
export interface AccountRequest {
  /** Whose it is. */
  userId: UserId;
  /** The account. */
  accountId: AccountId;
}

/** Whether an account's authorisation works. */
export type AccountStatus =
  /** It works. */
  | "ok"
  /** The token has run out and couldn't be refreshed. */
  | "expired"
  /** The person withdrew the authorisation, or the platform did. */
  | "revoked";

/** The name of an account's status. */
export interface AccountStatusLabel {
  /** The status. */
  status: AccountStatus;
  /** Its name. */
  label: string;
}

/** Something a person can do about an entry. An interface offers these and no others. */
export type Action =
  /** Upload media. */
  | "upload_media"
  /** Replace a file that doesn't fit. */
  | "replace_media"
  /** Edit text or options. */
  | "edit_content"
  /** Link an account. */
  | "link_account"
  /** Link the account again. */
  | "relink_account"
  /** Act in the platform's own app. */
  | "open_platform_app"
  /** Choose another time. */
  | "reschedule"
  /** Schedule it. */
  | "schedule"
  /** Try again now. */
  | "retry"
  /** Withdraw it. */
  | "cancel"
  /** Look on the platform whether the post is there. */
  | "look_on_platform"
  /** Say that it was published. */
  | "confirm_published"
  /** Say that it wasn't. */
  | "confirm_not_published"
  /** Finish the draft in TikTok's inbox. */
  | "finish_in_inbox"
  /** Ask whoever runs the app to mend its configuration. */
  | "contact_support";

/** The button of an action. */
export interface ActionLabel {
  /** The action. */
  action: Action;
  /** The button's text. */
  label: string;
}

/** Who can mend what is wrong. */
export type Actor =
  /** Whoever writes and plans the content. */
  | "content"
  /** Whoever owns the linked account. */
  | "account"
  /** Whoever runs the app. */
  | "app"
  /** The platform, or time. */
  | "platform";

/** The name of whoever must act. */
export interface ActorLabel {
  /** Who must act. */
  actor: Actor;
  /** The name. */
  label: string;
}

/** Why a step failed. What matters is whether the post may be out. */
export type AdapterError =
  /**
   * It certainly isn't out. Whether trying again helps is the code's persistence. `RATE_LIMITED` for
   * a confirming step means that it was asked too often, and says nothing of
   * the post; a post that was refused for its account's quota is `QUOTA_EXHAUSTED`.
   */
  | {
    type: "not_published";
    /** Why. */
    error: Failure;
    /** The platform's answer as JSON text, secrets removed, for the ledger. */
    meta?: string | null;
    /** How long the platform asked to wait; it can only lengthen a wait. */
    retryAfterMillis?: number | null;
  }
  /** It may be out: it must be reconciled, never repeated. */
  | {
    type: "unknown";
    /** What was seen. */
    error: Failure;
    /** The platform's answer as JSON text, secrets removed, for the ledger. */
    meta?: string | null;
  };

/** A generation that asks to begin, for `admitGeneration`. */
export interface AdmitGenerationInput {
  /** Who asks. */
  userId: UserId;
  /** The generations that run now. */
  running: RunningGeneration[];
  /** The present. */
  now: Timestamp;
  /** The limits. */
  options?: SessionOptions;
}

/** A generation that may begin. */
export interface AdmittedGeneration {
  /** Always `true`: one that may not begin is an error. */
  admitted: boolean;
}

/** What happens to a job, for `advanceJob`. */
export interface AdvanceJobInput {
  /** The job as it is. */
  job: PublishJob;
  /** What happened. */
  event: JobEvent;
  /** The present. */
  now: Timestamp;
  /** When failures are tried again; the library's delays if left out. */
  policy?: RetryPolicy;
}

/** What an event made of a job. */
export interface AdvancedJob {
  /** The job as it is now. */
  job: PublishJob;
  /** What followed, in order. */
  effects: JobEffect[];
}

/** The beginning or the end of an alert. */
export interface Alert {
  /** What it is about. */
  kind: AlertKind;
  /** Whether it begins or ends. */
  state: AlertState;
  /** When. */
  at: Timestamp;
  /** Failures in the window. */
  failures: number;
  /** Samples in the window; for alerts that aren't about a rate, as many as failures. */
  samples: number;
  /** The channel, where it is about one. */
  channel?: Channel | null;
  /**
   * The request that raised it; absent when it is cleared, and when it was raised because good
   * samples left the window.
   */
  requestId?: RequestId | null;
}

/** What an alert is about. */
export type AlertKind =
  /** Too many streams fail or time out. */
  | "stream_error_rate"
  /** Too many publications fail. */
  | "publish_failure_rate"
  /** Something failed for the first time since a release went live. */
  | "first_failure_after_deploy"
  /** Many accounts fail alike on a channel, and it was paused. */
  | "platform_incident"
  /** An account's ledger isn't as it was written. */
  | "ledger_broken"
  /** No working account is linked on a channel. */
  | "auth_missing"
  /** The app isn't set up. */
  | "config_missing";

/** Whether an alert begins or ends. */
export type AlertState =
  /** It begins. */
  | "raised"
  /** It is over. */
  | "cleared";

/** What is allowed. */
export type Allowed =
  /** At most so many. */
  | {
    type: "at_most";
    /** The bound, allowed itself. */
    max: number;
    /** Of what. */
    unit: Unit;
  }
  /** At least so many. */
  | {
    type: "at_least";
    /** The bound, allowed itself. */
    min: number;
    /** Of what. */
    unit: Unit;
  }
  /** Between two bounds, both allowed. */
  | {
    type: "between";
    /** The lower bound. */
    min: number;
    /** The upper bound. */
    max: number;
    /** Of what. */
    unit: Unit;
  }
  /** One of these. */
  | {
    type: "one_of";
    /** The choices. */
    values: string[];
  }
  /** Written like this. */
  | {
    type: "pattern";
    /** The pattern, for people: `YYYY-MM-DD`. */
    pattern: string;
  }
  /** Not before this instant. */
  | {
    type: "not_before";
    /** The instant. */
    at: Timestamp;
  };

/** A move that was made. */
export interface AppliedMove {
  /** How many entries moved. */
  moved: number;
  /** Entries that were chosen and stayed where they are, and why. */
  held: PlanIssue[];
  /** Clashes that a moved entry takes part in. */
  clashes: Clash[];
  /** Posts that are too many, with a moved entry in their window. */
  capExcesses: CapExcess[];
  /** What it did to the tiles. */
  changes: CalendarChanges;
}

/** Entries that were moved. */
export interface AppliedShift {
  /** The entries, at their new times. */
  entries: CalendarEntry[];
  /** What takes the move back. */
  receipt: ShiftReceipt;
}

/** A plan to be applied. */
export interface ApplyInput {
  /** The plan. */
  plan: ShiftPlan;
}

/** A merge to be applied by `applyMerge`. */
export interface ApplyMergeInput {
  /** The plan. */
  plan: MergePlan;
  /** What a person chose of it. */
  choices: MergeChoices;
}

/** What happens to the changes that nobody chose by name. */
export type ApplyMode =
  /** They are carried out, except for conflicts. */
  | "all"
  /** They aren't carried out. */
  | "none";

/** A plan to be applied by `applyShift`. */
export interface ApplyShiftInput {
  /** The plan. */
  plan: ShiftPlan;
  /** The entries as they are now. */
  entries: CalendarEntry[];
}

/**
 * A stored media file.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type AssetId = string;

/**
 * One attempt of a job: a write to the platform was started.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type AttemptId = string;

/** What the ledger keeps of a write besides its outcome; secrets were removed before. */
export interface AttemptNote {
  /** What the platform said, or the evidence for an outcome. */
  message?: string | null;
  /** The platform's answer, as JSON text. */
  responseMeta?: string | null;
}

/** How an attempt ended, or that nobody knows yet. */
export type AttemptStatus =
  /** It was started; its outcome isn't known yet. */
  | "open"
  /** It published. */
  | "ok"
  /** It certainly didn't publish. */
  | "failed"
  /** Nobody can say. */
  | "unknown";

/** How the jobs of a batch stand. */
export interface BatchOutcome {
  /** Entries of the batch. */
  total: number;
  /** Entries without a job of this batch: refused, or not reached yet. */
  withoutJob: number;
  /** Jobs by status, in the order of a job's life; what has none is left out. */
  counts: StatusCount[];
  /** The jobs, in the order of the entries. */
  jobs: PublishJob[];
}

/** How far a batch has come. */
export interface BatchProgress {
  /** Entries whose outcome is durable. */
  done: number;
  /** Entries of the batch. */
  total: number;
}

/** What is wrong at a place of a ledger. */
export type BreakKind =
  /** The row has another sequence than the one that follows: rows were taken out, put in or moved. */
  | "gap"
  /** The row's previous hash isn't the hash of the row before: one of the two was exchanged. */
  | "link_wrong"
  /** The row's hash isn't that of its content: the row was edited. */
  | "hash_wrong"
  /** The record isn't one, although its hash is right: it was never written by this library. */
  | "record_unreadable"
  /** The row, or its record, belongs to another account than the rows before. */
  | "another_account"
  /** The file's first line isn't the header of a ledger, or was edited. */
  | "header_wrong"
  /** The file was written by a version that isn't known here. */
  | "version_unknown"
  /** The line isn't a row to the letter: it was edited or cut. */
  | "line_wrong"
  /** The file ends before the row that its header names as the last. */
  | "cut_short"
  /** The file goes on after the row that its header names as the last. */
  | "surplus"
  /** The last row isn't the one that the header names. */
  | "head_wrong";

/** How often a calendar posts. */
export type Cadence =
  /** Every day. */
  | "daily"
  /** Every week. */
  | "weekly"
  /** Every month. */
  | "monthly"
  /** Whatever a person saved. */
  | "manual";

/** Which slots are asked for. */
export interface CadenceRequest {
  /** The cadence. */
  rule: CadenceRule;
  /** The zone of its wall clock. */
  zone: Zone;
  /** The first date. */
  from: LocalDate;
  /** The last date, at most `MAX_CADENCE_DAYS` days on. */
  to: LocalDate;
}

/** On which days, and at which wall-clock times, there are slots. */
export type CadenceRule =
  /** Every day. */
  | {
    type: "daily";
    /** The times; at least one. */
    times: LocalTime[];
  }
  /** Every week, on the first date's day of the week. */
  | {
    type: "weekly";
    /** The times; at least one. */
    times: LocalTime[];
  }
  /** Every month, on the first date's day of the month, or the month's last where it is shorter. */
  | {
    type: "monthly";
    /** The times; at least one. */
    times: LocalTime[];
  }
  /** On some days of the week. */
  | {
    type: "weekdays";
    /** The days; at least one. */
    days: Weekday[];
    /** The times; at least one. */
    times: LocalTime[];
  };

/** A place in time where a post can be put. */
export interface CadenceSlot {
  /** The date on the wall. */
  date: LocalDate;
  /** The time on the wall. */
  time: LocalTime;
  /** The instant. */
  scheduledAt: Timestamp;
  /** What a daylight-saving change does to the wall clock, if anything. */
  note?: DstNote | null;
}

/** The dates and times of a cadence. */
export interface CadenceSlots {
  /** The slots, in order. */
  slots: CadenceSlot[];
}

/** What a change did to the tiles. */
export interface CalendarChanges {
  /** The tiles that look different now, those of the changed entries first. */
  tiles: TileView[];
  /** Entries that are gone. */
  removed: EntryId[];
  /**
   * More changed than an answer holds (100): there are no tiles in it, and whoever shows some reads
   * their page again.
   */
  reload: boolean;
}

/**
 * The difference between two versions of a calendar.
 *
 * The host's `diff`, as the summary of a generation carries it. A summary written by the host has
 * no `PieceUpdate::fields`; the list is then empty.
 */
export interface CalendarDiff {
  /** Pieces that only the new version has, in its order. */
  added?: CalendarPiece[];
  /** Pieces that only the old version has, in its order. */
  removed?: CalendarPiece[];
  /** Pieces that both versions have and that changed, in the order of the old version. */
  updated?: PieceUpdate[];
}

/** What a calendar is loaded from. */
export interface CalendarDocument {
  /** Its entries, in the host's order. */
  entries: CalendarEntry[];
  /** The user's accounts. */
  accounts?: ChannelAccount[];
  /** The publish jobs of its entries. */
  jobs?: PublishJob[];
  /** The limits that moves are judged by. */
  settings?: ScheduleSettings;
}

/** A calendar made without any AI. */
export interface CalendarDraft {
  /** The calendar: the one to regenerate, or an id made from the request. */
  calendarId: CalendarId;
  /** The literal run `legacy`. */
  runId: RunRef;
  /** The pieces. */
  pieces: CalendarPiece[];
  /** The same as the event stream that the host serves. */
  stream: string;
}

/**
 * An entry of a calendar.
 *
 * It keeps what the person meant (the piece's date and time, in the account's zone) and the
 * instant that this came to when it was last scheduled.
 */
export interface CalendarEntry {
  /** The entry's identity. */
  id: EntryId;
  /** The calendar it belongs to. */
  calendarId: CalendarId;
  /** The payload. */
  piece: CalendarPiece;
  /** The account it is for. Without one, the user's only account on the channel is meant. */
  accountId?: AccountId | null;
  /** The cover. */
  cover?: Cover | null;
  /** A draft isn't meant to be published yet. */
  draft?: boolean;
  /** The host's `entry_key`: a stable name given by whoever generated the piece. */
  entryKey?: string | null;
  /** Choices for Instagram. */
  instagram?: InstagramOptions | null;
  /** The media, in the order they are shown. */
  media?: Media[];
  /** The readiness that was stored last. */
  readiness?: ReadinessState | null;
  /** Whether a person has looked the entry over. */
  reviewed?: boolean;
  /** Counts the saves of this entry, from 1; 0 means never saved. */
  revision?: number;
  /** The instant of publication; `null` until the entry has been scheduled in a zone. */
  scheduledAt?: Timestamp | null;
  /** Choices for TikTok. */
  tiktok?: TiktokOptions | null;
}

/** What a calendar is exported as. */
export type CalendarExportRequest =
  /** For spreadsheets. */
  | {
    format: "csv";
    /** How it is written. */
    options?: CsvOptions;
  }
  /** The document of `docs/schema/`. */
  | {
    format: "json";
    /** The calendar. */
    calendarId: CalendarId;
    /** When it is written, where that is to be told. */
    exportedAt?: Timestamp | null;
    /** The run, where one is known. */
    runId?: RunRef | null;
  }
  /** For calendar programs. */
  | {
    format: "ical";
    /** When it is written: the `DTSTAMP` of the events. */
    stamp: Timestamp;
  };

/**
 * A calendar: what a user plans, generates and publishes as a whole.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type CalendarId = string;

/** A calendar piece, as the host stores it and its AI delivers it. Fields that aren't known here are kept to the letter. */
export interface CalendarPiece {
  /** Where the piece goes. */
  channel: string;
  /** The date of publication, in the account's zone. */
  date: string;
  /** The caption. */
  copy?: string | null;
  /** What the piece is made of, in the host's spelling. */
  format?: string | null;
  /** Hashtags, with or without `#`. */
  hashtags?: string[] | null;
  /** The id of the entry this piece is the payload of; pieces fresh from the AI have none. */
  id?: string | null;
  /** The position in its calendar, from 0. */
  order?: number | null;
  /** The script of a video, for whoever films it. */
  script?: string | null;
  /** Whom the piece is for. */
  targetAudience?: string | null;
  /** The wall-clock time of publication, in the account's zone. */
  time?: string | null;
  /** The title, for people; it isn't published, except as the title of a TikTok photo post. */
  title?: string | null;
  [field: string]: unknown;
}

/**
 * The body of the host's `POST /v1/ai/calendar`.
 *
 * What steers the AI and isn't read here (constraints, objectives, ideas, pillars, accounts,
 * frequency) is kept as JSON text, so that a host can pass on whatever it has.
 */
export interface CalendarRequest {
  /** The channels, by name; `channels` reads them. */
  channels: string[];
  /** How often the calendar posts. */
  cadence: Cadence;
  /** Its first day. */
  start: LocalDate;
  /** Its last day. */
  end: LocalDate;
  /** The accounts it is for. */
  accounts?: unknown;
  /** The calendar to regenerate; without one, a new calendar is meant. */
  calendarId?: CalendarId | null;
  /** What the AI must keep to. */
  constraints?: unknown;
  /** How many posts are wished for. */
  frequency?: unknown;
  /** Ideas to take up. */
  ideas?: unknown;
  /** What the calendar is for. */
  objectives?: unknown;
  /** Themes that return. */
  pillars?: unknown;
  /** The plan it is made from. */
  planId?: PlanId | null;
  /** The zone its times are meant in; `zone` reads it. */
  timezone?: string | null;
}

/** One generation or save of a calendar. */
export interface CalendarRun {
  /** The run's identity. */
  id: RunId;
  /** The calendar it made. */
  calendarId: CalendarId;
  /** Whose calendar it is. */
  userId: UserId;
  /** How it ended. */
  status: RunStatus;
  /** When it began. */
  startedAt: Timestamp;
  /** When it ended. */
  completedAt: Timestamp;
  /** Pieces it holds. */
  pieceCount: number;
  /** How often it posts. */
  cadence: Cadence;
  /** The channels it was made for. */
  channels: Channel[];
  /** Its last day. */
  endDate?: LocalDate | null;
  /** The plan it was made from. */
  planId?: PlanId | null;
  /** Its first day. */
  startDate?: LocalDate | null;
}

/** A calendar as a document carries it. */
export interface CalendarState {
  /** Its entries. */
  entries: CalendarEntry[];
  /** The user's accounts. */
  accounts: ChannelAccount[];
  /** The present. */
  now: Timestamp;
  /** The publish jobs of its entries. */
  jobs?: PublishJob[];
  /** The limits that plans are judged by. */
  settings?: ScheduleSettings;
}

/** How many entries show which badge. */
export interface CalendarSummary {
  /** How many entries there are. */
  total: number;
  /** The badges that are shown, in the order of `Tile`. */
  tiles: TileCount[];
}

/** What was made of a request to cancel. */
export type CancelAnswer =
  /** Nothing was published, and nothing will be. */
  | "honoured"
  /** The post is out, or the draft in the inbox. */
  | "too_late"
  /** Nobody can say whether the post is out. */
  | "unknown";

/** What became of the wish to withdraw one job. */
export type CancelOutcome = {
  /** The job. */
  jobId: JobId;
} & ({
  state: "honoured";
} | {
  state: "too_late";
} | {
  state: "pending";
} | {
  state: "unknown";
} | {
  state: "refused";
  /** Why. */
  error: Failure;
});

/** How many of something a channel allows in a moving window. */
export interface Cap {
  /** The channel. */
  channel: Channel;
  /** What is counted. */
  subject: CapSubject;
  /** How many. */
  max: number;
  /** The length of the window in seconds. */
  windowSeconds: number;
  /** `blocking` for the value that is used, another for what other sources say. */
  severity: Severity;
  /** Who says so. */
  source: Source;
}

/** A post that would be one too many. */
export interface CapExcess {
  /** The account. */
  accountId: AccountId;
  /** The entry that doesn't fit any more. */
  entryId: EntryId;
  /** When it is due. */
  at: Timestamp;
  /** Posts allowed in the window. */
  allowed: number;
  /** Length of the window in seconds. */
  windowSeconds: number;
  /**
   * From when on it would fit, as far as the posts before it are concerned; `null` where the cap
   * allows no posts at all.
   */
  fitsAt?: Timestamp | null;
}

/** What a cap counts. */
export type CapSubject =
  /** Posts of one account. */
  | "posts"
  /** TikTok drafts of one account that wait in its inbox. */
  | "pending_drafts"
  /** Instagram containers of one account; a carousel takes one an item and one for itself. */
  | "containers"
  /** Accounts that post through an app TikTok hasn't audited. */
  | "posting_accounts";

/** How an account stands towards its cap. */
export interface CapUsage {
  /** The account. */
  accountId: AccountId;
  /** Posts allowed in any window. */
  allowed: number;
  /** Length of the window in seconds. */
  windowSeconds: number;
  /** The most posts planned in any one window. */
  peak: number;
  /** The posts that are too many, by instant. */
  exceeded: CapExcess[];
  /** The last post of the first window that holds so many; `null` where nothing is planned. */
  peakAt?: Timestamp | null;
}

/** How far the daily caps are used. */
export interface CapUsages {
  /** One usage an account. */
  accounts: CapUsage[];
}

/** The caption of a post. */
export interface CaptionText {
  /** The text, as it is sent to the platform. */
  text: string;
  /** What the platform counts in it. */
  count: TextCount;
}

/** The entry whose caption `captionText` makes. */
export interface CaptionTextInput {
  /** The entry. */
  entry: CalendarEntry;
}

/**
 * Where a post goes.
 *
 * `tiktok` and `instagram` on the wire; `ig` and any capitals are read too. Everything else is
 * `Code::ChannelUnsupported`.
 */
export type Channel = "tiktok" | "instagram";

/** A linked TikTok or Instagram account. */
export interface ChannelAccount {
  /** The account's identity here. */
  id: AccountId;
  /** Who linked it. */
  userId: UserId;
  /** The platform. */
  channel: Channel;
  /** The platform's id of the account: a string, since such ids exceed 2^53. */
  externalAccountId: string;
  /** The name that is shown. */
  displayName: string;
  /** The zone that the wall-clock times of its entries are meant in. */
  timezone: Zone;
  /** Whether the authorisation works. */
  status: AccountStatus;
  /** Until when the account is left alone after a rate limit or a spent quota. */
  coolingDownUntil?: Timestamp | null;
  /** When the access token runs out; `null` where the platform gives no date. */
  expiresAt?: Timestamp | null;
  /**
   * How late a post of this account may go out after an outage, in minutes; the default grace if
   * unset.
   */
  graceMinutes?: number | null;
  /** The platform's daily quota, as it was last read. */
  quota?: Quota | null;
  /** Until when the authorisation can be renewed without the person; `null` if it can't. */
  renewableUntil?: Timestamp | null;
  /** The scopes the person granted; empty where they are not known. */
  scopes?: string[];
  /** What TikTok last said this creator may do. */
  tiktokCreator?: TiktokCreator | null;
}

/**
 * A channel on which nothing is begun for a while, because many accounts failed alike.
 *
 * While it lasts no job of the channel is claimed, but for those whose write was begun. After
 * `until` jobs are claimed one at a time, to see whether it is over, until the pause is lifted.
 */
export interface ChannelPause {
  /** The channel. */
  channel: Channel;
  /** What the accounts failed with. */
  code: Code;
  /** When it began. */
  since: Timestamp;
  /** Until when nothing is claimed. */
  until: Timestamp;
}

/** `liftPause`: a channel. */
export interface ChannelRequest {
  /** The channel. */
  channel: Channel;
}

/** How an entry stands towards a checkpoint. */
export interface Checkpoint {
  /** What must be done. */
  kind: CheckpointKind;
  /** By when, in elapsed hours before the publication. */
  dueAt: Timestamp;
  /** Whether it has been done. */
  met: boolean;
  /**
   * Whether it hasn't been done and its time has passed. What is published or on its way is never
   * late.
   */
  late: boolean;
}

/** What must be done before an entry is due. */
export type CheckpointKind =
  /** Media are there, `MEDIA_LEAD_HOURS` before. */
  | "media"
  /** A person has looked it over, `REVIEW_LEAD_HOURS` before. */
  | "review";

/** How an entry stands towards its checkpoints. */
export interface CheckpointReport {
  /** The entry. */
  entryId: EntryId;
  /** When it is due. */
  scheduledAt: Timestamp;
  /** Media, then review. */
  checkpoints: Checkpoint[];
  /** Where something is late: the earliest free slot that leaves time for what isn't done yet. */
  offer?: CadenceSlot | null;
}

/** How an account's entries stand at each checkpoint. */
export interface CheckpointReports {
  /** One report a checkpoint. */
  reports: CheckpointReport[];
}

/** Which entries are looked at, and which slots can be offered. */
export interface CheckpointRequest {
  /** The entries. */
  entryIds: EntryId[];
  /** The cadence to offer slots from; without one, every day at the entry's own time. */
  rule?: CadenceRule | null;
}

/** What a worker asks for. */
export interface ClaimJobs {
  /** The most jobs to be claimed. */
  limit: number;
  /** How long the claims hold. */
  leaseSeconds: number;
  /** The channels that the worker can publish to. */
  channels: Channel[];
}

/** A job that a worker holds. */
export interface ClaimedJob {
  /**
   * The job, with the claim in its lease. Where `write_started` is set, another worker's attempt
   * has to be brought to its end first.
   */
  job: PublishJob;
  /** What is to be published: frozen at the claim that began the attempt, whatever was saved since. */
  entry: CalendarEntry;
  /** The SHA-256 of that content, in hexadecimal. */
  contentHash: string;
  /** The account. */
  account: ChannelAccount;
  /** What else the account has published within the window of the daily cap. */
  surroundings: Surroundings;
  /** When the attempt that is to be brought to its end began; `null` where none is open. */
  attemptStartedAt?: Timestamp | null;
  /** How far the post has come; `null` where nothing was begun with this content. */
  progress?: Progress | null;
}

/** What a worker was given. */
export interface ClaimedJobs {
  /** The store's time of the claim: leases and due times are counted in it. */
  at: Timestamp;
  /** The jobs, the longest due first. */
  jobs: ClaimedJob[];
  /** Jobs that were found too late, and that now need attention with `MISSED_SCHEDULE`. */
  missed: PublishJob[];
  /** The channels that are paused. */
  pauses: ChannelPause[];
  /**
   * When the next job becomes due or the next lease ends, as far as the store can tell now;
   * `null` where there is none. In the past or present where more could be claimed at once.
   */
  nextDueAt?: Timestamp | null;
}

/** Two neighbouring posts of one account that are closer than the least distance. */
export interface Clash {
  /** The account. */
  accountId: AccountId;
  /**
   * The entry that is due first; of two at the same instant, the one that stands first in the
   * calendar.
   */
  first: EntryId;
  /** When it is due. */
  firstAt: Timestamp;
  /** The entry that is due next. */
  second: EntryId;
  /** When it is due. */
  secondAt: Timestamp;
}

/** Posts that are too close to each other. */
export interface Clashes {
  /** The clashes. */
  clashes: Clash[];
}

/**
 * A stable code. Users read its text from `message`, by code.
 *
 * On the wire: its name in capitals, `CAPTION_TOO_LONG`. Codes are added, never renamed.
 */
export type Code =
  /** The input isn't the JSON document that was expected. */
  | "INPUT_INVALID"
  /** The input is larger than its bound. */
  | "INPUT_TOO_LARGE"
  /** The input is nested deeper than its bound. */
  | "INPUT_TOO_DEEP"
  /** The input isn't UTF-8. */
  | "INPUT_NOT_UTF8"
  /** There is no operation of that name. */
  | "OPERATION_UNKNOWN"
  /** A calendar, stream or engine was used after it was closed. */
  | "HANDLE_CLOSED"
  /** The library itself failed: a defect of it, never of the input. */
  | "LIBRARY_FAILED"
  /** A required field is missing. */
  | "FIELD_MISSING"
  /** A field has the wrong type. */
  | "FIELD_TYPE_INVALID"
  /** A field has a value that isn't allowed. */
  | "FIELD_VALUE_INVALID"
  /** A field isn't known here. */
  | "FIELD_UNKNOWN"
  /** A missing field was given the host's default. */
  | "FIELD_DEFAULTED"
  /** An id isn't a UUID. */
  | "ID_INVALID"
  /** An id stands twice. */
  | "ID_DUPLICATE"
  /** A date doesn't exist or isn't written `YYYY-MM-DD`. */
  | "DATE_INVALID"
  /** A time doesn't exist or isn't written `HH:MM`. */
  | "TIME_INVALID"
  /** An instant isn't written as RFC 3339. */
  | "TIMESTAMP_INVALID"
  /** An instant lies outside the years 1 to 9999. */
  | "TIMESTAMP_OUT_OF_RANGE"
  /** A time zone isn't in the IANA database. */
  | "ZONE_UNKNOWN"
  /** The channel isn't TikTok or Instagram. */
  | "CHANNEL_UNSUPPORTED"
  /** The format can't be published (a story, for example). */
  | "FORMAT_UNSUPPORTED"
  /** No account is linked on the channel. */
  | "CHANNEL_AUTH_MISSING"
  /** The account's authorisation was withdrawn. */
  | "CHANNEL_AUTH_INVALID"
  /** The request names no channel, or one that isn't supported. */
  | "CALENDAR_INVALID_CHANNELS"
  /** The calendar's end lies before its start, or the range is too long. */
  | "CALENDAR_INVALID_RANGE"
  /** There is no such calendar for this user. */
  | "CALENDAR_NOT_FOUND"
  /** The calendar couldn't be saved; the stored one is as it was. */
  | "CALENDAR_SAVE_FAILED"
  /** The calendar couldn't be exported. */
  | "CALENDAR_EXPORT_ERROR"
  /** Publishing failed. */
  | "PUBLISH_ERROR"
  /** The generation was cut; what had arrived is kept. */
  | "AI_TIMEOUT"
  /** The generation failed; what had arrived is kept. */
  | "AI_ERROR"
  /** One event of the stream is larger than its bound. */
  | "STREAM_EVENT_TOO_LARGE"
  /** An event of the stream can't be read. */
  | "STREAM_EVENT_INVALID"
  /** The stream ended without saying that it was done. */
  | "STREAM_ENDED_EARLY"
  /** Nothing has arrived for longer than expected, not even a keep-alive. */
  | "STREAM_STALLED"
  /** The generation was cancelled. */
  | "STREAM_CANCELLED"
  /** A piece of the stream arrived twice; the first was kept. */
  | "STREAM_PIECE_DUPLICATE"
  /** A piece of the stream never arrived. */
  | "STREAM_PIECE_MISSING"
  /** A generation for this user is running already. */
  | "GENERATION_BUSY"
  /** The entry has no media, or not enough. */
  | "MEDIA_MISSING"
  /** The entry has more media than a post may hold. */
  | "MEDIA_TOO_MANY"
  /** A file of this kind can't be part of this post. */
  | "MEDIA_KIND_UNSUPPORTED"
  /** Photos and videos can't be mixed in this post. */
  | "MEDIA_MIXED"
  /** The file's format isn't accepted. */
  | "MEDIA_FORMAT_UNSUPPORTED"
  /** The file has too many bytes. */
  | "MEDIA_TOO_LARGE"
  /** The picture is too small or too large. */
  | "MEDIA_DIMENSIONS_INVALID"
  /** The aspect ratio is out of bounds. */
  | "MEDIA_RATIO_INVALID"
  /** The video is too short or too long. */
  | "MEDIA_DURATION_INVALID"
  /** The frame rate is out of bounds. */
  | "MEDIA_FRAME_RATE_INVALID"
  /** The video codec isn't accepted. */
  | "MEDIA_CODEC_UNSUPPORTED"
  /** The audio track isn't accepted. */
  | "MEDIA_AUDIO_UNSUPPORTED"
  /** The bit rate is too high. */
  | "MEDIA_BIT_RATE_TOO_HIGH"
  /** The file's index stands behind its data, or it has edit lists. */
  | "MEDIA_NOT_STREAMABLE"
  /** A fact the rules need hasn't been measured. */
  | "MEDIA_UNPROBED"
  /** The media URL can't be fetched by a platform. */
  | "MEDIA_URL_INVALID"
  /** The signed media URL will have died when the post is due. */
  | "MEDIA_URL_EXPIRES"
  /** The cover doesn't fit. */
  | "COVER_INVALID"
  /** The alternative text is too long. */
  | "ALT_TEXT_TOO_LONG"
  /** There is no alternative text here. */
  | "ALT_TEXT_UNSUPPORTED"
  /** The caption is too long. */
  | "CAPTION_TOO_LONG"
  /** The title is too long. */
  | "TITLE_TOO_LONG"
  /** There are too many hashtags. */
  | "HASHTAGS_TOO_MANY"
  /** A hashtag holds characters that end it early. */
  | "HASHTAG_INVALID"
  /** There are too many mentions. */
  | "MENTIONS_TOO_MANY"
  /** Too many accounts are tagged. */
  | "USER_TAGS_TOO_MANY"
  /** A tagged account has no valid name or position. */
  | "USER_TAG_INVALID"
  /** Too many collaborators are invited. */
  | "COLLABORATORS_TOO_MANY"
  /** The option isn't available for this post. */
  | "OPTION_UNSUPPORTED"
  /** The platform will ignore this option here. */
  | "OPTION_IGNORED"
  /** Nobody has chosen who may see the post. */
  | "PRIVACY_MISSING"
  /** The creator can't choose this privacy. */
  | "PRIVACY_NOT_ALLOWED"
  /** The commercial switch is on, but what it promotes isn't chosen. */
  | "DISCLOSURE_INCOMPLETE"
  /** Branded content can't be private. */
  | "DISCLOSURE_PRIVACY_CONFLICT"
  /** The creator has turned this interaction off. */
  | "INTERACTION_NOT_ALLOWED"
  /** The consent the platform asks for hasn't been recorded. */
  | "CONSENT_MISSING"
  /** TikTok hasn't audited the app: only private posts on private accounts. */
  | "APP_UNAUDITED"
  /** The account's token has run out, or will have when the entry is due. */
  | "TOKEN_EXPIRED"
  /** The token will be renewed before the entry is due. */
  | "TOKEN_REFRESH_NEEDED"
  /** The account didn't grant what publishing needs. */
  | "SCOPE_MISSING"
  /** Several accounts are linked on the channel and the entry names none. */
  | "ACCOUNT_AMBIGUOUS"
  /** The account is on another channel than the entry. */
  | "ACCOUNT_CHANNEL_MISMATCH"
  /** There is no such account for this user. */
  | "ACCOUNT_NOT_FOUND"
  /** The attempt to link an account isn't valid (any more): it ran out, was finished before, or isn't this user's. */
  | "LINK_INVALID"
  /** The account is left alone for a while after a limit. */
  | "ACCOUNT_COOLING_DOWN"
  /** More posts are planned than the platform allows in the window. */
  | "DAILY_CAP_EXCEEDED"
  /** The entry has no instant of publication. */
  | "SCHEDULE_MISSING"
  /** The instant lies in the past. */
  | "SCHEDULE_IN_PAST"
  /** Two entries of one account are due at (nearly) the same time. */
  | "SCHEDULE_CLASH"
  /** The wall-clock time doesn't exist that day; it moved forward by the gap. */
  | "SCHEDULE_GAP"
  /** The wall-clock time exists twice that day; the earlier one was taken. */
  | "SCHEDULE_FOLD"
  /** The piece's date and time come to another instant than the one it is scheduled for. */
  | "SCHEDULE_MISMATCH"
  /** The offset can't be applied. */
  | "SCHEDULE_OFFSET_INVALID"
  /** The calendar changed since the plan was made. */
  | "SCHEDULE_STALE"
  /** The entry is published or being published and can't be moved. */
  | "SCHEDULE_FROZEN"
  /** Media are due 24 hours before publication and aren't there. */
  | "CHECKPOINT_MEDIA_LATE"
  /** A review is due 6 hours before publication and hasn't happened. */
  | "CHECKPOINT_REVIEW_LATE"
  /** A field was edited by hand and regenerated differently. */
  | "MERGE_CONFLICT"
  /** A choice names a change that isn't in the plan. */
  | "MERGE_CHOICE_UNKNOWN"
  /** The job can't go from the one state to the other. */
  | "JOB_TRANSITION_ILLEGAL"
  /** There is no such job for this user. */
  | "JOB_NOT_FOUND"
  /** The entry has a job already that isn't finished. */
  | "JOB_EXISTS"
  /** Another worker holds the job. */
  | "JOB_LEASE_LOST"
  /** A lease must outlast the transport's deadline. */
  | "LEASE_TOO_SHORT"
  /** There is no such entry for this user. */
  | "ENTRY_NOT_FOUND"
  /** The entry is a draft. */
  | "ENTRY_DRAFT"
  /** The entry is published already. */
  | "ENTRY_PUBLISHED"
  /** Its time passed while no worker was running. */
  | "MISSED_SCHEDULE"
  /** Nobody can say whether the post is out. */
  | "OUTCOME_UNKNOWN"
  /** Every retry failed. */
  | "RETRIES_EXHAUSTED"
  /** It was cancelled. */
  | "CANCELLED"
  /** Publishing is switched off. */
  | "FLAG_OFF"
  /** The same idempotency key came with other content. */
  | "IDEMPOTENCY_CONFLICT"
  /** The outbox holds as many intents as it may while the store is down. */
  | "OUTBOX_FULL"
  /** The store can't be reached. */
  | "STORE_UNAVAILABLE"
  /** A stored row can't be read. */
  | "STORE_CORRUPT"
  /** The database was written by a newer version. */
  | "STORE_SCHEMA_NEWER"
  /** Somebody else saved in the meantime. */
  | "REVISION_CONFLICT"
  /** The CSV breaks off inside a quoted field, or a row has the wrong number of cells. */
  | "CSV_SYNTAX"
  /** The CSV's first row doesn't name the columns. */
  | "CSV_HEADER_INVALID"
  /** The document has a schema version that isn't known here. */
  | "SCHEMA_VERSION_UNSUPPORTED"
  /** The export couldn't be written. */
  | "WRITE_FAILED"
  /** The platform asked for fewer calls. */
  | "RATE_LIMITED"
  /** The platform's quota of posts is spent. */
  | "QUOTA_EXHAUSTED"
  /** The platform has blocked the account from posting. */
  | "ACCOUNT_BLOCKED"
  /** The person must act in the platform's app first. */
  | "ACCOUNT_ACTION_REQUIRED"
  /** The platform refused the content. */
  | "CONTENT_REJECTED"
  /** The platform refused the file. */
  | "MEDIA_REJECTED"
  /** The platform couldn't fetch the file. */
  | "MEDIA_UNREACHABLE"
  /** The app isn't set up correctly at the platform. */
  | "APP_MISCONFIGURED"
  /** The platform had a passing fault. */
  | "PLATFORM_TEMPORARY"
  /** The platform refused for a reason that retrying can't mend. */
  | "PLATFORM_PERMANENT";

/** Which columns are written. */
export type ColumnSet =
  /**
   * The host's ten columns, from `title` to `status`. The payload's unknown fields, its position
   * and the ids have no place in them.
   */
  | "host"
  /** The host's ten and seven more, `readiness` to `extra`: enough to read every piece back whole. */
  | "extended";

/** A command that carried an idempotency key, and what it was answered. */
export interface Command {
  /** The key, unique for a user. */
  key: string;
  /** The fingerprint of the command's content. */
  fingerprint: string;
  /** The answer, as JSON text. */
  answer: string;
}

/** What every command carries. */
export interface CommandContext {
  /** The request's id, for logs; it decides nothing. */
  requestId: RequestId;
  /** Who asks: other users' entries, accounts and jobs are not found. */
  userId: UserId;
  /**
   * The present, for logs and for what is judged before the store is asked. When a job is due is
   * decided by the store's own clock.
   */
  now: Timestamp;
  /** The calendar, for logs, where it is known. */
  calendarId?: CalendarId | null;
  /** With a key, repeating the command does nothing twice. */
  idempotencyKey?: string | null;
  /** The run, for logs, where it is known. */
  runId?: RunRef | null;
}

/** What somebody wants of a user's jobs. */
export interface CommandJobs {
  /** Whose jobs they are: another user's are not found. */
  userId: UserId;
  /** When failures are tried again. */
  policy: RetryPolicy;
  /** The events, each for one job. None of them carries a stamp. */
  writes: JobWrite[];
  /**
   * Whether one refusal leaves every job as it was. What would have been done is then refused too,
   * with the first refusal's error under `writes[…]`.
   */
  allOrNothing: boolean;
  /** The idempotency key, where the command carried one. */
  command?: CommandKey | null;
}

/** An idempotency key and the content it was used for. The store keeps the answer beside it. */
export interface CommandKey {
  /** The key, unique for a user. */
  key: string;
  /** The fingerprint of the command's content. */
  fingerprint: string;
}

/** A person's word on one job. */
export interface ConfirmJob {
  /** The job. */
  jobId: JobId;
  /** What the person saw. */
  confirmation: Confirmation;
}

/** `confirm`. */
export interface ConfirmRequest {
  /** Who asks. */
  context: CommandContext;
  /** What the person saw. */
  confirm: ConfirmJob;
}

/** What a person saw on the platform. */
export type Confirmation =
  /** The post is there. */
  | {
    seen: "published";
    /**
     * What the ledger keeps of it: where the post was seen, by whom. At most
     * `ConfirmJob::MAX_RECEIPT_BYTES`, and no secret.
     */
    receipt?: string | null;
  }
  /** The post isn't there, and the person made sure. */
  | {
    seen: "not_published";
  };

/** What joins the last two items of a list. */
export type Conjunction =
  /** `and`, `y`. */
  | "and"
  /** `or`, `o`. */
  | "or";

/** The consent TikTok asks for before a post is sent. */
export interface Consent {
  /** When the person agreed. */
  givenAt: Timestamp;
  /** The exact text that was agreed to. */
  text: string;
}

/** A link inside the consent text. */
export interface ConsentLink {
  /** The words of the consent text that are the link. */
  text: string;
  /** Where it leads. */
  url: string;
}

/** `batchOutcome`. */
export interface ContextRequest {
  /** Who asks, with the batch's idempotency key. */
  context: CommandContext;
}

/** A text to be counted by `countText`. */
export interface CountTextInput {
  /** The text. */
  text: string;
  /** The platform whose way of counting is meant. */
  channel: Channel;
}

/** The picture a video or a carousel is shown with before it is played. */
export type Cover =
  /** A frame of the video. */
  | {
    type: "frame";
    /** Milliseconds from the start. */
    offsetMs: number;
  }
  /** A picture of its own (Instagram reels). */
  | {
    type: "image";
    /** The picture. */
    media: Media;
  }
  /** One of the photos (TikTok photo posts). */
  | {
    type: "item";
    /** Its place, from 0. */
    index: number;
  };

/** What the header of a CSV says. */
export interface CsvHeader {
  /** What separates the cells. */
  delimiter: Delimiter;
  /** Columns that aren't known here; their cells are left unread. */
  unknownColumns: Failure[];
  /** Columns that are missing and whose value every piece gets by default. */
  missingColumns: Failure[];
}

/** A CSV, read. */
export interface CsvImport {
  /** What the header says. */
  header: CsvHeader;
  /** The good rows, in the file's order. */
  pieces: ImportedPiece[];
  /** The others, up to `MAX_REFUSALS` of them. */
  refused: Refusal[];
  /** How many others there were. */
  refusedCount: number;
}

/** How a CSV is read. */
export interface CsvImportOptions {
  /** What separates cells; without it, the header tells. */
  delimiter?: Delimiter | null;
  /** The most bytes that are read. */
  maxBytes?: number;
}

/** How the CSV is written. */
export interface CsvOptions {
  /** Whether a byte order mark stands first. Excel needs it to read UTF-8. */
  bom?: boolean;
  /** The host's columns, or those that carry everything. */
  columns?: ColumnSet;
  /** What separates cells. */
  delimiter?: Delimiter;
}

/** A stream for `decodeEvents`. */
export interface DecodeEventsInput {
  /** Its chunks, cut anywhere. */
  chunks: StreamChunk[];
  /** The most bytes of one event; a mebibyte if left out. */
  maxEventBytes?: number | null;
}

/** A generation's stream for `decodeStream`. */
export interface DecodeStreamInput {
  /** When the generation began. */
  startedAt: Timestamp;
  /** Its chunks. Those without an `at` arrive when the one before them did. */
  chunks: StreamChunk[];
  /** When the user cancelled it. */
  cancelledAt?: Timestamp | null;
  /** When the stream ended. */
  endedAt?: Timestamp | null;
  /** When the snapshot is taken. */
  now?: Timestamp | null;
  /** The limits of the session. */
  options?: SessionOptions;
}

/** An event of a stream of server-sent events. */
export type DecodedEvent =
  /** A message. */
  | {
    type: "message";
    /** Its event type; `message` where the stream names none. */
    event: string;
    /** Its data. */
    data: string;
    /** The last id that the stream gave until then. */
    lastEventId: string;
  }
  /** A comment: most often only there to keep the connection open. */
  | {
    type: "comment";
    /** The comment. */
    text: string;
  };

/** A stream's events. */
export interface DecodedEvents {
  /** The events, in order. */
  events: DecodedEvent[];
  /** The last id that the stream gave; empty where it gave none. */
  lastEventId: string;
  /** Whether the stream broke off inside an event. */
  incomplete: boolean;
  /** How many milliseconds the stream asks to wait before connecting again. */
  retryMillis?: number | null;
}

/** What a generation came to. */
export interface DecodedStream {
  /** Its events, in order. */
  events: GenerationEvent[];
  /** How it stands. */
  snapshot: GenerationSnapshot;
}

/** What separates the cells of a row. */
export type Delimiter =
  /** `,`, as in RFC 4180. */
  | ","
  /**
   * `;`, which spreadsheets expect where the comma is the decimal sign (Spain, most of Latin
   * America).
   */
  | ";";

/** Which way a release went. */
export type DeployStatus =
  /** A new release went live. */
  | "deployed"
  /** An older release went live again. */
  | "rolled_back";

/** Which rules `describeRules` tells. */
export interface DescribeRulesInput {
  /** Only those of this channel; all of them if left out. */
  channel?: Channel | null;
  /** The book to judge by; the built-in one if left out. */
  rules?: RuleBook | null;
}

/** What `diffCalendar` compares. */
export interface DiffCalendarInput {
  /** The old version. */
  before: KeyedPiece[];
  /** The new version. */
  after: KeyedPiece[];
}

/** The host's envelope around the answer to an export request while publishing is switched off. */
export interface DisabledExport {
  /** The answer. */
  data: ExportDisabled;
  /** Always `null`: being switched off is no error. */
  error: ErrorBody | null;
  /** What stands beside the answer. */
  meta: Meta;
}

/** The host's envelope around the answer to a publish request while publishing is switched off. */
export interface DisabledPublish {
  /** The answer. */
  data: PublishAnswer;
  /** Always `null`: being switched off is no error. */
  error: ErrorBody | null;
  /** What stands beside the answer. */
  meta: Meta;
}

/** What a dry run decided; nothing has been written yet. */
export interface DryRunPlan {
  /** The intents to record: one for every entry that can be read, refused ones included. */
  intents: PublishIntent[];
  /** The answer to the request. */
  answer: PublishAnswer;
}

/** `publishDryRun`. */
export interface DryRunRequest {
  /** Which calendar. */
  request: PublishRequest;
  /** The present. */
  now: Timestamp;
}

/** What a daylight-saving change did to a wall-clock time. */
export type DstNote =
  /** The wall-clock time doesn't exist that day; it moved forward by the gap. */
  | {
    type: "gap";
    /** The length of the gap in minutes. */
    minutes: number;
  }
  /** The wall-clock time exists twice that day; the earlier instant was taken. */
  | {
    type: "fold";
    /** How long after the earlier instant the later one is, in minutes. */
    minutes: number;
  };

/** A generation for `encodeStream` to write. */
export interface EncodeStreamInput {
  /** The request's id. */
  requestId: string;
  /** The calendar. */
  calendarId: CalendarId;
  /** The run. */
  runId: RunRef;
  /** The pieces, in order. */
  pieces: CalendarPiece[];
  /** How it ended. */
  status: RunStatus;
  /** What it changed of the earlier calendar. */
  diff?: CalendarDiff;
  /** What went wrong, where something did. */
  failure?: StreamFailure | null;
  /** Who generated it. */
  provider?: string | null;
}

/** A written stream. */
export interface EncodedStream {
  /** The server-sent events. */
  stream: string;
}

/**
 * How an engine works. Everything may be left out: then it is as the library has it, publishing is off
 * and no channel is worked.
 */
export interface EngineSettings {
  /** How many jobs are worked on at once, at least 1. 512. */
  concurrency?: number | null;
  /** How long a platform may take to say what became of a post, in seconds. 3600. */
  confirmForSeconds?: number | null;
  /** How often the worker looks for work while it knows of none, in seconds. 1. */
  idlePollSeconds?: number | null;
  /** When a channel is paused because many accounts fail alike. */
  incident?: IncidentRule | null;
  /** Instagram. Where it is left out, its jobs are left to other workers. */
  instagram?: InstagramSettings | null;
  /** How long a claim holds, in seconds: at least twice the longest call of an adapter. 300. */
  leaseSeconds?: number | null;
  /** A longer wait that a platform asks for isn't waited for: the job is given back, in seconds. 2. */
  parkAfterSeconds?: number | null;
  /** What commands go by. Its `policy` says when failures are tried again, for the worker as well. */
  queue?: QueueSettings;
  /** How long an account is left alone after a spent quota that named no time, in seconds. 3600. */
  quotaCoolDownSeconds?: number | null;
  /** How long an account is left alone after a rate limit that named no time, in seconds. 900. */
  rateLimitCoolDownSeconds?: number | null;
  /** How long a job waits after a read that failed before anything was written, in seconds. 60. */
  readRetrySeconds?: number | null;
  /** How long a write whose answer was lost is looked for before a person must, in seconds. 3600. */
  reconcileForSeconds?: number | null;
  /**
   * The rules that entries are judged by, before an attempt and in a dry run; the library's own where
   * it is left out.
   */
  rules?: RuleBook | null;
  /**
   * The keys that seal the address of a TikTok upload, which is a secret, so that any worker that has them goes on
   * with the upload of a dead one: the first seals, each opens what it sealed. To rotate, put a new key before
   * the old one, which can go two hours after every worker has the new one. Where they are left out an
   * upload begins anew when its worker dies.
   */
  sealingKeys?: SealingKey[] | null;
  /**
   * The host's settings, as they stand in its environment: `PUBLISH_SERVICE_ENABLED` and its like, which
   * decide whether publishing is on. Names that no flag has are passed over.
   */
  settings?: Setting[];
  /** TikTok. Where it is left out, its jobs are left to other workers. */
  tiktok?: TiktokSettings | null;
  /** The worker's name: the request id of its events. `worker` where it is left out. */
  workerName?: RequestId | null;
}

/** Entries, all of them. */
export interface Entries {
  /** The entries. */
  entries: CalendarEntry[];
}

/** What was found for one entry. */
export interface EntryFindings {
  /** The entry. */
  entryId: EntryId;
  /** What was found, blocking findings first. */
  findings: Finding[];
}

/**
 * An entry of a calendar. It stays the same through edits, moves and regenerations.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type EntryId = string;

/** Which entry is meant. */
export interface EntryInput {
  /** The entry. */
  entryId: EntryId;
}

/** What became of one entry. */
export type EntryJob = {
  /** The entry. */
  entryId: EntryId;
} & ({
  result: "scheduled";
  /** The job as it was when it was made. */
  job: PublishJob;
} | {
  result: "refused";
  /** Why. */
  error: Failure;
});

/** The move of one entry. */
export interface EntryMove {
  /** The entry. */
  entryId: EntryId;
  /** The account it is for. */
  accountId: AccountId;
  /** The zone that its wall clock is meant in. */
  zone: Zone;
  /** The revision the plan was made from. */
  revision: number;
  /** When it was due. */
  before: Slot;
  /** When it would be due; it always has an instant. */
  after: Slot;
  /** What a daylight-saving change does to the new wall clock, if anything. */
  note?: DstNote | null;
}

/** What became of one entry, and why. */
export interface EntryOutcome {
  /** The entry. */
  entryId: EntryId;
  /** Its title, for people; empty where a row that can't be read has none. */
  title: string;
  /** What became of it. */
  status: OutcomeStatus;
  /** Its platform; `null` for a row that can't be read. */
  channel?: Channel | null;
  /** Everything that was found, warnings included. */
  findings?: Finding[];
  /** The intent that was written for it; `null` for a row that can't be read. */
  intentId?: IntentId | null;
  /** Why it was refused: the first of its blocking findings. */
  reason?: Code | null;
}

/** The readiness of an entry. */
export interface EntryReadiness {
  /** The entry. */
  entryId: EntryId;
  /** Its readiness. */
  readiness: Readiness;
}

/** A row of a calendar: the entry itself, or whatever stands in its place. */
export type EntryRow =
  | CalendarEntry
  | unknown;

/** One entry and what decides about it. */
export interface EntrySituation {
  /** The entry. */
  entry: CalendarEntry;
  /** The present. */
  now: Timestamp;
  /** The user's accounts. */
  accounts?: ChannelAccount[];
  /** The entry's publish job, where it has one. */
  job?: PublishJob | null;
  /** The nearest other post of the account. */
  nearestPostAt?: Timestamp | null;
  /** Other posts of the account in the moving window that ends at the entry's instant. */
  postsInWindow?: number;
}

/**
 * What went wrong, and where.
 *
 * `Display` is for developers. What users read comes from `message`, by code.
 */
export interface Failure {
  /** What went wrong. */
  code: Code;
  /** What is allowed. */
  allowed?: Allowed | null;
  /** What was measured. */
  measured?: Measure | null;
  /** Where in the input: `entries[3].piece.date`; empty where the whole input is meant. */
  path?: string;
  /** Where in the text. */
  position?: Position | null;
}

/** An error as the host's API words it. */
export interface ErrorBody {
  /** What went wrong. */
  code: Code;
  /** The text for people, in the request's language. */
  message: string;
  /** Where and by how much, where that is known. */
  details?: ErrorDetails | null;
}

/** Where an error is, what was measured and what is allowed. */
export interface ErrorDetails {
  /** What is allowed. */
  allowed?: Allowed | null;
  /** What was measured. */
  measured?: Measure | null;
  /** Where in the input; empty where the whole input is meant. */
  path?: string;
  /** Where in the text. */
  position?: Position | null;
}

/** What `evaluateCalendar` judges. */
export interface EvaluateCalendarInput {
  /** The entries. */
  entries: CalendarEntry[];
  /** The present. */
  now: Timestamp;
  /** The user's accounts. */
  accounts?: ChannelAccount[];
  /** The publish jobs of the entries. */
  jobs?: PublishJob[];
}

/** What `evaluateCaps` counts. */
export interface EvaluateCapsInput {
  /** The calendar. */
  calendar: CalendarState;
}

/** What `evaluateCheckpoints` looks at. */
export interface EvaluateCheckpointsInput {
  /** The calendar. */
  calendar: CalendarState;
  /** The checkpoints. */
  request: CheckpointRequest;
}

/** What `evaluateFlags` decides by. */
export interface EvaluateFlagsInput {
  /** The settings of all flags. */
  settings: Setting[];
  /** Whose flags are wanted. */
  userId: UserId;
}

/** A judged calendar. */
export interface EvaluatedCalendar {
  /** One readiness an entry, in the order of the entries. */
  entries: EntryReadiness[];
}

/**
 * Something that happened, as it is logged: one flat object in camelCase, in which `event` says what
 * it is and `status` how it went.
 *
 * There is no `Default`: whoever builds one says every required field, and says `null` where there is
 * nothing to say, which is logged as `null`. A line that lacks one of them isn't read back. Fields
 * that a logger added to the line are passed over.
 */
export type Event = {
  /** When it happened. */
  at: Timestamp;
  /** The calendar; `null` where it isn't known yet or there is none. */
  calendarId: CalendarId | null;
  /** The channel; `null` where it is about several or none. */
  channel: Channel | null;
  /** The request, or the worker's own run. */
  requestId: RequestId;
  /** The run; `null` where it isn't known yet or there is none. */
  runId: RunRef | null;
  /** Whose calendar it is; `null` where no user is behind it, as in a deployment. */
  userId: UserId | null;
} & ({
  /** Why it ended early. */
  errorCode: Code | null;
  event: "stream";
  /** Milliseconds since it started. */
  latencyMs: number;
  /** Pieces that had arrived. */
  pieceCount: number;
  /** How it went. */
  status: StreamStatus;
} | {
  /** The entry. */
  entryId: EntryId;
  /** Why it was refused. */
  errorCode: Code | null;
  event: "publish";
  /** How it went. */
  status: IntentStatus;
} | {
  /** Writes to the platform that had been started. */
  attempt: number;
  /** Why it failed or stopped. */
  errorCode: Code | null;
  event: "job";
  /** The job. */
  jobId: JobId;
  /** The new status. */
  status: JobStatus;
} | {
  /** Which attempt of the job it is, from 1. */
  attempt: number;
  /** Why it failed. */
  errorCode: Code | null;
  event: "attempt";
  /** The job. */
  jobId: JobId;
  /** Milliseconds since it started. */
  latencyMs: number;
  /** How it went. */
  status: AttemptStatus;
} | {
  /** What the accounts failed with. */
  errorCode: Code;
  event: "incident";
  /** Which of the two. */
  status: IncidentStatus;
} | {
  /** Why it couldn't do its work. */
  errorCode: Code | null;
  event: "worker";
  /** Jobs that it brought to a new status: in this look, or in its whole run. */
  jobCount: number;
  /** Milliseconds that this look, or the whole run, took; 0 at the beginning. */
  latencyMs: number;
  /** Which of them. */
  status: WorkerStatus;
} | {
  /** Writes to the platform that had been started. */
  attempt: number;
  /** Why; `JOB_LEASE_LOST` where another worker has taken over. */
  errorCode: Code | null;
  event: "lease";
  /** The job. */
  jobId: JobId;
  /** What became of it. */
  status: LeaseStatus;
} | {
  /** Whose ledger it is. */
  accountId: AccountId;
  /** Why it couldn't be. */
  errorCode: Code | null;
  event: "ledger";
  /** Rows that were looked at. */
  rowCount: number;
  /** What was found. */
  status: LedgerStatus;
} | {
  /** The code that was answered. */
  errorCode: Code;
  event: "setup";
  /** What is missing. */
  status: SetupStatus;
} | {
  event: "deploy";
  /** Which release runs now. */
  release: Release;
  /** Forwards or backwards. */
  status: DeployStatus;
} | {
  /** Entries of the calendar. */
  entryCount: number;
  /** Why it failed. */
  errorCode: Code | null;
  event: "save";
  /** How it went. */
  status: SaveStatus;
} | {
  /** Why they wait. */
  errorCode: Code | null;
  event: "outbox";
  /** How many intents. */
  intentCount: number;
  /** Which of the two. */
  status: OutboxStatus;
} | {
  /** Entries that were written. */
  entryCount: number;
  /** Why it failed. */
  errorCode: Code | null;
  event: "export";
  /** How it went. */
  status: ExportStatus;
});

/** What `explainText` words. */
export interface ExplainTextInput {
  /** The language. */
  lang: Lang;
  /** The explanation. */
  explanation: Explanation;
  /** The platform; the text says "the platform" if left out. */
  channel?: Channel | null;
  /** The zone instants are told in; UTC if left out. */
  zone?: Zone | null;
}

/** Why an entry is where it is: cause, who must act, what happens next, which actions are safe. */
export interface Explanation {
  /** What the tile shows. */
  tile: Tile;
  /** What happens next, and when. */
  next: NextStep;
  /** What can safely be done, the best first. */
  actions: Action[];
  /** Who must act, if anybody. */
  actor?: Actor | null;
  /** The finding that decided it. */
  cause?: Finding | null;
}

/** An explanation as a person reads it. */
export interface ExplanationText {
  /** The entry's badge. */
  title: TileLabel;
  /** Who must act. */
  who: string;
  /** What happens next, and when. */
  next: string;
  /** What can safely be done, the best first. */
  actions: ActionLabel[];
  /** What decided it, and what to do about it. */
  cause?: MessageText | null;
}

/** What `exportCsv` writes. */
export interface ExportCsvInput {
  /** The rows, in order. */
  rows: ExportInputRow[];
  /** How it is written. */
  options?: CsvOptions;
}

/** The answer to an export request while publishing is switched off. */
export interface ExportDisabled {
  /** The calendar. */
  calendarId: CalendarId;
  /** The run. */
  runId: RunRef;
  /** The format that was asked for. */
  format: ExportFormat;
  /** Always `PublishStatus::Disabled`. */
  status: PublishStatus;
}

/** An export request while publishing is switched off, for `exportDisabled`. */
export interface ExportDisabledInput {
  /** The request. */
  request: ExportRequest;
}

/** A format that a calendar is exported in. */
export type ExportFormat =
  /** JSON. */
  | "json"
  /** CSV. */
  | "csv";

/** What `exportIcal` writes. */
export interface ExportIcalInput {
  /** The rows, in order. */
  rows: ExportInputRow[];
  /** When it is written: the `DTSTAMP` of the events. */
  stamp: Timestamp;
}

/** An entry to be exported, and what stands beside it. */
export interface ExportInputRow {
  /** The entry. */
  entry: CalendarEntry;
  /** Its readiness. */
  readiness?: Readiness | null;
  /** Why it is in the state it is in, for people. */
  reason?: string | null;
  /** The zone of its account. */
  timezone?: Zone | null;
}

/** What `exportJson` writes. */
export interface ExportJsonInput {
  /** The calendar. */
  calendarId: CalendarId;
  /** The entries, in order. */
  entries: ExportedEntry[];
  /** When it is written. */
  exportedAt?: Timestamp | null;
  /** The run. */
  runId?: RunRef | null;
}

/** A request to export a calendar. */
export interface ExportRequest {
  /** The request's id, for logs; it decides nothing. */
  requestId: RequestId;
  /** The calendar. */
  calendarId: CalendarId;
  /** The format. */
  format: ExportFormat;
  /** A run of the calendar. */
  runId?: RunRef | null;
}

/** How an export went. */
export type ExportStatus =
  /** It was written. */
  | "exported"
  /** Exporting is switched off. */
  | "disabled"
  /** It failed. */
  | "failed";

/** An entry of the document. */
export interface ExportedEntry {
  /** The entry. */
  entry: CalendarEntry;
  /** Its readiness when it was exported. */
  readiness?: Readiness | null;
  /** The zone of its account. */
  timezone?: Zone | null;
}

/** An export as text, for hosts that pass documents. */
export interface ExportedText {
  /** The text. */
  text: string;
}

/** Where `findClashes` looks. */
export interface FindClashesInput {
  /** The calendar. */
  calendar: CalendarState;
}

/** One thing that stands, or may stand, between an entry and its publication. */
export interface Finding {
  /** What it is. */
  code: Code;
  /** How heavy it weighs. */
  severity: Severity;
  /** Whether it is so now or will be at the scheduled instant. */
  judged: Judged;
  /** Where in the entry: `piece.copy`, `media[2].durationMs`, `account.expiresAt`. */
  path: string;
  /** What is allowed. */
  allowed?: Allowed | null;
  /** What was measured. */
  measured?: Measure | null;
}

/** The flags as one user has them. */
export interface Flags {
  /** `Flag::CalendarService`. */
  calendarService: boolean;
  /** `Flag::PublishService`. */
  publishService: boolean;
  /** `Flag::PublishNow`, and publishing is on as well. */
  publishNow: boolean;
}

/** What `formatValue` words. */
export interface FormatValueInput {
  /** The language. */
  lang: Lang;
  /** The value. */
  value: FormattableValue;
  /** The zone instants are told in; UTC if left out. */
  zone?: Zone | null;
}

/** A value to word. */
export type FormattableValue =
  /** Something measured. */
  | {
    type: "measured";
    /** The measured value. */
    measured: Measure;
  }
  /** What is allowed. */
  | {
    type: "allowed";
    /** The range or the choices. */
    allowed: Allowed;
  }
  /** The name of a field. */
  | {
    type: "field";
    /** Its path. */
    path: string;
  }
  /** A list. */
  | {
    type: "list";
    /** Its items. */
    items: string[];
    /** The word before the last one. */
    conjunction: Conjunction;
  };

/** A worded value. */
export interface FormattedValue {
  /** The text. */
  text: string;
}

/** A free slot, or none. */
export interface FreeSlot {
  /** The slot; `null` where none is free. */
  slot: CadenceSlot | null;
}

/** Where a free slot is looked for. */
export interface FreeSlotRequest {
  /** The account that wants to post. */
  accountId: AccountId;
  /** The cadence, in the account's zone. */
  rule: CadenceRule;
  /** The first date. */
  from: LocalDate;
  /** The last date, at most `MAX_CADENCE_DAYS` days on. */
  to: LocalDate;
}

/** What was frozen at a claim. */
export interface FrozenContent {
  /** The content. */
  entry: CalendarEntry;
  /** Its hash. */
  hash: string;
}

/** A piece that arrived. */
export interface GeneratedPiece {
  /** Its place in the calendar, from 0. */
  index: number;
  /**
   * The attempt it came with, from 1: after a retry, pieces of the attempt before stay until new
   * ones take their places.
   */
  attempt: number;
  /** The piece. */
  piece: CalendarPiece;
  /** Fields that were given a default. */
  defaults?: Failure[];
}

/**
 * What one event of the stream says.
 *
 * In JSON its `type` tells the kind. It is only written: what hosts keep is a
 * `GenerationSnapshot`.
 */
export type GenerationEvent =
  /** The host is still there. */
  | {
    type: "keep_alive";
  }
  /** A piece. */
  | {
    type: "piece";
    /** Where it belongs. */
    place: PiecePlace;
    /** The piece. */
    piece: CalendarPiece;
    /** Fields that were given a default. */
    defaults: Failure[];
  }
  /** A piece that can't be read. The stream goes on. */
  | {
    type: "piece_refused";
    /** Where it belongs. */
    place: PiecePlace;
    /** The piece as it came, as JSON text. */
    payload: string;
    /** Everything that is wrong with it. */
    errors: Failure[];
  }
  /** The host says that the generation failed; a summary still follows. */
  | {
    type: "failure";
    /** What it says. */
    failure: StreamFailure;
  }
  /** The host says that the generation is over. */
  | {
    type: "summary";
    /** What came of it. */
    summary: StreamSummary;
  }
  /** An event that can't be read. The stream goes on. */
  | {
    type: "invalid";
    /** What is wrong with it. */
    error: Failure;
  };

/** A generation as it stands: progress, the calendar so far, and everything that went wrong. */
export interface GenerationSnapshot {
  /** How it stands. */
  state: GenerationState;
  /** The attempt, from 1. */
  attempt: number;
  /** When this attempt began. */
  startedAt: Timestamp;
  /** When something last arrived. */
  lastActivityAt: Timestamp;
  /** Pieces of this attempt that have arrived, refused ones among them. */
  received: number;
  /** Keep-alives that have arrived. */
  keepAlives: number;
  /** The calendar so far, in its own order, whatever the order of arrival. */
  pieces: GeneratedPiece[];
  /** Pieces that arrived and can't be read. */
  refusals: RefusedPiece[];
  /** Places that nothing arrived for, once the generation is over. */
  missing: number[];
  /** What else went wrong, in the order it was noticed. */
  problems: Failure[];
  /** Problems beyond those listed. */
  problemsOmitted: number;
  /** What the host says has changed against the calendar that was regenerated. */
  diff: CalendarDiff;
  /** The calendar, as soon as the stream has named it. */
  calendarId?: CalendarId | null;
  /** When it was over. */
  endedAt?: Timestamp | null;
  /** What the host said about its failure. */
  failure?: StreamFailure | null;
  /** The run, as soon as the stream has named it. */
  runId?: RunRef | null;
  /** The status to store it under, once it is over. */
  status?: RunStatus | null;
  /** How many there will be, as far as the stream has said. */
  total?: number | null;
}

/** How a generation stands. */
export type GenerationState =
  /** Pieces are arriving. */
  | "streaming"
  /** Nothing has arrived for longer than expected, not even a keep-alive. It may go on. */
  | "stalled"
  /** It was cut, by the host or by the clock here. */
  | "timed_out"
  /** A person stopped it. */
  | "cancelled"
  /** The host said that it is complete. */
  | "complete"
  /** The host said that it failed, or the stream broke. */
  | "failed";

/** A header line. Its value may be a token. */
export interface HeaderLine {
  /** The name, in lower case. */
  name: string;
  /** The value. */
  value: string;
}

/** What `importCsv` reads. */
export interface ImportCsvInput {
  /** The text of the file. */
  text: string;
  /** How it is read. */
  options?: CsvImportOptions;
}

/** What `importJson` reads. */
export interface ImportJsonInput {
  /** The text of the file. */
  text: string;
  /** How it is read. */
  options?: JsonImportOptions;
}

/** A piece read from a row of a CSV. */
export interface ImportedPiece {
  /** The line of the file its row begins on. */
  line: number;
  /** The piece. */
  piece: CalendarPiece;
  /**
   * The cells that were empty and were given the host's default, and, as
   * `Code::ScheduleMissing`, an instant that was dropped because
   * the row's date, time and zone name another.
   */
  defaulted?: Failure[];
  /** The entry it was exported from, where the row says so. */
  id?: EntryId | null;
  /** The instant it was scheduled for, where the row says so and its date, time and zone agree. */
  scheduledAt?: Timestamp | null;
  /** The zone of its account, where the row says so. */
  timezone?: Zone | null;
}

/** What an incident left behind. */
export interface IncidentReport {
  /** Jobs that provably didn't publish, and that can be resumed. */
  resumable: ResumableJob[];
  /** Jobs that may be out: somebody has to look, and they are never resumed. */
  unknown: PublishJob[];
  /** Where the next report goes on; `null` where every job was looked at. */
  next?: JobId | null;
}

/** `incidentReport`: of every user's jobs, for whoever runs the service. */
export interface IncidentReportRequest {
  /** Which incident. */
  survey: SurveyIncident;
  /** The present. */
  now: Timestamp;
}

/** When a channel is paused because many accounts fail alike, and for how long. */
export interface IncidentRule {
  /** So many accounts at least must have failed with the same code; at least 2. */
  accounts: number;
  /** Within so many seconds; at least 1. */
  withinSeconds: number;
  /** Of all accounts that were heard of in that time, so many of a hundred at least: 1 to 100. */
  sharePercent: number;
  /** How many seconds the first pause lasts; at least 1. */
  pauseSeconds: number;
  /**
   * How many seconds one pause lasts at most, however often a probe fails; not less than
   * `pause_seconds`.
   */
  maxPauseSeconds: number;
}

/** What became of a channel on which many accounts failed alike. */
export type IncidentStatus =
  /** Nothing is begun on it for a while. */
  | "opened"
  /** A post came out on it: it goes on. */
  | "closed";

/** Which entry is inserted where, and to which slots others may be pushed. */
export interface InsertRequest {
  /** The entry, which is among the context's entries. */
  entryId: EntryId;
  /** Its date, in its account's zone. */
  date: LocalDate;
  /** Its time. */
  time: LocalTime;
  /** The cadence whose slots, from the entry's date on, take what is pushed. */
  rule: CadenceRule;
  /** The last date that anything may be pushed to. */
  until: LocalDate;
}

/** What the person chose for Instagram. */
export interface InstagramOptions {
  /** The content was made by AI. */
  aiGenerated?: boolean;
  /** A name for a reel's original audio. */
  audioName?: string | null;
  /** User names invited as co-authors, without `@`. */
  collaborators?: string[];
  /** Id of the Facebook Page of a place. */
  locationId?: string | null;
  /** Whether a reel also appears in the feed. */
  shareToFeed?: boolean | null;
  /** Shows a reel to non-followers first. */
  trial?: TrialReel | null;
}

/** How Instagram is spoken to. Everything may be left out; the default is right for Instagram itself. */
export interface InstagramSettings {
  /** The longest that one call of the adapter takes, in seconds. 120. */
  callDeadlineSeconds?: number | null;
  /** Where the Graph API is: scheme and host. */
  graph?: string | null;
  /** Which login the accounts were linked with. */
  login?: LoginOption;
  /** How long Instagram may take to process what it was given, in seconds. 2700. */
  processingForSeconds?: number | null;
  /** How long Instagram may take to answer the request that publishes, in seconds. 60. */
  publishDeadlineSeconds?: number | null;
  /** How long Instagram may take to answer one request, in seconds. 30. */
  requestDeadlineSeconds?: number | null;
  /** Where video bytes go: scheme and host. */
  rupload?: string | null;
  /** Whether a person decides wherever the call that publishes wasn't answered. */
  strict?: boolean;
  /** The version of the Graph API: `v25.0`. */
  version?: string | null;
  /** How Instagram gets videos. */
  video?: VideoOption;
}

/**
 * A publish intent: the durable note that somebody asked for an entry to be published.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type IntentId = string;

/** What became of a publish intent. */
export type IntentStatus =
  /** Checked, and nothing was sent: a dry run. */
  | "dry_run"
  /** Handed to a job. */
  | "scheduled"
  /** Refused before any attempt; the error says why. */
  | "refused"
  /** Publishing is switched off. */
  | "disabled";

/** A switch for a way of answering. */
export interface InteractionToggle {
  /** What it switches. */
  interaction: TiktokInteraction;
  /** Whether it is on; never where the creator has turned it off. */
  on: boolean;
  /** Whether it is greyed: the creator has turned it off. */
  disabled: boolean;
}

/** Jobs of one channel in one status. */
export interface JobCount {
  /** The channel. */
  channel: Channel;
  /** The status. */
  status: JobStatus;
  /** How many. */
  count: number;
}

/** What must become durable together with the job's new status. */
export type JobEffect =
  /** Write the ledger row of an attempt, before the platform is called. */
  | {
    type: "open_attempt";
    /** Which attempt of the job it is, from 1. */
    number: number;
    /** When it started. */
    startedAt: Timestamp;
  }
  /** Close the ledger row of the job's last attempt, or correct it if it was closed as unknown. */
  | {
    type: "finish_attempt";
    /** How it ended. */
    status: AttemptStatus;
    /** When its outcome was known. */
    finishedAt: Timestamp;
    /** Why it didn't publish. */
    code?: Code | null;
  }
  /** Keep the platform's names for the post. */
  | {
    type: "store_receipt";
    /** The names. */
    receipt: PostReceipt;
  }
  /** Leave the account alone. */
  | {
    type: "cool_down_account";
    /** Why. */
    code: Code;
    /** Until when. */
    until: Timestamp;
  }
  /** Look on the platform before anything else. */
  | {
    type: "reconcile";
  }
  /** Tell whoever asked for the cancellation. */
  | {
    type: "answer_cancel";
    /** The answer. */
    answer: CancelAnswer;
  };

/**
 * Something that happened to a job, or that somebody wants.
 *
 * `token` is the token of the claim that the sender holds.
 */
export type JobEvent =
  /** A worker takes the job, or takes over from one whose lease has expired. */
  | {
    type: "claim";
    /** Its claim. */
    lease: Lease;
    /** How late the job may be; `DEFAULT_GRACE_MINUTES` if unset. */
    graceMinutes?: number | null;
  }
  /** The gate before the attempt holds the job until somebody acts. */
  | {
    type: "preflight_failed";
    /** The claim's token. */
    token: number;
    /** The finding that decided. */
    code: Code;
  }
  /** A write to the platform is about to be made: an attempt begins. */
  | {
    type: "write_started";
    /** The claim's token. */
    token: number;
  }
  /** The worker holds on for longer, or lets go early so that any worker can go on at that time. */
  | {
    type: "lease_moved";
    /** The claim's token. The claim must not have ended. */
    token: number;
    /** When it ends from now on; not in the past. */
    until: Timestamp;
  }
  /**
   * Nothing was written, and the worker gives the job back: the platform didn't answer a read, or
   * the worker is shutting down. It costs no attempt.
   */
  | {
    type: "deferred";
    /** The claim's token. */
    token: number;
    /** Why: a code that is `Temporary`, else it is refused. */
    code: Code;
    /** When it can be claimed again. */
    until: Timestamp;
    /** How late the job may be; `DEFAULT_GRACE_MINUTES` if unset. */
    graceMinutes?: number | null;
  }
  /** The post is out. */
  | {
    type: "published";
    /** The claim's token. */
    token: number;
    /** The platform's names for the post. */
    receipt: PostReceipt;
  }
  /** The draft is in the creator's TikTok inbox. */
  | {
    type: "delivered_to_inbox";
    /** The claim's token. */
    token: number;
  }
  /** The write failed, and it is known not to have published; trying again can help. */
  | {
    type: "failed_for_certain";
    /** The claim's token. */
    token: number;
    /** Why: a code that is `Temporary`, else it is refused. */
    code: Code;
    /** The wait that the platform asked for, in seconds. */
    retryAfterSeconds?: number | null;
  }
  /** The write was refused for a reason that trying again can't mend. */
  | {
    type: "rejected_permanently";
    /** The claim's token. */
    token: number;
    /** Why. A code that says the outcome isn't known is refused. */
    code: Code;
  }
  /** The account met a rate limit or has spent its quota; nothing was published. */
  | {
    type: "account_limited";
    /** The claim's token. */
    token: number;
    /**
     * Which limit: `RATE_LIMITED` or `QUOTA_EXHAUSTED`; before the write also what the gate found,
     * `ACCOUNT_COOLING_DOWN` or `DAILY_CAP_EXCEEDED`. Any other code is refused.
     */
    code: Code;
    /** Until when the account is left alone. */
    until: Timestamp;
  }
  /** Nobody can say whether the write published. */
  | {
    type: "outcome_unknown";
    /** The claim's token. */
    token: number;
  }
  /** Somebody looked on the platform. */
  | {
    type: "reconciled";
    /** What was seen. */
    outcome: Reconciliation;
    /** How late the job may be; `DEFAULT_GRACE_MINUTES` if unset. */
    graceMinutes?: number | null;
    /**
     * The claim's token, while a worker holds the job. Of a job whose outcome is unknown, the last
     * claim's, where it is to be sure that nobody has tried again since the look.
     */
    token?: number | null;
  }
  /** The worker's lease has expired. */
  | {
    type: "lease_expired";
  }
  /** Its time has passed by more than the grace, and no worker holds it (or its lease has expired). */
  | {
    type: "missed_schedule";
    /** How late the job may be; `DEFAULT_GRACE_MINUTES` if unset. */
    graceMinutes?: number | null;
  }
  /** A person wants it withdrawn. */
  | {
    type: "cancel_requested";
  }
  /** A person moved it. */
  | {
    type: "rescheduled";
    /** The new time. */
    at: Timestamp;
  }
  /** A person wants another attempt now. */
  | {
    type: "retry_now";
  }
  /** A person saw the post on the platform. */
  | {
    type: "confirmed_published";
  }
  /** A person made sure that the post isn't on the platform. */
  | {
    type: "confirmed_not_published";
    /** How late the job may be; `DEFAULT_GRACE_MINUTES` if unset. */
    graceMinutes?: number | null;
  }
  /** What held the job has been mended. */
  | {
    type: "resumed";
    /** How late the job may be; `DEFAULT_GRACE_MINUTES` if unset. */
    graceMinutes?: number | null;
  };

/** Which jobs are meant: those that fit everything that is given. */
export interface JobFilter {
  /** After this job, in the order of ids: where the last page ended. */
  after?: JobId | null;
  /** Of this calendar. */
  calendarId?: CalendarId | null;
  /** On this channel. */
  channel?: Channel | null;
  /** Of these entries; empty for any. */
  entryIds?: EntryId[];
  /** The most jobs to be given; 0 for no limit. */
  limit?: number;
  /** In one of these statuses; empty for any. */
  statuses?: JobStatus[];
}

/** A stored job with its attempts. */
export interface JobHistory {
  /** The job and what stands beside it. */
  record: JobRecord;
  /** Its attempts, the first one first. */
  attempts: PublishAttempt[];
}

/**
 * A publish job: one entry on its way to one account.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type JobId = string;

/** What became of one job. */
export type JobOutcome = {
  /** The job. */
  jobId: JobId;
} & ({
  result: "done";
  /** The job as it is now. */
  job: PublishJob;
  /** What followed, in order; empty where the write had been made before. */
  effects: JobEffect[];
} | {
  result: "refused";
  /** Why. */
  error: Failure;
});

/** What became of a command's jobs, in the order they were named. */
export interface JobOutcomes {
  /** Whether the command was answered before, and nothing was written now. */
  repeated: boolean;
  /** One outcome a job. */
  outcomes: JobOutcome[];
}

/** A job as it is stored. */
export interface JobRecord {
  /** The job. */
  job: PublishJob;
  /** Its content, as it was last saved. */
  entry: CalendarEntry;
  /** The highest token that a claim of this job had; 0 before the first. */
  lastToken: number;
  /** The last attempt. */
  attempt?: PublishAttempt | null;
  /** The content of the present or last claim. */
  frozen?: FrozenContent | null;
  /** How far the post has come. */
  progress?: Progress | null;
  /** The platform's names for the post. */
  receipt?: PostReceipt | null;
  /** The last write of a worker. */
  stamp?: WriteStamp | null;
}

/** `job`: a user's job. */
export interface JobRequest {
  /** Whose it is. */
  userId: UserId;
  /** The job. */
  jobId: JobId;
}

/** Where a publish job stands. */
export type JobStatus =
  /** It waits for its time. */
  | "scheduled"
  /** A worker holds it. */
  | "publishing"
  /** The post is out. Terminal. */
  | "published"
  /** A TikTok draft waits in the creator's inbox. Terminal for us. */
  | "delivered_to_inbox"
  /** An attempt failed for certain; a retry is pending. */
  | "failed"
  /** A person must act. */
  | "needs_attention"
  /** Withdrawn before anything was written. Terminal. */
  | "cancelled";

/** The name of a job's status. */
export interface JobStatusLabel {
  /** The status. */
  status: JobStatus;
  /** Its name. */
  label: string;
}

/** An event for a job, with what becomes durable together with it. */
export interface JobWrite {
  /** The job. */
  jobId: JobId;
  /** What happened. A `grace_minutes` that is unset becomes the account's. */
  event: JobEvent;
  /** What happens to the stored progress. */
  progress: ProgressChange;
  /** What the ledger keeps of it. */
  note: AttemptNote;
  /** A worker's name for this write. */
  stamp?: WriteStamp | null;
}

/** `retry`, `resume`, `cancel`. */
export interface JobsCommandRequest {
  /** Who asks. */
  context: CommandContext;
  /** The jobs. */
  jobIds: JobId[];
}

/** A JSON document, read. */
export interface JsonImport {
  /** The calendar. */
  calendarId: CalendarId;
  /** The good entries, in the document's order. */
  entries: ExportedEntry[];
  /** The others, up to `MAX_REFUSALS` of them. */
  refused: Refusal[];
  /** How many others there were. */
  refusedCount: number;
  /** When it was exported, where the document says so. */
  exportedAt?: Timestamp | null;
  /** The run, where the document names one. */
  runId?: RunRef | null;
}

/** How a JSON document is read. */
export interface JsonImportOptions {
  /** The most bytes that are read. */
  maxBytes?: number;
  /** The deepest nesting of one entry, itself counted. At most `MAX_LEVELS` is used. */
  maxLevels?: number;
}

/** At which instant a finding is true. */
export type Judged =
  /** Already now. */
  | "now"
  /** Not yet, but at the scheduled instant: a forecast. */
  | "at_schedule";

/** Why there is no key. */
export type KeyError =
  /** No key of that name is known (any more): what it sealed can't be opened. */
  | {
    type: "missing";
    /** The name that was asked for. */
    id: string;
  }
  /** The key service doesn't answer. */
  | {
    type: "unavailable";
    /** Why, for developers. */
    reason: string;
  };

/** A piece and the host's stable name for it, where it has one. */
export interface KeyedPiece {
  /** The piece; its `id` names the entry it is the payload of. */
  piece: CalendarPiece;
  /** The host's `entry_key`. */
  entryKey?: string | null;
}

/** Every label in one language, for an interface to load once. */
export interface Labels {
  /** The badges. */
  tiles: TileLabel[];
  /** The buttons. */
  actions: ActionLabel[];
  /** The severities, heaviest first. */
  severities: SeverityLabel[];
  /** Who can be asked to act. */
  actors: ActorLabel[];
  /** The statuses of a job, in the order of its life. */
  jobStatuses: JobStatusLabel[];
  /** The statuses of an account. */
  accountStatuses: AccountStatusLabel[];
}

/** The language of `labels`. */
export interface LabelsInput {
  /** The language. */
  lang: Lang;
}

/**
 * A language that texts are written in.
 *
 * `es` and `en` on the wire. A tag is read by its primary language, whatever the region, script or
 * encoding behind it: `es-AR`, `es_419`, `en_US.UTF-8`. Everything else is
 * `Code::FieldValueInvalid`.
 */
export type Lang = "es" | "en";

/** A worker's claim on a job. Whoever writes must show the token; after the expiry the claim is void. */
export interface Lease {
  /** Grows with every claim, so that a late writer is recognised. */
  token: number;
  /** When the claim ends by itself. */
  expiresAt: Timestamp;
  /**
   * Whether a write to the platform was started under it: from then on only a look at the
   * platform, never the end of the claim, says that nothing was published.
   */
  writeStarted?: boolean;
}

/** What became of a claim that ended before its work did. */
export type LeaseStatus =
  /** The worker found that the job isn't its own any more. */
  | "lost"
  /** A worker goes on with what another one had begun. */
  | "taken_over";

/** The first place at which a ledger isn't as it was written. */
export interface LedgerBreak {
  /**
   * The sequence that the row at this place must have; the one after the last where rows are
   * missing at the end, and 0 for the header of a file.
   */
  sequence: number;
  /** What is wrong there. */
  kind: BreakKind;
  /** The line of the file, from 1; absent where the rows came from no file. */
  line?: number | null;
}

/** Where an account's chain ends. */
export interface LedgerHead {
  /** The sequence of the last row; 0 where there is none. */
  sequence: number;
  /** Its hash; 64 zeros where there is none. */
  hash: string;
}

/** What a file says of itself. */
export interface LedgerHeader {
  /** The version of the file's form. */
  version: number;
  /** Whose ledger it is. */
  accountId: AccountId;
  /** The row after which the file begins: the empty head where it holds the whole ledger. */
  after: LedgerHead;
  /** The last row. */
  head: LedgerHead;
  /** How many rows there are. */
  count: number;
  /** When it was exported. */
  exportedAt: Timestamp;
}

/** A row of an account's ledger. */
export interface LedgerRow {
  /** The account. */
  accountId: AccountId;
  /** Its place in the account's chain, from 1, without gaps. */
  sequence: number;
  /** The `LedgerRecord` as JSON text, to the letter: this text is what was hashed. */
  record: string;
  /** The hash of the row before; 64 zeros in the first row. */
  previousHash: string;
  /** The SHA-256 of `previous_hash`, a line feed and `record`, in hexadecimal. */
  hash: string;
}

/** Where a ledger's rows are. */
export type LedgerSource =
  /** Rows as the store gives them. */
  | {
    type: "rows";
    /** The rows, in order. */
    rows: LedgerRow[];
    /** The row before the first; the empty head if left out. */
    after?: LedgerHead;
  }
  /** An exported file. */
  | {
    type: "file";
    /** The file's text. */
    text: string;
  };

/** What was made of an account's ledger. */
export type LedgerStatus =
  /** It was checked, and is as it was written. */
  | "whole"
  /** It was checked, and isn't. */
  | "broken"
  /** It was handed out. */
  | "exported";

/** Whether a ledger is whole. A broken one is an answer: whoever asks wants to know just that. */
export type LedgerVerdict =
  /** Nothing is missing, and nothing was changed. */
  | {
    result: "whole";
    /** The last row. */
    head: LedgerHead;
    /** The header, where the rows came as a file. */
    header?: LedgerHeader | null;
  }
  /** A row doesn't follow from the one before it. */
  | {
    result: "broken";
    /** Where, and how. */
    break: LedgerBreak;
  };

/**
 * One limit of one kind of post.
 *
 * Where sources disagree a subject has a limit for each value, with different severities, and
 * every one that is broken is found.
 */
export interface Limit {
  /** What is measured. */
  subject: Subject;
  /** What is allowed. */
  allowed: Allowed;
  /** How heavy it weighs to break it. */
  severity: Severity;
  /** Who says so. */
  source: Source;
}

/** A calendar date without a zone. On the wire: `YYYY-MM-DD`, between the years 1 and 9999. */
export type LocalDate = string;

/** A wall-clock time to the minute. On the wire: `HH:MM`, 24 h. */
export type LocalTime = string;

/** Which login the accounts were linked with. */
export type LoginOption =
  /** Instagram Login: a token of the Instagram user. */
  | "instagram"
  /** Facebook Login: a token of the Page that the account belongs to. */
  | "facebook";

/** A measured value. */
export type Measure =
  /** A number of something. */
  | {
    type: "number";
    /** How many. */
    value: number;
    /** Of what. */
    unit: Unit;
  }
  /** A text, shortened to `Measure::MAX_TEXT` characters. */
  | {
    type: "text";
    /** The text. */
    value: string;
  }
  /** An instant. */
  | {
    type: "instant";
    /** The instant. */
    at: Timestamp;
  };

/**
 * A media file of an entry, with the facts that were measured.
 *
 * A fact that is `null` is unknown: rules that need it answer with
 * `Code::MediaUnprobed`, a warning, and never guess.
 *
 * `Debug` leaves out the query of the address, which may be a signature.
 */
export interface Media {
  /** Image or video. */
  kind: MediaKind;
  /** Where the file can be fetched. It may be signed, so it is never logged. */
  url: string;
  /** A description for people who can't see the image. */
  altText?: string | null;
  /** The host's row for the file. */
  assetId?: AssetId | null;
  /** Channels of the audio track. */
  audioChannels?: number | null;
  /** Codec of the audio track: `aac`… */
  audioCodec?: string | null;
  /** Samples per second of the audio track, in hertz. */
  audioSampleRate?: number | null;
  /** Bits per second of a video, all tracks together. */
  bitRate?: number | null;
  /** Duration of a video in milliseconds. */
  durationMs?: number | null;
  /** Whether an MP4 or MOV file has edit lists. */
  editList?: boolean | null;
  /** Frames per second of a video. */
  frameRate?: number | null;
  /** Height in pixels as shown, rotation applied. */
  height?: number | null;
  /** The MIME type the bytes really have: `image/jpeg`, `video/mp4`… */
  mimeType?: string | null;
  /** Whether the index of an MP4 or MOV file (`moov`) stands before its data. */
  moovFirst?: boolean | null;
  /** Size in bytes. */
  sizeBytes?: number | null;
  /** The instant a signed URL stops working. */
  urlExpiresAt?: Timestamp | null;
  /** Accounts tagged on this item (Instagram). */
  userTags?: UserTag[];
  /** Codec of the video track: `h264`, `hevc`, `vp8`, `vp9`… */
  videoCodec?: string | null;
  /** Width in pixels as shown, rotation applied. */
  width?: number | null;
}

/** Why a file couldn't be read. */
export type MediaError =
  /** There is no such file (any more); a signed URL may have died. */
  | {
    type: "missing";
  }
  /** The address must not be read: not `https`, or inside the host's own network. */
  | {
    type: "address_forbidden";
    /** Which rule it breaks. */
    reason: string;
  }
  /** The source doesn't answer; it may later. */
  | {
    type: "unavailable";
    /** Why, for developers. */
    reason: string;
  };

/** What stands beside the bytes. */
export interface MediaHead {
  /** The size of the whole file in bytes. */
  totalBytes: number;
  /** The file's MIME type, where it is known. */
  mimeType?: string | null;
}

/** Whether a file is an image or a video. */
export type MediaKind =
  /** A still image. */
  | "image"
  /** A video. */
  | "video";

/** A part of a file that is asked for. */
export interface MediaRequest {
  /** The file, by its address, which may be signed: never log it. */
  url: string;
  /** The first byte, from 0. */
  offset: number;
  /** How many bytes are wanted; the file may end before. */
  length: number;
}

/** What a change does. */
export type MergeAction =
  /** A field of an entry gets another value. */
  | {
    type: "edit";
    /** The entry. */
    entryId: EntryId;
    /** What is saved. */
    mine: PieceValue;
    /** What is generated now. */
    theirs: PieceValue;
    /** What the entry holds once the change is carried out: `theirs`, or hashtags of both sides. */
    result: PieceValue;
    /** What was generated last; absent where both sides added the piece. */
    base?: PieceValue | null;
  }
  /** An entry goes, because the regeneration doesn't have it any more. */
  | {
    type: "remove";
    /** The entry. */
    entryId: EntryId;
    /**
     * What a person did to it: fields of its piece, and `media`, `cover`, `accountId`, `tiktok`,
     * `instagram`, `scheduledAt`, `draft`, `reviewed`. Not empty: a conflict.
     */
    edited: string[];
  }
  /** An entry that a person deleted comes back, because the regeneration changed it. */
  | {
    type: "restore";
    /** The entry. */
    entryId: EntryId;
    /** The piece as it is generated now. */
    theirs: KeyedPiece;
    /** The fields of the piece that the regeneration changed. */
    edited: string[];
  }
  /** An entry is added. */
  | {
    type: "add";
    /** The new entry's id: the piece's own, or one made from the calendar and the piece. */
    entryId: EntryId;
    /** Its piece. */
    theirs: KeyedPiece;
  };

/** One change of a plan. */
export interface MergeChange {
  /**
   * The change's name: `edit:<entry>:copy`, `remove:<entry>`, `restore:<entry>`, `add:<entry>`. The
   * same input gives the same names.
   */
  id: string;
  /** What it does. */
  action: MergeAction;
  /**
   * `Code::MergeConflict` where a person and the regeneration disagree. Such a change is only
   * carried out when it is chosen by name.
   */
  conflict?: Code | null;
}

/** What to do with one change. */
export interface MergeChoice {
  /** The change's name in the plan. */
  change: string;
  /** Whose value is taken. */
  take: Side;
}

/**
 * Which changes of a plan are carried out: all, all but some, only some, or none. A conflict stays
 * as it is saved unless it is chosen by name.
 */
export interface MergeChoices {
  /** What happens to the changes that aren't named. */
  apply: ApplyMode;
  /** The changes that are named. */
  choices?: MergeChoice[];
}

/** What a merge did to the entries. */
export interface MergeOutcome {
  /** Entries of which a field changed. */
  changed: EntryId[];
  /** Entries that were added or brought back. */
  added: EntryId[];
  /** Entries that are gone. */
  removed: EntryId[];
  /** Changed entries that lost their instant, since they got another date or time. */
  reschedule: EntryId[];
}

/** What a merge would do. Nothing has happened yet. */
export interface MergePlan {
  /** The calendar. */
  calendarId: CalendarId;
  /** The entries as they are saved. */
  mine: CalendarEntry[];
  /**
   * What the regeneration would change, in the order of the saved entries; then the entries it
   * would bring back; then those it would add.
   */
  changes: MergeChange[];
  /** Published and frozen entries that the regeneration would have changed. They stay as they are. */
  untouched: EntryId[];
  /**
   * What is generated now, each piece with the id of the entry it belongs to: stored beside the
   * merged calendar, it is the base of the next merge. Where the regeneration isn't complete, what
   * was generated last stands for what didn't arrive, after what did.
   */
  nextBase?: KeyedPiece[];
}

/** What a merge would do. Nothing has happened yet. */
export interface MergeProposal {
  /** The changes, each with the name it is chosen by. */
  changes: MergeChange[];
  /** Published and frozen entries that would have been changed. They stay as they are. */
  untouched: EntryId[];
  /** The base of the next merge. */
  nextBase: KeyedPiece[];
}

/** The three sides of a merge. */
export interface MergeRequest {
  /** The calendar. */
  calendarId: CalendarId;
  /** What is saved, manual edits included. */
  mine: CalendarEntry[];
  /** What is generated now. */
  theirs: KeyedPiece[];
  /**
   * Whether `theirs` is the whole regeneration. Where its stream broke off it isn't: what didn't
   * arrive is then not gone, and nothing is removed.
   */
  complete: boolean;
  /** What was last generated, before anybody edited it. Where nobody knows any more: empty. */
  base?: KeyedPiece[];
  /**
   * Entries that must stay as they are although they aren't stored as published: those that a
   * worker is publishing, or that wait in TikTok's inbox.
   */
  frozen?: EntryId[];
}

/** A calendar after a merge, ready to be saved. */
export interface MergedCalendar {
  /** The entries: the saved ones in their order, then the returned and the added ones. */
  entries: CalendarEntry[];
  /** Saved entries of which a field changed. Their readiness has to be judged anew. */
  changed: EntryId[];
  /** Entries that were added or brought back. */
  added: EntryId[];
  /** Entries that are gone. */
  removed: EntryId[];
  /**
   * Changed entries that got another date or time. Their instant was cleared: it has to be set
   * again in the account's zone, so that nothing is published at the old time.
   */
  reschedule: EntryId[];
}

/** What a text may know besides the finding or error itself. */
export interface MessageContext {
  /** The platform it is about; without one the text says "the platform". */
  channel?: Channel | null;
  /** The path of the field it is about, where the finding or error names none. */
  field?: string | null;
  /** The zone instants are told in; without one they are told in UTC. */
  zone?: Zone | null;
}

/** What a text is about. */
export type MessageSubject =
  /** A code, without anything that was measured. */
  | {
    type: "code";
    /** The code. */
    code: Code;
  }
  /** A finding of an entry's readiness. */
  | {
    type: "finding";
    /** The finding. */
    finding: Finding;
  }
  /** An error of an operation. */
  | {
    type: "error";
    /** The error. */
    error: Failure;
  };

/** Two sentences for a user. */
export interface MessageText {
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  action: string;
}

/** What `messageText` words. */
export interface MessageTextInput {
  /** The language. */
  lang: Lang;
  /** What the text is about. */
  about: MessageSubject;
  /** What else is known of it. */
  context?: MessageContext;
}

/** What stands beside an answer. */
export interface Meta {
  /** The request's id, to find it again in the logs. */
  requestId: string;
  /** The number of the chunk in a stream. */
  chunk?: number | null;
  /** Whether this is the last envelope of a stream. */
  done?: boolean | null;
  /** The place of the piece in its calendar, from 0. */
  index?: number | null;
  /** How long the answer took, in milliseconds. */
  latencyMs?: number | null;
  /** The AI model. */
  model?: string | null;
  /** Who answered: an AI provider, or `legacy-fallback` and `legacy-publish-disabled`. */
  provider?: string | null;
  /** Tokens that were spent. */
  tokens?: number | null;
  /** How many pieces there will be. */
  total?: number | null;
}

/** What a request does. */
export type Method =
  /** Reads. */
  | "GET"
  /** Creates, or starts something. */
  | "POST"
  /** Writes the bytes of an upload. */
  | "PUT"
  /** Removes. */
  | "DELETE";

/** What isn't there. Rows of other users are as absent as rows that never were. */
export type Missing =
  /** The calendar. */
  | "calendar"
  /** The run, of this calendar. */
  | "run"
  /** The account. */
  | "account";

/** What a move came to. */
export interface MoveAnswer {
  /** Whether it had been made before under its key. */
  repeated: boolean;
  /** The run that saved it; the calendar's last one where nothing had to be moved. */
  runId: RunId;
  /** The revision of the calendar that it made. */
  revision: number;
  /** The entries that moved: what it takes to undo it. */
  receipt: ShiftReceipt;
}

/** An entry that moved. */
export interface MovedEntry {
  /** The entry. */
  entryId: EntryId;
  /** When it was due. */
  before: Slot;
  /** When it is due. */
  after: Slot;
  /** The revision it was given. */
  revision: number;
}

/** A job to be made. */
export interface NewJob {
  /** Its identity, chosen by the caller. Scheduling the same job twice makes it once. */
  id: JobId;
  /** What it publishes. */
  entry: CalendarEntry;
  /** The account it publishes to. */
  accountId: AccountId;
  /** When it is due. */
  scheduledAt: Timestamp;
}

/** Where `nextFreeSlot` looks. */
export interface NextFreeSlotInput {
  /** The calendar. */
  calendar: CalendarState;
  /** What the slot must fit. */
  request: FreeSlotRequest;
}

/** A failed attempt, for `nextRetry`. */
export interface NextRetryInput {
  /** How many attempts were made. */
  attemptCount: number;
  /** When the last one ended. */
  failedAt: Timestamp;
  /** When failures are tried again; the library's delays if left out. */
  policy?: RetryPolicy;
  /** How many seconds the platform asked to wait; it can only lengthen a wait. */
  retryAfterSeconds?: number | null;
}

/** What happens next without anybody's doing. */
export type NextStep =
  /** It is published at an instant. */
  | {
    type: "publishes_at";
    /** The instant. */
    at: Timestamp;
  }
  /** It is tried again at an instant. */
  | {
    type: "retries_at";
    /** The instant. */
    at: Timestamp;
    /** Which attempt that will be, from 1. */
    attempt: number;
  }
  /** Its outcome is being looked up; the worker's claim ends at an instant at the latest. */
  | {
    type: "resolves_by";
    /** The instant. */
    at: Timestamp;
  }
  /** Nothing happens until somebody acts. */
  | {
    type: "waits_for_person";
  }
  /** Nothing more happens. */
  | {
    type: "done";
  };

/** Nothing to be said. */
export type NoInput = {
};

/** `queueDepth`, `workArrived`: nothing. */
export type NoRequest = {
};

/** What became of intents that couldn't be stored at once. */
export type OutboxStatus =
  /** They wait for the store. */
  | "queued"
  /** They are stored. */
  | "flushed";

/** What became of one entry. */
export type OutcomeStatus =
  /** It would be published. */
  | "dry_run"
  /** It would not, and no attempt would be made; the reason says why. */
  | "refused";

/** Which tiles are wanted: those that fit everything that is given, in chronological order. */
export interface PageRequest {
  /** The most to be given, from 1 to `MAX_LIMIT`. */
  limit: number;
  /** On this channel. */
  channel?: Channel | null;
  /** From this date on. */
  from?: LocalDate | null;
  /** How many of them are passed over. */
  offset?: number;
  /** With this badge. */
  tile?: Tile | null;
  /** Up to this date. */
  to?: LocalDate | null;
}

/** A choice a person can make besides text and media. */
export type Parameter =
  /** The caption, hashtags included. */
  | "caption"
  /** An alternative text of an image. */
  | "image_alt_text"
  /** An alternative text of a video. */
  | "video_alt_text"
  /** Accounts tagged on an image. */
  | "image_user_tags"
  /** Accounts tagged on a video. */
  | "video_user_tags"
  /** Where on an image an account is tagged. */
  | "image_tag_position"
  /** Where on a video an account is tagged. */
  | "video_tag_position"
  /** A frame of the video as cover. */
  | "cover_frame"
  /** A picture of its own as cover. */
  | "cover_image"
  /** One of the photos as cover. */
  | "cover_item"
  /** The label of content made by AI. */
  | "ai_label"
  /** Instagram: invited co-authors. */
  | "collaborators"
  /** Instagram: a place. */
  | "location"
  /** Instagram: whether a reel appears in the feed, too. */
  | "share_to_feed"
  /** Instagram: the name of a reel's original audio. */
  | "audio_name"
  /** Instagram: a reel shown to non-followers first. */
  | "trial"
  /** TikTok: who may see the post. */
  | "privacy"
  /** TikTok: comments. */
  | "comment"
  /** TikTok: duets. */
  | "duet"
  /** TikTok: stitches. */
  | "stitch"
  /** TikTok: the disclosure of commercial content. */
  | "disclosure"
  /** TikTok: music of TikTok's choice. */
  | "auto_add_music"
  /** TikTok: the recorded consent. */
  | "consent";

/** What becomes of one choice in one kind of post. */
export interface ParameterRule {
  /** The choice. */
  parameter: Parameter;
  /** What becomes of it. */
  support: Support;
  /** Who says so. */
  source: Source;
}

/** Where a piece of a stream belongs. */
export interface PiecePlace {
  /** The piece's place in its calendar, from 0. */
  index: number;
  /** The calendar. */
  calendarId?: CalendarId | null;
  /** Ids that the event names and that aren't ids: `Code::IdInvalid`. */
  errors?: Failure[];
  /** The run. */
  runId?: RunRef | null;
  /** How many pieces there will be, where the event says so. */
  total?: number | null;
}

/** What came of a list of pieces: each element is in one of the two lists. */
export interface PieceReading {
  /** The pieces that could be read, in their order. */
  pieces: ReadPiece[];
  /** The others, in their order. */
  refusals: PieceRefusal[];
}

/** A piece that couldn't be read. */
export interface PieceRefusal {
  /** Its place among what was read, from 0. */
  index: number;
  /** Everything that is wrong with it, field by field. */
  errors: Failure[];
}

/** A piece that changed. */
export interface PieceUpdate {
  /** The old version. */
  before: CalendarPiece;
  /** The new version. */
  after: CalendarPiece;
  /** The payload's names of the fields that changed, in the order of the payload: `date`, `copy`. */
  fields?: string[];
}

/**
 * What one side holds in one field of a piece.
 *
 * Date and time are one unit: a person who moved a post to Thursday at 18:00 chose a slot, and a
 * merge that took the day from one side and the hour from the other would make a slot that nobody
 * chose.
 */
export type PieceValue =
  /** The title. */
  | {
    field: "title";
    /** Its text. */
    value: string;
  }
  /** The channel. */
  | {
    field: "channel";
    /** Which. */
    value: Channel;
  }
  /** The format, in the host's spelling. */
  | {
    field: "format";
    /** Which. */
    value: PostFormat;
  }
  /** The caption. */
  | {
    field: "copy";
    /** Its text. */
    value: string;
  }
  /** The script. */
  | {
    field: "script";
    /** Its text, if there is one. */
    value?: string | null;
  }
  /** Whom the piece is for. */
  | {
    field: "targetAudience";
    /** Its text, if there is one. */
    value?: string | null;
  }
  /** When it is published, on the clocks of the account's zone. */
  | {
    field: "schedule";
    /** The day. */
    date: LocalDate;
    /** The time of day. */
    time: LocalTime;
  }
  /** The hashtags. */
  | {
    field: "hashtags";
    /** The tags, in order. */
    values: string[];
  }
  /** A field of the payload that this library doesn't know. */
  | {
    field: "extra";
    /** The field's name. */
    name: string;
    /** Its value as JSON text; `null` where the side has no such field. */
    json?: string | null;
  };

/**
 * The plan a calendar was generated from.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type PlanId = string;

/** What `planInsert` makes room for. */
export interface PlanInsertInput {
  /** The calendar. */
  calendar: CalendarState;
  /** Where room is wanted. */
  request: InsertRequest;
}

/** An entry that the plan doesn't move, or mustn't, and why. */
export interface PlanIssue {
  /** The entry. */
  entryId: EntryId;
  /** Why. */
  code: Code;
  /** What is allowed. */
  allowed?: Allowed | null;
  /** What was measured. */
  measured?: Measure | null;
}

/** What `planReschedule` moves. */
export interface PlanRescheduleInput {
  /** The calendar. */
  calendar: CalendarState;
  /** Which entry, and where to. */
  request: RescheduleRequest;
}

/** What `planShift` moves. */
export interface PlanShiftInput {
  /** The calendar. */
  calendar: CalendarState;
  /** Which entries, and by how much. */
  request: ShiftRequest;
}

/** A place in a text or byte stream. */
export interface Position {
  /** The line, from 1. */
  line: number;
  /** The column: from 1, in bytes for text, in cells for CSV. */
  column: number;
}

/**
 * What is to be published: content frozen at the claim, and the account. The engine holds no token:
 * an adapter finds the account's by its id.
 */
export interface Post {
  /** The job. */
  jobId: JobId;
  /** Which attempt of the job it is, from 1; the one to come before the first write. */
  attempt: number;
  /** The entry, as it was when the attempt's claim froze it. */
  entry: CalendarEntry;
  /** The SHA-256 of that content, in hexadecimal. */
  contentHash: string;
  /** The account it goes to. */
  account: ChannelAccount;
  /**
   * The last instant, on the worker's own clock, at which a call may begin. Later the claim may have
   * ended before the call does, and somebody else look for its effect too early. An adapter looks at
   * that clock right before a decisive call, since the process may have stood
   * still since the engine looked.
   */
  beginBy: Timestamp;
}

/** A post's format in the host's own spelling, which is kept, and the kind it stands for. */
export type PostFormat = string;

/** A kind of post that a platform treats by rules of its own. */
export type PostKind =
  /** A TikTok video on the creator's profile. */
  | "tiktok_video"
  /** TikTok photos on the creator's profile. */
  | "tiktok_photos"
  /** A TikTok video delivered to the creator's inbox. */
  | "tiktok_video_draft"
  /** TikTok photos delivered to the creator's inbox. */
  | "tiktok_photos_draft"
  /** One image in the Instagram feed. */
  | "instagram_image"
  /** An Instagram reel; a video in the feed is always one. */
  | "instagram_reel"
  /** Several images and videos in the Instagram feed. */
  | "instagram_carousel";

/** The platform's names for a post that is out. It may give neither. */
export interface PostReceipt {
  /** Where people see the post. */
  permalink?: string | null;
  /** The platform's id of the post: a string, since such ids exceed 2^53. */
  postId?: string | null;
}

/** The rules of one kind of post. */
export interface PostRules {
  /** The kind of post. */
  kind: PostKind;
  /** The scopes an account must have granted. */
  scopes: string[];
  /** The page that describes the kind of post and its scopes. */
  source: Source;
  /** The limits, in the order they are judged. */
  limits: Limit[];
  /** What becomes of each choice; one that isn't listed can be made. */
  parameters: ParameterRule[];
}

/** What `preflight` looks at right before an attempt. */
export interface PreflightInput {
  /** Whether publishing is switched on for the user. */
  publishingEnabled: boolean;
  /** The entry and what decides about it. */
  situation: EntrySituation;
}

/** What the gate says. */
export type PreflightReport =
  /** The attempt may begin. */
  | {
    outcome: "pass";
  }
  /** It may not. */
  | {
    outcome: "hold";
    /** The first stage that isn't passed. */
    stage: PreflightStage;
    /** Everything that holds it, in the order of the stages. */
    findings: Finding[];
    /** When it will pass by itself, if only time stands in the way. */
    until?: Timestamp | null;
  };

/** What is checked, in this order. */
export type PreflightStage =
  /** Publishing is switched on. */
  | "flag"
  /** The entry is to be published: no draft, and not out already. */
  | "entry"
  /** There is one account, it is authorised, and it granted what is needed. */
  | "account"
  /** Its token works. */
  | "token"
  /** The media are there, fit, and can be fetched for as long as a platform may take. */
  | "media"
  /** Text and options keep the channel's rules. */
  | "rules"
  /** There is room under the daily cap. */
  | "cap"
  /** The account isn't being left alone. */
  | "cool_down";

/** A privacy level to choose. */
export interface PrivacyChoice {
  /** The level. */
  privacy: TiktokPrivacy;
  /** Whether the person chose it. */
  selected: boolean;
  /** Why it can't be chosen, where it can't. */
  disabled?: TiktokNotice | null;
}

/** How far a post has come, in the adapter's own words. The engine stores it and hands it back. */
export interface Progress {
  /** The step that comes next, by its stable name. */
  stage: string;
  /** What that step does to the platform. */
  kind: StepKind;
  /** What the adapter needs to go on (container ids, upload offsets), as JSON text without secrets. */
  state: string;
}

/** What happens to the stored progress. */
export type ProgressChange =
  /** It stays. */
  | {
    type: "keep";
  }
  /** It is replaced. */
  | {
    type: "set";
    /** Where to go on. */
    progress: Progress;
  }
  /** It is forgotten: the next attempt starts afresh. */
  | {
    type: "clear";
  };

/** The answer to a `PublishRequest`: the host's fields, and an outcome for every entry. */
export interface PublishAnswer {
  /** Names this publication; the same entries judged the same way give the same id. */
  intentId: IntentId;
  /** The calendar. */
  calendarId: CalendarId;
  /** The run that was published: the latest save. */
  runId: RunRef;
  /** The platforms of the entries that would be published. */
  channels: Channel[];
  /** How many entries would be published. */
  entries: number;
  /** What became of the request. */
  status: PublishStatus;
  /** Every entry in the calendar's order, rows that can't be read included. */
  outcomes?: EntryOutcome[];
  /** Why nothing was done: `flag_off`. */
  reason?: string | null;
}

/** One attempt of a job: a write to the platform was started. */
export interface PublishAttempt {
  /** The attempt's identity. */
  id: AttemptId;
  /** The job it belongs to. */
  publishJobId: JobId;
  /** Which attempt of the job it is, from 1. */
  number: number;
  /** When the write was started. */
  startedAt: Timestamp;
  /** How it ended. */
  status: AttemptStatus;
  /** Why it failed. */
  errorCode?: Code | null;
  /** What the platform said, secrets removed. */
  errorMessage?: string | null;
  /** When its outcome was known. */
  finishedAt?: Timestamp | null;
  /** The platform's answer, as JSON text, secrets removed. */
  responseMeta?: string | null;
}

/** A publish request while publishing is switched off, for `publishDisabled`. */
export interface PublishDisabledInput {
  /** The request. */
  request: PublishRequest;
}

/** What `publishDryRun` would publish. */
export interface PublishDryRunInput {
  /** The request. */
  request: PublishRequest;
  /** The run that is published. */
  runId: RunId;
  /** The calendar's rows. One that can't be read is refused by its code and doesn't block the others. */
  entries: EntryRow[];
  /** The user's accounts. */
  accounts: ChannelAccount[];
  /** The present. */
  now: Timestamp;
  /** What is known to be held against entries. */
  findings?: EntryFindings[];
}

/** The durable note that an entry's publication was asked for, and what was answered. */
export interface PublishIntent {
  /** The intent's identity. */
  id: IntentId;
  /** The calendar the entry belongs to. */
  calendarId: CalendarId;
  /** Who asked. */
  userId: UserId;
  /** The entry. */
  entryId: EntryId;
  /** The platform. */
  channel: Channel;
  /** The piece as it was when it was asked for, as JSON text. */
  payload: string;
  /** What became of it. */
  status: IntentStatus;
  /** When it was asked for. */
  createdAt: Timestamp;
  /** Why it was refused. */
  error?: Failure | null;
  /** The run that was published, where one was named. */
  runId?: RunId | null;
}

/** A publish job: one entry on its way to one account. */
export interface PublishJob {
  /** The job's identity. */
  id: JobId;
  /** The entry it publishes. */
  calendarEntryId: EntryId;
  /** Whose entry it is. */
  userId: UserId;
  /** The account it publishes to. */
  accountId: AccountId;
  /** The platform. */
  channel: Channel;
  /** When it is to be published. */
  scheduledAt: Timestamp;
  /** Where it stands. Only `job::advance` changes it. */
  status: JobStatus;
  /** Writes to the platform that were started, the one in flight included. */
  attemptCount: number;
  /** When it was made. */
  createdAt: Timestamp;
  /** When it last changed. */
  updatedAt: Timestamp;
  /** A cancellation was asked for while it was publishing. */
  cancelRequested?: boolean;
  /** Until when no worker takes it, though it is due: one gave it back. It doesn't make it less late. */
  heldUntil?: Timestamp | null;
  /** Why it last failed or stopped. */
  lastError?: Code | null;
  /** The claim of the worker that holds it, while it is publishing. */
  lease?: Lease | null;
  /** When the next attempt is due, while one is pending. */
  nextAttemptAt?: Timestamp | null;
}

/** An entry to be published now. */
export interface PublishNow {
  /** The calendar. */
  calendarId: CalendarId;
  /** The entry. */
  entryId: EntryId;
}

/** `publishNow`. */
export interface PublishNowRequest {
  /** Who asks. */
  context: CommandContext;
  /** Which entry. */
  publish: PublishNow;
}

/** A request to publish a calendar. */
export interface PublishRequest {
  /** The request's id, for logs; it decides nothing. */
  requestId: RequestId;
  /** Who asks. */
  userId: UserId;
  /** The calendar. */
  calendarId: CalendarId;
  /**
   * With a key, the same request is answered as it was the first time, and another request with
   * the same key is refused.
   */
  idempotencyKey?: string | null;
  /**
   * A run of the calendar. What is published is always the latest save, manual edits included;
   * the answer names its run.
   */
  runId?: RunRef | null;
}

/** What became of a whole request. */
export type PublishStatus =
  /** At least one entry would be published (or the calendar is empty), and every intent is stored. */
  | "dry_run"
  /** No entry would be published; every intent is stored. */
  | "refused"
  /** The store is down: the intents wait in the outbox and will be stored when it is back. */
  | "queued"
  /** Publishing is switched off. */
  | "disabled";

/** The accounts, all of them. */
export interface PutAccountsInput {
  /** The accounts. */
  accounts: ChannelAccount[];
}

/** An entry to be put in. */
export interface PutInput {
  /** The entry. */
  entry: CalendarEntry;
}

/** A job to be put in. */
export interface PutJobInput {
  /** The job. */
  job: PublishJob;
}

/** The limits that moves are judged by. */
export interface PutSettingsInput {
  /** The limits. */
  settings: ScheduleSettings;
}

/** How many jobs wait, and for how long. */
export interface QueueDepth {
  /** The store's time. */
  at: Timestamp;
  /** Unfinished jobs by channel and status; what has none is left out. */
  counts: JobCount[];
  /** When the longest due job that nobody holds became due. */
  oldestDueAt?: Timestamp | null;
}

/** What commands go by. */
export interface QueueSettings {
  /** How many jobs are made or changed in one transaction; 0 counts as 1. */
  chunk?: number;
  /** When failures are tried again: the workers' policy. */
  policy?: RetryPolicy;
  /**
   * How many seconds from the store's present "publish now" is due: long enough for the command to
   * be stored before; 0 counts as 1.
   */
  publishNowLeadSeconds?: number;
  /** The limits that moves are judged by. */
  schedule?: ScheduleSettings;
}

/** A platform's quota of posts per moving window. */
export interface Quota {
  /** Posts already made in the window, by this library or others. */
  used: number;
  /** Posts allowed in the window. */
  total: number;
  /** Length of the window in seconds. */
  windowSeconds: number;
  /** When this was read. */
  readAt: Timestamp;
}

/** A piece that could be read. */
export interface ReadPiece {
  /** Its place among what was read, from 0. */
  index: number;
  /** The piece. */
  piece: CalendarPiece;
  /**
   * Each field that was missing and given the host's default (`Code::FieldDefaulted`), with
   * the default as what was measured.
   */
  defaults?: Failure[];
}

/** What `readPieces` reads. The document is text, so that what is wrong in it has a place in it. */
export interface ReadPiecesInput {
  /** A JSON array of pieces, or an object with such an array as `entries`. */
  json: string;
}

/** An entry's readiness, everything that was found, and what to do next. */
export interface Readiness {
  /** What the host stores. */
  state: ReadinessState;
  /** What the tile shows. */
  tile: Tile;
  /** Everything that was found, blocking findings first; every one is listed, whatever the tile. */
  findings: Finding[];
  /** The one thing to do next, if anything is to be done. */
  nextAction?: Action | null;
}

/** What a move does to an entry's readiness. */
export interface ReadinessChange {
  /** The entry. */
  entryId: EntryId;
  /** Its readiness where it stands. */
  before: ReadinessState;
  /** Its readiness where it would stand. */
  after: ReadinessState;
}

/** The readiness the host stores with an entry. */
export type ReadinessState =
  /** Nothing stands in the way. */
  | "ready"
  /** It has no media, or not enough. */
  | "missing_media"
  /** The account's token has run out, or will have when the entry is due. */
  | "token_expired"
  /** An attempt failed for certain and a retry is pending. */
  | "failed_retry"
  /** It is out. Terminal. */
  | "published"
  /** A person must act. */
  | "needs_attention";

/** Whether a post is out or waits in an inbox. */
export type ReceiptKind =
  /** It is public, or as public as was chosen. */
  | "published"
  /** A TikTok draft waits in the creator's inbox. */
  | "delivered_to_inbox";

/** What looking for a post whose outcome is unknown came to. */
export type Reconciled =
  /** It is out. */
  | {
    type: "published";
    /** Whether it is out. */
    kind: ReceiptKind;
    /** The platform's id of the post: a string, since such ids exceed 2^53. */
    externalId: string;
    /** When the platform said so. */
    at: Timestamp;
    /** Where people see it, where the platform says. */
    permalink?: string | null;
  }
  /** It is not, and this is how we know. */
  | {
    type: "not_published";
    /** The evidence, for the attempt's row. */
    evidence: string;
    /**
     * Where the next attempt goes on, where something that was made is still good (the same
     * container is posted again); `null` to start afresh.
     */
    resume?: Progress | null;
  }
  /** Nobody can say yet. */
  | {
    type: "still_unknown";
    /** What was seen so far: durable before the next look. */
    progress: Progress;
    /** When looking again can tell more; `null` where only a person can tell. */
    lookAgainAfterMillis?: number | null;
  };

/** What a look on the platform said. */
export type Reconciliation =
  /** The post is there. */
  | {
    type: "published";
    /** The platform's names for it. */
    receipt: PostReceipt;
  }
  /** The draft is in the creator's TikTok inbox. */
  | {
    type: "delivered_to_inbox";
  }
  /** There is evidence that the write didn't publish. */
  | {
    type: "not_published";
  }
  /** Neither. */
  | {
    type: "still_unknown";
  };

/** Intents to be recorded, with the command that made them. */
export interface RecordIntents {
  /** Whose they are; every intent names the same user. */
  userId: UserId;
  /** The intents. One whose id is stored already is left as it is. */
  intents: PublishIntent[];
  /** The command, where it carried an idempotency key. */
  command?: Command | null;
}

/** What recording intents came to. */
export type Recorded =
  /** They are durable. */
  | {
    type: "now";
    /** How many weren't stored before. */
    new: number;
  }
  /** The command was answered before; nothing was written now. */
  | {
    type: "before";
    /** The answer it was given, as JSON text. */
    answer: string;
  };

/** A row or an entry that wasn't taken. */
export interface Refusal {
  /** The line of the file it begins on. */
  line: number;
  /** Everything that is wrong with it, each with its place. */
  errors: Failure[];
}

/**
 * A row of a calendar that can't be read as an entry. It is kept to the letter and named, so that
 * it never disappears silently and never blocks the others.
 */
export interface RefusedEntry {
  /** The row's identity. */
  id: EntryId;
  /** Its place in the calendar, from 0. */
  position: number;
  /** The payload, as it came. */
  payload: string;
  /** What is wrong with it. */
  error: Failure;
}

/** A piece that arrived and can't be read. It is kept as it came. */
export interface RefusedPiece {
  /** Its place in the calendar, from 0. */
  index: number;
  /** The piece as it came, as JSON text. */
  payload: string;
  /** Everything that is wrong with it, field by field. */
  errors: Failure[];
}

/** What was generated, to be merged with the entries as they are. */
export interface Regeneration {
  /** The calendar. */
  calendarId: CalendarId;
  /** What is generated now. */
  theirs: KeyedPiece[];
  /** Whether that is the whole regeneration; where its stream broke off, nothing is removed. */
  complete: boolean;
  /** What was last generated, before anybody edited it. Where nobody knows any more: empty. */
  base?: KeyedPiece[];
  /** Entries that must stay as they are although they aren't stored as published. */
  frozen?: EntryId[];
}

/** A release's name, such as `v1.4.2` or a commit: 1 to 64 ASCII letters, digits and `-_.:`. */
export type Release = string;

/** What `replayAlerts` looks through. */
export interface ReplayAlertsInput {
  /** The events, in order. */
  events: Event[];
  /** Until when it is waited for silence; until the last event if left out. */
  until?: Timestamp | null;
}

/** The alerts that events raise. */
export interface ReplayedAlerts {
  /** The alerts, in order. */
  alerts: Alert[];
}

/** A request, but for its body. */
export interface RequestHead {
  /** What it does. */
  method: Method;
  /** The address, absolute. It may hold a token. */
  url: string;
  /** Header lines. */
  headers: HeaderLine[];
  /** How long the whole exchange may take before it counts as unanswered, in milliseconds. */
  deadlineMillis: number;
}

/**
 * A request's id: 1 to 64 ASCII letters, digits and `-_.:`, so that no sentence, no URL and hardly a
 * token can pass for one.
 */
export type RequestId = string;

/** An entry to be moved. */
export interface Reschedule {
  /** The calendar. */
  calendarId: CalendarId;
  /** Which entry, and where to. */
  to: RescheduleRequest;
}

/** `reschedule`. */
export interface RescheduleJobRequest {
  /** Who asks. */
  context: CommandContext;
  /** What is moved, and to when. */
  reschedule: Reschedule;
}

/** Where one entry is to be moved. */
export interface RescheduleRequest {
  /** The entry. */
  entryId: EntryId;
  /** The date it was dropped on, in its account's zone. */
  date: LocalDate;
  /** The time it was dropped on. */
  time: LocalTime;
  /**
   * Snap the time to the nearest 15 or 30 minutes of the hour, half-way times forward, without
   * leaving the date. `null` takes the time to the minute.
   */
  snapMinutes?: number | null;
}

/** The instant that a wall-clock time stands for. */
export interface Resolution {
  /** The instant. */
  instant: Timestamp;
  /** What a daylight-saving change did to it, if anything. */
  note?: DstNote | null;
}

/** A wall clock somewhere, for `resolveTime`. */
export interface ResolveTimeInput {
  /** The date. */
  date: LocalDate;
  /** The time of day. */
  time: LocalTime;
  /** The zone of the clock. */
  zone: Zone;
}

/** An answer, but for its body. */
export interface ResponseHead {
  /** The status. */
  status: number;
  /** Header lines. */
  headers?: HeaderLine[];
}

/** A job that provably didn't publish. */
export interface ResumableJob {
  /** The job. */
  job: PublishJob;
  /** What it stopped for: the incident's code, or a time that passed meanwhile. */
  code: Code;
  /** How many minutes late it would be; 0 where its time is to come. */
  lateByMinutes: number;
}

/** Jobs to be gone on with. */
export interface ResumeIncident {
  /** Which jobs. */
  survey: SurveyIncident;
  /**
   * How many minutes late a post may go out. What is later is left for a person, job by job. It is
   * this command's alone and takes the place of the accounts' grace.
   */
  lateByMinutes: number;
}

/** `resumeAfterIncident`: for every user's jobs, for whoever runs the service. */
export interface ResumeIncidentRequest {
  /** Who asks. */
  context: CommandContext;
  /** Which jobs. */
  resume: ResumeIncident;
}

/** What follows a failure. */
export type RetryDecision =
  /** Another attempt. */
  | {
    type: "retry_at";
    /** When it is due. */
    at: Timestamp;
    /** Which attempt it will be, from 1. */
    attempt: number;
  }
  /** No further attempt without a person. */
  | {
    type: "give_up";
    /** The attempts that were made. */
    attempts: number;
  };

/**
 * How long to wait before each retry.
 *
 * It holds at most `RetryPolicy::MAX_RETRIES` delays, each between one minute and one day. With
 * none, the first failure needs a person.
 */
export interface RetryPolicy {
  delayMinutes: number[];
}

/**
 * A set of rules, complete and plain: a host can keep its own and replace it at run time.
 *
 * A kind of post that a book doesn't hold can't be published.
 */
export interface RuleBook {
  /** The book's own version. */
  version: string;
  /** The day the book was last held against the platforms' pages. */
  date: LocalDate;
  /** The rules, by kind of post. */
  posts: PostRules[];
  /** The caps. */
  caps: Cap[];
}

/**
 * One generation or save of a calendar.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type RunId = string;

/** A run as streams and exports name it: a stored run, or the flag-off draft's literal `legacy`. */
export type RunRef = string;

/** `run`: a run of a user's calendar. */
export interface RunRequest {
  /** Whose it is. */
  userId: UserId;
  /** The calendar. */
  calendarId: CalendarId;
  /** The run. */
  runId: RunId;
}

/** How a generation ended. */
export type RunStatus =
  /** Every piece arrived. */
  | "completed"
  /** It was cut; what had arrived is kept. */
  | "timeout"
  /** It failed; what had arrived is kept. */
  | "failed";

/** A generation that was started and of which no end is known. */
export interface RunningGeneration {
  /** Whose it is. */
  userId: UserId;
  /** When it was started. */
  startedAt: Timestamp;
}

/** A whole calendar to be saved as one run: all of it, or nothing. */
export interface SaveCalendar {
  /** Whose calendar it is. */
  userId: UserId;
  /** The calendar. */
  calendarId: CalendarId;
  /** The revision the caller had read; 0 for a calendar that was never saved. */
  expectedRevision: number;
  /** The run that this save is. */
  run: CalendarRun;
  /** The entries in their order, manual edits included. */
  entries: CalendarEntry[];
  /**
   * What was generated, where the entries are its merge with manual edits. A run that isn't
   * manual and leaves this out was saved as it was generated.
   */
  generated?: CalendarEntry[] | null;
  /** The plan it was made from. */
  planId?: PlanId | null;
  /** Pieces that couldn't be read; they are kept as they came. */
  refused?: RefusedEntry[];
}

/** How a save went. */
export type SaveStatus =
  /** It is stored. */
  | "saved"
  /** Somebody else saved in the meantime; nothing was written. */
  | "conflict"
  /** It failed; the stored calendar is as it was. */
  | "failed";

/** What a save came to. */
export interface SavedCalendar {
  /** The run that was saved. */
  runId: RunId;
  /** The revision it made. */
  revision: number;
  /** Whether exactly this save had been made before, and nothing was written now. */
  repeated: boolean;
}

/** Entries to be scheduled. */
export interface Schedule {
  /** The entries, of one calendar or of several. */
  entries: CalendarEntry[];
}

/** A calendar to be scheduled as it was last saved. */
export interface ScheduleCalendar {
  /** The calendar. */
  calendarId: CalendarId;
}

/** `scheduleCalendar`. */
export interface ScheduleCalendarRequest {
  /** Who asks. */
  context: CommandContext;
  /** Which calendar. */
  schedule: ScheduleCalendar;
}

/** Jobs to be made for one user. */
export interface ScheduleJobs {
  /** Whose they are. */
  userId: UserId;
  /** The jobs. One that is refused leaves the others alone. */
  jobs: NewJob[];
  /** The idempotency key, where the command carried one. */
  command?: CommandKey | null;
}

/** `schedule`. */
export interface ScheduleRequest {
  /** Who asks. */
  context: CommandContext;
  /** What is scheduled. */
  schedule: Schedule;
}

/** Limits a plan is judged by. */
export interface ScheduleSettings {
  /** Caps that take the place of the quotas the platforms reported. */
  caps?: AccountCap[];
  /**
   * Two posts of one account clash when they are fewer minutes apart than this, at least 1. With
   * 1, the default, only posts of the same minute clash.
   */
  minDistanceMinutes?: number;
}

/** What became of a batch. */
export interface Scheduled {
  /** Whether the whole batch had been scheduled before under its key. */
  repeated: boolean;
  /** An outcome per entry, in the order of the entries. */
  outcomes: EntryJob[];
}

/** A key that seals. No log and no error shows it. */
export interface SealingKey {
  /** Its name, which stands beside whatever it sealed: 1 to 64 letters, digits, `-` or `_`. */
  id: string;
  /** The key: 32 random bytes in Base64. `openssl rand -base64 32` makes one. */
  key: string;
}

/** What a session expects of its stream. */
export interface SessionOptions {
  /** The age at which a generation is cut, in milliseconds. The host cuts at 30 s, the default. */
  cutAfterMillis?: number;
  /** The largest event, in bytes; 1 MiB by default. */
  maxEventBytes?: number;
  /** The most pieces a calendar may have; 10,000 by default. */
  maxPieces?: number;
  /**
   * The most bytes of one stream, keep-alives included; 16 MiB by default. What arrived within the
   * bound is kept.
   */
  maxStreamBytes?: number;
  /**
   * The silence after which a stream counts as stalled, in milliseconds. The host sends a
   * keep-alive every 10 s; the default of 25 s is two missed ones and a margin.
   */
  stallAfterMillis?: number;
}

/** What time it is. */
export interface SetNowInput {
  /** The present. */
  now: Timestamp;
}

/** A setting as an environment holds it. */
export interface Setting {
  /** The name: `PUBLISH_SERVICE_ENABLED`. */
  name: string;
  /** The value. */
  value: string;
}

/** What isn't set up. */
export type SetupStatus =
  /** No working account is linked on the channel. */
  | "auth_missing"
  /** The app lacks a setting, a key or a permission. */
  | "config_missing";

/** How heavy a finding weighs. */
export type Severity =
  /** The entry can't be published like this. */
  | "blocking"
  /** It can be published, but probably not as the person wants it. */
  | "warning"
  /** Good to know. */
  | "notice";

/** The name of a severity. */
export interface SeverityLabel {
  /** The severity. */
  severity: Severity;
  /** Its name. */
  label: string;
}

/** A calendar's entries to be moved. */
export interface Shift {
  /** The calendar. */
  calendarId: CalendarId;
  /** Which way. */
  change: ShiftChange;
}

/** Which way entries are moved. */
export type ShiftChange =
  /**
   * As a plan says that a person has seen: of `plan_shift`,
   * `plan_insert` or
   * `plan_reschedule`.
   */
  | {
    type: "apply";
    /** The plan. */
    plan: ShiftPlan;
  }
  /** Back to where they were before a move. */
  | {
    type: "undo";
    /** The answer's receipt of the move. */
    receipt: ShiftReceipt;
  };

/** `shift`. */
export interface ShiftJobsRequest {
  /** Who asks. */
  context: CommandContext;
  /** What is moved. */
  shift: Shift;
}

/** How far entries are shifted. */
export type ShiftOffset =
  /**
   * By calendar days: the wall clock stays, the instant follows the zone. No days at all resolve
   * the wall clocks anew, which gives instants to entries that never had one or whose account
   * changed its zone.
   */
  | {
    type: "days";
    /** How many; negative ones lead back. */
    days: number;
  }
  /** By elapsed minutes: the instant moves by exactly so many, the wall clock follows the zone. */
  | {
    type: "minutes";
    /** How many; negative ones lead back. */
    minutes: number;
  };

/**
 * What a shift, a drag or an insertion would do. Nothing has happened yet.
 *
 * Clashes and exceeded caps are shown for a person to weigh; `refused` entries forbid the plan as a
 * whole, and `apply` says so.
 */
export interface ShiftPlan {
  /** The entries that move, in calendar order. */
  moves: EntryMove[];
  /** Posts that would be too many, with a moved entry in their window. */
  capExcesses?: CapExcess[];
  /** Clashes that a moved entry would take part in. */
  clashes?: Clash[];
  /**
   * Entries that were chosen and stay where they are: published or on their way
   * (`Code::ScheduleFrozen`), or without an account whose zone could be used
   * (`Code::ChannelAuthMissing`, `Code::AccountAmbiguous`, `Code::AccountNotFound`,
   * `Code::AccountChannelMismatch`).
   */
  held?: PlanIssue[];
  /**
   * What the moves do to the entries' readiness. Planning leaves this empty: whoever knows the
   * rules fills it in.
   */
  readinessChanges?: ReadinessChange[];
  /**
   * Entries that would land in the past (`Code::ScheduleInPast`): while there is one, nothing
   * can be applied.
   */
  refused?: PlanIssue[];
}

/** A plan that has been applied: what it takes to undo it. */
export interface ShiftReceipt {
  /** The entries that moved. */
  moved: MovedEntry[];
}

/** Which entries are shifted, and how far. */
export interface ShiftRequest {
  /** The entries, in any order. */
  entryIds: EntryId[];
  /** How far. */
  offset: ShiftOffset;
}

/** Whose value an entry ends up with. */
export type Side =
  /** What is saved. */
  | "mine"
  /** What the change would bring. */
  | "theirs";

/** When an entry is due: what the person meant, and the instant it comes to. */
export interface Slot {
  /** The date on the wall. */
  date: LocalDate;
  /** The time on the wall. */
  time: LocalTime;
  /** The instant; `null` where the entry has never been scheduled. */
  scheduledAt?: Timestamp | null;
}

/** Where a rule comes from. */
export interface Source {
  /** The page's title, or who observed it. */
  page: string;
  /** The date on the page, or the date of the copy that was read. */
  date: LocalDate;
  /** The page's address, where it is public. */
  url?: string | null;
}

/** Jobs in one status. */
export interface StatusCount {
  /** The status. */
  status: JobStatus;
  /** How many. */
  count: number;
}

/** What one step came to. */
export type Step =
  /** There is more to do. `progress` must be durable before the next step is taken. */
  | {
    type: "pending";
    /** Where to go on. */
    progress: Progress;
    /**
     * How long to wait first. A decisive step isn't waited for: once it
     * stands in the store it counts as called. Whoever has to wait before does so in a step that
     * reads.
     */
    pollAfterMillis: number;
  }
  /** The post is out. */
  | {
    type: "done";
    /** Whether it is out. */
    kind: ReceiptKind;
    /** The platform's id of the post: a string, since such ids exceed 2^53. */
    externalId: string;
    /** When the platform said so. */
    at: Timestamp;
    /** Where people see it, where the platform says. */
    permalink?: string | null;
  };

/** What a step does to the platform. */
export type StepKind =
  /** It only reads: no attempt begins with it. */
  | "read"
  /** It writes, but publishes nothing, and repeating it does no harm. */
  | "repeatable"
  /** It can publish: an unanswered call must be reconciled and never repeated. */
  | "decisive"
  /**
   * It asks what became of a decisive step that was answered. It only reads, and the post may be
   * out already.
   */
  | "confirm";

/** Why the store couldn't do what it was asked. In every case the stored rows are as they were. */
export type StoreError =
  /** It can't be reached or can't write now; it may later. */
  | {
    type: "unavailable";
    /** Why, for developers. */
    reason: string;
  }
  /** Somebody else saved in the meantime. */
  | {
    type: "revision_conflict";
    /** The revision the caller had read. */
    expected: number;
    /** The revision the calendar has; 0 where it was never saved. */
    found: number;
  }
  /** A run of this id was saved with other content. */
  | {
    type: "run_conflict";
    /** The run. */
    runId: RunId;
  }
  /** The idempotency key was used for other content. */
  | {
    type: "command_conflict";
    /** The key. */
    key: string;
  }
  /** There is no such row for this user. */
  | {
    type: "not_found";
    /** What isn't there. */
    what: Missing;
  }
  /** What was to be stored contradicts itself. */
  | {
    type: "invalid";
    /** What went wrong. */
    code: Code;
    /** What is allowed. */
    allowed?: Allowed | null;
    /** What was measured. */
    measured?: Measure | null;
    /** Where in the input: `entries[3].piece.date`; empty where the whole input is meant. */
    path?: string;
    /** Where in the text. */
    position?: Position | null;
  }
  /** A stored row can't be read. */
  | {
    type: "corrupt";
    /** The table and column. */
    place: string;
    /** Why, for developers. */
    reason: string;
  }
  /** The database was written by a newer version of this library. */
  | {
    type: "schema_newer";
    /** The schema that was found. */
    found: number;
    /** The newest schema this version knows. */
    known: number;
  };

/** A calendar as one run left it. */
export interface StoredCalendar {
  /** The calendar. */
  calendarId: CalendarId;
  /** The revision that the run made. */
  revision: number;
  /** The run. */
  run: CalendarRun;
  /** The entries, in the order they were saved. */
  entries: CalendarEntry[];
  /** Rows that can't be read as entries, by position. */
  refused: RefusedEntry[];
  /** The plan it was made from. */
  planId?: PlanId | null;
}

/**
 * Bytes of a stream: as text, or in hexadecimal where they aren't UTF-8 by themselves. Of both, the
 * text comes first.
 */
export interface StreamChunk {
  /** When they arrived. */
  at?: Timestamp | null;
  /** The bytes in hexadecimal, two digits a byte. */
  hex?: string;
  /** The bytes as text. */
  text?: string;
}

/** The `error` of an envelope, in the host's words. */
export interface StreamFailure {
  /** The host's code: `AI_TIMEOUT`, or one this library doesn't know. */
  code: string;
  /** The host's text for people. */
  message?: string;
}

/** How a stream went. */
export type StreamStatus =
  /** It started. */
  | "started"
  /** Every piece arrived. */
  | "completed"
  /** It was cut after its time. */
  | "timeout"
  /** It failed. */
  | "failed"
  /** The person cancelled it. */
  | "cancelled";

/** The payload of `done`. */
export interface StreamSummary {
  /** How the generation ended. */
  status: RunStatus;
  /** What changed against the calendar that was regenerated. */
  diff: CalendarDiff;
  /** The calendar. */
  calendarId?: CalendarId | null;
  /** Parts of the diff and ids that can't be read. */
  errors?: Failure[];
  /** How many pieces the host counted. */
  pieceCount?: number | null;
  /** The run. */
  runId?: RunRef | null;
}

/** What a limit measures. */
export type Subject =
  /** The length of the caption as it is sent. */
  | "caption_length"
  /** The length of a TikTok photo post's title. */
  | "title_length"
  /** The hashtags of the caption as it is sent. */
  | "hashtags"
  /** The mentions of the caption as it is sent. */
  | "mentions"
  /** The number of files. */
  | "items"
  /** The kind of each file: `image`, `video`. */
  | "media_kind"
  /** The URL of each file that the platform fetches. */
  | "media_url"
  /** An image's MIME type. */
  | "image_format"
  /** An image's size. */
  | "image_bytes"
  /** An image's width. */
  | "image_width"
  /** An image's shorter side. */
  | "image_short_side"
  /** An image's longer side. */
  | "image_long_side"
  /** An image's width divided by its height. */
  | "image_ratio"
  /** A video's MIME type. */
  | "video_format"
  /** A video's size. */
  | "video_bytes"
  /** A video's width. */
  | "video_width"
  /** A video's height. */
  | "video_height"
  /** A video's shorter side. */
  | "video_short_side"
  /** A video's width divided by its height. */
  | "video_ratio"
  /** A video's duration. */
  | "video_duration"
  /** A video's duration, where the creator's own maximum isn't known. */
  | "video_duration_any_creator"
  /** A video's codec: `h264`, `hevc`, `vp8`, `vp9`. */
  | "video_codec"
  /** A video's frames per second. */
  | "video_frame_rate"
  /** A video's bits per second, all tracks together. */
  | "video_bit_rate"
  /** A video's order: `moov_first`, where its index stands before its data, or `moov_last`. */
  | "video_layout"
  /** A video's edit lists: `none` or `edit_list`. */
  | "video_edits"
  /** The codec of a video's sound: `aac`. */
  | "audio_codec"
  /** The samples per second of a video's sound. */
  | "audio_sample_rate"
  /** The channels of a video's sound. */
  | "audio_channels"
  /** The length of an alternative text. */
  | "alt_text_length"
  /** The accounts tagged on one file. */
  | "user_tags"
  /** A tag's distance from the left or upper edge. */
  | "user_tag_position"
  /** The length of a tagged or invited account's name. */
  | "user_name_length"
  /** The invited co-authors. */
  | "collaborators"
  /** The frame that is the cover, from the start of the video; it lies before its end, too. */
  | "cover_offset"
  /** The MIME type of a cover of its own. */
  | "cover_format"
  /** The size of a cover of its own. */
  | "cover_bytes"
  /** The width of a cover of its own divided by its height. */
  | "cover_ratio";

/** What becomes of a choice. */
export type Support =
  /** It must be made: blocking without it. */
  | "required"
  /** It can be made. */
  | "optional"
  /** It has no effect here: a warning. */
  | "ignored"
  /** Without it the post would be another than the person meant: blocking. */
  | "unsupported";

/** What the rest of the calendar does around an entry's instant, on the same account. */
export interface Surroundings {
  /**
   * Other posts in the moving window of the daily cap that ends at the instant, without those that
   * the account's quota already counts as used.
   */
  postsInWindow: number;
  /** The nearest other post. */
  nearest?: Timestamp | null;
}

/** Which jobs an incident is made answerable for. */
export interface SurveyIncident {
  /** The channel. */
  channel: Channel;
  /** What accounts failed with: the code of the channel's pause. */
  code: Code;
  /** When it began: jobs that came to need attention before aren't looked at. */
  since: Timestamp;
  /** The most jobs needing attention that are looked at: 1 to 10,000. */
  limit: number;
  /** After this job, in the order of ids: where the last report ended. */
  after?: JobId | null;
}

/**
 * What a text measures: its length in both units, and what a platform will recognise in it.
 *
 * Numbers stop at `u32::MAX`.
 */
export interface TextCount {
  /** UTF-16 code units: 👍 is two. */
  utf16: number;
  /** Unicode code points: 👍 is one. */
  codePoints: number;
  /** Hashtags. */
  hashtags: number;
  /** Mentions. */
  mentions: number;
}

/** `tick`. */
export interface TickRequest {
  /** How many jobs are claimed at most. */
  limit: number;
}

/** TikTok's `creator_info`: what one creator may do at the moment it was read. */
export interface TiktokCreator {
  /** The privacy levels to choose from. */
  privacyOptions: TiktokPrivacy[];
  /** When this was read. */
  readAt: Timestamp;
  /** Whether the TikTok account is private; `null` where it isn't known. */
  accountPrivate?: boolean | null;
  /** Whether TikTok has audited the app; `null` where the host didn't say. */
  appAudited?: boolean | null;
  /** The creator allows no comments. */
  commentDisabled?: boolean;
  /** The creator allows no duets. */
  duetDisabled?: boolean;
  /** The longest video this creator may post, in seconds. */
  maxVideoSeconds?: number | null;
  /** The creator allows no stitches. */
  stitchDisabled?: boolean;
}

/** The post form that TikTok's guidelines ask for. */
export interface TiktokForm {
  /** The privacy levels; none is selected until the person chooses. Empty for a draft. */
  privacy: PrivacyChoice[];
  /** The switches; photos have only comments, a draft none. */
  interactions: InteractionToggle[];
  /** The links in that text. */
  consentLinks: ConsentLink[];
  /** What else the form tells, in the order of its controls. */
  notices: TiktokNotice[];
  /**
   * Whether the publish button is enabled: the choices are complete. It says nothing of text, media
   * or account.
   */
  canPublish: boolean;
  /** The text right before the publish button; a draft has none. */
  consentText?: string | null;
  /** The label the post will carry. */
  label?: TiktokLabel | null;
  /** The longest video the creator may post, in seconds. */
  maxVideoSeconds?: number | null;
}

/** What `tiktokForm` makes TikTok's form from. */
export interface TiktokFormInput {
  /** What was chosen so far. */
  options: TiktokOptions;
  /** What TikTok says of the creator. */
  creator: TiktokCreator;
  /** What is posted. */
  media: MediaKind;
}

/** A way of answering to a post. */
export type TiktokInteraction =
  /** Comments. */
  | "comment"
  /** Duets. */
  | "duet"
  /** Stitches. */
  | "stitch";

/** The label TikTok puts on commercial content. */
export type TiktokLabel =
  /** "Promotional content": the creator's own business. */
  | "promotional_content"
  /** "Paid partnership": a third party's. */
  | "paid_partnership";

/** How a TikTok post is delivered. */
export type TiktokMode =
  /** Published on the creator's profile. */
  | "direct"
  /** Delivered as a draft to the creator's inbox; the creator finishes it in the app. */
  | "inbox";

/** Something the form tells the person. */
export type TiktokNotice =
  /** Choose who may see the post: nothing is chosen for the person. */
  | "choose_privacy"
  /** "Branded content visibility cannot be set to private." */
  | "branded_content_not_private"
  /** Say whether the post promotes yourself, a third party, or both. */
  | "choose_disclosure"
  /** The post will be labelled "Promotional content". */
  | "labelled_promotional_content"
  /** The post will be labelled "Paid partnership". */
  | "labelled_paid_partnership"
  /** It can take a few minutes until the post appears. */
  | "appears_in_minutes"
  /** The draft is finished from the notification in TikTok's inbox. */
  | "finish_in_inbox";

/**
 * What the person chose for TikTok. Interactions start off and are turned on one by one, as
 * TikTok's content sharing guidelines demand.
 */
export interface TiktokOptions {
  /** The content was made by AI. */
  aiGenerated?: boolean;
  /** Whether comments are allowed. */
  allowComment?: boolean;
  /** Whether duets are allowed (videos only). */
  allowDuet?: boolean;
  /** Whether stitches are allowed (videos only). */
  allowStitch?: boolean;
  /** TikTok adds music of its choice (photo posts only). */
  autoAddMusic?: boolean;
  /** The post is a paid partnership with a third party. */
  brandedContent?: boolean;
  /** What the person agreed to. */
  consent?: Consent | null;
  /** Whether the commercial content switch is on. */
  discloseCommercial?: boolean;
  /** Direct post or draft. */
  mode?: TiktokMode;
  /** Who may see the post. */
  privacy?: TiktokPrivacy | null;
  /** The post promotes the creator's own business. */
  yourBrand?: boolean;
}

/** Who may see a TikTok post. There is no default: TikTok demands that the person picks. */
export type TiktokPrivacy =
  /** Everyone. */
  | "PUBLIC_TO_EVERYONE"
  /** Followers that the creator follows back. */
  | "MUTUAL_FOLLOW_FRIENDS"
  /** Followers (offered to private accounts). */
  | "FOLLOWER_OF_CREATOR"
  /** Only the creator. */
  | "SELF_ONLY";

/** How TikTok is spoken to. Everything may be left out; the default is right for TikTok itself. */
export interface TiktokSettings {
  /** Where the API is, without a slash at its end. */
  api?: string | null;
  /** The longest that the media source takes for one chunk, in seconds. 30. */
  mediaDeadlineSeconds?: number | null;
  /** How long a call of the API may take, in seconds. 25. */
  requestDeadlineSeconds?: number | null;
  /** Up to how many bytes a video goes as one chunk, which is held in memory: at most 64,000,000. */
  singleChunkUpTo?: number | null;
  /** Whether only TikTok's dead upload address is evidence that a video isn't out. */
  strict?: boolean;
  /** The longest that the host takes for a token, renewal included, in seconds. 10. */
  tokenDeadlineSeconds?: number | null;
  /** How long sending one chunk may take, in seconds. 90. */
  uploadDeadlineSeconds?: number | null;
  /** Which hosts may be sent a video: `.example.com` stands for all below it. */
  uploadHosts?: string[] | null;
  /** How long a public post that is out is asked for its id, in seconds. 90. */
  waitForPostIdSeconds?: number | null;
}

/** What a calendar's tile shows: the readiness, or what the entry is doing. */
export type Tile =
  /** Nothing stands in the way, but nothing is scheduled. */
  | "ready"
  /** It has no media, or not enough. */
  | "missing_media"
  /** The account's token has run out, or will have when the entry is due. */
  | "token_expired"
  /** An attempt failed for certain and a retry is pending. */
  | "failed_retry"
  /** It is out. */
  | "published"
  /** A person must act. */
  | "needs_attention"
  /** It isn't meant to be published yet. */
  | "draft"
  /** A job waits for its time. */
  | "scheduled"
  /** A worker is publishing it. */
  | "publishing"
  /** A TikTok draft waits in the creator's inbox: not published. */
  | "delivered_to_inbox";

/** How many entries show one badge. */
export interface TileCount {
  /** The badge. */
  tile: Tile;
  /** How many. */
  count: number;
}

/** The badge of a tile. */
export interface TileLabel {
  /** The tile. */
  tile: Tile;
  /** The badge's text. */
  label: string;
  /** The badge's colour. */
  tone: Tone;
}

/** A page of tiles. */
export interface TilePage {
  /** How many tiles fit, on all pages. */
  total: number;
  /** Those of this page. */
  tiles: TileView[];
}

/** What a calendar shows of an entry. */
export interface TileView {
  /** The entry. */
  entryId: EntryId;
  /** Its title. */
  title: string;
  /** Its channel. */
  channel: Channel;
  /** Its format, in the host's spelling. */
  format: PostFormat;
  /** Its date, in its account's zone. */
  date: LocalDate;
  /** Its time, in its account's zone. */
  time: LocalTime;
  /** The badge. */
  tile: Tile;
  /** The readiness that the host stores. */
  state: ReadinessState;
  /** How many findings there are. */
  findings: number;
  /** The revision of the entry. */
  revision: number;
  /** The first of them: what decided, wherever a finding did. */
  cause?: Code | null;
  /** The one thing to do next, if anything is to be done. */
  nextAction?: Action | null;
  /** The instant it is scheduled for, where it was. */
  scheduledAt?: Timestamp | null;
}

/**
 * An instant in UTC, to the millisecond, between the years 1 and 9999.
 *
 * On the wire: RFC 3339 in UTC, `2026-04-01T09:00:00Z`, with milliseconds only where there are any.
 * Any RFC 3339 offset is read.
 */
export type Timestamp = string;

/** What the port answers. It holds a secret, so that it has no `Debug`. */
export interface TokenAnswer {
  /** The token. */
  token: string;
  /** Which of the account's tokens it is: each renewal counts up. */
  version: number;
}

/** Why there is no token: the document of a refusal. */
export type TokenFailure =
  /** The account isn't linked (any more), or the authorisation was withdrawn. */
  | {
    type: "revoked";
  }
  /** The token has run out and can't be renewed. */
  | {
    type: "expired";
  }
  /** It may work in a while. */
  | {
    type: "unavailable";
    /** Why, for developers, without any secret. */
    reason?: string;
  };

/** What a badge's colour means; the host's palette has the shades. */
export type Tone =
  /** All is well: green. */
  | "success"
  /** Something is missing. */
  | "warning"
  /** Something is broken. */
  | "error"
  /** Nothing to say. */
  | "neutral"
  /** A person should look. */
  | "amber";

/** Why there is no answer. What matters is whether the request may have taken effect. */
export type TransportError =
  /** No byte of the request left: it certainly had no effect. */
  | {
    type: "not_sent";
    /** Why, for developers, without address or token. */
    reason: string;
  }
  /** The request left and no (whole) answer came: it may have taken effect. */
  | {
    type: "no_answer";
    /** Why, for developers, without address or token. */
    reason: string;
  }
  /** The address must not be called: not `https`, or inside the host's own network. */
  | {
    type: "address_forbidden";
    /** Which rule it breaks. */
    reason: string;
  };

/** How a trial reel reaches the followers. */
export type TrialReel =
  /** When the person says so. */
  | "manual"
  /** When it does well. */
  | "performance";

/** A move to be taken back by `undoShift`. */
export interface UndoShiftInput {
  /** The receipt of the move. */
  receipt: ShiftReceipt;
  /** The entries as they are now. */
  entries: CalendarEntry[];
}

/** Entries whose move was taken back. */
export interface UndoneShift {
  /** The entries, at their earlier times. */
  entries: CalendarEntry[];
}

/** What a number counts. */
export type Unit =
  /** UTF-16 code units, the way TikTok counts characters: 👍 is two. */
  | "utf16"
  /** Unicode code points: 👍 is one. */
  | "code_points"
  /** Bytes. */
  | "bytes"
  /** Levels of nesting. */
  | "levels"
  /** Milliseconds. */
  | "milliseconds"
  /** Seconds. */
  | "seconds"
  /** Minutes. */
  | "minutes"
  /** Pixels. */
  | "pixels"
  /** Frames per second. */
  | "frames_per_second"
  /** Width divided by height. */
  | "ratio"
  /** Bits per second. */
  | "bits_per_second"
  /** Hertz. */
  | "hertz"
  /** Audio channels. */
  | "audio_channels"
  /** Media files of a post. */
  | "items"
  /** Hashtags. */
  | "hashtags"
  /** Mentions. */
  | "mentions"
  /** Accounts (tagged, or invited). */
  | "accounts"
  /** Posts in a window. */
  | "posts"
  /** Pieces of a calendar. */
  | "pieces"
  /** Entries of a calendar. */
  | "entries"
  /** Cells of a row. */
  | "cells"
  /** A revision number. */
  | "revision"
  /** A plain number. */
  | "plain";

/** `calendar`, `runs`, `lastGeneration`, `intents`: a user's calendar. */
export interface UserCalendarRequest {
  /** Whose it is. */
  userId: UserId;
  /** The calendar. */
  calendarId: CalendarId;
}

/**
 * The person (or workspace) that owns a row; the host's `x-user-id`.
 *
 * On the wire: the hyphenated lower-case UUID.
 */
export type UserId = string;

/** `jobs`. */
export interface UserJobsRequest {
  /** Whose they are. */
  userId: UserId;
  /** Which of them; all where it is left out. */
  filter?: JobFilter;
}

/** `ledger`. */
export interface UserLedgerRequest {
  /** Whose account it is. */
  userId: UserId;
  /** The account. */
  accountId: AccountId;
  /** How many at most. */
  limit: number;
  /** The row after which they begin; 0 for all. */
  after?: number;
}

/** `accounts`: what belongs to a user. */
export interface UserRequest {
  /** The user. */
  userId: UserId;
}

/** An account tagged on an image or video. */
export interface UserTag {
  /** The account's user name, without `@`. */
  username: string;
  /** Distance from the left edge, 0.0 to 1.0. */
  x?: number | null;
  /** Distance from the upper edge, 0.0 to 1.0. */
  y?: number | null;
}

/** What a state offers the person to do. */
export type UxAction =
  /** Start again. */
  | "retry"
  /** Stop, or leave everything as it is. */
  | "cancel"
  /** Go on with what has arrived. */
  | "keep_partial"
  /** Take the changes over. */
  | "apply"
  /** Look at the entries concerned. */
  | "review"
  /** Save. */
  | "save"
  /** Load what is stored. */
  | "reload"
  /** Link an account. */
  | "link_account"
  /** Take the last change back. */
  | "undo"
  /** Publish for real what was checked. */
  | "publish";

/** A button. */
export interface UxActionLabel {
  /** What it does. */
  action: UxAction;
  /** Its text. */
  label: string;
}

/** What an interface is doing or has just done. */
export type UxState =
  /** A calendar is being generated. */
  | {
    type: "streaming";
    /** Pieces that arrived. */
    received: number;
    /** Pieces expected, where the stream has said so. */
    total?: number | null;
  }
  /** Nothing has arrived for a while. */
  | {
    type: "stream_stalled";
    /** Pieces that arrived. */
    received: number;
    /** How long nothing has arrived, in seconds. */
    silentSeconds: number;
  }
  /** The generation took too long and was cut. */
  | {
    type: "stream_timed_out";
    /** Pieces that arrived and are kept. */
    received: number;
  }
  /** The generation failed. */
  | {
    type: "stream_failed";
    /** Pieces that arrived and are kept. */
    received: number;
  }
  /** The person cancelled the generation. */
  | {
    type: "stream_cancelled";
    /** Pieces that arrived and are kept. */
    received: number;
  }
  /** The generation is done. */
  | {
    type: "stream_completed";
    /** Pieces that arrived. */
    received: number;
  }
  /** A regenerated calendar differs from the saved one. */
  | {
    type: "changes_found";
    /** Pieces that are new. */
    added: number;
    /** Pieces that changed. */
    updated: number;
    /** Pieces that are gone. */
    removed: number;
  }
  /** The calendar is saved. */
  | {
    type: "saved";
    /** Entries that were saved. */
    entries: number;
  }
  /** The calendar couldn't be saved. */
  | {
    type: "save_failed";
  }
  /** Somebody else saved in the meantime. */
  | {
    type: "save_conflict";
  }
  /** Everything that was asked for is published. */
  | {
    type: "publish_succeeded";
    /** Entries that were published. */
    published: number;
  }
  /** Some entries are published, some aren't. */
  | {
    type: "publish_partial";
    /** Entries that were published. */
    published: number;
    /** Entries that weren't. */
    failed: number;
  }
  /** Nothing that was asked for is published. */
  | {
    type: "publish_failed";
    /** Entries that weren't published. */
    failed: number;
  }
  /** A dry run is done; nothing was sent. */
  | {
    type: "publish_checked";
    /** Entries that could be published. */
    ready: number;
    /** Entries that something stands in the way of. */
    blocked: number;
  }
  /** Publishing was cancelled. */
  | {
    type: "publish_cancelled";
    /** Entries that won't be published. */
    cancelled: number;
  }
  /** There is nothing to publish. */
  | {
    type: "nothing_to_publish";
  }
  /** Publishing is switched off by a flag. */
  | {
    type: "publishing_off";
  }
  /** No account is linked on a channel. */
  | {
    type: "channel_not_connected";
    /** The channel. */
    channel: Channel;
  }
  /** What was asked for waits until it can be saved. */
  | {
    type: "waiting_for_store";
    /** Requests that wait. */
    waiting: number;
  }
  /** The export is done. */
  | {
    type: "export_succeeded";
    /** Entries that were exported. */
    entries: number;
  }
  /** The export failed. */
  | {
    type: "export_failed";
  }
  /** A shift in time is ready to be applied. */
  | {
    type: "shift_preview";
    /** Entries that would move. */
    moved: number;
    /** Entries that would clash with another. */
    clashes: number;
    /** Entries whose time is adjusted because the clocks change. */
    adjusted: number;
  }
  /** A change was made that can be undone. */
  | {
    type: "undo_offered";
    /** Entries that changed. */
    changed: number;
  }
  /** A change was undone. */
  | {
    type: "undone";
    /** Entries that are as they were. */
    restored: number;
  };

/** A state as a person reads, or hears, it. */
export interface UxText {
  /** A few words, without a full stop. */
  title: string;
  /** One or two sentences. */
  body: string;
  /** What a screen reader says, for a region with `aria-live="polite"`. */
  announcement: string;
  /** The colour. */
  tone: Tone;
  /** The buttons, the best first. */
  actions: UxActionLabel[];
}

/** What `uxText` words. */
export interface UxTextInput {
  /** The language. */
  lang: Lang;
  /** The state of the page. */
  state: UxState;
}

/** What `validateEntry` judges. */
export interface ValidateEntryInput {
  /** The entry. */
  entry: CalendarEntry;
  /** The account it goes to, where it is known. */
  account?: ChannelAccount | null;
  /** The book to judge by; the built-in one if left out. */
  rules?: RuleBook | null;
}

/** An entry judged by the rules alone. */
export interface ValidatedEntry {
  /** What kind of post it is. */
  kind: PostKind;
  /** What the rules hold against it. */
  findings: Finding[];
}

/** What `verifyLedger` checks. */
export interface VerifyLedgerInput {
  /** The ledger. */
  ledger: LedgerSource;
}

/** How Instagram gets a video. */
export type VideoOption =
  /** Instagram fetches it from its address. */
  | {
    type: "url";
  }
  /** It is read from the media port and uploaded. Facebook Login only. */
  | {
    type: "resumable";
    /** The bytes of one piece, which is held in memory: at most 16 MiB. */
    pieceBytes: number;
  };

/** What a clock shows. */
export interface WallClock {
  /** The date. */
  date: LocalDate;
  /** The time of day. */
  time: LocalTime;
}

/** An instant to be read off a clock, for `wallClock`. */
export interface WallClockInput {
  /** The instant. */
  instant: Timestamp;
  /** The zone of the clock. */
  zone: Zone;
}

/** A day of the week. */
export type Weekday =
  /** The first day of the ISO week. */
  | "monday"
  /** The second. */
  | "tuesday"
  /** The third. */
  | "wednesday"
  /** The fourth. */
  | "thursday"
  /** The fifth. */
  | "friday"
  /** The sixth. */
  | "saturday"
  /** The last. */
  | "sunday";

/** What a worker did, in a step or in its whole run. */
export interface WorkReport {
  /** Jobs it claimed. */
  claimed: number;
  /** Of those, attempts that had been begun before: by a worker that was lost, or given back to wait. */
  takenOver: number;
  /** Jobs that were found too late. */
  missed: number;
  /** Posts that came out. */
  published: number;
  /** Drafts that reached an inbox. */
  delivered: number;
  /** Jobs that wait for another try. */
  waiting: number;
  /** Jobs that now need a person, those that were too late not counted. */
  needsAttention: number;
  /** Jobs that were cancelled under way. */
  cancelled: number;
  /** Jobs that were given back under way, to be gone on with later. */
  parked: number;
  /** Jobs that were lost to another worker, or to a store that can't be written. */
  abandoned: number;
  /** How often the store couldn't be reached for a claim. */
  storeFailures: number;
}

/** What a worker does. */
export type WorkerStatus =
  /** It claims jobs from now on. */
  | "started"
  /** It looked once for due jobs, and is done with what it found. */
  | "ticked"
  /** It claims no more, and holds none. */
  | "stopped";

/** Names one write of one worker, so that repeating it after a lost answer does nothing twice. */
export interface WriteStamp {
  /** The token of the claim. */
  token: number;
  /** Counts the writes made under it, from 1. */
  sequence: number;
}

/** An IANA time zone, such as `America/Argentina/Buenos_Aires`. On the wire: its name. */
export type Zone = string;
