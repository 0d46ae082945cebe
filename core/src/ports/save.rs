//! What a save holds, and what every store checks before it writes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{RefusedEntry, StoreError};
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, CalendarId, CalendarRun, PlanId, UserId};

/// A whole calendar to be saved as one run: all of it, or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveCalendar {
    /// Whose calendar it is.
    pub user_id: UserId,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The plan it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
    /// The revision the caller had read; 0 for a calendar that was never saved.
    pub expected_revision: i64,
    /// The run that this save is.
    pub run: CalendarRun,
    /// The entries in their order, manual edits included.
    pub entries: Vec<CalendarEntry>,
    /// Pieces that couldn't be read; they are kept as they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedEntry>,
    /// What was generated, where the entries are its merge with manual edits. A run that isn't
    /// manual and leaves this out was saved as it was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Vec<CalendarEntry>>,
}

impl SaveCalendar {
    /// A save of `entries` as `run`, of a calendar that was last read at `expected_revision`.
    pub fn new(run: CalendarRun, expected_revision: i64, entries: Vec<CalendarEntry>) -> Self {
        Self {
            user_id: run.user_id,
            calendar_id: run.calendar_id,
            plan_id: run.plan_id,
            expected_revision,
            run,
            entries,
            refused: Vec::new(),
            generated: None,
        }
    }

    /// Checks that the parts belong together, and gives the fingerprint of the content.
    ///
    /// Two saves with the same run id and fingerprint are the same save, whatever revision they
    /// expected: a repetition finds its own revision and is answered as the first was.
    ///
    /// # Errors
    /// [`StoreError::Invalid`]: an id that stands twice ([`Code::IdDuplicate`]), a run or an entry of
    /// another calendar or user, a payload that isn't JSON ([`Code::FieldValueInvalid`]).
    pub fn fingerprint(&self) -> Result<String, StoreError> {
        self.check().map_err(StoreError::Invalid)?;
        fingerprint(&(
            self.plan_id,
            &self.run,
            &self.entries,
            &self.refused,
            &self.generated,
        ))
        .map_err(StoreError::Invalid)
    }

    fn check(&self) -> Result<(), Error> {
        if self.run.user_id != self.user_id {
            return Err(foreign("run.userId", self.run.user_id.to_string()));
        }
        if self.run.calendar_id != self.calendar_id {
            return Err(foreign("run.calendarId", self.run.calendar_id.to_string()));
        }
        let mut ids = HashSet::with_capacity(self.entries.len());
        check_entries("entries", &self.entries, self.calendar_id, &mut ids)?;
        for (index, refused) in self.refused.iter().enumerate() {
            if !ids.insert(refused.id) {
                return Err(duplicate(
                    format!("refused[{index}].id"),
                    refused.id.to_string(),
                ));
            }
        }
        match &self.generated {
            Some(generated) => check_entries(
                "generated",
                generated,
                self.calendar_id,
                &mut HashSet::with_capacity(generated.len()),
            ),
            None => Ok(()),
        }
    }
}

fn check_entries(
    list: &str,
    entries: &[CalendarEntry],
    calendar_id: CalendarId,
    ids: &mut HashSet<crate::model::EntryId>,
) -> Result<(), Error> {
    for (index, entry) in entries.iter().enumerate() {
        if entry.calendar_id != calendar_id {
            let path = format!("{list}[{index}].calendarId");
            return Err(foreign(path, entry.calendar_id.to_string()));
        }
        if !ids.insert(entry.id) {
            return Err(duplicate(
                format!("{list}[{index}].id"),
                entry.id.to_string(),
            ));
        }
    }
    Ok(())
}

fn foreign(path: impl Into<String>, id: String) -> Error {
    Error::new(Code::FieldValueInvalid)
        .at(path)
        .measured(Measure::text(id))
}

fn duplicate(path: String, id: String) -> Error {
    Error::new(Code::IdDuplicate)
        .at(path)
        .measured(Measure::text(id))
}

/// The SHA-256 of `content` as JSON, in hexadecimal.
pub(crate) fn fingerprint(content: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_vec(content).map_err(|error| {
        Error::new(Code::FieldValueInvalid).measured(Measure::text(error.to_string()))
    })?;
    Ok(Sha256::digest(&json)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
