//! What a save of a calendar means for its jobs.

use std::collections::{HashMap, HashSet};

use calendar_publish::job::SavedEntry;
use calendar_publish::model::{CalendarEntry, EntryId, UserId};
use calendar_publish::ports::{JobResult, JobWrite, SaveCalendar, StoreError};
use calendar_publish::retry::RetryPolicy;
use rusqlite::{Connection, params};

use super::advance::Batch;
use super::row::{EntryRow, failed};
use super::save::RevisionCounter;
use super::{content, job_row};

/// Applies events that are part of a save: the first refusal refuses it.
pub(super) fn move_jobs(
    batch: &mut Batch<'_>,
    user_id: UserId,
    policy: &RetryPolicy,
    writes: &[JobWrite],
) -> Result<(), StoreError> {
    for (index, write) in writes.iter().enumerate() {
        let outcome = batch.write(policy, Some(user_id), write)?;
        if let JobResult::Refused { error } = outcome.result {
            let error = error.under(&format!("writes[{index}]"));
            return Err(StoreError::Invalid(error));
        }
    }
    Ok(())
}

/// Hands what was saved to the calendar's live jobs.
pub(super) fn hand_over(
    batch: &mut Batch<'_>,
    save: &SaveCalendar,
    counter: &RevisionCounter,
) -> Result<(), StoreError> {
    let live = live_jobs(batch.connection, save)?;
    if live.is_empty() {
        return Ok(());
    }
    let entries: HashMap<EntryId, &CalendarEntry> =
        save.entries.iter().map(|entry| (entry.id, entry)).collect();
    let refused: HashSet<EntryId> = save.refused.iter().map(|row| row.id).collect();
    for id in live {
        // A job that can't be read is stopped by the next claim; it keeps no calendar from being saved.
        let mut row = match job_row::find_text(batch.connection, &id) {
            Ok(Some(row)) => row,
            Ok(None) | Err(StoreError::Corrupt { .. }) => continue,
            Err(error) => return Err(error),
        };
        match row.read_contents(batch.connection) {
            Ok(()) | Err(StoreError::Corrupt { .. }) => {}
            Err(error) => return Err(error),
        }
        let entry_id = row.record.job.calendar_entry_id;
        let entry = match entries.get(&entry_id) {
            Some(&entry) => {
                let mut entry = entry.clone();
                entry.revision = counter.revision(&entry, &EntryRow::new(&entry)?);
                Some(entry)
            }
            None => None,
        };
        let saved = match &entry {
            Some(entry) => SavedEntry::Content(entry),
            None if refused.contains(&entry_id) => SavedEntry::Unreadable,
            None => SavedEntry::Removed,
        };
        if let Some(applied) = row.record.after_save(saved, batch.now) {
            let replaced = entry.is_some();
            batch.commit(&mut row, applied)?;
            if replaced {
                content::replace(batch.connection, &mut row)?;
            }
        }
    }
    Ok(())
}

fn live_jobs(connection: &Connection, save: &SaveCalendar) -> Result<Vec<String>, StoreError> {
    connection
        .prepare_cached(
            "SELECT id FROM publish_jobs WHERE user_id = ?1 AND calendar_id = ?2
                AND status IN ('scheduled', 'publishing', 'failed', 'needs_attention') ORDER BY id",
        )
        .and_then(|mut statement| {
            let key = params![save.user_id.to_string(), save.calendar_id.to_string()];
            statement.query_map(key, |row| row.get(0))?.collect()
        })
        .map_err(failed)
}
