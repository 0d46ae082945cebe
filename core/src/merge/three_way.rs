//! Planning a three-way merge: every change gets a name, nothing is carried out yet.

use std::collections::BTreeSet;

use super::change::{MergeAction, MergeChange, MergePlan, MergeRequest};
use super::field::{Field, Indexed, PieceValue, changed_names};
use super::identity::{KeyedPiece, Subject, refuse_duplicate_ids};
use super::links::Links;
use super::tags::merge_tags;
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, CalendarPiece, EntryId, ReadinessState, deterministic_uuid};

/// Longer hashtag lists aren't merged tag by tag: they are one value that conflicts as a whole. No
/// channel takes more than 30.
const MAX_MERGED_TAGS: usize = 256;

/// No zone's clock is farther behind UTC, in milliseconds: Etc/GMT+12.
const FARTHEST_BEHIND_UTC: i64 = -12 * 3_600_000;
/// No zone's clock is farther ahead of UTC, in milliseconds: Pacific/Kiritimati.
const FARTHEST_AHEAD_OF_UTC: i64 = 14 * 3_600_000;

/// Compares three sides and names every change that the regeneration brings.
///
/// | base → mine | base → theirs | the plan |
/// |---|---|---|
/// | same | other value | an edit |
/// | other value | same | nothing: the person's value stays |
/// | other value | the same other value | nothing |
/// | other value | a third value | a conflict, both values named |
/// | hashtags | hashtags | an edit: additions and removals of both |
/// | untouched entry | gone | a removal |
/// | edited entry | gone | a conflict |
/// | gone | same | nothing: it stays deleted |
/// | gone | other value | a conflict |
/// | added | added alike | one entry; what differs is a conflict |
///
/// Media, cover, account, options, draft, review, revision and the instant aren't generated: no change
/// touches them. A new channel for an entry for which a person chose an account, options or media is a
/// conflict, since those belong to the old one. Published and frozen entries have no changes.
///
/// An entry's instant can have been moved by hand while its piece kept date and time. Without the
/// account's zone that is only certain where no zone's clock shows the piece's date and time at that
/// instant: clocks are between 12 hours behind UTC and 14 hours ahead of it ("Time zone database:
/// Etc/GMT+12, Pacific/Kiritimati"). A new date or time for such an entry is a conflict, and so is its
/// removal. A smaller move isn't recognised: a host that moves instants writes the piece as well.
///
/// A regeneration that isn't [`complete`](MergeRequest::complete) changes and adds, and never removes:
/// what didn't arrive stays as it is saved, and stays in the next base as it was generated last.
///
/// Pieces are recognised as in [`diff`](super::diff).
///
/// # Errors
/// [`Code::IdDuplicate`] where a side holds an id twice, [`Code::FieldValueInvalid`] where an entry
/// belongs to another calendar.
///
/// ```
/// use calendar_publish::merge::{MergeRequest, plan};
///
/// let id = "018f0000-0000-7000-8000-000000000001";
/// let calendar = "018f0000-0000-7000-8000-00000000000c";
/// let piece = |copy: &str| serde_json::json!({
///     "id": id, "channel": "tiktok", "title": "Pan", "copy": copy, "date": "2026-04-02"
/// });
/// let request: MergeRequest = serde_json::from_value(serde_json::json!({
///     "calendarId": calendar,
///     "base": [{ "piece": piece("Hay pan") }],
///     "mine": [{ "id": id, "calendarId": calendar, "piece": piece("¡Hay pan!") }],
///     "theirs": [{ "piece": piece("Hoy hay pan") }],
///     "complete": true,
/// }))?;
/// let plan = plan(request)?;
/// assert_eq!(plan.changes[0].id, format!("edit:{id}:copy"));
/// assert!(plan.changes[0].conflict.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan(request: MergeRequest) -> Result<MergePlan, Error> {
    refuse_bad(&request)?;
    let links = Links::new(&request);
    let mut frozen = BTreeSet::new();
    frozen.extend(request.frozen.iter().copied());
    let mut changes = Vec::new();
    let mut untouched = Vec::new();
    let mut next_base = request.theirs.clone();
    let mut belongs_to = |place: usize, entry: EntryId| {
        if let Some(keyed) = next_base.get_mut(place) {
            keyed.piece.id = Some(entry);
        }
    };
    for (entry, link) in request.mine.iter().zip(&links.mine) {
        let base = link.base.and_then(|i| request.base.get(i));
        let theirs = link.theirs.and_then(|i| request.theirs.get(i));
        if let Some(place) = link.theirs {
            belongs_to(place, entry.id);
        }
        let mut found = Vec::new();
        match (base, theirs) {
            (base, Some(theirs)) => {
                edits(
                    entry,
                    base.map(|keyed| &keyed.piece),
                    &theirs.piece,
                    &mut found,
                );
            }
            (Some(base), None) if request.complete => found.push(removal(entry, &base.piece)),
            (_, None) => {}
        }
        if !frozen.contains(&entry.id) && entry.readiness != Some(ReadinessState::Published) {
            changes.append(&mut found);
        } else if !found.is_empty() {
            untouched.push(entry.id);
        }
    }
    let kept = if request.complete {
        Vec::new()
    } else {
        kept_base(&request, &links)
    };
    let mut ids = NewIds::new(&request, &kept);
    for (base, place) in &links.deleted {
        if let Some((base, theirs)) = request.base.get(*base).zip(request.theirs.get(*place)) {
            let entry_id = ids.next(base.piece.id.or(theirs.piece.id), theirs);
            belongs_to(*place, entry_id);
            changes.extend(restoration(base, theirs, entry_id));
        }
    }
    for place in &links.added {
        let Some(theirs) = request.theirs.get(*place) else {
            continue;
        };
        let entry_id = ids.next(theirs.piece.id, theirs);
        belongs_to(*place, entry_id);
        changes.push(MergeChange {
            id: format!("add:{entry_id}"),
            conflict: None,
            action: MergeAction::Add {
                entry_id,
                theirs: theirs.clone(),
            },
        });
    }
    next_base.extend(kept);
    Ok(MergePlan {
        calendar_id: request.calendar_id,
        mine: request.mine,
        changes,
        untouched,
        next_base,
    })
}

/// What was generated last and didn't arrive now, each piece with the id of the entry it belongs to.
fn kept_base(request: &MergeRequest, links: &Links) -> Vec<KeyedPiece> {
    let kept = links.gone.iter().filter_map(|(base, entry)| {
        let mut keyed = request.base.get(*base)?.clone();
        let entry = entry.and_then(|i| request.mine.get(i));
        keyed.piece.id = entry.map(|entry| entry.id).or(keyed.piece.id);
        Some(keyed)
    });
    kept.collect()
}

fn refuse_bad(request: &MergeRequest) -> Result<(), Error> {
    let base = request.base.iter().map(Subject::from);
    let theirs = request.theirs.iter().map(Subject::from);
    let mine = request.mine.iter().map(Subject::from);
    refuse_duplicate_ids(base, |i| format!("base[{i}].piece.id"))?;
    refuse_duplicate_ids(theirs, |i| format!("theirs[{i}].piece.id"))?;
    refuse_duplicate_ids(mine, |i| format!("mine[{i}].id"))?;
    for (index, entry) in request.mine.iter().enumerate() {
        if entry.calendar_id != request.calendar_id {
            return Err(Error::new(Code::FieldValueInvalid)
                .at(format!("mine[{index}].calendarId"))
                .measured(Measure::text(entry.calendar_id.to_string())));
        }
    }
    Ok(())
}

/// The fields of an entry that the regeneration would change.
fn edits(
    entry: &CalendarEntry,
    base: Option<&CalendarPiece>,
    theirs: &CalendarPiece,
    changes: &mut Vec<MergeChange>,
) {
    let mine = &Indexed::new(&entry.piece);
    let theirs = &Indexed::new(theirs);
    let base = base.map(Indexed::new);
    let base = base.as_ref();
    for field in Field::differing(mine, theirs) {
        let (unedited, unchanged) = match base {
            Some(base) => (field.same(mine, base), field.same(theirs, base)),
            None => (field.is_empty(mine), field.is_empty(theirs)),
        };
        if unchanged {
            continue;
        }
        let merged = match field {
            // Even another spelling is the person's and stays.
            Field::Hashtags if base.is_none_or(|base| base.hashtags != mine.hashtags) => {
                both_tags(base.map(|base| &**base), mine, theirs)
            }
            _ => None,
        };
        if merged.as_ref() == Some(&mine.hashtags) {
            continue;
        }
        let bound_to_channel = field == Field::Channel && is_bound_to_channel(entry);
        let moved = field == Field::Schedule && is_moved_by_hand(entry);
        let conflict = (!unedited && merged.is_none()) || bound_to_channel || moved;
        changes.push(MergeChange {
            id: format!("edit:{}:{}", entry.id, field.name()),
            conflict: conflict.then_some(Code::MergeConflict),
            action: MergeAction::Edit {
                entry_id: entry.id,
                base: base.map(|base| field.value(base)),
                mine: field.value(mine),
                theirs: field.value(theirs),
                result: match merged {
                    Some(values) => PieceValue::Hashtags { values },
                    None => field.value(theirs),
                },
            },
        });
    }
}

fn both_tags(
    base: Option<&CalendarPiece>,
    mine: &CalendarPiece,
    theirs: &CalendarPiece,
) -> Option<Vec<String>> {
    let base = base
        .map(|base| base.hashtags.as_slice())
        .unwrap_or_default();
    let longest = base
        .len()
        .max(mine.hashtags.len())
        .max(theirs.hashtags.len());
    (longest <= MAX_MERGED_TAGS).then(|| merge_tags(base, &mine.hashtags, &theirs.hashtags))
}

/// Whether a person chose something that only makes sense on the entry's channel.
fn is_bound_to_channel(entry: &CalendarEntry) -> bool {
    entry.account_id.is_some()
        || entry.tiktok.is_some()
        || entry.instagram.is_some()
        || !entry.media.is_empty()
}

/// Whether the instant can't be the piece's date and time in any zone, so that a person chose it.
fn is_moved_by_hand(entry: &CalendarEntry) -> bool {
    let Some(instant) = entry.scheduled_at else {
        return false;
    };
    let wall_clock = entry.piece.time.on(entry.piece.date).and_utc();
    let offset = wall_clock
        .timestamp_millis()
        .saturating_sub(instant.millis());
    !(FARTHEST_BEHIND_UTC..=FARTHEST_AHEAD_OF_UTC).contains(&offset)
}

fn removal(entry: &CalendarEntry, base: &CalendarPiece) -> MergeChange {
    let mut edited = changed_names(base, &entry.piece);
    let by_hand = [
        // Another spelling is no difference, but somebody wrote it.
        ("format", base.format != entry.piece.format),
        ("hashtags", base.hashtags != entry.piece.hashtags),
        ("media", !entry.media.is_empty()),
        ("cover", entry.cover.is_some()),
        ("accountId", entry.account_id.is_some()),
        ("tiktok", entry.tiktok.is_some()),
        ("instagram", entry.instagram.is_some()),
        ("scheduledAt", is_moved_by_hand(entry)),
        ("draft", entry.draft),
        ("reviewed", entry.reviewed),
    ];
    for (name, is_by_hand) in by_hand {
        if is_by_hand && !edited.iter().any(|edited| edited == name) {
            edited.push(name.to_owned());
        }
    }
    MergeChange {
        id: format!("remove:{}", entry.id),
        conflict: (!edited.is_empty()).then_some(Code::MergeConflict),
        action: MergeAction::Remove {
            entry_id: entry.id,
            edited,
        },
    }
}

/// The return of a deleted entry, where the regeneration changed it.
fn restoration(base: &KeyedPiece, theirs: &KeyedPiece, entry_id: EntryId) -> Option<MergeChange> {
    let edited = changed_names(&base.piece, &theirs.piece);
    if edited.is_empty() {
        return None;
    }
    Some(MergeChange {
        id: format!("restore:{entry_id}"),
        conflict: Some(Code::MergeConflict),
        action: MergeAction::Restore {
            entry_id,
            theirs: theirs.clone(),
            edited,
        },
    })
}

/// Gives ids to entries that have none: the same calendar and piece give the same id.
struct NewIds {
    calendar: String,
    taken: BTreeSet<EntryId>,
}

impl NewIds {
    fn new(request: &MergeRequest, kept: &[KeyedPiece]) -> Self {
        let saved = request.mine.iter().map(|entry| entry.id);
        let kept = kept.iter().filter_map(|keyed| keyed.piece.id);
        Self {
            calendar: request.calendar_id.to_string(),
            taken: saved.chain(kept).collect(),
        }
    }

    fn next(&mut self, own: Option<EntryId>, keyed: &KeyedPiece) -> EntryId {
        if let Some(own) = own
            && self.taken.insert(own)
        {
            return own;
        }
        let piece = &keyed.piece;
        let (date, time) = (piece.date.to_string(), piece.time.to_string());
        let mut copies = 0_u64;
        loop {
            let id = EntryId::new(deterministic_uuid(&[
                "entry",
                &self.calendar,
                piece.channel.as_str(),
                &date,
                &time,
                &piece.title,
                &piece.copy,
                &copies.to_string(),
            ]));
            if self.taken.insert(id) {
                return id;
            }
            copies += 1;
        }
    }
}
