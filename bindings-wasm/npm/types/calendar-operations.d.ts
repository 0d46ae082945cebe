// Written by `cargo xtask generate` from the library's types. Edit those.

import type {
  AppliedMove,
  ApplyInput,
  CalendarChanges,
  CalendarDocument,
  CalendarEntry,
  CalendarSummary,
  CapUsages,
  CheckpointReports,
  CheckpointRequest,
  Clashes,
  Entries,
  EntryInput,
  Explanation,
  FreeSlot,
  FreeSlotRequest,
  InsertRequest,
  MergeChoices,
  MergeOutcome,
  MergeProposal,
  NoInput,
  PageRequest,
  PutAccountsInput,
  PutInput,
  PutJobInput,
  PutSettingsInput,
  Readiness,
  Regeneration,
  RescheduleRequest,
  SetNowInput,
  ShiftPlan,
  ShiftRequest,
  TilePage,
} from "./model.js";

/** What can be asked of a calendar that is held. */
export abstract class CalendarOperations {
  /**
   * A page of tiles, in chronological order.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  page(input: PageRequest): TilePage;

  /**
   * How many entries show which badge.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  summary(): CalendarSummary;

  /**
   * One entry.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  entry(input: EntryInput): CalendarEntry;

  /**
   * Every entry, in the host's order.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  entries(): Entries;

  /**
   * The calendar as it could be loaded again.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  document(): CalendarDocument;

  /**
   * One entry's readiness, with everything that was found.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  readiness(input: EntryInput): Readiness;

  /**
   * Why an entry is where it is, who must act, and what can safely be done. `explainText` words it.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  explain(input: EntryInput): Explanation;

  /**
   * Puts in an entry, in place of the one with its id if there is one.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  put(input: PutInput): CalendarChanges;

  /**
   * Puts in many entries: all of them, or none.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putMany(input: Entries): CalendarChanges;

  /**
   * Takes an entry out.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  remove(input: EntryInput): CalendarChanges;

  /**
   * Puts in a publish job, in place of the one with its id if there is one.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putJob(input: PutJobInput): CalendarChanges;

  /**
   * Replaces the accounts.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putAccounts(input: PutAccountsInput): CalendarChanges;

  /**
   * Replaces the limits that moves are judged by.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  putSettings(input: PutSettingsInput): NoInput;

  /**
   * Says what time it is.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  setNow(input: SetNowInput): CalendarChanges;

  /**
   * Plans a shift, every move of it told. Nothing has happened yet.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planShift(input: ShiftRequest): ShiftPlan;

  /**
   * Plans to move one entry.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planReschedule(input: RescheduleRequest): ShiftPlan;

  /**
   * Plans to insert one entry and to push those that are in its way.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planInsert(input: InsertRequest): ShiftPlan;

  /**
   * Applies a plan: every move of it, or none.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  apply(input: ApplyInput): AppliedMove;

  /**
   * Plans a shift and applies it, without telling each move.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  shift(input: ShiftRequest): AppliedMove;

  /**
   * Moves one entry to another date and time.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  reschedule(input: RescheduleRequest): AppliedMove;

  /**
   * Inserts one entry and pushes those that are in its way.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  insert(input: InsertRequest): AppliedMove;

  /**
   * Takes the last move back; `null` where there is none left.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  undo(): CalendarChanges | null;

  /**
   * Plans the merge of a regeneration and keeps the plan.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  planMerge(input: Regeneration): MergeProposal;

  /**
   * Carries out the chosen changes of the planned merge.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  applyMerge(input: MergeChoices): MergeOutcome;

  /**
   * Posts of one account that are too close to each other.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  findClashes(): Clashes;

  /**
   * How far the daily caps are used.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  evaluateCaps(): CapUsages;

  /**
   * The first free slot of a cadence.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  nextFreeSlot(input: FreeSlotRequest): FreeSlot;

  /**
   * How entries stand towards their checkpoints.
   *
   * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
   */
  evaluateCheckpoints(input: CheckpointRequest): CheckpointReports;
}
