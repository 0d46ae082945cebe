// Written by `cargo xtask generate` from the library's types. Edit those.

/** What can be asked of a calendar that is held. */
export class CalendarOperations {
  /**
   * A page of tiles, in chronological order.
   *
   * @param {import("../types/model.js").PageRequest} input
   * @returns {import("../types/model.js").TilePage}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  page(input) {
    return this.call("page", input);
  }

  /**
   * How many entries show which badge.
   *
   * @returns {import("../types/model.js").CalendarSummary}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  summary() {
    return this.call("summary", {});
  }

  /**
   * One entry.
   *
   * @param {import("../types/model.js").EntryInput} input
   * @returns {import("../types/model.js").CalendarEntry}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  entry(input) {
    return this.call("entry", input);
  }

  /**
   * Every entry, in the host's order.
   *
   * @returns {import("../types/model.js").Entries}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  entries() {
    return this.call("entries", {});
  }

  /**
   * The calendar as it could be loaded again.
   *
   * @returns {import("../types/model.js").CalendarDocument}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  document() {
    return this.call("document", {});
  }

  /**
   * One entry's readiness, with everything that was found.
   *
   * @param {import("../types/model.js").EntryInput} input
   * @returns {import("../types/model.js").Readiness}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  readiness(input) {
    return this.call("readiness", input);
  }

  /**
   * Why an entry is where it is, who must act, and what can safely be done. `explainText` words it.
   *
   * @param {import("../types/model.js").EntryInput} input
   * @returns {import("../types/model.js").Explanation}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  explain(input) {
    return this.call("explain", input);
  }

  /**
   * Puts in an entry, in place of the one with its id if there is one.
   *
   * @param {import("../types/model.js").PutInput} input
   * @returns {import("../types/model.js").CalendarChanges}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  put(input) {
    return this.call("put", input);
  }

  /**
   * Puts in many entries: all of them, or none.
   *
   * @param {import("../types/model.js").Entries} input
   * @returns {import("../types/model.js").CalendarChanges}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putMany(input) {
    return this.call("putMany", input);
  }

  /**
   * Takes an entry out.
   *
   * @param {import("../types/model.js").EntryInput} input
   * @returns {import("../types/model.js").CalendarChanges}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  remove(input) {
    return this.call("remove", input);
  }

  /**
   * Puts in a publish job, in place of the one with its id if there is one.
   *
   * @param {import("../types/model.js").PutJobInput} input
   * @returns {import("../types/model.js").CalendarChanges}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putJob(input) {
    return this.call("putJob", input);
  }

  /**
   * Replaces the accounts.
   *
   * @param {import("../types/model.js").PutAccountsInput} input
   * @returns {import("../types/model.js").CalendarChanges}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putAccounts(input) {
    return this.call("putAccounts", input);
  }

  /**
   * Replaces the limits that moves are judged by.
   *
   * @param {import("../types/model.js").PutSettingsInput} input
   * @returns {import("../types/model.js").NoInput}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putSettings(input) {
    return this.call("putSettings", input);
  }

  /**
   * Says what time it is.
   *
   * @param {import("../types/model.js").SetNowInput} input
   * @returns {import("../types/model.js").CalendarChanges}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  setNow(input) {
    return this.call("setNow", input);
  }

  /**
   * Plans a shift, every move of it told. Nothing has happened yet.
   *
   * @param {import("../types/model.js").ShiftRequest} input
   * @returns {import("../types/model.js").ShiftPlan}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planShift(input) {
    return this.call("planShift", input);
  }

  /**
   * Plans to move one entry.
   *
   * @param {import("../types/model.js").RescheduleRequest} input
   * @returns {import("../types/model.js").ShiftPlan}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planReschedule(input) {
    return this.call("planReschedule", input);
  }

  /**
   * Plans to insert one entry and to push those that are in its way.
   *
   * @param {import("../types/model.js").InsertRequest} input
   * @returns {import("../types/model.js").ShiftPlan}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planInsert(input) {
    return this.call("planInsert", input);
  }

  /**
   * Applies a plan: every move of it, or none.
   *
   * @param {import("../types/model.js").ApplyInput} input
   * @returns {import("../types/model.js").AppliedMove}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  apply(input) {
    return this.call("apply", input);
  }

  /**
   * Plans a shift and applies it, without telling each move.
   *
   * @param {import("../types/model.js").ShiftRequest} input
   * @returns {import("../types/model.js").AppliedMove}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  shift(input) {
    return this.call("shift", input);
  }

  /**
   * Moves one entry to another date and time.
   *
   * @param {import("../types/model.js").RescheduleRequest} input
   * @returns {import("../types/model.js").AppliedMove}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  reschedule(input) {
    return this.call("reschedule", input);
  }

  /**
   * Inserts one entry and pushes those that are in its way.
   *
   * @param {import("../types/model.js").InsertRequest} input
   * @returns {import("../types/model.js").AppliedMove}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  insert(input) {
    return this.call("insert", input);
  }

  /**
   * Takes the last move back; `null` where there is none left.
   *
   * @returns {import("../types/model.js").CalendarChanges | null}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  undo() {
    return this.call("undo", {});
  }

  /**
   * Plans the merge of a regeneration and keeps the plan.
   *
   * @param {import("../types/model.js").Regeneration} input
   * @returns {import("../types/model.js").MergeProposal}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planMerge(input) {
    return this.call("planMerge", input);
  }

  /**
   * Carries out the chosen changes of the planned merge.
   *
   * @param {import("../types/model.js").MergeChoices} input
   * @returns {import("../types/model.js").MergeOutcome}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  applyMerge(input) {
    return this.call("applyMerge", input);
  }

  /**
   * Posts of one account that are too close to each other.
   *
   * @returns {import("../types/model.js").Clashes}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  findClashes() {
    return this.call("findClashes", {});
  }

  /**
   * How far the daily caps are used.
   *
   * @returns {import("../types/model.js").CapUsages}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  evaluateCaps() {
    return this.call("evaluateCaps", {});
  }

  /**
   * The first free slot of a cadence.
   *
   * @param {import("../types/model.js").FreeSlotRequest} input
   * @returns {import("../types/model.js").FreeSlot}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  nextFreeSlot(input) {
    return this.call("nextFreeSlot", input);
  }

  /**
   * How entries stand towards their checkpoints.
   *
   * @param {import("../types/model.js").CheckpointRequest} input
   * @returns {import("../types/model.js").CheckpointReports}
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  evaluateCheckpoints(input) {
    return this.call("evaluateCheckpoints", input);
  }
}
