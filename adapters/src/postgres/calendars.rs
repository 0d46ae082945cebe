//! Reading calendars, runs and entries. Rows that only the host has written are read too: such a
//! calendar counts as never saved, at revision 0.

use calendar_publish::model::{
    Cadence, CalendarId, CalendarRun, PlanId, RunId, RunStatus, Timestamp, UserId,
};
use calendar_publish::ports::{Missing, RefusedEntry, StoreError, StoredCalendar};
use chrono::NaiveDate;
use deadpool_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::failure::Failure;
use super::row::{document, entry, entry_id, get, instant, named};

/// The runs of a calendar, ours before the host's, the latest first. `row_id` is the row's own id, which
/// differs from the run's where another user's run has it.
const RUNS: &str = "
    select r.id as row_id, coalesce(r.own_id, r.id) as id, r.calendar_id, r.user_id, r.plan_id, r.status,
        coalesce(r.started_at, r.created_at) as started_at,
        coalesce(r.completed_at, r.started_at, r.created_at) as completed_at,
        r.piece_count, r.cadence, r.channels, r.start_date, r.end_date,
        case when r.revision is null then r.plan_id else r.calendar_plan_id end as calendar_plan_id,
        coalesce(r.revision, 0) as revision,
        coalesce(r.generation, case when r.cadence = 'manual' then 'none' else 'entries' end) as generation
    from public.calendar_runs r
    where r.user_id = $1 and r.calendar_id = $2";

const LATEST_FIRST: &str = "
    order by r.revision desc nulls last, coalesce(r.completed_at, r.created_at) desc, r.id";

/// A run of the host's may have come to nothing: the calendar is the last one that has entries.
const WITH_ENTRIES_FIRST: &str = "
    order by r.revision desc nulls last,
        exists (select from public.calendar_entries e where e.run_id = r.id) desc,
        coalesce(r.completed_at, r.created_at) desc, r.id";

/// A later save moves a run's rows from the first table to the second: one statement sees each once.
const SAVED: &str = "
    select e.* from (
        select coalesce(own_id, id) as id, position, entry_key, coalesce(payload_text, payload::text) as payload,
            scheduled_at, readiness, details, revision, created_at,
            case when position is null and jsonb_typeof(payload -> 'order') = 'number'
                then (payload ->> 'order')::numeric end as host_order
        from public.calendar_entries where run_id = $1
        union all
        select id, position, entry_key, coalesce(payload_text, payload::text),
            scheduled_at, readiness, details, revision, created_at,
            case when position is null and jsonb_typeof(payload -> 'order') = 'number'
                then (payload ->> 'order')::numeric end
        from calendar_publish.past_entries where run_id = $1
    ) e
    order by e.position nulls last, e.host_order nulls last, e.created_at, e.id";

const GENERATED: &str = "
    select id, position, entry_key, payload_text as payload, scheduled_at, readiness, details, revision
    from calendar_publish.generated_entries where run_id = $1 order by position";

/// The calendar as it was last saved. What a run left never changes, so that once the run is known
/// no other writer can mix anything into it.
pub(super) async fn latest(
    client: &Client,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<StoredCalendar, Failure> {
    let query = format!("{RUNS} {WITH_ENTRIES_FIRST} limit 1");
    let run = find(client, &query, &[&user_id.uuid(), &calendar_id.uuid()]).await?;
    let run = run.ok_or(missing(Missing::Calendar))?;
    read_calendar(client, "calendar_entries", SAVED, run).await
}

pub(super) async fn runs(
    client: &Client,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Vec<CalendarRun>, Failure> {
    let statement = client
        .prepare_cached(&format!("{RUNS} {LATEST_FIRST}"))
        .await?;
    let rows = client
        .query(&statement, &[&user_id.uuid(), &calendar_id.uuid()])
        .await?;
    if rows.is_empty() {
        return Err(missing(Missing::Calendar).into());
    }
    Ok(rows
        .iter()
        .map(|row| Ok(read_run(row)?.run))
        .collect::<Result<_, StoreError>>()?)
}

pub(super) async fn of_run(
    client: &Client,
    user_id: UserId,
    calendar_id: CalendarId,
    run_id: RunId,
) -> Result<StoredCalendar, Failure> {
    let query = format!("{RUNS} and coalesce(r.own_id, r.id) = $3");
    let keys: &[&(dyn ToSql + Sync)] = &[&user_id.uuid(), &calendar_id.uuid(), &run_id.uuid()];
    match find(client, &query, keys).await? {
        Some(run) => read_calendar(client, "calendar_entries", SAVED, run).await,
        None => {
            known(client, user_id, calendar_id).await?;
            Err(missing(Missing::Run).into())
        }
    }
}

pub(super) async fn last_generation(
    client: &Client,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Option<StoredCalendar>, Failure> {
    let query = format!(
        "{RUNS} and coalesce(r.generation, case when r.cadence = 'manual' then 'none' else 'entries' end) <> 'none'
         {WITH_ENTRIES_FIRST} limit 1"
    );
    let run = find(client, &query, &[&user_id.uuid(), &calendar_id.uuid()]).await?;
    match run {
        None => {
            known(client, user_id, calendar_id).await?;
            Ok(None)
        }
        Some(run) if run.generation == "generated_entries" => {
            let calendar = read_calendar(client, "generated_entries", GENERATED, run).await?;
            Ok(Some(calendar))
        }
        Some(run) => Ok(Some(
            read_calendar(client, "calendar_entries", SAVED, run).await?,
        )),
    }
}

async fn known(client: &Client, user_id: UserId, calendar_id: CalendarId) -> Result<(), Failure> {
    let statement = client
        .prepare_cached(
            "select from public.calendar_runs where user_id = $1 and calendar_id = $2 limit 1",
        )
        .await?;
    let run = client
        .query_opt(&statement, &[&user_id.uuid(), &calendar_id.uuid()])
        .await?;
    match run {
        Some(_) => Ok(()),
        None => Err(missing(Missing::Calendar).into()),
    }
}

fn missing(what: Missing) -> StoreError {
    StoreError::NotFound { what }
}

/// A run's row: the run, and what the calendar was when it was saved.
struct RunRow {
    row_id: Uuid,
    run: CalendarRun,
    plan_id: Option<PlanId>,
    revision: i64,
    generation: String,
}

async fn find(
    client: &Client,
    query: &str,
    keys: &[&(dyn ToSql + Sync)],
) -> Result<Option<RunRow>, Failure> {
    let statement = client.prepare_cached(query).await?;
    let row = client.query_opt(&statement, keys).await?;
    Ok(row.as_ref().map(read_run).transpose()?)
}

/// What the host left open takes the value that says the least.
fn read_run(row: &Row) -> Result<RunRow, StoreError> {
    let table = "calendar_runs";
    let date = |column| -> Result<_, StoreError> {
        let date: Option<NaiveDate> = get(row, table, column)?;
        Ok(date.and_then(calendar_publish::model::LocalDate::new))
    };
    let name = |column| get::<Option<String>>(row, table, column);
    let channels: Option<Vec<Option<String>>> = get(row, table, "channels")?;
    let pieces: Option<i32> = get(row, table, "piece_count")?;
    let started_at = instant(row, table, "started_at")?.unwrap_or(Timestamp::MIN);
    Ok(RunRow {
        row_id: get(row, table, "row_id")?,
        run: CalendarRun {
            id: RunId::new(get(row, table, "id")?),
            calendar_id: CalendarId::new(get(row, table, "calendar_id")?),
            user_id: UserId::new(get(row, table, "user_id")?),
            plan_id: get::<Option<Uuid>>(row, table, "plan_id")?.map(PlanId::new),
            status: name("status")?
                .and_then(|name| named(name).ok())
                .unwrap_or(RunStatus::Completed),
            started_at,
            completed_at: instant(row, table, "completed_at")?.unwrap_or(started_at),
            piece_count: pieces
                .and_then(|count| u32::try_from(count).ok())
                .unwrap_or(0),
            cadence: name("cadence")?
                .and_then(|name| named(name).ok())
                .unwrap_or(Cadence::Manual),
            channels: channels
                .unwrap_or_default()
                .into_iter()
                .flatten()
                .filter_map(|name| named(name).ok())
                .collect(),
            start_date: date("start_date")?,
            end_date: date("end_date")?,
        },
        plan_id: get::<Option<Uuid>>(row, table, "calendar_plan_id")?.map(PlanId::new),
        revision: get(row, table, "revision")?,
        generation: get(row, table, "generation")?,
    })
}

async fn read_calendar(
    client: &Client,
    table: &str,
    query: &str,
    run: RunRow,
) -> Result<StoredCalendar, Failure> {
    let calendar_id = run.run.calendar_id;
    let statement = client.prepare_cached(query).await?;
    let rows = client.query(&statement, &[&run.row_id]).await?;
    let mut entries = Vec::with_capacity(rows.len());
    let mut refused = read_refused(client, run.row_id).await?;
    for (row, place) in rows.iter().zip(0_u32..) {
        match entry(row, table, calendar_id)? {
            Ok(entry) => entries.push(entry),
            // A row somebody else wrote: it is named and kept, and blocks nothing.
            Err(error) => refused.push(RefusedEntry {
                id: entry_id(row, table)?,
                position: get::<Option<i32>>(row, table, "position")?
                    .and_then(|position| u32::try_from(position).ok())
                    .unwrap_or(place),
                payload: get(row, table, "payload")?,
                error,
            }),
        }
    }
    refused.sort_by_key(|row| row.position);
    Ok(StoredCalendar {
        calendar_id,
        plan_id: run.plan_id,
        revision: run.revision,
        run: run.run,
        entries,
        refused,
    })
}

async fn read_refused(client: &Client, run: Uuid) -> Result<Vec<RefusedEntry>, Failure> {
    let table = "refused_entries";
    let statement = client
        .prepare_cached(
            "select id, position, payload, error from calendar_publish.refused_entries
             where run_id = $1 order by sequence",
        )
        .await?;
    let rows = client.query(&statement, &[&run]).await?;
    let refused = rows.iter().map(|row| {
        let payload: Vec<u8> = get(row, table, "payload")?;
        Ok(RefusedEntry {
            id: entry_id(row, table)?,
            position: super::row::number(row, table, "position")?,
            payload: String::from_utf8(payload)
                .map_err(|error| StoreError::corrupt("refused_entries.payload", error))?,
            error: document(get(row, table, "error")?, "refused_entries.error")?,
        })
    });
    Ok(refused.collect::<Result<_, StoreError>>()?)
}
