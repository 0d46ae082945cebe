// Written by `cargo xtask generate` from the library's types. Edit those.

import { call } from "./call.js";

/**
 * Reads pieces of a calendar as an AI or a host wrote them. A piece that is wrong is refused with all
 * its errors, and the others are read all the same.
 *
 * @param {import("../types/model.js").ReadPiecesInput} input
 * @returns {import("../types/model.js").PieceReading}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `INPUT_INVALID` where the text is no list of pieces.
 */
export const readPieces = (input) => call("readPieces", input);

/**
 * Reads a stream of server-sent events, however it is cut into chunks.
 *
 * @param {import("../types/model.js").DecodeEventsInput} input
 * @returns {import("../types/model.js").DecodedEvents}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `STREAM_EVENT_TOO_LARGE` for an event beyond the bound, `FIELD_VALUE_INVALID` for hexadecimal that
 * isn't.
 */
export const decodeEvents = (input) => call("decodeEvents", input);

/**
 * Reads a generation's stream, and says what arrived and how the generation stands.
 *
 * @param {import("../types/model.js").DecodeStreamInput} input
 * @returns {import("../types/model.js").DecodedStream}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `FIELD_VALUE_INVALID` for hexadecimal that isn't.
 */
export const decodeStream = (input) => call("decodeStream", input);

/**
 * Writes a generation's stream as the host's clients read it.
 *
 * @param {import("../types/model.js").EncodeStreamInput} input
 * @returns {import("../types/model.js").EncodedStream}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const encodeStream = (input) => call("encodeStream", input);

/**
 * Drafts a calendar without any AI: the same request gives the same draft.
 *
 * @param {import("../types/model.js").CalendarRequest} input
 * @returns {import("../types/model.js").CalendarDraft}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the request, at its path.
 */
export const draftCalendar = (input) => call("draftCalendar", input);

/**
 * Says whether a user's generation may begin beside those that run.
 *
 * @param {import("../types/model.js").AdmitGenerationInput} input
 * @returns {import("../types/model.js").AdmittedGeneration}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `GENERATION_BUSY` where it may not.
 */
export const admitGeneration = (input) => call("admitGeneration", input);

/**
 * Judges an entry by the platforms' rules alone, without account, time or job.
 *
 * @param {import("../types/model.js").ValidateEntryInput} input
 * @returns {import("../types/model.js").ValidatedEntry}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with a book of rules that was handed in, under `rules`.
 */
export const validateEntry = (input) => call("validateEntry", input);

/**
 * Counts a text the way a platform counts it.
 *
 * @param {import("../types/model.js").CountTextInput} input
 * @returns {import("../types/model.js").TextCount}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const countText = (input) => call("countText", input);

/**
 * Makes the caption of a post, with its hashtags, and counts it.
 *
 * @param {import("../types/model.js").CaptionTextInput} input
 * @returns {import("../types/model.js").CaptionText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const captionText = (input) => call("captionText", input);

/**
 * Gives the platforms' limits with their sources, of one channel or all.
 *
 * @param {import("../types/model.js").DescribeRulesInput} input
 * @returns {import("../types/model.js").RuleBook}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with a book of rules that was handed in, under `rules`.
 */
export const describeRules = (input) => call("describeRules", input);

/**
 * Says what TikTok's form for a post offers, demands and must state.
 *
 * @param {import("../types/model.js").TiktokFormInput} input
 * @returns {import("../types/model.js").TiktokForm}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const tiktokForm = (input) => call("tiktokForm", input);

/**
 * Judges whether an entry can be published, and by what.
 *
 * @param {import("../types/model.js").EntrySituation} input
 * @returns {import("../types/model.js").Readiness}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const evaluateReadiness = (input) => call("evaluateReadiness", input);

/**
 * Judges every entry of a calendar, those that are too close to each other included.
 *
 * @param {import("../types/model.js").EvaluateCalendarInput} input
 * @returns {import("../types/model.js").EvaluatedCalendar}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `ID_DUPLICATE` where an entry or account stands twice.
 */
export const evaluateCalendar = (input) => call("evaluateCalendar", input);

/**
 * Explains an entry's readiness: what decided, who must act, and what happens next.
 *
 * @param {import("../types/model.js").EntrySituation} input
 * @returns {import("../types/model.js").Explanation}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const explain = (input) => call("explain", input);

/**
 * Checks an entry right before an attempt to publish it.
 *
 * @param {import("../types/model.js").PreflightInput} input
 * @returns {import("../types/model.js").PreflightReport}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const preflight = (input) => call("preflight", input);

/**
 * Says when a failed attempt is followed by another, or that a person has to decide.
 *
 * @param {import("../types/model.js").NextRetryInput} input
 * @returns {import("../types/model.js").RetryDecision}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const nextRetry = (input) => call("nextRetry", input);

/**
 * Applies an event to a publish job.
 *
 * @param {import("../types/model.js").AdvanceJobInput} input
 * @returns {import("../types/model.js").AdvancedJob}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `JOB_TRANSITION_ILLEGAL` where the job's status doesn't allow it, `JOB_LEASE_LOST` for an outdated claim.
 */
export const advanceJob = (input) => call("advanceJob", input);

/**
 * Gives the instant of a wall clock, also in the hour that a change of clocks skips or repeats.
 *
 * @param {import("../types/model.js").ResolveTimeInput} input
 * @returns {import("../types/model.js").Resolution}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `TIMESTAMP_OUT_OF_RANGE` beyond the years that a timestamp holds.
 */
export const resolveTime = (input) => call("resolveTime", input);

/**
 * Gives what a clock shows at an instant.
 *
 * @param {import("../types/model.js").WallClockInput} input
 * @returns {import("../types/model.js").WallClock}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `TIMESTAMP_OUT_OF_RANGE` beyond the years that a date holds.
 */
export const wallClock = (input) => call("wallClock", input);

/**
 * Plans to move entries, and says what the move would change. Nothing is moved.
 *
 * @param {import("../types/model.js").PlanShiftInput} input
 * @returns {import("../types/model.js").ShiftPlan}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export const planShift = (input) => call("planShift", input);

/**
 * Applies a plan to entries: all of it, or nothing.
 *
 * @param {import("../types/model.js").ApplyShiftInput} input
 * @returns {import("../types/model.js").AppliedShift}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `SCHEDULE_STALE` where an entry changed since it was planned.
 */
export const applyShift = (input) => call("applyShift", input);

/**
 * Takes an applied plan back: all of it, or nothing.
 *
 * @param {import("../types/model.js").UndoShiftInput} input
 * @returns {import("../types/model.js").UndoneShift}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `SCHEDULE_STALE` where an entry changed since it was moved.
 */
export const undoShift = (input) => call("undoShift", input);

/**
 * Plans to move one entry to another date and time.
 *
 * @param {import("../types/model.js").PlanRescheduleInput} input
 * @returns {import("../types/model.js").ShiftPlan}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export const planReschedule = (input) => call("planReschedule", input);

/**
 * Plans to make room for an entry by moving those that follow.
 *
 * @param {import("../types/model.js").PlanInsertInput} input
 * @returns {import("../types/model.js").ShiftPlan}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export const planInsert = (input) => call("planInsert", input);

/**
 * Finds posts of one account that are too close to each other.
 *
 * @param {import("../types/model.js").FindClashesInput} input
 * @returns {import("../types/model.js").Clashes}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar, at its path.
 */
export const findClashes = (input) => call("findClashes", input);

/**
 * Counts how far each account's daily cap is used.
 *
 * @param {import("../types/model.js").EvaluateCapsInput} input
 * @returns {import("../types/model.js").CapUsages}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar, at its path.
 */
export const evaluateCaps = (input) => call("evaluateCaps", input);

/**
 * Gives the dates and times of a cadence.
 *
 * @param {import("../types/model.js").CadenceRequest} input
 * @returns {import("../types/model.js").CadenceSlots}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the request, at its path.
 */
export const cadenceSlots = (input) => call("cadenceSlots", input);

/**
 * Finds the next slot of a cadence at which an account has room.
 *
 * @param {import("../types/model.js").NextFreeSlotInput} input
 * @returns {import("../types/model.js").FreeSlot}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export const nextFreeSlot = (input) => call("nextFreeSlot", input);

/**
 * Says how entries stand at the checkpoints before their publication.
 *
 * @param {import("../types/model.js").EvaluateCheckpointsInput} input
 * @returns {import("../types/model.js").CheckpointReports}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the calendar or the request, at its path.
 */
export const evaluateCheckpoints = (input) => call("evaluateCheckpoints", input);

/**
 * Says what a new version of a calendar adds, changes and removes.
 *
 * @param {import("../types/model.js").DiffCalendarInput} input
 * @returns {import("../types/model.js").CalendarDiff}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `ID_DUPLICATE` where a piece stands twice.
 */
export const diffCalendar = (input) => call("diffCalendar", input);

/**
 * Plans to merge a regeneration with what people edited.
 *
 * @param {import("../types/model.js").MergeRequest} input
 * @returns {import("../types/model.js").MergePlan}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * `ID_DUPLICATE` where an entry stands twice, and what else is wrong with the request, at its path.
 */
export const planMerge = (input) => call("planMerge", input);

/**
 * Applies a merge as a person chose it.
 *
 * @param {import("../types/model.js").ApplyMergeInput} input
 * @returns {import("../types/model.js").MergedCalendar}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * Where a conflict is undecided or a choice fits none, at its path.
 */
export const applyMerge = (input) => call("applyMerge", input);

/**
 * Decides a user's flags by the settings of all.
 *
 * @param {import("../types/model.js").EvaluateFlagsInput} input
 * @returns {import("../types/model.js").Flags}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with a setting, at its path.
 */
export const evaluateFlags = (input) => call("evaluateFlags", input);

/**
 * Says which alerts events raise.
 *
 * @param {import("../types/model.js").ReplayAlertsInput} input
 * @returns {import("../types/model.js").ReplayedAlerts}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const replayAlerts = (input) => call("replayAlerts", input);

/**
 * Writes a calendar as CSV, safe to open in a spreadsheet.
 *
 * @param {import("../types/model.js").ExportCsvInput} input
 * @returns {import("../types/model.js").ExportedText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What can't be written, at its path.
 */
export const exportCsv = (input) => call("exportCsv", input);

/**
 * Writes a calendar as JSON of the published schema.
 *
 * @param {import("../types/model.js").ExportJsonInput} input
 * @returns {import("../types/model.js").ExportedText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What can't be written, at its path.
 */
export const exportJson = (input) => call("exportJson", input);

/**
 * Writes a calendar as iCalendar.
 *
 * @param {import("../types/model.js").ExportIcalInput} input
 * @returns {import("../types/model.js").ExportedText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What can't be written, at its path.
 */
export const exportIcal = (input) => call("exportIcal", input);

/**
 * Reads a calendar from CSV. A row that is wrong is refused, and the others are read all the same.
 *
 * @param {import("../types/model.js").ImportCsvInput} input
 * @returns {import("../types/model.js").CsvImport}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * Where the text is no CSV with a header that is known.
 */
export const importCsv = (input) => call("importCsv", input);

/**
 * Reads a calendar from JSON. An entry that is wrong is refused, and the others are read all the same.
 *
 * @param {import("../types/model.js").ImportJsonInput} input
 * @returns {import("../types/model.js").JsonImport}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * Where the text is no such document.
 */
export const importJson = (input) => call("importJson", input);

/**
 * Says what publishing a calendar would do, and does none of it.
 *
 * @param {import("../types/model.js").PublishDryRunInput} input
 * @returns {import("../types/model.js").DryRunPlan}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 * What is wrong with the request, at its path.
 */
export const publishDryRun = (input) => call("publishDryRun", input);

/**
 * Answers a publish request while publishing is switched off.
 *
 * @param {import("../types/model.js").PublishDisabledInput} input
 * @returns {import("../types/model.js").DisabledPublish}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const publishDisabled = (input) => call("publishDisabled", input);

/**
 * Answers an export request while publishing is switched off.
 *
 * @param {import("../types/model.js").ExportDisabledInput} input
 * @returns {import("../types/model.js").DisabledExport}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const exportDisabled = (input) => call("exportDisabled", input);

/**
 * Checks that a ledger is whole. A broken one is an answer.
 *
 * @param {import("../types/model.js").VerifyLedgerInput} input
 * @returns {import("../types/model.js").LedgerVerdict}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const verifyLedger = (input) => call("verifyLedger", input);

/**
 * Words a code, a finding or an error for people.
 *
 * @param {import("../types/model.js").MessageTextInput} input
 * @returns {import("../types/model.js").MessageText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const messageText = (input) => call("messageText", input);

/**
 * Words an explanation for people.
 *
 * @param {import("../types/model.js").ExplainTextInput} input
 * @returns {import("../types/model.js").ExplanationText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const explainText = (input) => call("explainText", input);

/**
 * Words a state of the page for people.
 *
 * @param {import("../types/model.js").UxTextInput} input
 * @returns {import("../types/model.js").UxText}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const uxText = (input) => call("uxText", input);

/**
 * Words a value for people.
 *
 * @param {import("../types/model.js").FormatValueInput} input
 * @returns {import("../types/model.js").FormattedValue}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const formatValue = (input) => call("formatValue", input);

/**
 * Gives the words of badges, buttons and filters.
 *
 * @param {import("../types/model.js").LabelsInput} input
 * @returns {import("../types/model.js").Labels}
 * @throws {CalendarPublishError} Where the input isn't of its type, at its path.
 */
export const labels = (input) => call("labels", input);
