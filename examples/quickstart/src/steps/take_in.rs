//! Taking a generated stream into the store.

use anyhow::Result;
use calendar_publish::generation::{GenerationSnapshot, GenerationState};
use calendar_publish::merge::{
    KeyedPiece, MergeChoices, MergePlan, MergeRequest, MergedCalendar, apply, plan,
};
use calendar_publish::model::{
    CalendarEntry, CalendarId, ChannelAccount, EntryId, RunId, RunRef, Zone, deterministic_uuid,
};
use calendar_publish::ports::{RefusedEntry, Store, StoredCalendar};

use super::keep::{build_entries, set_instant};
use super::{Shelf, Version};
use crate::input::Additions;

/// What stands beside the stream: the accounts, what people added, and a zone for entries without an
/// account.
pub(crate) struct Desk<'a> {
    pub(crate) accounts: &'a [ChannelAccount],
    pub(crate) additions: &'a [Additions],
    pub(crate) zone: Zone,
}

/// What taking in a stream came to.
pub(crate) struct TakenIn {
    pub(crate) stored: StoredCalendar,
    /// The merge, where there was a calendar already and the stream was new.
    pub(crate) merge: Option<(MergePlan, MergedCalendar)>,
}

/// Takes a stream in: as it is where the calendar is new, merged around what people edited where there
/// is one, and not at all where it was taken in before.
pub(crate) async fn take_in(
    shelf: &mut Shelf,
    snapshot: &GenerationSnapshot,
    desk: &Desk<'_>,
) -> Result<TakenIn> {
    let run = run_of(snapshot, shelf.calendar);
    let fresh = Version {
        refused: refused(snapshot, shelf.calendar),
        ..Version::generated(run, snapshot, Vec::new())
    };
    let Some(latest) = shelf.latest().await? else {
        let entries = build_entries(shelf.calendar, snapshot, desk);
        let stored = shelf.save(Version { entries, ..fresh }).await?;
        return Ok(TakenIn {
            stored,
            merge: None,
        });
    };
    if shelf.knows(run).await? {
        shelf.note_repetition(run, latest.revision);
        return Ok(TakenIn {
            stored: latest,
            merge: None,
        });
    }
    let (plan, mut merged) = merge(shelf, &latest, snapshot).await?;
    for entry in &mut merged.entries {
        if entry.scheduled_at.is_none() {
            set_instant(entry, desk);
        }
    }
    let version = Version {
        entries: merged.entries.clone(),
        generated: Some(as_generated(shelf.calendar, plan.next_base.clone())),
        ..fresh
    };
    let stored = shelf.save(version).await?;
    Ok(TakenIn {
        stored,
        merge: Some((plan, merged)),
    })
}

/// What was generated last is the base, so that an edit by hand is recognised as one.
async fn merge(
    shelf: &Shelf,
    latest: &StoredCalendar,
    snapshot: &GenerationSnapshot,
) -> Result<(MergePlan, MergedCalendar)> {
    let base = shelf
        .store
        .last_generation(shelf.user, shelf.calendar)
        .await?;
    let base = base
        .map(|generation| generation.entries)
        .unwrap_or_default();
    let theirs = snapshot
        .pieces
        .iter()
        .map(|arrived| KeyedPiece::from(arrived.piece.clone()));
    let plan = plan(MergeRequest {
        calendar_id: shelf.calendar,
        base: base.iter().map(KeyedPiece::from).collect(),
        mine: latest.entries.clone(),
        theirs: theirs.collect(),
        frozen: Vec::new(),
        complete: snapshot.is_whole(),
    })?;
    let merged = apply(plan.clone(), &MergeChoices::ALL)?;
    Ok((plan, merged))
}

/// The regeneration as entries, with the ids under which the merged calendar knows them.
fn as_generated(calendar: CalendarId, base: Vec<KeyedPiece>) -> Vec<CalendarEntry> {
    base.into_iter()
        .filter_map(|keyed| Some(CalendarEntry::new(keyed.piece.id?, calendar, keyed.piece)))
        .collect()
}

/// The stream's own run. One that was cut short, or names none, is told apart by its pieces, so that
/// the whole stream can follow it.
fn run_of(snapshot: &GenerationSnapshot, calendar: CalendarId) -> RunId {
    match (snapshot.run_id, snapshot.state) {
        (Some(RunRef::Stored(run)), GenerationState::Complete) => run,
        _ => {
            let pieces = serde_json::to_string(&snapshot.pieces).unwrap_or_default();
            RunId::new(deterministic_uuid(&["run", &calendar.to_string(), &pieces]))
        }
    }
}

/// The pieces that couldn't be read, to be kept as they came.
fn refused(snapshot: &GenerationSnapshot, calendar: CalendarId) -> Vec<RefusedEntry> {
    snapshot
        .refusals
        .iter()
        .filter_map(|refusal| {
            let parts = ["refused", &calendar.to_string(), &refusal.index.to_string()];
            Some(RefusedEntry {
                id: EntryId::new(deterministic_uuid(&parts)),
                position: refusal.index,
                payload: refusal.payload.clone(),
                error: refusal.errors.first()?.clone(),
            })
        })
        .collect()
}
