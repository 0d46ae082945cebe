// Written by `cargo xtask generate` from the library's types. Edit those.

import type {
  AccountRequest,
  BatchOutcome,
  CalendarRun,
  CancelOutcome,
  ChannelAccount,
  ChannelPause,
  ChannelRequest,
  ConfirmRequest,
  ContextRequest,
  DryRunRequest,
  IncidentReport,
  IncidentReportRequest,
  JobFilter,
  JobHistory,
  JobOutcome,
  JobOutcomes,
  JobRequest,
  JobsCommandRequest,
  LedgerRow,
  MoveAnswer,
  NoRequest,
  PublishAnswer,
  PublishJob,
  PublishNowRequest,
  QueueDepth,
  RescheduleJobRequest,
  ResumeIncidentRequest,
  RunRequest,
  SaveCalendar,
  SavedCalendar,
  ScheduleCalendarRequest,
  ScheduleRequest,
  Scheduled,
  ShiftJobsRequest,
  StoredCalendar,
  TickRequest,
  UserCalendarRequest,
  UserJobsRequest,
  UserLedgerRequest,
  UserRequest,
  WorkReport,
} from "./model.js";

/** What can be asked of an engine. */
export abstract class EngineOperations {
  /**
   * Claims due jobs, takes each as far as it goes, and says what it did: for hosts that are woken by a
   * cron job. `FLAG_OFF` while publishing is off.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  tick(input: TickRequest): Promise<WorkReport>;

  /**
   * Makes a job for every entry, an outcome each. `FLAG_OFF` while publishing is off for the user.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  schedule(input: ScheduleRequest): Promise<Scheduled>;

  /**
   * Schedules a calendar as it was last saved. `FLAG_OFF` while publishing is off for the user.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  scheduleCalendar(input: ScheduleCalendarRequest): Promise<Scheduled>;

  /**
   * How the jobs of a batch stand, by its idempotency key.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  batchOutcome(input: ContextRequest): Promise<BatchOutcome>;

  /**
   * Moves one entry and its job.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  reschedule(input: RescheduleJobRequest): Promise<MoveAnswer>;

  /**
   * Applies a plan of moves to entries and jobs, or takes it back.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  shift(input: ShiftJobsRequest): Promise<MoveAnswer>;

  /**
   * Another attempt now, for jobs that failed.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  retry(input: JobsCommandRequest): Promise<JobOutcomes>;

  /**
   * Lets jobs go on at their time.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  resume(input: JobsCommandRequest): Promise<JobOutcomes>;

  /**
   * Withdraws jobs, also while they are being published, and says of each how that stands.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  cancel(input: JobsCommandRequest): Promise<CancelOutcome[]>;

  /**
   * Brings one entry's time to the present. `FLAG_OFF` while "publish now" or publishing is off for the
   * user.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  publishNow(input: PublishNowRequest): Promise<PublishJob>;

  /**
   * A person's word on a post that may be out.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  confirm(input: ConfirmRequest): Promise<JobOutcomes>;

  /**
   * What an incident left behind, of every user: for whoever runs the service.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  incidentReport(input: IncidentReportRequest): Promise<IncidentReport>;

  /**
   * Lets jobs go on that an incident stopped, of every user: for whoever runs the service.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  resumeAfterIncident(input: ResumeIncidentRequest): Promise<JobOutcome[]>;

  /**
   * Publishes a saved calendar as a dry run: an intent and an outcome for every entry. While publishing
   * is off for the user the answer's status is `disabled`. Intents that find the store down wait in
   * this engine's memory.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  publishDryRun(input: DryRunRequest): Promise<PublishAnswer>;

  /**
   * Saves a calendar as one run: all of it, or nothing. `REVISION_CONFLICT` where somebody else saved in
   * the meantime.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  saveCalendar(input: SaveCalendar): Promise<SavedCalendar>;

  /**
   * The user's calendar as it was last saved.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  calendar(input: UserCalendarRequest): Promise<StoredCalendar>;

  /**
   * The runs of the user's calendar.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  runs(input: UserCalendarRequest): Promise<CalendarRun[]>;

  /**
   * The user's calendar as a run saved it.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  runOf(input: RunRequest): Promise<StoredCalendar>;

  /**
   * What the last generation made, before it was merged with manual edits; `null` where there is none.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  lastGeneration(input: UserCalendarRequest): Promise<StoredCalendar | null>;

  /**
   * Adds an account, or replaces what is known of it.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putAccount(input: ChannelAccount): Promise<null>;

  /**
   * The user's accounts.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  accounts(input: UserRequest): Promise<ChannelAccount[]>;

  /**
   * Removes the user's account.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  removeAccount(input: AccountRequest): Promise<null>;

  /**
   * The user's jobs, by id.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  jobs(input: UserJobsRequest): Promise<PublishJob[]>;

  /**
   * The user's job with its attempts; `null` where the user has no such job.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  job(input: JobRequest): Promise<JobHistory | null>;

  /**
   * Every user's jobs: for whoever runs the service.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  allJobs(input: JobFilter): Promise<PublishJob[]>;

  /**
   * How many jobs wait, and for how long.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  queueDepth(input: NoRequest): Promise<QueueDepth>;

  /**
   * Pauses a channel; `true` where it wasn't paused. For whoever runs the service.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  pauseChannel(input: ChannelPause): Promise<boolean>;

  /**
   * Lifts a channel's pause; `true` where there was one. For whoever runs the service.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  liftPause(input: ChannelRequest): Promise<boolean>;

  /**
   * The ledger of the user's account. `ACCOUNT_NOT_FOUND` where the user has no such account.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  ledger(input: UserLedgerRequest): Promise<LedgerRow[]>;
}
