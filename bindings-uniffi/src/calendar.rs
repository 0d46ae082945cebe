//! A calendar that lives in an interface.

use std::sync::{Mutex, MutexGuard, PoisonError};

use calendar_publish::calendar::{
    self, AppliedMove, CalendarChanges, CalendarDocument, CalendarSummary, ExportRequest,
    MergeOutcome, MergeProposal, PageRequest, Regeneration, TilePage,
};
use calendar_publish::merge::MergeChoices;
use calendar_publish::model::{
    CalendarEntry, ChannelAccount, EntryId, Explanation, PublishJob, Readiness, Timestamp,
};
use calendar_publish::schedule::{
    CadenceSlot, CapUsage, CheckpointReport, CheckpointRequest, Clash, FreeSlotRequest,
    InsertRequest, RescheduleRequest, ScheduleSettings, ShiftPlan, ShiftRequest,
};

use crate::CalendarPublishError;

/// A calendar with the readiness of every entry, kept up to date: the entries stay inside, and only what
/// changed comes out. It reads no clock: whoever holds it says what time it is.
///
/// A method that fails has changed nothing. It may be used from several threads; calls wait for each
/// other.
#[derive(Debug, uniffi::Object)]
pub struct Calendar {
    calendar: Mutex<calendar::Calendar>,
}

impl Calendar {
    fn calendar(&self) -> MutexGuard<'_, calendar::Calendar> {
        self.calendar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each method of core's calendar that takes at most one value and can be refused.
macro_rules! methods {
    (
        #[uniffi::export]
        impl Calendar {
            $($(#[$doc:meta])* pub fn $name:ident($($argument:ident: $type:ty $(, $by:tt)?)?) -> $answer:ty;)*
        }
    ) => {
        #[uniffi::export]
        impl Calendar {
            $($(#[$doc])*
            pub fn $name(&self, $($argument: $type)?) -> Result<$answer, CalendarPublishError> {
                Ok(self.calendar().$name($($($by)? $argument)?)?)
            })*
        }
    };
}

methods! {
#[uniffi::export]
impl Calendar {
    /// A page of tiles, in chronological order.
    pub fn page(request: PageRequest, &) -> TilePage;
    /// Why an entry is where it is, who must act, and what can safely be done. `explain_text` words it.
    pub fn explain(entry_id: EntryId) -> Explanation;
    /// Puts in an entry, in place of the one with its id if there is one.
    pub fn put(entry: CalendarEntry) -> CalendarChanges;
    /// Puts in many entries: all of them, or none.
    pub fn put_many(entries: Vec<CalendarEntry>) -> CalendarChanges;
    /// Takes an entry out.
    pub fn remove(entry_id: EntryId) -> CalendarChanges;
    /// Puts in a publish job, in place of the one with its id if there is one.
    pub fn put_job(job: PublishJob) -> CalendarChanges;
    /// Replaces the accounts.
    pub fn put_accounts(accounts: Vec<ChannelAccount>) -> CalendarChanges;
    /// Replaces the limits that moves are judged by.
    pub fn put_settings(settings: ScheduleSettings) -> ();
    /// Says what time it is.
    pub fn set_now(now: Timestamp) -> CalendarChanges;
    /// Plans a shift, every move of it told. Nothing has happened yet.
    pub fn plan_shift(request: ShiftRequest, &) -> ShiftPlan;
    /// Plans to move one entry.
    pub fn plan_reschedule(request: RescheduleRequest, &) -> ShiftPlan;
    /// Plans to insert one entry and to push those that are in its way.
    pub fn plan_insert(request: InsertRequest, &) -> ShiftPlan;
    /// Applies a plan: every move of it, or none.
    pub fn apply(plan: ShiftPlan) -> AppliedMove;
    /// Plans a shift and applies it, without telling each move.
    pub fn shift(request: ShiftRequest, &) -> AppliedMove;
    /// Moves one entry to another date and time.
    pub fn reschedule(request: RescheduleRequest, &) -> AppliedMove;
    /// Inserts one entry and pushes those that are in its way.
    pub fn insert(request: InsertRequest, &) -> AppliedMove;
    /// Takes the last move back; nothing where there is none left.
    pub fn undo() -> Option<CalendarChanges>;
    /// Plans the merge of a regeneration and keeps the plan.
    pub fn plan_merge(regeneration: Regeneration) -> MergeProposal;
    /// Carries out the chosen changes of the planned merge.
    pub fn apply_merge(choices: MergeChoices, &) -> MergeOutcome;
    /// Posts of one account that are too close to each other.
    pub fn find_clashes() -> Vec<Clash>;
    /// How far the daily caps are used.
    pub fn evaluate_caps() -> Vec<CapUsage>;
    /// The first free slot of a cadence.
    pub fn next_free_slot(request: FreeSlotRequest, &) -> Option<CadenceSlot>;
    /// How entries stand towards their checkpoints.
    pub fn evaluate_checkpoints(request: CheckpointRequest, &) -> Vec<CheckpointReport>;
    /// The file that `request` asks for, as bytes.
    pub fn export(request: ExportRequest, &) -> Vec<u8>;
}
}

#[uniffi::export]
impl Calendar {
    /// A calendar at `now`. What is wrong with the document is refused at its path.
    #[uniffi::constructor]
    pub fn new(document: CalendarDocument, now: Timestamp) -> Result<Self, CalendarPublishError> {
        Ok(Self {
            calendar: Mutex::new(calendar::Calendar::new(document, now)?),
        })
    }

    /// The same from a JSON document, as it comes from a file or a server: no entry crosses the language
    /// border by itself.
    #[uniffi::constructor]
    pub fn load(document: Vec<u8>, now: Timestamp) -> Result<Self, CalendarPublishError> {
        Ok(Self {
            calendar: Mutex::new(calendar::Calendar::load(&document, now)?),
        })
    }

    /// Runs an operation of the calendar by name, JSON in and JSON out.
    pub fn call(&self, name: &str, input: &str) -> Result<String, CalendarPublishError> {
        Ok(self.calendar().call(name, input)?)
    }

    /// One entry.
    pub fn entry(&self, entry_id: EntryId) -> Result<CalendarEntry, CalendarPublishError> {
        Ok(self.calendar().entry(entry_id)?.clone())
    }

    /// One entry's readiness, with everything that was found.
    pub fn readiness(&self, entry_id: EntryId) -> Result<Readiness, CalendarPublishError> {
        Ok(self.calendar().readiness(entry_id)?.clone())
    }

    /// Every entry, in the host's order.
    pub fn entries(&self) -> Vec<CalendarEntry> {
        self.calendar().entries().to_vec()
    }

    /// How many entries show which badge.
    pub fn summary(&self) -> CalendarSummary {
        self.calendar().summary()
    }

    /// The calendar as it could be loaded again.
    pub fn document(&self) -> CalendarDocument {
        self.calendar().document()
    }
}

/// The name of every operation that a calendar's `call` knows.
#[uniffi::export]
pub fn calendar_operation_names() -> Vec<String> {
    calendar::CALENDAR_OPERATIONS
        .iter()
        .map(|operation| operation.name.to_owned())
        .collect()
}
