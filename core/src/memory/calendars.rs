//! Saved calendars and recorded intents.

use std::collections::{HashMap, HashSet};

use super::{Rows, Save};
use crate::model::{
    AccountId, CalendarEntry, CalendarId, ChannelAccount, EntryId, IntentId, Timestamp, UserId,
};
use crate::ports::{
    Missing, RecordIntents, Recorded, RefusedEntry, SaveCalendar, SavedCalendar, StoreError,
    StoredCalendar,
};

impl Save {
    pub(super) fn entries(&self) -> &[CalendarEntry] {
        &self.stored.entries
    }

    pub(super) fn refused(&self) -> &[RefusedEntry] {
        &self.stored.refused
    }
}

impl Rows {
    pub(super) fn saves(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<&[Save], StoreError> {
        self.calendars
            .get(&(user_id, calendar_id))
            .map(Vec::as_slice)
            .ok_or(StoreError::NotFound {
                what: Missing::Calendar,
            })
    }

    /// Checks a save and makes the row of it; the answer to an earlier one where it was made before.
    pub(super) fn prepare(
        &self,
        save: SaveCalendar,
    ) -> Result<Result<Save, SavedCalendar>, StoreError> {
        let fingerprint = save.fingerprint()?;
        let run_id = save.run.id;
        if let Some(&calendar_id) = self.runs.get(&(save.user_id, run_id)) {
            return self
                .saves(save.user_id, calendar_id)?
                .iter()
                .find(|earlier| {
                    earlier.stored.run.id == run_id && earlier.fingerprint == fingerprint
                })
                .map(|earlier| {
                    Err(SavedCalendar {
                        run_id,
                        revision: earlier.stored.revision,
                        repeated: true,
                    })
                })
                .ok_or(StoreError::RunConflict { run_id });
        }
        let latest = self
            .calendars
            .get(&(save.user_id, save.calendar_id))
            .and_then(|saves| saves.last());
        let found = latest.map_or(0, |latest| latest.stored.revision);
        if found != save.expected_revision {
            return Err(StoreError::RevisionConflict {
                expected: save.expected_revision,
                found,
            });
        }
        let entries = count_revisions(latest.map(|latest| &latest.stored), save.entries);
        let generated = save
            .generated
            .or_else(|| save.run.is_generation().then(|| entries.clone()));
        Ok(Ok(Save {
            fingerprint,
            stored: StoredCalendar {
                calendar_id: save.calendar_id,
                plan_id: save.plan_id,
                revision: found.saturating_add(1),
                run: save.run,
                entries,
                refused: save.refused,
            },
            generated,
        }))
    }

    /// Stores a save that was checked.
    pub(super) fn commit_save(
        &mut self,
        user_id: UserId,
        calendar_id: CalendarId,
        save: Save,
    ) -> SavedCalendar {
        let saved = SavedCalendar {
            run_id: save.stored.run.id,
            revision: save.stored.revision,
            repeated: false,
        };
        self.runs.insert((user_id, saved.run_id), calendar_id);
        self.calendars
            .entry((user_id, calendar_id))
            .or_default()
            .push(save);
        saved
    }

    pub(super) fn put_account(&mut self, account: ChannelAccount, now: Timestamp) {
        let id = account.id;
        self.accounts.insert((account.user_id, id), account);
        self.jobs.place(id, &self.accounts, now);
    }

    pub(super) fn remove_account(
        &mut self,
        user_id: UserId,
        account_id: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.accounts.remove(&(user_id, account_id)).is_none() {
            return Err(StoreError::NotFound {
                what: Missing::Account,
            });
        }
        self.jobs.place(account_id, &self.accounts, now);
        Ok(())
    }

    pub(super) fn record(&mut self, record: RecordIntents) -> Result<Recorded, StoreError> {
        record.check()?;
        if let Some(command) = record.command {
            let key = (record.user_id, command.key.clone());
            match self.commands.get(&key) {
                Some(earlier) if earlier.fingerprint != command.fingerprint => {
                    return Err(StoreError::CommandConflict { key: command.key });
                }
                Some(earlier) => {
                    return Ok(Recorded::Before {
                        answer: earlier.answer.clone(),
                    });
                }
                None => {
                    self.commands.insert(key, command);
                }
            }
        }
        let stored = self.intents.entry(record.user_id).or_default();
        let mut known: HashSet<IntentId> = stored.iter().map(|intent| intent.id).collect();
        let mut new = 0_u32;
        for intent in record.intents {
            if known.insert(intent.id) {
                stored.push(intent);
                new = new.saturating_add(1);
            }
        }
        Ok(Recorded::Now { new })
    }
}

/// Gives every entry its revision: changed ones count up, new ones start at 1.
fn count_revisions(
    earlier: Option<&StoredCalendar>,
    mut entries: Vec<CalendarEntry>,
) -> Vec<CalendarEntry> {
    let known: HashMap<EntryId, &CalendarEntry> = earlier
        .iter()
        .flat_map(|stored| &stored.entries)
        .map(|entry| (entry.id, entry))
        .collect();
    for entry in &mut entries {
        entry.revision = match known.get(&entry.id) {
            None => 1,
            Some(before) => {
                entry.revision = before.revision;
                if **before == *entry {
                    before.revision
                } else {
                    before.revision.saturating_add(1)
                }
            }
        };
    }
    entries
}
