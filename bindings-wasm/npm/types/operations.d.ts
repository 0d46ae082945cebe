// Written by `cargo xtask generate` from the library's types. Edit those.

import type {
  AdmitGenerationInput,
  AdmittedGeneration,
  AdvanceJobInput,
  AdvancedJob,
  AppliedShift,
  ApplyMergeInput,
  ApplyShiftInput,
  CadenceRequest,
  CadenceSlots,
  CalendarDiff,
  CalendarDraft,
  CalendarRequest,
  CapUsages,
  CaptionText,
  CaptionTextInput,
  CheckpointReports,
  Clashes,
  CountTextInput,
  CsvImport,
  DecodeEventsInput,
  DecodeStreamInput,
  DecodedEvents,
  DecodedStream,
  DescribeRulesInput,
  DiffCalendarInput,
  DisabledExport,
  DisabledPublish,
  DryRunPlan,
  EncodeStreamInput,
  EncodedStream,
  EntrySituation,
  EvaluateCalendarInput,
  EvaluateCapsInput,
  EvaluateCheckpointsInput,
  EvaluateFlagsInput,
  EvaluatedCalendar,
  ExplainTextInput,
  Explanation,
  ExplanationText,
  ExportCsvInput,
  ExportDisabledInput,
  ExportIcalInput,
  ExportJsonInput,
  ExportedText,
  FindClashesInput,
  Flags,
  FormatValueInput,
  FormattedValue,
  FreeSlot,
  ImportCsvInput,
  ImportJsonInput,
  JsonImport,
  Labels,
  LabelsInput,
  LedgerVerdict,
  MergePlan,
  MergeRequest,
  MergedCalendar,
  MessageText,
  MessageTextInput,
  NextFreeSlotInput,
  NextRetryInput,
  PieceReading,
  PlanInsertInput,
  PlanRescheduleInput,
  PlanShiftInput,
  PreflightInput,
  PreflightReport,
  PublishDisabledInput,
  PublishDryRunInput,
  ReadPiecesInput,
  Readiness,
  ReplayAlertsInput,
  ReplayedAlerts,
  Resolution,
  ResolveTimeInput,
  RetryDecision,
  RuleBook,
  ShiftPlan,
  TextCount,
  TiktokForm,
  TiktokFormInput,
  UndoShiftInput,
  UndoneShift,
  UxText,
  UxTextInput,
  ValidateEntryInput,
  ValidatedEntry,
  VerifyLedgerInput,
  WallClock,
  WallClockInput,
} from "./model.js";

/**
 * Reads pieces of a calendar as an AI or a host wrote them. A piece that is wrong is refused with all
 * its errors, and the others are read all the same.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `INPUT_INVALID` where the text is no list of pieces.
 */
export function readPieces(input: ReadPiecesInput): PieceReading;

/**
 * Reads a stream of server-sent events, however it is cut into chunks.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `STREAM_EVENT_TOO_LARGE` for an event beyond the bound, `FIELD_VALUE_INVALID` for hexadecimal that
 * isn't.
 */
export function decodeEvents(input: DecodeEventsInput): DecodedEvents;

/**
 * Reads a generation's stream, and says what arrived and how the generation stands.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `FIELD_VALUE_INVALID` for hexadecimal that isn't.
 */
export function decodeStream(input: DecodeStreamInput): DecodedStream;

/**
 * Writes a generation's stream as the host's clients read it.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function encodeStream(input: EncodeStreamInput): EncodedStream;

/**
 * Drafts a calendar without any AI: the same request gives the same draft.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the request, at its path.
 */
export function draftCalendar(input: CalendarRequest): CalendarDraft;

/**
 * Says whether a user's generation may begin beside those that run.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `GENERATION_BUSY` where it may not.
 */
export function admitGeneration(input: AdmitGenerationInput): AdmittedGeneration;

/**
 * Judges an entry by the platforms' rules alone, without account, time or job.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with a book of rules that was handed in, under `rules`.
 */
export function validateEntry(input: ValidateEntryInput): ValidatedEntry;

/**
 * Counts a text the way a platform counts it.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function countText(input: CountTextInput): TextCount;

/**
 * Makes the caption of a post, with its hashtags, and counts it.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function captionText(input: CaptionTextInput): CaptionText;

/**
 * Gives the platforms' limits with their sources, of one channel or all.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with a book of rules that was handed in, under `rules`.
 */
export function describeRules(input: DescribeRulesInput): RuleBook;

/**
 * Says what TikTok's form for a post offers, demands and must state.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function tiktokForm(input: TiktokFormInput): TiktokForm;

/**
 * Judges whether an entry can be published, and by what.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function evaluateReadiness(input: EntrySituation): Readiness;

/**
 * Judges every entry of a calendar, those that are too close to each other included.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `ID_DUPLICATE` where an entry or account stands twice.
 */
export function evaluateCalendar(input: EvaluateCalendarInput): EvaluatedCalendar;

/**
 * Explains an entry's readiness: what decided, who must act, and what happens next.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function explain(input: EntrySituation): Explanation;

/**
 * Checks an entry right before an attempt to publish it.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function preflight(input: PreflightInput): PreflightReport;

/**
 * Says when a failed attempt is followed by another, or that a person has to decide.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function nextRetry(input: NextRetryInput): RetryDecision;

/**
 * Applies an event to a publish job.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `JOB_TRANSITION_ILLEGAL` where the job's status doesn't allow it, `JOB_LEASE_LOST` for an outdated claim.
 */
export function advanceJob(input: AdvanceJobInput): AdvancedJob;

/**
 * Gives the instant of a wall clock, also in the hour that a change of clocks skips or repeats.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `TIMESTAMP_OUT_OF_RANGE` beyond the years that a timestamp holds.
 */
export function resolveTime(input: ResolveTimeInput): Resolution;

/**
 * Gives what a clock shows at an instant.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `TIMESTAMP_OUT_OF_RANGE` beyond the years that a date holds.
 */
export function wallClock(input: WallClockInput): WallClock;

/**
 * Plans to move entries, and says what the move would change. Nothing is moved.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export function planShift(input: PlanShiftInput): ShiftPlan;

/**
 * Applies a plan to entries: all of it, or nothing.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `SCHEDULE_STALE` where an entry changed since it was planned.
 */
export function applyShift(input: ApplyShiftInput): AppliedShift;

/**
 * Takes an applied plan back: all of it, or nothing.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `SCHEDULE_STALE` where an entry changed since it was moved.
 */
export function undoShift(input: UndoShiftInput): UndoneShift;

/**
 * Plans to move one entry to another date and time.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export function planReschedule(input: PlanRescheduleInput): ShiftPlan;

/**
 * Plans to make room for an entry by moving those that follow.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export function planInsert(input: PlanInsertInput): ShiftPlan;

/**
 * Finds posts of one account that are too close to each other.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar, at its path.
 */
export function findClashes(input: FindClashesInput): Clashes;

/**
 * Counts how far each account's daily cap is used.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar, at its path.
 */
export function evaluateCaps(input: EvaluateCapsInput): CapUsages;

/**
 * Gives the dates and times of a cadence.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the request, at its path.
 */
export function cadenceSlots(input: CadenceRequest): CadenceSlots;

/**
 * Finds the next slot of a cadence at which an account has room.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export function nextFreeSlot(input: NextFreeSlotInput): FreeSlot;

/**
 * Says how entries stand at the checkpoints before their publication.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export function evaluateCheckpoints(input: EvaluateCheckpointsInput): CheckpointReports;

/**
 * Says what a new version of a calendar adds, changes and removes.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `ID_DUPLICATE` where a piece stands twice.
 */
export function diffCalendar(input: DiffCalendarInput): CalendarDiff;

/**
 * Plans to merge a regeneration with what people edited.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `ID_DUPLICATE` where an entry stands twice, and what else is wrong with the request, at its path.
 */
export function planMerge(input: MergeRequest): MergePlan;

/**
 * Applies a merge as a person chose it.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * Where a conflict is undecided or a choice fits none, at its path.
 */
export function applyMerge(input: ApplyMergeInput): MergedCalendar;

/**
 * Decides a user's flags by the settings of all.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with a setting, at its path.
 */
export function evaluateFlags(input: EvaluateFlagsInput): Flags;

/**
 * Says which alerts events raise.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function replayAlerts(input: ReplayAlertsInput): ReplayedAlerts;

/**
 * Writes a calendar as CSV, safe to open in a spreadsheet.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What can't be written, at its path.
 */
export function exportCsv(input: ExportCsvInput): ExportedText;

/**
 * Writes a calendar as JSON of the published schema.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What can't be written, at its path.
 */
export function exportJson(input: ExportJsonInput): ExportedText;

/**
 * Writes a calendar as iCalendar.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What can't be written, at its path.
 */
export function exportIcal(input: ExportIcalInput): ExportedText;

/**
 * Reads a calendar from CSV. A row that is wrong is refused, and the others are read all the same.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * Where the text is no CSV with a header that is known.
 */
export function importCsv(input: ImportCsvInput): CsvImport;

/**
 * Reads a calendar from JSON. An entry that is wrong is refused, and the others are read all the same.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * Where the text is no such document.
 */
export function importJson(input: ImportJsonInput): JsonImport;

/**
 * Says what publishing a calendar would do, and does none of it.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the request, at its path.
 */
export function publishDryRun(input: PublishDryRunInput): DryRunPlan;

/**
 * Answers a publish request while publishing is switched off.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function publishDisabled(input: PublishDisabledInput): DisabledPublish;

/**
 * Answers an export request while publishing is switched off.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function exportDisabled(input: ExportDisabledInput): DisabledExport;

/**
 * Checks that a ledger is whole. A broken one is an answer.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function verifyLedger(input: VerifyLedgerInput): LedgerVerdict;

/**
 * Words a code, a finding or an error for people.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function messageText(input: MessageTextInput): MessageText;

/**
 * Words an explanation for people.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function explainText(input: ExplainTextInput): ExplanationText;

/**
 * Words a state of the page for people.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function uxText(input: UxTextInput): UxText;

/**
 * Words a value for people.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function formatValue(input: FormatValueInput): FormattedValue;

/**
 * Gives the words of badges, buttons and filters.
 *
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export function labels(input: LabelsInput): Labels;
