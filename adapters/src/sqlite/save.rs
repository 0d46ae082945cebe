//! Saving a calendar.

use std::collections::HashMap;

use calendar_publish::model::{CalendarEntry, CalendarRun, RunId, UserId};
use calendar_publish::ports::{JobWrite, SaveCalendar, SavedCalendar, StoreError};
use calendar_publish::retry::RetryPolicy;
use rusqlite::{
    Connection, OptionalExtension, Transaction, TransactionBehavior, named_params, params,
};

use super::advance::Batch;
use super::calendars::{Table, head};
use super::handover::{hand_over, move_jobs};
use super::row::{EntryRow, failed, json, word};
use super::time::Time;

/// Saves a calendar and moves jobs in one transaction, which holds the database's write lock from its first read:
/// no other writer can come between the check of the revision and the commit.
pub(super) fn save(
    connection: &mut Connection,
    save: &SaveCalendar,
    fingerprint: &str,
    policy: &RetryPolicy,
    writes: &[JobWrite],
    time: &Time,
) -> Result<SavedCalendar, StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    if let Some(revision) = repetition(&transaction, save, fingerprint)? {
        return Ok(SavedCalendar {
            run_id: save.run.id,
            revision,
            repeated: true,
        });
    }
    let head = head(&transaction, save.user_id, save.calendar_id)?;
    let found = head.map_or(0, |(revision, _)| revision);
    if found != save.expected_revision {
        return Err(StoreError::RevisionConflict {
            expected: save.expected_revision,
            found,
        });
    }
    let revision = found.saturating_add(1);
    let counter = match head {
        Some((_, run_id)) => RevisionCounter::load(&transaction, save.user_id, run_id)?,
        None => RevisionCounter::default(),
    };
    transaction
        .prepare_cached(
            "INSERT INTO calendars (user_id, id, revision, run_id) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (user_id, id) DO UPDATE SET revision = excluded.revision, run_id = excluded.run_id",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                save.user_id.to_string(),
                save.calendar_id.to_string(),
                revision,
                save.run.id.to_string()
            ])
        })
        .map_err(failed)?;
    insert_run(&transaction, save, revision, fingerprint)?;
    insert_entries(
        &transaction,
        Table::Saved,
        save,
        &save.entries,
        |entry, row| counter.revision(entry, row),
    )?;
    if let Some(generated) = &save.generated {
        insert_entries(
            &transaction,
            Table::Generated,
            save,
            generated,
            |entry, _| entry.revision,
        )?;
    }
    insert_refused(&transaction, save)?;
    let mut batch = Batch::new(&transaction, time.now());
    move_jobs(&mut batch, save.user_id, policy, writes)?;
    hand_over(&mut batch, save, &counter)?;
    batch.finish()?;
    transaction.commit().map_err(failed)?;
    Ok(SavedCalendar {
        run_id: save.run.id,
        revision,
        repeated: false,
    })
}

/// The revision that exactly this save made before, if it did.
fn repetition(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    fingerprint: &str,
) -> Result<Option<i64>, StoreError> {
    let earlier: Option<(String, String, i64)> = transaction
        .query_row(
            "SELECT calendar_id, fingerprint, revision FROM calendar_runs
             WHERE user_id = ?1 AND id = ?2",
            params![save.user_id.to_string(), save.run.id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()
        .map_err(failed)?;
    match earlier {
        None => Ok(None),
        Some((calendar, content, revision))
            if calendar == save.calendar_id.to_string() && content == fingerprint =>
        {
            Ok(Some(revision))
        }
        Some(_) => Err(StoreError::RunConflict {
            run_id: save.run.id,
        }),
    }
}

/// Counts an entry's revision up where its columns differ from the latest save's.
#[derive(Default)]
pub(super) struct RevisionCounter {
    saved: HashMap<String, (i64, Content)>,
}

/// Everything of an entry's row that is content. Columns come back as they were written, so equal
/// entries have equal columns.
#[derive(PartialEq)]
struct Content {
    entry_key: Option<String>,
    payload: String,
    scheduled_at: Option<String>,
    readiness: Option<String>,
    details: String,
}

impl RevisionCounter {
    fn load(
        transaction: &Transaction<'_>,
        user_id: UserId,
        run_id: RunId,
    ) -> Result<Self, StoreError> {
        let mut statement = transaction
            .prepare_cached(Table::Saved.select())
            .map_err(failed)?;
        let saved = statement
            .query_map(params![user_id.to_string(), run_id.to_string()], |row| {
                let content = Content {
                    entry_key: row.get("entry_key")?,
                    payload: row.get("payload")?,
                    scheduled_at: row.get("scheduled_at")?,
                    readiness: row.get("readiness")?,
                    details: row.get("details")?,
                };
                Ok((row.get("id")?, (row.get("revision")?, content)))
            })
            .map_err(failed)?
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        Ok(Self { saved })
    }

    pub(super) fn revision(&self, entry: &CalendarEntry, row: &EntryRow) -> i64 {
        match self.saved.get(&entry.id.to_string()) {
            None => 1,
            Some((revision, saved)) => {
                let same = saved.entry_key == entry.entry_key
                    && saved.payload == row.payload
                    && saved.scheduled_at == row.scheduled_at
                    && saved.readiness.as_deref() == row.readiness
                    && saved.details == row.details;
                if same {
                    *revision
                } else {
                    revision.saturating_add(1)
                }
            }
        }
    }
}

fn insert_run(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    revision: i64,
    fingerprint: &str,
) -> Result<(), StoreError> {
    let CalendarRun {
        id,
        calendar_id,
        user_id,
        plan_id,
        status,
        started_at,
        completed_at,
        piece_count,
        cadence,
        channels,
        start_date,
        end_date,
    } = &save.run;
    let generation = match &save.generated {
        Some(_) => Table::Generated.name(),
        None if save.run.is_generation() => "entries",
        None => "none",
    };
    transaction
        .execute(
            "INSERT INTO calendar_runs (user_id, id, calendar_id, revision, plan_id, status, started_at,
                completed_at, piece_count, cadence, channels, start_date, end_date, run_plan_id,
                generation, fingerprint)
             VALUES (:user_id, :id, :calendar_id, :revision, :plan_id, :status, :started_at,
                :completed_at, :piece_count, :cadence, :channels, :start_date, :end_date, :run_plan_id,
                :generation, :fingerprint)",
            named_params! {
                ":user_id": user_id.to_string(),
                ":id": id.to_string(),
                ":calendar_id": calendar_id.to_string(),
                ":revision": revision,
                ":plan_id": save.plan_id.map(|id| id.to_string()),
                ":status": word(status)?,
                ":started_at": started_at.to_string(),
                ":completed_at": completed_at.to_string(),
                ":piece_count": piece_count,
                ":cadence": word(cadence)?,
                ":channels": json(channels)?,
                ":start_date": start_date.map(|date| date.to_string()),
                ":end_date": end_date.map(|date| date.to_string()),
                ":run_plan_id": plan_id.map(|id| id.to_string()),
                ":generation": generation,
                ":fingerprint": fingerprint,
            },
        )
        .map(drop)
        .map_err(failed)
}

fn insert_entries(
    transaction: &Transaction<'_>,
    table: Table,
    save: &SaveCalendar,
    entries: &[CalendarEntry],
    revision: impl Fn(&CalendarEntry, &EntryRow) -> i64,
) -> Result<(), StoreError> {
    let user_id = save.user_id.to_string();
    let run_id = save.run.id.to_string();
    let calendar_id = save.calendar_id.to_string();
    let mut statement = transaction.prepare_cached(table.insert()).map_err(failed)?;
    for (position, entry) in (0_i64..).zip(entries) {
        let row = EntryRow::new(entry)?;
        statement
            .execute(params![
                user_id,
                run_id,
                position,
                entry.id.to_string(),
                calendar_id,
                entry.entry_key,
                row.payload,
                entry.piece.channel.as_str(),
                row.scheduled_at,
                row.readiness,
                row.details,
                revision(entry, &row),
            ])
            .map_err(failed)?;
    }
    Ok(())
}

fn insert_refused(transaction: &Transaction<'_>, save: &SaveCalendar) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO refused_entries (user_id, run_id, sequence, position, id, payload, error)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .map_err(failed)?;
    for (sequence, refused) in (0_i64..).zip(&save.refused) {
        statement
            .execute(params![
                save.user_id.to_string(),
                save.run.id.to_string(),
                sequence,
                refused.position,
                refused.id.to_string(),
                refused.payload,
                json(&refused.error)?,
            ])
            .map_err(failed)?;
    }
    Ok(())
}
