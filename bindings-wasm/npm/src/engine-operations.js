// Written by `cargo xtask generate` from the library's types. Edit those.

/** What can be asked of an engine. */
export class EngineOperations {
  /**
   * Claims due jobs, takes each as far as it goes, and says what it did: for hosts that are woken by a
   * cron job. `FLAG_OFF` while publishing is off.
   *
   * @param {import("../types/model.js").TickRequest} input
   * @returns {Promise<import("../types/model.js").WorkReport>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  tick(input) {
    return this.call("tick", input);
  }

  /**
   * Makes a job for every entry, an outcome each. `FLAG_OFF` while publishing is off for the user.
   *
   * @param {import("../types/model.js").ScheduleRequest} input
   * @returns {Promise<import("../types/model.js").Scheduled>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  schedule(input) {
    return this.call("schedule", input);
  }

  /**
   * Schedules a calendar as it was last saved. `FLAG_OFF` while publishing is off for the user.
   *
   * @param {import("../types/model.js").ScheduleCalendarRequest} input
   * @returns {Promise<import("../types/model.js").Scheduled>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  scheduleCalendar(input) {
    return this.call("scheduleCalendar", input);
  }

  /**
   * How the jobs of a batch stand, by its idempotency key.
   *
   * @param {import("../types/model.js").ContextRequest} input
   * @returns {Promise<import("../types/model.js").BatchOutcome>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  batchOutcome(input) {
    return this.call("batchOutcome", input);
  }

  /**
   * Moves one entry and its job.
   *
   * @param {import("../types/model.js").RescheduleJobRequest} input
   * @returns {Promise<import("../types/model.js").MoveAnswer>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  reschedule(input) {
    return this.call("reschedule", input);
  }

  /**
   * Applies a plan of moves to entries and jobs, or takes it back.
   *
   * @param {import("../types/model.js").ShiftJobsRequest} input
   * @returns {Promise<import("../types/model.js").MoveAnswer>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  shift(input) {
    return this.call("shift", input);
  }

  /**
   * Another attempt now, for jobs that failed.
   *
   * @param {import("../types/model.js").JobsCommandRequest} input
   * @returns {Promise<import("../types/model.js").JobOutcomes>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  retry(input) {
    return this.call("retry", input);
  }

  /**
   * Lets jobs go on at their time.
   *
   * @param {import("../types/model.js").JobsCommandRequest} input
   * @returns {Promise<import("../types/model.js").JobOutcomes>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  resume(input) {
    return this.call("resume", input);
  }

  /**
   * Withdraws jobs, also while they are being published, and says of each how that stands.
   *
   * @param {import("../types/model.js").JobsCommandRequest} input
   * @returns {Promise<import("../types/model.js").CancelOutcome[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  cancel(input) {
    return this.call("cancel", input);
  }

  /**
   * Brings one entry's time to the present. `FLAG_OFF` while "publish now" or publishing is off for the
   * user.
   *
   * @param {import("../types/model.js").PublishNowRequest} input
   * @returns {Promise<import("../types/model.js").PublishJob>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  publishNow(input) {
    return this.call("publishNow", input);
  }

  /**
   * A person's word on a post that may be out.
   *
   * @param {import("../types/model.js").ConfirmRequest} input
   * @returns {Promise<import("../types/model.js").JobOutcomes>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  confirm(input) {
    return this.call("confirm", input);
  }

  /**
   * What an incident left behind, of every user: for whoever runs the service.
   *
   * @param {import("../types/model.js").IncidentReportRequest} input
   * @returns {Promise<import("../types/model.js").IncidentReport>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  incidentReport(input) {
    return this.call("incidentReport", input);
  }

  /**
   * Lets jobs go on that an incident stopped, of every user: for whoever runs the service.
   *
   * @param {import("../types/model.js").ResumeIncidentRequest} input
   * @returns {Promise<import("../types/model.js").JobOutcome[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  resumeAfterIncident(input) {
    return this.call("resumeAfterIncident", input);
  }

  /**
   * Publishes a saved calendar as a dry run: an intent and an outcome for every entry. While publishing
   * is off for the user the answer's status is `disabled`. Intents that find the store down wait in
   * this engine's memory.
   *
   * @param {import("../types/model.js").DryRunRequest} input
   * @returns {Promise<import("../types/model.js").PublishAnswer>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  publishDryRun(input) {
    return this.call("publishDryRun", input);
  }

  /**
   * Saves a calendar as one run: all of it, or nothing. `REVISION_CONFLICT` where somebody else saved in
   * the meantime.
   *
   * @param {import("../types/model.js").SaveCalendar} input
   * @returns {Promise<import("../types/model.js").SavedCalendar>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  saveCalendar(input) {
    return this.call("saveCalendar", input);
  }

  /**
   * The user's calendar as it was last saved.
   *
   * @param {import("../types/model.js").UserCalendarRequest} input
   * @returns {Promise<import("../types/model.js").StoredCalendar>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  calendar(input) {
    return this.call("calendar", input);
  }

  /**
   * The runs of the user's calendar.
   *
   * @param {import("../types/model.js").UserCalendarRequest} input
   * @returns {Promise<import("../types/model.js").CalendarRun[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  runs(input) {
    return this.call("runs", input);
  }

  /**
   * The user's calendar as a run saved it.
   *
   * @param {import("../types/model.js").RunRequest} input
   * @returns {Promise<import("../types/model.js").StoredCalendar>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  runOf(input) {
    return this.call("run", input);
  }

  /**
   * What the last generation made, before it was merged with manual edits; `null` where there is none.
   *
   * @param {import("../types/model.js").UserCalendarRequest} input
   * @returns {Promise<import("../types/model.js").StoredCalendar | null>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  lastGeneration(input) {
    return this.call("lastGeneration", input);
  }

  /**
   * Adds an account, or replaces what is known of it.
   *
   * @param {import("../types/model.js").ChannelAccount} input
   * @returns {Promise<null>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putAccount(input) {
    return this.call("putAccount", input);
  }

  /**
   * The user's accounts.
   *
   * @param {import("../types/model.js").UserRequest} input
   * @returns {Promise<import("../types/model.js").ChannelAccount[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  accounts(input) {
    return this.call("accounts", input);
  }

  /**
   * Removes the user's account.
   *
   * @param {import("../types/model.js").AccountRequest} input
   * @returns {Promise<null>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  removeAccount(input) {
    return this.call("removeAccount", input);
  }

  /**
   * The user's jobs, by id.
   *
   * @param {import("../types/model.js").UserJobsRequest} input
   * @returns {Promise<import("../types/model.js").PublishJob[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  jobs(input) {
    return this.call("jobs", input);
  }

  /**
   * The user's job with its attempts; `null` where the user has no such job.
   *
   * @param {import("../types/model.js").JobRequest} input
   * @returns {Promise<import("../types/model.js").JobHistory | null>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  job(input) {
    return this.call("job", input);
  }

  /**
   * Every user's jobs: for whoever runs the service.
   *
   * @param {import("../types/model.js").JobFilter} input
   * @returns {Promise<import("../types/model.js").PublishJob[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  allJobs(input) {
    return this.call("allJobs", input);
  }

  /**
   * How many jobs wait, and for how long.
   *
   * @param {import("../types/model.js").NoRequest} input
   * @returns {Promise<import("../types/model.js").QueueDepth>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  queueDepth(input) {
    return this.call("queueDepth", input);
  }

  /**
   * Pauses a channel; `true` where it wasn't paused. For whoever runs the service.
   *
   * @param {import("../types/model.js").ChannelPause} input
   * @returns {Promise<boolean>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  pauseChannel(input) {
    return this.call("pauseChannel", input);
  }

  /**
   * Lifts a channel's pause; `true` where there was one. For whoever runs the service.
   *
   * @param {import("../types/model.js").ChannelRequest} input
   * @returns {Promise<boolean>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  liftPause(input) {
    return this.call("liftPause", input);
  }

  /**
   * The ledger of the user's account. `ACCOUNT_NOT_FOUND` where the user has no such account.
   *
   * @param {import("../types/model.js").UserLedgerRequest} input
   * @returns {Promise<import("../types/model.js").LedgerRow[]>}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  ledger(input) {
    return this.call("ledger", input);
  }
}
