//! The list of operations.

/// Hands every pure operation to the macro that is named, so that a binding writes its wrapper once.
///
/// The macro is called once with all of them: documentation, name in every language, name in Rust,
/// input and answer. The function itself is `calendar_publish::operation::` and the name in Rust.
///
/// ```
/// macro_rules! names {
///     ($( $(#[$doc:meta])* $name:literal $function:ident $input:ty => $answer:ty )*) => {
///         [$($name),*]
///     };
/// }
///
/// let names = calendar_publish::for_each_operation!(names);
/// assert!(names.contains(&"planShift"));
/// ```
#[macro_export]
macro_rules! for_each_operation {
    ($($callback:tt)+) => {
        $($callback)+! {
            /// Reads pieces of a calendar as an AI or a host wrote them. A piece that is wrong is refused with all
            /// its errors, and the others are read all the same.
            ///
            /// # Errors
            /// `INPUT_INVALID` where the text is no list of pieces.
            "readPieces" read_pieces $crate::operation::ReadPiecesInput => $crate::model::PieceReading

            /// Reads a stream of server-sent events, however it is cut into chunks.
            ///
            /// # Errors
            /// `STREAM_EVENT_TOO_LARGE` for an event beyond the bound, `FIELD_VALUE_INVALID` for hexadecimal that
            /// isn't.
            "decodeEvents" decode_events $crate::operation::DecodeEventsInput => $crate::operation::DecodedEvents

            /// Reads a generation's stream, and says what arrived and how the generation stands.
            ///
            /// # Errors
            /// `FIELD_VALUE_INVALID` for hexadecimal that isn't.
            "decodeStream" decode_stream $crate::operation::DecodeStreamInput => $crate::operation::DecodedStream

            /// Writes a generation's stream as the host's clients read it.
            ///
            /// # Errors
            /// None but those of the input.
            "encodeStream" encode_stream $crate::operation::EncodeStreamInput => $crate::operation::EncodedStream

            /// Drafts a calendar without any AI: the same request gives the same draft.
            ///
            /// # Errors
            /// What is wrong with the request, at its path.
            "draftCalendar" draft_calendar $crate::generation::CalendarRequest => $crate::generation::CalendarDraft

            /// Says whether a user's generation may begin beside those that run.
            ///
            /// # Errors
            /// `GENERATION_BUSY` where it may not.
            "admitGeneration" admit_generation $crate::operation::AdmitGenerationInput => $crate::operation::AdmittedGeneration

            /// Judges an entry by the platforms' rules alone, without account, time or job.
            ///
            /// # Errors
            /// What is wrong with a book of rules that was handed in, under `rules`.
            "validateEntry" validate_entry $crate::operation::ValidateEntryInput => $crate::operation::ValidatedEntry

            /// Counts a text the way a platform counts it.
            ///
            /// # Errors
            /// None but those of the input.
            "countText" count_text $crate::operation::CountTextInput => $crate::rules::TextCount

            /// Makes the caption of a post, with its hashtags, and counts it.
            ///
            /// # Errors
            /// None but those of the input.
            "captionText" caption_text $crate::operation::CaptionTextInput => $crate::operation::CaptionText

            /// Gives the platforms' limits with their sources, of one channel or all.
            ///
            /// # Errors
            /// What is wrong with a book of rules that was handed in, under `rules`.
            "describeRules" describe_rules $crate::operation::DescribeRulesInput => $crate::rules::RuleBook

            /// Says what TikTok's form for a post offers, demands and must state.
            ///
            /// # Errors
            /// None but those of the input.
            "tiktokForm" tiktok_form $crate::operation::TiktokFormInput => $crate::rules::TiktokForm

            /// Judges whether an entry can be published, and by what.
            ///
            /// # Errors
            /// None but those of the input.
            "evaluateReadiness" evaluate_readiness $crate::operation::EntrySituation => $crate::model::Readiness

            /// Judges every entry of a calendar, those that are too close to each other included.
            ///
            /// # Errors
            /// `ID_DUPLICATE` where an entry or account stands twice.
            "evaluateCalendar" evaluate_calendar $crate::operation::EvaluateCalendarInput => $crate::operation::EvaluatedCalendar

            /// Explains an entry's readiness: what decided, who must act, and what happens next.
            ///
            /// # Errors
            /// None but those of the input.
            "explain" explain $crate::operation::EntrySituation => $crate::model::Explanation

            /// Checks an entry right before an attempt to publish it.
            ///
            /// # Errors
            /// None but those of the input.
            "preflight" preflight $crate::operation::PreflightInput => $crate::preflight::PreflightReport

            /// Says when a failed attempt is followed by another, or that a person has to decide.
            ///
            /// # Errors
            /// None but those of the input.
            "nextRetry" next_retry $crate::operation::NextRetryInput => $crate::retry::RetryDecision

            /// Applies an event to a publish job.
            ///
            /// # Errors
            /// `JOB_TRANSITION_ILLEGAL` where the job's status doesn't allow it, `JOB_LEASE_LOST` for an outdated claim.
            "advanceJob" advance_job $crate::operation::AdvanceJobInput => $crate::operation::AdvancedJob

            /// Gives the instant of a wall clock, also in the hour that a change of clocks skips or repeats.
            ///
            /// # Errors
            /// `TIMESTAMP_OUT_OF_RANGE` beyond the years that a timestamp holds.
            "resolveTime" resolve_time $crate::operation::ResolveTimeInput => $crate::schedule::Resolution

            /// Gives what a clock shows at an instant.
            ///
            /// # Errors
            /// `TIMESTAMP_OUT_OF_RANGE` beyond the years that a date holds.
            "wallClock" wall_clock $crate::operation::WallClockInput => $crate::operation::WallClock

            /// Plans to move entries, and says what the move would change. Nothing is moved.
            ///
            /// # Errors
            /// What is wrong with the calendar or the request, at its path.
            "planShift" plan_shift $crate::operation::PlanShiftInput => $crate::schedule::ShiftPlan

            /// Applies a plan to entries: all of it, or nothing.
            ///
            /// # Errors
            /// `SCHEDULE_STALE` where an entry changed since it was planned.
            "applyShift" apply_shift $crate::operation::ApplyShiftInput => $crate::operation::AppliedShift

            /// Takes an applied plan back: all of it, or nothing.
            ///
            /// # Errors
            /// `SCHEDULE_STALE` where an entry changed since it was moved.
            "undoShift" undo_shift $crate::operation::UndoShiftInput => $crate::operation::UndoneShift

            /// Plans to move one entry to another date and time.
            ///
            /// # Errors
            /// What is wrong with the calendar or the request, at its path.
            "planReschedule" plan_reschedule $crate::operation::PlanRescheduleInput => $crate::schedule::ShiftPlan

            /// Plans to make room for an entry by moving those that follow.
            ///
            /// # Errors
            /// What is wrong with the calendar or the request, at its path.
            "planInsert" plan_insert $crate::operation::PlanInsertInput => $crate::schedule::ShiftPlan

            /// Finds posts of one account that are too close to each other.
            ///
            /// # Errors
            /// What is wrong with the calendar, at its path.
            "findClashes" find_clashes $crate::operation::FindClashesInput => $crate::operation::Clashes

            /// Counts how far each account's daily cap is used.
            ///
            /// # Errors
            /// What is wrong with the calendar, at its path.
            "evaluateCaps" evaluate_caps $crate::operation::EvaluateCapsInput => $crate::operation::CapUsages

            /// Gives the dates and times of a cadence.
            ///
            /// # Errors
            /// What is wrong with the request, at its path.
            "cadenceSlots" cadence_slots $crate::schedule::CadenceRequest => $crate::operation::CadenceSlots

            /// Finds the next slot of a cadence at which an account has room.
            ///
            /// # Errors
            /// What is wrong with the calendar or the request, at its path.
            "nextFreeSlot" next_free_slot $crate::operation::NextFreeSlotInput => $crate::operation::FreeSlot

            /// Says how entries stand at the checkpoints before their publication.
            ///
            /// # Errors
            /// What is wrong with the calendar or the request, at its path.
            "evaluateCheckpoints" evaluate_checkpoints $crate::operation::EvaluateCheckpointsInput => $crate::operation::CheckpointReports

            /// Says what a new version of a calendar adds, changes and removes.
            ///
            /// # Errors
            /// `ID_DUPLICATE` where a piece stands twice.
            "diffCalendar" diff_calendar $crate::operation::DiffCalendarInput => $crate::model::CalendarDiff

            /// Plans to merge a regeneration with what people edited.
            ///
            /// # Errors
            /// `ID_DUPLICATE` where an entry stands twice, and what else is wrong with the request, at its path.
            "planMerge" plan_merge $crate::merge::MergeRequest => $crate::merge::MergePlan

            /// Applies a merge as a person chose it.
            ///
            /// # Errors
            /// Where a conflict is undecided or a choice fits none, at its path.
            "applyMerge" apply_merge $crate::operation::ApplyMergeInput => $crate::merge::MergedCalendar

            /// Decides a user's flags by the settings of all.
            ///
            /// # Errors
            /// What is wrong with a setting, at its path.
            "evaluateFlags" evaluate_flags $crate::operation::EvaluateFlagsInput => $crate::flags::Flags

            /// Says which alerts events raise.
            ///
            /// # Errors
            /// None but those of the input.
            "replayAlerts" replay_alerts $crate::operation::ReplayAlertsInput => $crate::operation::ReplayedAlerts

            /// Writes a calendar as CSV, safe to open in a spreadsheet.
            ///
            /// # Errors
            /// What can't be written, at its path.
            "exportCsv" export_csv $crate::operation::ExportCsvInput => $crate::operation::ExportedText

            /// Writes a calendar as JSON of the published schema.
            ///
            /// # Errors
            /// What can't be written, at its path.
            "exportJson" export_json $crate::operation::ExportJsonInput => $crate::operation::ExportedText

            /// Writes a calendar as iCalendar.
            ///
            /// # Errors
            /// What can't be written, at its path.
            "exportIcal" export_ical $crate::operation::ExportIcalInput => $crate::operation::ExportedText

            /// Reads a calendar from CSV. A row that is wrong is refused, and the others are read all the same.
            ///
            /// # Errors
            /// Where the text is no CSV with a header that is known.
            "importCsv" import_csv $crate::operation::ImportCsvInput => $crate::import::CsvImport

            /// Reads a calendar from JSON. An entry that is wrong is refused, and the others are read all the same.
            ///
            /// # Errors
            /// Where the text is no such document.
            "importJson" import_json $crate::operation::ImportJsonInput => $crate::import::JsonImport

            /// Says what publishing a calendar would do, and does none of it.
            ///
            /// # Errors
            /// What is wrong with the request, at its path.
            "publishDryRun" publish_dry_run $crate::operation::PublishDryRunInput => $crate::publish::DryRunPlan

            /// Answers a publish request while publishing is switched off.
            ///
            /// # Errors
            /// None but those of the input.
            "publishDisabled" publish_disabled $crate::operation::PublishDisabledInput => $crate::operation::DisabledPublish

            /// Answers an export request while publishing is switched off.
            ///
            /// # Errors
            /// None but those of the input.
            "exportDisabled" export_disabled $crate::operation::ExportDisabledInput => $crate::operation::DisabledExport

            /// Checks that a ledger is whole. A broken one is an answer.
            ///
            /// # Errors
            /// None but those of the input.
            "verifyLedger" verify_ledger $crate::operation::VerifyLedgerInput => $crate::operation::LedgerVerdict

            /// Words a code, a finding or an error for people.
            ///
            /// # Errors
            /// None but those of the input.
            "messageText" message_text $crate::operation::MessageTextInput => $crate::message::MessageText

            /// Words an explanation for people.
            ///
            /// # Errors
            /// None but those of the input.
            "explainText" explain_text $crate::operation::ExplainTextInput => $crate::message::ExplanationText

            /// Words a state of the page for people.
            ///
            /// # Errors
            /// None but those of the input.
            "uxText" ux_text $crate::operation::UxTextInput => $crate::message::UxText

            /// Words a value for people.
            ///
            /// # Errors
            /// None but those of the input.
            "formatValue" format_value $crate::operation::FormatValueInput => $crate::operation::FormattedValue

            /// Gives the words of badges, buttons and filters.
            ///
            /// # Errors
            /// None but those of the input.
            "labels" labels $crate::operation::LabelsInput => $crate::message::Labels
        }
    };
}
