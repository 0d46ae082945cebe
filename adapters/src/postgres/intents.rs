//! Publish intents, and the commands that made them.

use calendar_publish::error::Measure;
use calendar_publish::model::{CalendarId, EntryId, IntentId, PublishIntent, RunId, UserId};
use calendar_publish::ports::{Command, RecordIntents, Recorded, StoreError};
use calendar_publish::{Code, Error};
use chrono::{DateTime, Utc};
use deadpool_postgres::{Client, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

use super::failure::Failure;
use super::row::{document, get, instant, json, present, read, word};

pub(super) async fn record(
    client: &mut Client,
    record: &RecordIntents,
) -> Result<Recorded, Failure> {
    let transaction = client.transaction().await?;
    if let Some(wanted) = &record.command {
        check_key(&wanted.key)?;
        // Whoever comes second with the same key waits here for the first to commit.
        if !insert_command(&transaction, record.user_id, wanted).await? {
            let statement = transaction.prepare_cached(COMMAND).await?;
            let earlier = transaction
                .query_one(&statement, &[&record.user_id.uuid(), &wanted.key])
                .await?;
            let earlier = read_command(&earlier)?;
            return if earlier.fingerprint == wanted.fingerprint {
                Ok(Recorded::Before {
                    answer: earlier.answer,
                })
            } else {
                Err(StoreError::CommandConflict { key: earlier.key }.into())
            };
        }
    }
    let new = insert_intents(&transaction, &record.intents).await?;
    transaction.commit().await?;
    Ok(Recorded::Now { new })
}

/// PostgreSQL's texts can't hold a null character, and a key that was changed would be another key.
pub(super) fn check_key(key: &str) -> Result<(), StoreError> {
    if key.contains('\0') {
        return Err(StoreError::Invalid(
            Error::new(Code::FieldValueInvalid)
                .at("idempotencyKey")
                .measured(Measure::text(key)),
        ));
    }
    Ok(())
}

/// Whether the key was free.
async fn insert_command(
    transaction: &Transaction<'_>,
    user_id: UserId,
    command: &Command,
) -> Result<bool, Failure> {
    let statement = transaction
        .prepare_cached(
            "insert into calendar_publish.publish_commands (user_id, key, fingerprint, answer)
             values ($1, $2, $3, $4) on conflict do nothing",
        )
        .await?;
    let inserted = transaction
        .execute(
            &statement,
            &[
                &user_id.uuid(),
                &command.key,
                &command.fingerprint,
                &command.answer,
            ],
        )
        .await?;
    Ok(inserted > 0)
}

async fn insert_intents(
    transaction: &Transaction<'_>,
    intents: &[PublishIntent],
) -> Result<u32, Failure> {
    if intents.is_empty() {
        return Ok(0);
    }
    let mut statuses = Vec::with_capacity(intents.len());
    let mut errors = Vec::with_capacity(intents.len());
    for intent in intents {
        statuses.push(word(&intent.status)?);
        errors.push(intent.error.as_ref().map(json).transpose()?);
    }
    let rows = || intents.iter();
    let ids: Vec<Uuid> = rows().map(|row| row.id.uuid()).collect();
    let users: Vec<Uuid> = rows().map(|row| row.user_id.uuid()).collect();
    let calendars: Vec<Uuid> = rows().map(|row| row.calendar_id.uuid()).collect();
    let runs: Vec<Option<Uuid>> = rows().map(|row| row.run_id.map(RunId::uuid)).collect();
    let entries: Vec<Uuid> = rows().map(|row| row.entry_id.uuid()).collect();
    let channels: Vec<&str> = rows().map(|row| row.channel.as_str()).collect();
    let payloads: Vec<&str> = rows().map(|row| row.payload.as_str()).collect();
    let created: Vec<DateTime<Utc>> = rows().map(|row| row.created_at.utc()).collect();
    let statement = transaction
        .prepare_cached(
            "insert into public.publish_intents (id, own_id, user_id, calendar_id, run_id, entry_id, channel,
                payload, payload_text, status, error, error_text, created_at, sequence)
             select case when taken.id is null then n.id else gen_random_uuid() end, n.id, n.user_id,
                n.calendar_id, n.run_id, n.entry_id, n.channel, calendar_publish.readable(n.payload), n.payload,
                n.status, calendar_publish.readable(n.error), n.error, n.created_at,
                nextval('calendar_publish.intents_in_order')
             from (
                select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[],
                    $7::text[], $8::text[], $9::text[], $10::timestamptz[])
                    with ordinality as n (id, user_id, calendar_id, run_id, entry_id, channel, payload, status,
                        error, created_at, place)
                order by n.place
             ) n
             left join public.publish_intents taken on taken.id = n.id and taken.user_id <> n.user_id
             order by n.place
             on conflict (user_id, (coalesce(own_id, id))) do nothing",
        )
        .await?;
    let new = transaction
        .execute(
            &statement,
            &[
                &ids, &users, &calendars, &runs, &entries, &channels, &payloads, &statuses,
                &errors, &created,
            ],
        )
        .await?;
    Ok(u32::try_from(new).unwrap_or(u32::MAX))
}

/// The calendar's intents. The host's own rows say nothing of a single entry, and aren't read.
pub(super) async fn list(
    client: &Client,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Vec<PublishIntent>, Failure> {
    let statement = client
        .prepare_cached(
            "select own_id as id, calendar_id, run_id, user_id, entry_id, channel,
                coalesce(payload_text, payload::text) as payload, status,
                coalesce(error_text, error::text) as error, created_at
             from public.publish_intents
             where user_id = $1 and calendar_id = $2 and own_id is not null and entry_id is not null
             order by sequence",
        )
        .await?;
    let rows = client
        .query(&statement, &[&user_id.uuid(), &calendar_id.uuid()])
        .await?;
    Ok(rows.iter().map(read_intent).collect::<Result<_, _>>()?)
}

fn read_intent(row: &Row) -> Result<PublishIntent, StoreError> {
    let table = "publish_intents";
    let error: Option<&str> = get(row, table, "error")?;
    Ok(PublishIntent {
        id: IntentId::new(get(row, table, "id")?),
        calendar_id: CalendarId::new(get(row, table, "calendar_id")?),
        run_id: get::<Option<Uuid>>(row, table, "run_id")?.map(RunId::new),
        user_id: UserId::new(get(row, table, "user_id")?),
        entry_id: EntryId::new(get(row, table, "entry_id")?),
        channel: present(read(row, table, "channel")?, table, "channel")?,
        payload: get(row, table, "payload")?,
        status: present(read(row, table, "status")?, table, "status")?,
        error: error
            .map(|json| document(json, "publish_intents.error"))
            .transpose()?,
        created_at: present(instant(row, table, "created_at")?, table, "created_at")?,
    })
}

const COMMAND: &str = "select key, fingerprint, answer from calendar_publish.publish_commands where user_id = $1 and key = $2";

pub(super) async fn command(
    client: &Client,
    user_id: UserId,
    key: &str,
) -> Result<Option<Command>, Failure> {
    if check_key(key).is_err() {
        return Ok(None);
    }
    let statement = client.prepare_cached(COMMAND).await?;
    let row = client
        .query_opt(&statement, &[&user_id.uuid(), &key])
        .await?;
    Ok(row.as_ref().map(read_command).transpose()?)
}

fn read_command(row: &Row) -> Result<Command, StoreError> {
    let table = "publish_commands";
    Ok(Command {
        key: get(row, table, "key")?,
        fingerprint: get(row, table, "fingerprint")?,
        answer: get(row, table, "answer")?,
    })
}
