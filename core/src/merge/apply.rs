//! Carrying out a merge plan: all of it, some or none.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::change::{MergeAction, MergePlan};
use super::field::PieceValue;
use super::identity::KeyedPiece;
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, CalendarId, EntryId, ReadinessState};

/// Whose value an entry ends up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What is saved.
    Mine,
    /// What the change would bring.
    Theirs,
}

/// What happens to the changes that nobody chose by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApplyMode {
    /// They are carried out, except for conflicts.
    All,
    /// They aren't carried out.
    None,
}

/// What to do with one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeChoice {
    /// The change's name in the plan.
    pub change: String,
    /// Whose value is taken.
    pub take: Side,
}

/// Which changes of a plan are carried out: all, all but some, only some, or none. A conflict stays
/// as it is saved unless it is chosen by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeChoices {
    /// What happens to the changes that aren't named.
    pub apply: ApplyMode,
    /// The changes that are named.
    #[serde(default)]
    pub choices: Vec<MergeChoice>,
}

impl MergeChoices {
    /// Every change but the conflicts.
    pub const ALL: Self = Self {
        apply: ApplyMode::All,
        choices: Vec::new(),
    };
    /// No change.
    pub const NONE: Self = Self {
        apply: ApplyMode::None,
        choices: Vec::new(),
    };
}

/// A calendar after a merge, ready to be saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergedCalendar {
    /// The entries: the saved ones in their order, then the returned and the added ones.
    pub entries: Vec<CalendarEntry>,
    /// Saved entries of which a field changed. Their readiness has to be judged anew.
    pub changed: Vec<EntryId>,
    /// Entries that were added or brought back.
    pub added: Vec<EntryId>,
    /// Entries that are gone.
    pub removed: Vec<EntryId>,
    /// Changed entries that got another date or time. Their instant was cleared: it has to be set
    /// again in the account's zone, so that nothing is published at the old time.
    pub reschedule: Vec<EntryId>,
}

/// Carries out the changes of `plan` that `choices` select.
///
/// Entries keep their ids, revisions and everything that isn't part of a piece, with two exceptions: a
/// changed entry counts as not reviewed, since nobody has seen its new content, and an entry with a new
/// date or time loses its instant. A returned or added entry starts with its piece alone.
///
/// # Errors
/// [`Code::MergeChoiceUnknown`] where a choice names no change of the plan and [`Code::IdDuplicate`]
/// where two name the same. A plan that was altered on its way is refused:
/// [`Code::EntryNotFound`], [`Code::EntryPublished`], [`Code::IdDuplicate`],
/// [`Code::FieldValueInvalid`] or [`Code::InputInvalid`], with the path of the change.
///
/// ```
/// use calendar_publish::merge::{MergeChoices, MergeRequest, apply, plan};
///
/// let request: MergeRequest = serde_json::from_value(serde_json::json!({
///     "calendarId": "018f0000-0000-7000-8000-00000000000c",
///     "mine": [],
///     "theirs": [{ "piece": { "channel": "tiktok", "title": "Pan", "date": "2026-04-02" } }],
///     "complete": true,
/// }))?;
/// let plan = plan(request)?;
/// assert_eq!(apply(plan.clone(), &MergeChoices::NONE)?.entries, []);
/// assert_eq!(apply(plan, &MergeChoices::ALL)?.entries[0].piece.title, "Pan");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn apply(plan: MergePlan, choices: &MergeChoices) -> Result<MergedCalendar, Error> {
    let chosen = chosen(&plan, choices)?;
    let mut merge = Merge::new(plan.calendar_id, plan.mine)?;
    for (index, (change, chosen)) in plan.changes.into_iter().zip(chosen).enumerate() {
        if chosen {
            merge
                .carry_out(change.action)
                .map_err(|error| error.under(&format!("plan.changes[{index}].action")))?;
        }
    }
    Ok(merge.finish())
}

/// For each change of the plan, whether it is carried out.
fn chosen(plan: &MergePlan, choices: &MergeChoices) -> Result<Vec<bool>, Error> {
    let mut named: BTreeMap<&str, bool> = BTreeMap::new();
    let mut chosen = Vec::with_capacity(plan.changes.len());
    for (index, change) in plan.changes.iter().enumerate() {
        let by_default = choices.apply == ApplyMode::All && change.conflict.is_none();
        if named.insert(&change.id, by_default).is_some() {
            return Err(Error::new(Code::IdDuplicate)
                .at(format!("plan.changes[{index}].id"))
                .measured(Measure::text(&change.id)));
        }
    }
    let mut seen = BTreeSet::new();
    for (index, choice) in choices.choices.iter().enumerate() {
        let refused = |code| {
            Error::new(code)
                .at(format!("choices.choices[{index}].change"))
                .measured(Measure::text(&choice.change))
        };
        match named.get_mut(choice.change.as_str()) {
            None => return Err(refused(Code::MergeChoiceUnknown)),
            Some(_) if !seen.insert(&choice.change) => return Err(refused(Code::IdDuplicate)),
            Some(take) => *take = choice.take == Side::Theirs,
        }
    }
    for change in &plan.changes {
        chosen.push(named.get(change.id.as_str()).copied().unwrap_or(false));
    }
    Ok(chosen)
}

struct Merge {
    calendar_id: CalendarId,
    /// The entries in their order; `None` where one was removed.
    entries: Vec<Option<CalendarEntry>>,
    places: BTreeMap<EntryId, usize>,
    changed: BTreeSet<usize>,
    rescheduled: BTreeSet<usize>,
    added: Vec<EntryId>,
    removed: Vec<EntryId>,
}

impl Merge {
    fn new(calendar_id: CalendarId, mine: Vec<CalendarEntry>) -> Result<Self, Error> {
        let mut places = BTreeMap::new();
        for (index, entry) in mine.iter().enumerate() {
            if places.insert(entry.id, index).is_some() {
                return Err(Error::new(Code::IdDuplicate)
                    .at(format!("plan.mine[{index}].id"))
                    .measured(Measure::text(entry.id.to_string())));
            }
        }
        Ok(Self {
            calendar_id,
            entries: mine.into_iter().map(Some).collect(),
            places,
            changed: BTreeSet::new(),
            rescheduled: BTreeSet::new(),
            added: Vec::new(),
            removed: Vec::new(),
        })
    }

    fn carry_out(&mut self, action: MergeAction) -> Result<(), Error> {
        match action {
            MergeAction::Edit {
                entry_id, result, ..
            } => self.edit(entry_id, result),
            MergeAction::Remove { entry_id, .. } => {
                let (place, _) = self.open(entry_id)?;
                if let Some(entry) = self.entries.get_mut(place) {
                    *entry = None;
                }
                self.removed.push(entry_id);
                Ok(())
            }
            MergeAction::Restore {
                entry_id, theirs, ..
            }
            | MergeAction::Add { entry_id, theirs } => self.add(entry_id, theirs),
        }
    }

    /// The entry of that id, where it may be changed.
    fn open(&mut self, id: EntryId) -> Result<(usize, &mut CalendarEntry), Error> {
        let refused = |code| {
            Error::new(code)
                .at("entryId")
                .measured(Measure::text(id.to_string()))
        };
        let place = self.places.get(&id).copied();
        let place = place.ok_or_else(|| refused(Code::EntryNotFound))?;
        match self.entries.get_mut(place) {
            Some(Some(entry)) if entry.readiness == Some(ReadinessState::Published) => {
                Err(refused(Code::EntryPublished))
            }
            Some(Some(entry)) => Ok((place, entry)),
            _ => Err(refused(Code::EntryNotFound)),
        }
    }

    fn edit(&mut self, id: EntryId, result: PieceValue) -> Result<(), Error> {
        result.check().map_err(|error| error.under("result"))?;
        let (place, entry) = self.open(id)?;
        let moves = matches!(result, PieceValue::Schedule { .. });
        result.write(&mut entry.piece);
        entry.reviewed = false;
        if moves {
            entry.scheduled_at = None;
            self.rescheduled.insert(place);
        }
        self.changed.insert(place);
        Ok(())
    }

    fn add(&mut self, id: EntryId, keyed: KeyedPiece) -> Result<(), Error> {
        if self.places.insert(id, self.entries.len()).is_some() {
            return Err(Error::new(Code::IdDuplicate)
                .at("entryId")
                .measured(Measure::text(id.to_string())));
        }
        let mut entry = CalendarEntry::new(id, self.calendar_id, keyed.piece);
        entry.piece.id = Some(id);
        entry.entry_key = keyed.entry_key;
        self.entries.push(Some(entry));
        self.added.push(id);
        Ok(())
    }

    fn finish(self) -> MergedCalendar {
        let ids = |places: &BTreeSet<usize>| {
            let entries = places.iter().filter_map(|place| self.entries.get(*place));
            entries.flatten().map(|entry| entry.id).collect()
        };
        MergedCalendar {
            changed: ids(&self.changed),
            reschedule: ids(&self.rescheduled),
            added: self.added,
            removed: self.removed,
            entries: self.entries.into_iter().flatten().collect(),
        }
    }
}
