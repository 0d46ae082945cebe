//! A regeneration, merged around what people edited.

use anyhow::Result;
use calendar_publish::merge::{
    KeyedPiece, MergeChoices, MergePlan, MergeRequest, MergedCalendar, apply, plan,
};
use calendar_publish::model::{CalendarEntry, CalendarId, CalendarPiece, ChannelAccount, Zone};
use calendar_publish::ports::{Store, StoredCalendar};

use super::Shelf;
use super::keep::set_instant;

/// Merges freshly generated `pieces` into the saved calendar. What was generated last is the base, so
/// that an edit by hand is recognised as one. Where the stream broke off, `complete` is false: nothing
/// is removed that just hadn't arrived.
pub(crate) async fn regenerate(
    shelf: &Shelf,
    saved: &StoredCalendar,
    pieces: Vec<CalendarPiece>,
    complete: bool,
    accounts: &[ChannelAccount],
    zone: Zone,
) -> Result<(MergePlan, MergedCalendar)> {
    let base = shelf
        .store
        .last_generation(shelf.user, shelf.calendar)
        .await?;
    let base = base
        .map(|generation| generation.entries)
        .unwrap_or_default();
    let merge = plan(MergeRequest {
        calendar_id: shelf.calendar,
        base: base.iter().map(KeyedPiece::from).collect(),
        mine: saved.entries.clone(),
        theirs: pieces.into_iter().map(KeyedPiece::from).collect(),
        complete,
        frozen: Vec::new(),
    })?;
    let mut merged = apply(merge.clone(), &MergeChoices::ALL)?;
    for entry in &mut merged.entries {
        if entry.scheduled_at.is_none() {
            set_instant(entry, accounts, zone);
        }
    }
    Ok((merge, merged))
}

/// The regeneration as entries, with the ids under which the merged calendar knows them.
pub(crate) fn as_generated(calendar: CalendarId, base: Vec<KeyedPiece>) -> Vec<CalendarEntry> {
    base.into_iter()
        .filter_map(|keyed| Some(CalendarEntry::new(keyed.piece.id?, calendar, keyed.piece)))
        .collect()
}
