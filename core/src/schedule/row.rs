//! What planning reads of an entry.

use crate::model::{
    AccountId, CalendarEntry, Channel, EntryId, LocalDate, LocalTime, ReadinessState, Timestamp,
};

/// The few fields of an entry that planning reads, side by side.
///
/// An entry is hundreds of bytes long and planning reads it several times over. Copied out once,
/// what matters of a whole calendar fits into the processor's cache.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) id: EntryId,
    pub(super) account_id: Option<AccountId>,
    pub(super) date: LocalDate,
    pub(super) time: LocalTime,
    pub(super) scheduled_at: Option<Timestamp>,
    pub(super) revision: i64,
    pub(super) channel: Channel,
    pub(super) draft: bool,
    pub(super) published: bool,
}

impl Row {
    pub(super) fn of(entry: &CalendarEntry) -> Self {
        Self {
            id: entry.id,
            account_id: entry.account_id,
            date: entry.piece.date,
            time: entry.piece.time,
            scheduled_at: entry.scheduled_at,
            revision: entry.revision,
            channel: entry.piece.channel,
            draft: entry.draft,
            published: entry.readiness == Some(ReadinessState::Published),
        }
    }
}
