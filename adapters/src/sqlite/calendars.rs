//! Reading calendars, runs and entries.

use calendar_publish::model::{CalendarId, CalendarRun, PlanId, RunId, UserId};
use calendar_publish::ports::{Missing, RefusedEntry, StoreError, StoredCalendar};
use rusqlite::{Connection, Row, params};

use super::row::{document, entry, failed, number, read, read_optional};

/// Where a run's entries stand.
#[derive(Clone, Copy)]
pub(super) enum Table {
    /// What was saved.
    Saved,
    /// What was generated, where a merge saved something else.
    Generated,
}

impl Table {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Saved => "calendar_entries",
            Self::Generated => "generated_entries",
        }
    }

    pub(super) const fn insert(self) -> &'static str {
        match self {
            Self::Saved => {
                "INSERT INTO calendar_entries (user_id, run_id, position, id, calendar_id, entry_key,
                    payload, channel, scheduled_at, readiness, details, revision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
            }
            Self::Generated => {
                "INSERT INTO generated_entries (user_id, run_id, position, id, calendar_id, entry_key,
                    payload, channel, scheduled_at, readiness, details, revision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
            }
        }
    }

    pub(super) const fn select(self) -> &'static str {
        match self {
            Self::Saved => {
                "SELECT * FROM calendar_entries WHERE user_id = ?1 AND run_id = ?2 ORDER BY position"
            }
            Self::Generated => {
                "SELECT * FROM generated_entries WHERE user_id = ?1 AND run_id = ?2 ORDER BY position"
            }
        }
    }
}

/// The calendar as it was last saved. What a run left never changes, so that once the run is known
/// no other writer can mix anything into it.
pub(super) fn latest(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<StoredCalendar, StoreError> {
    let (_, run_id) = known(connection, user_id, calendar_id)?;
    of_run(connection, user_id, calendar_id, run_id)
}

pub(super) fn runs(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Vec<CalendarRun>, StoreError> {
    known(connection, user_id, calendar_id)?;
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM calendar_runs WHERE user_id = ?1 AND calendar_id = ?2
             ORDER BY revision DESC",
        )
        .map_err(failed)?;
    let mut rows = statement
        .query(params![user_id.to_string(), calendar_id.to_string()])
        .map_err(failed)?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        runs.push(read_run(row)?.run);
    }
    Ok(runs)
}

pub(super) fn of_run(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
    run_id: RunId,
) -> Result<StoredCalendar, StoreError> {
    known(connection, user_id, calendar_id)?;
    let run = find_run(
        connection,
        "SELECT * FROM calendar_runs WHERE user_id = ?1 AND calendar_id = ?2 AND id = ?3",
        &[
            &user_id.to_string(),
            &calendar_id.to_string(),
            &run_id.to_string(),
        ],
    )?;
    match run {
        Some(run) => read_calendar(connection, Table::Saved, run),
        None => Err(StoreError::NotFound { what: Missing::Run }),
    }
}

pub(super) fn last_generation(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Option<StoredCalendar>, StoreError> {
    known(connection, user_id, calendar_id)?;
    let run = find_run(
        connection,
        "SELECT * FROM calendar_runs WHERE user_id = ?1 AND calendar_id = ?2
            AND generation <> 'none' ORDER BY revision DESC LIMIT 1",
        &[&user_id.to_string(), &calendar_id.to_string()],
    )?;
    run.map(|run| {
        let table = if run.generation == Table::Generated.name() {
            Table::Generated
        } else {
            Table::Saved
        };
        read_calendar(connection, table, run)
    })
    .transpose()
}

fn known(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<(i64, RunId), StoreError> {
    head(connection, user_id, calendar_id)?.ok_or(StoreError::NotFound {
        what: Missing::Calendar,
    })
}

/// The calendar's revision and the run that made it.
pub(super) fn head(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Option<(i64, RunId)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT revision, run_id FROM calendars WHERE user_id = ?1 AND id = ?2")
        .map_err(failed)?;
    let mut rows = statement
        .query(params![user_id.to_string(), calendar_id.to_string()])
        .map_err(failed)?;
    match rows.next().map_err(failed)? {
        None => Ok(None),
        Some(row) => Ok(Some((
            number(row, "calendars", "revision")?,
            read(row, "calendars", "run_id")?,
        ))),
    }
}

/// A run's row: the run, and what the calendar was when it was saved.
struct RunRow {
    run: CalendarRun,
    plan_id: Option<PlanId>,
    revision: i64,
    generation: String,
}

fn find_run(
    connection: &Connection,
    query: &str,
    keys: &[&dyn rusqlite::ToSql],
) -> Result<Option<RunRow>, StoreError> {
    let mut statement = connection.prepare_cached(query).map_err(failed)?;
    let mut rows = statement.query(keys).map_err(failed)?;
    rows.next().map_err(failed)?.map(read_run).transpose()
}

fn read_run(row: &Row<'_>) -> Result<RunRow, StoreError> {
    let table = "calendar_runs";
    Ok(RunRow {
        run: CalendarRun {
            id: read(row, table, "id")?,
            calendar_id: read(row, table, "calendar_id")?,
            user_id: read(row, table, "user_id")?,
            plan_id: read_optional(row, table, "run_plan_id")?,
            status: read(row, table, "status")?,
            started_at: read(row, table, "started_at")?,
            completed_at: read(row, table, "completed_at")?,
            piece_count: number(row, table, "piece_count")?,
            cadence: read(row, table, "cadence")?,
            channels: document(row, table, "channels")?,
            start_date: read_optional(row, table, "start_date")?,
            end_date: read_optional(row, table, "end_date")?,
        },
        plan_id: read_optional(row, table, "plan_id")?,
        revision: number(row, table, "revision")?,
        generation: read(row, table, "generation")?,
    })
}

fn read_calendar(
    connection: &Connection,
    table: Table,
    run: RunRow,
) -> Result<StoredCalendar, StoreError> {
    let keys = params![run.run.user_id.to_string(), run.run.id.to_string()];
    let calendar_id = run.run.calendar_id;
    let mut entries = Vec::new();
    let mut refused = read_refused(connection, keys)?;
    let mut statement = connection.prepare_cached(table.select()).map_err(failed)?;
    let mut rows = statement.query(keys).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        match entry(row, table.name(), calendar_id)? {
            Ok(entry) => entries.push(entry),
            // A row somebody else wrote: it is named and kept, and blocks nothing.
            Err(error) => refused.push(RefusedEntry {
                id: read(row, table.name(), "id")?,
                position: number(row, table.name(), "position")?,
                payload: read(row, table.name(), "payload")?,
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

fn read_refused(
    connection: &Connection,
    keys: &[&dyn rusqlite::ToSql],
) -> Result<Vec<RefusedEntry>, StoreError> {
    let table = "refused_entries";
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM refused_entries WHERE user_id = ?1 AND run_id = ?2 ORDER BY sequence",
        )
        .map_err(failed)?;
    let mut rows = statement.query(keys).map_err(failed)?;
    let mut refused = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        refused.push(RefusedEntry {
            id: read(row, table, "id")?,
            position: number(row, table, "position")?,
            payload: read(row, table, "payload")?,
            error: document(row, table, "error")?,
        });
    }
    Ok(refused)
}
