//! Saving a calendar: one transaction, and one statement a table however many entries there are.

use std::collections::HashMap;

use calendar_publish::model::{CalendarEntry, CalendarRun, EntryId};
use calendar_publish::ports::{SaveCalendar, SavedCalendar, StoreError};
use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use uuid::Uuid;

use super::failure::Failure;
use super::row::{EntryColumns, json, word};

/// Writes a save; the caller commits.
pub(super) async fn save(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    fingerprint: &str,
) -> Result<SavedCalendar, Failure> {
    // Whoever saves the same calendar waits here: nobody comes between the check and the commit.
    let found = lock(transaction, save).await?;
    if let Some(revision) = repetition(transaction, save, fingerprint).await? {
        return Ok(SavedCalendar {
            run_id: save.run.id,
            revision,
            repeated: true,
        });
    }
    if found != save.expected_revision {
        return Err(StoreError::RevisionConflict {
            expected: save.expected_revision,
            found,
        }
        .into());
    }
    let revision = found.saturating_add(1);
    let run = insert_run(transaction, save, revision, fingerprint).await?;
    keep_past(transaction, save).await?;
    write_entries(transaction, save, run).await?;
    if let Some(generated) = &save.generated {
        insert_generated(transaction, save, run, generated).await?;
    }
    insert_refused(transaction, save, run).await?;
    let statement = transaction
        .prepare_cached(
            "update calendar_publish.calendars set revision = $3, run_id = $4
             where user_id = $1 and id = $2",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[
                &save.user_id.uuid(),
                &save.calendar_id.uuid(),
                &revision,
                &run,
            ],
        )
        .await?;
    Ok(SavedCalendar {
        run_id: save.run.id,
        revision,
        repeated: false,
    })
}

/// Holds the calendar until the transaction ends, and gives its revision.
async fn lock(transaction: &Transaction<'_>, save: &SaveCalendar) -> Result<i64, Failure> {
    let (user, calendar) = (save.user_id.uuid(), save.calendar_id.uuid());
    let statement = transaction
        .prepare_cached(
            "insert into calendar_publish.calendars (user_id, id, revision) values ($1, $2, 0)
             on conflict do nothing",
        )
        .await?;
    transaction.execute(&statement, &[&user, &calendar]).await?;
    let statement = transaction
        .prepare_cached(
            "select revision from calendar_publish.calendars where user_id = $1 and id = $2
             for update",
        )
        .await?;
    let row = transaction
        .query_one(&statement, &[&user, &calendar])
        .await?;
    Ok(row.try_get(0)?)
}

/// The revision that exactly this save made before, if it did.
async fn repetition(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    fingerprint: &str,
) -> Result<Option<i64>, Failure> {
    let statement = transaction
        .prepare_cached(
            "select calendar_id, fingerprint, revision from public.calendar_runs
             where user_id = $1 and coalesce(own_id, id) = $2",
        )
        .await?;
    let earlier = transaction
        .query_opt(&statement, &[&save.user_id.uuid(), &save.run.id.uuid()])
        .await?;
    let Some(row) = earlier else { return Ok(None) };
    let calendar: Uuid = row.try_get(0)?;
    let content: Option<&str> = row.try_get(1)?;
    let revision: Option<i64> = row.try_get(2)?;
    if calendar == save.calendar_id.uuid() && content == Some(fingerprint) {
        return Ok(revision);
    }
    Err(StoreError::RunConflict {
        run_id: save.run.id,
    }
    .into())
}

/// Gives the id of the run's row.
async fn insert_run(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    revision: i64,
    fingerprint: &str,
) -> Result<Uuid, Failure> {
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
        Some(_) => "generated_entries",
        None if save.run.is_generation() => "entries",
        None => "none",
    };
    let channels: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
    let statement = transaction
        .prepare_cached(
            "insert into public.calendar_runs (id, own_id, calendar_id, user_id, plan_id, status, started_at,
                completed_at, piece_count, cadence, channels, start_date, end_date, revision, calendar_plan_id,
                generation, fingerprint)
             select case when exists (select from public.calendar_runs where id = $1)
                    then gen_random_uuid() else $1 end,
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
             returning id",
        )
        .await?;
    let row = transaction
        .query_one(
            &statement,
            &[
                &id.uuid(),
                &calendar_id.uuid(),
                &user_id.uuid(),
                &plan_id.map(|id| id.uuid()),
                &word(status)?,
                &started_at.utc(),
                &completed_at.utc(),
                // The host counts in 32 bits; no calendar has more pieces.
                &i32::try_from(*piece_count).unwrap_or(i32::MAX),
                &word(cadence)?,
                &channels,
                &start_date.map(|date| date.naive()),
                &end_date.map(|date| date.naive()),
                &revision,
                &save.plan_id.map(|id| id.uuid()),
                &generation,
                &fingerprint,
            ],
        )
        .await?;
    Ok(row.try_get(0)?)
}

/// Keeps the entries as the runs before left them.
async fn keep_past(transaction: &Transaction<'_>, save: &SaveCalendar) -> Result<(), Failure> {
    let statement = transaction
        .prepare_cached(
            "insert into calendar_publish.past_entries (user_id, run_id, id, calendar_id, position, entry_key,
                payload, payload_text, scheduled_at, readiness, details, revision, created_at)
             select user_id, run_id, coalesce(own_id, id), calendar_id, position, entry_key,
                case when payload_text is null then payload end, payload_text, scheduled_at, readiness, details,
                revision, created_at
             from public.calendar_entries
             where user_id = $1 and calendar_id = $2 and run_id is not null
             on conflict do nothing",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[&save.user_id.uuid(), &save.calendar_id.uuid()],
        )
        .await?;
    Ok(())
}

/// Brings the calendar's rows to what is saved. A row whose entry stays is changed in place: whatever
/// refers to it still does.
async fn write_entries(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    run: Uuid,
) -> Result<(), Failure> {
    let columns = EntryColumns::of(&save.entries)?;
    let (user, calendar) = (save.user_id.uuid(), save.calendar_id.uuid());
    let statement = transaction
        .prepare_cached(
            "insert into public.calendar_entries as e (id, own_id, run_id, calendar_id, user_id, plan_id, entry_key,
                payload, payload_text, readiness, scheduled_at, channel, position, details, revision)
             select case when taken.id is null then n.id else gen_random_uuid() end, n.id, $3, $2, $1, $4,
                n.entry_key, calendar_publish.readable(n.payload), n.payload, n.readiness, n.scheduled_at,
                n.channel, n.place - 1, n.details, 1
             from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::text[])
                with ordinality as n (id, entry_key, payload, channel, scheduled_at, readiness, details, place)
             left join public.calendar_entries taken
                on taken.id = n.id and (taken.user_id, taken.calendar_id) <> ($1, $2)
             on conflict (user_id, calendar_id, (coalesce(own_id, id))) do update set
                own_id = excluded.own_id, run_id = excluded.run_id, plan_id = excluded.plan_id,
                entry_key = excluded.entry_key, payload = excluded.payload, payload_text = excluded.payload_text,
                readiness = excluded.readiness, scheduled_at = excluded.scheduled_at, channel = excluded.channel,
                position = excluded.position, details = excluded.details,
                revision = case when (e.entry_key, e.payload_text, e.scheduled_at, e.readiness, e.details)
                    is not distinct from (excluded.entry_key, excluded.payload_text, excluded.scheduled_at,
                        excluded.readiness, excluded.details)
                    then e.revision else coalesce(e.revision, 0) + 1 end",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[
                &user,
                &calendar,
                &run,
                &save.plan_id.map(|id| id.uuid()),
                &columns.ids,
                &columns.keys,
                &columns.payloads,
                &columns.channels,
                &columns.scheduled,
                &columns.readiness,
                &columns.details,
            ],
        )
        .await?;
    // What is kept is the new run's by now.
    let statement = transaction
        .prepare_cached(
            "delete from public.calendar_entries
             where user_id = $1 and calendar_id = $2 and run_id is distinct from $3",
        )
        .await?;
    transaction
        .execute(&statement, &[&user, &calendar, &run])
        .await?;
    Ok(())
}

/// The revisions that the calendar's entries have now.
pub(super) async fn revisions(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
) -> Result<HashMap<EntryId, i64>, Failure> {
    let statement = transaction
        .prepare_cached(
            "select coalesce(own_id, id), coalesce(revision, 0) from public.calendar_entries
             where user_id = $1 and calendar_id = $2",
        )
        .await?;
    let rows = transaction
        .query(
            &statement,
            &[&save.user_id.uuid(), &save.calendar_id.uuid()],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((EntryId::new(row.try_get(0)?), row.try_get(1)?)))
        .collect()
}

async fn insert_generated(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    run: Uuid,
    entries: &[CalendarEntry],
) -> Result<(), Failure> {
    let columns = EntryColumns::of(entries)?;
    let scheduled: &Vec<Option<DateTime<Utc>>> = &columns.scheduled;
    let statement = transaction
        .prepare_cached(
            "insert into calendar_publish.generated_entries (user_id, run_id, id, calendar_id, position, entry_key,
                payload_text, scheduled_at, readiness, details, revision)
             select $1, $3, n.id, $2, n.place - 1, n.entry_key, n.payload, n.scheduled_at, n.readiness, n.details,
                n.revision
             from unnest($4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::bigint[])
                with ordinality as n (id, entry_key, payload, scheduled_at, readiness, details, revision, place)",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[
                &save.user_id.uuid(),
                &save.calendar_id.uuid(),
                &run,
                &columns.ids,
                &columns.keys,
                &columns.payloads,
                scheduled,
                &columns.readiness,
                &columns.details,
                &columns.revisions,
            ],
        )
        .await?;
    Ok(())
}

async fn insert_refused(
    transaction: &Transaction<'_>,
    save: &SaveCalendar,
    run: Uuid,
) -> Result<(), Failure> {
    if save.refused.is_empty() {
        return Ok(());
    }
    let mut errors = Vec::with_capacity(save.refused.len());
    for refused in &save.refused {
        errors.push(json(&refused.error)?);
    }
    let rows = || save.refused.iter();
    let ids: Vec<Uuid> = rows().map(|row| row.id.uuid()).collect();
    let positions: Vec<i64> = rows().map(|row| row.position.into()).collect();
    let payloads: Vec<&[u8]> = rows().map(|row| row.payload.as_bytes()).collect();
    let statement = transaction
        .prepare_cached(
            "insert into calendar_publish.refused_entries (user_id, run_id, sequence, position, id, payload, error)
             select $1, $2, n.place - 1, n.position, n.id, n.payload, n.error
             from unnest($3::bigint[], $4::uuid[], $5::bytea[], $6::text[])
                with ordinality as n (position, id, payload, error, place)",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[
                &save.user_id.uuid(),
                &run,
                &positions,
                &ids,
                &payloads,
                &errors,
            ],
        )
        .await?;
    Ok(())
}
