//! A store in memory: for tests, for demonstrations, and as the simplest model of what a
//! [`Store`] must do.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::model::{
    AccountId, CalendarEntry, CalendarId, CalendarRun, ChannelAccount, EntryId, IntentId,
    PublishIntent, RunId, UserId,
};
use crate::ports::{
    Command, Missing, RecordIntents, Recorded, SaveCalendar, SavedCalendar, Store, StoreError,
    StoredCalendar,
};

/// A [`Store`] that forgets everything when it is dropped.
///
/// ```
/// use calendar_publish::memory::MemoryStore;
/// use calendar_publish::ports::Store;
///
/// let store: Box<dyn Store> = Box::new(MemoryStore::default());
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    /// Every save of a calendar, the first one first; its revision is its place.
    calendars: HashMap<(UserId, CalendarId), Vec<Save>>,
    /// The calendar of every run.
    runs: HashMap<(UserId, RunId), CalendarId>,
    accounts: HashMap<(UserId, AccountId), ChannelAccount>,
    intents: HashMap<UserId, Vec<PublishIntent>>,
    commands: BTreeMap<(UserId, String), Command>,
}

#[derive(Debug)]
struct Save {
    fingerprint: String,
    stored: StoredCalendar,
    /// What was generated, where this save is or holds a generation.
    generated: Option<Vec<CalendarEntry>>,
}

impl MemoryStore {
    /// A panic while the rows were held can't leave them half written: every operation checks
    /// first and then only moves values. So a poisoned lock is taken all the same.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rows {
    fn saves(&self, user_id: UserId, calendar_id: CalendarId) -> Result<&[Save], StoreError> {
        self.calendars
            .get(&(user_id, calendar_id))
            .map(Vec::as_slice)
            .ok_or(StoreError::NotFound {
                what: Missing::Calendar,
            })
    }

    fn save(&mut self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        let fingerprint = save.fingerprint()?;
        let run_id = save.run.id;
        let run_key = (save.user_id, run_id);
        let calendar_key = (save.user_id, save.calendar_id);
        if let Some(&calendar_id) = self.runs.get(&run_key) {
            return self
                .saves(save.user_id, calendar_id)?
                .iter()
                .find(|earlier| {
                    earlier.stored.run.id == run_id && earlier.fingerprint == fingerprint
                })
                .map(|earlier| SavedCalendar {
                    run_id,
                    revision: earlier.stored.revision,
                    repeated: true,
                })
                .ok_or(StoreError::RunConflict { run_id });
        }
        let latest = self
            .calendars
            .get(&calendar_key)
            .and_then(|saves| saves.last());
        let found = latest.map_or(0, |latest| latest.stored.revision);
        if found != save.expected_revision {
            return Err(StoreError::RevisionConflict {
                expected: save.expected_revision,
                found,
            });
        }
        let revision = found.saturating_add(1);
        let entries = count_revisions(latest.map(|latest| &latest.stored), save.entries);
        let generated = save
            .generated
            .or_else(|| save.run.is_generation().then(|| entries.clone()));
        self.runs.insert(run_key, save.calendar_id);
        self.calendars.entry(calendar_key).or_default().push(Save {
            fingerprint,
            stored: StoredCalendar {
                calendar_id: save.calendar_id,
                plan_id: save.plan_id,
                revision,
                run: save.run,
                entries,
                refused: save.refused,
            },
            generated,
        });
        Ok(SavedCalendar {
            run_id,
            revision,
            repeated: false,
        })
    }

    fn record(&mut self, record: RecordIntents) -> Result<Recorded, StoreError> {
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

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Store for MemoryStore {
    async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        self.rows().save(save)
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        self.rows()
            .saves(user_id, calendar_id)?
            .last()
            .map(|save| save.stored.clone())
            .ok_or(StoreError::NotFound {
                what: Missing::Calendar,
            })
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        let rows = self.rows();
        let saves = rows.saves(user_id, calendar_id)?;
        Ok(saves
            .iter()
            .rev()
            .map(|save| save.stored.run.clone())
            .collect())
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        self.rows()
            .saves(user_id, calendar_id)?
            .iter()
            .find(|save| save.stored.run.id == run_id)
            .map(|save| save.stored.clone())
            .ok_or(StoreError::NotFound { what: Missing::Run })
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        let rows = self.rows();
        let saves = rows.saves(user_id, calendar_id)?;
        Ok(saves.iter().rev().find_map(|save| {
            save.generated.as_ref().map(|generated| StoredCalendar {
                entries: generated.clone(),
                ..save.stored.clone()
            })
        }))
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        let key = (account.user_id, account.id);
        self.rows().accounts.insert(key, account);
        Ok(())
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        let mut accounts: Vec<ChannelAccount> = self
            .rows()
            .accounts
            .values()
            .filter(|account| account.user_id == user_id)
            .cloned()
            .collect();
        accounts.sort_by(|a, b| {
            (a.channel.as_str(), &a.display_name, a.id).cmp(&(
                b.channel.as_str(),
                &b.display_name,
                b.id,
            ))
        });
        Ok(accounts)
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        self.rows()
            .accounts
            .remove(&(user_id, account_id))
            .map(drop)
            .ok_or(StoreError::NotFound {
                what: Missing::Account,
            })
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        self.rows().record(record)
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        Ok(self
            .rows()
            .intents
            .get(&user_id)
            .into_iter()
            .flatten()
            .filter(|intent| intent.calendar_id == calendar_id)
            .cloned()
            .collect())
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        Ok(self.rows().commands.get(&(user_id, key)).cloned())
    }
}
