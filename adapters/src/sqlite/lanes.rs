//! Lanes: for each account with jobs, the one that comes next.

use calendar_publish::job::DEFAULT_GRACE_MINUTES;
use calendar_publish::model::{AccountId, Channel, ChannelAccount, JobId, Timestamp, UserId};
use calendar_publish::ports::StoreError;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::row::failed;

/// The first lanes of a channel whose begun write was left.
pub(super) const LEFT: &str = "SELECT due_at, head, id FROM publish_lanes
     WHERE begun = 1 AND channel = ?1 AND due_at <= ?2 ORDER BY due_at, head LIMIT ?3";

/// The first lanes of a channel with a job to begin.
pub(super) const READY: &str = "SELECT due_at, head, id FROM publish_lanes
     WHERE begun = 0 AND channel = ?1 AND due_at <= ?2 AND coalesce(cooling_until <= ?2, 1)
     ORDER BY due_at, head LIMIT ?3";

const WAITING: &str = "SELECT due_at, cooling_until FROM publish_lanes
     WHERE begun = 0 AND channel = ?1 AND due_at IS NOT NULL ORDER BY due_at";

/// An account's job that could be claimed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) due_at: i64,
    /// The id of the job, as it is stored.
    pub(super) head: String,
    pub(super) lane: i64,
    pub(super) channel: Channel,
}

/// The first `limit` lanes that `query` finds, over all `channels`.
pub(super) fn candidates(
    connection: &Connection,
    query: &str,
    channels: &[Channel],
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Candidate>, StoreError> {
    let limit_column = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for &channel in channels {
        let mut statement = connection.prepare_cached(query).map_err(failed)?;
        let mut rows = statement
            .query(params![channel.as_str(), now.millis(), limit_column])
            .map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            found.push(read(row, channel).map_err(failed)?);
        }
    }
    found.sort();
    found.dedup();
    found.truncate(limit);
    Ok(found)
}

fn read(row: &Row<'_>, channel: Channel) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        due_at: row.get(0)?,
        head: row.get(1)?,
        lane: row.get(2)?,
        channel,
    })
}

/// The lane's job, where it can be begun by now.
pub(super) fn ready(
    connection: &Connection,
    lane: i64,
    channel: Channel,
    now: Timestamp,
) -> Result<Option<Candidate>, StoreError> {
    connection
        .prepare_cached(
            "SELECT due_at, head, id FROM publish_lanes
             WHERE id = ?1 AND begun = 0 AND channel = ?2 AND due_at <= ?3
                AND coalesce(cooling_until <= ?3, 1)",
        )
        .map_err(failed)?
        .query_row(params![lane, channel.as_str(), now.millis()], |row| {
            read(row, channel)
        })
        .optional()
        .map_err(failed)
}

/// When the next job of the channel can be claimed, the claims that end included. Nothing is begun on
/// it before `blocked_until`.
pub(super) fn next_due(
    connection: &Connection,
    channel: Channel,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let mut next: Option<i64> = connection
        .prepare_cached("SELECT min(due_at) FROM publish_lanes WHERE begun = 1 AND channel = ?1")
        .map_err(failed)?
        .query_row([channel.as_str()], |row| row.get(0))
        .map_err(failed)?;
    let mut statement = connection.prepare_cached(WAITING).map_err(failed)?;
    let mut rows = statement.query([channel.as_str()]).map_err(failed)?;
    // Accounts that cool down are passed over until one is found that can't be beaten.
    while let Some(row) = rows.next().map_err(failed)? {
        let due_at: i64 = row.get(0).map_err(failed)?;
        if next.is_some_and(|next| next <= due_at) {
            break;
        }
        let cooling: Option<i64> = row.get(1).map_err(failed)?;
        let cooling = cooling.filter(|until| *until > now.millis());
        let at = due_at
            .max(cooling.unwrap_or(due_at))
            .max(blocked_until.map_or(due_at, Timestamp::millis));
        next = Some(next.map_or(at, |next| next.min(at)));
    }
    Ok(next)
}

/// When the last claim of the channel's jobs ends.
pub(super) fn last_lease(
    connection: &Connection,
    channel: Channel,
) -> Result<Option<Timestamp>, StoreError> {
    let last: Option<i64> = connection
        .prepare_cached(
            "SELECT max(lease_expires_at) FROM publish_jobs
             WHERE channel = ?1 AND status = 'publishing'",
        )
        .map_err(failed)?
        .query_row([channel.as_str()], |row| row.get(0))
        .map_err(failed)?;
    Ok(last.map(Timestamp::from_millis))
}

/// The lane of an account, which is made where there is none yet.
pub(super) fn of_account(
    connection: &Connection,
    account: &ChannelAccount,
) -> Result<i64, StoreError> {
    let key = params![account.user_id.to_string(), account.id.to_string()];
    let found = connection
        .prepare_cached("SELECT id FROM publish_lanes WHERE user_id = ?1 AND account_id = ?2")
        .map_err(failed)?
        .query_row(key, |row| row.get(0))
        .optional()
        .map_err(failed)?;
    if let Some(id) = found {
        return Ok(id);
    }
    connection
        .prepare_cached(
            "INSERT INTO publish_lanes (user_id, account_id, linked, cooling_until, grace_minutes)
             VALUES (?1, ?2, 1, ?3, ?4)",
        )
        .map_err(failed)?
        .insert(params![
            account.user_id.to_string(),
            account.id.to_string(),
            account.cooling_down_until.map(Timestamp::millis),
            account.grace_minutes,
        ])
        .map_err(failed)
}

/// Finds anew what comes next in a lane. Whatever changes a job's row calls this before it commits.
pub(super) fn refresh(connection: &Connection, lane: i64) -> Result<(), StoreError> {
    let too_late = i64::from(DEFAULT_GRACE_MINUTES) * 60_000 + 1;
    connection
        .prepare_cached(
            "UPDATE publish_lanes SET (head, channel, due_at, begun) = (
                SELECT j.id, j.channel,
                    CASE
                        WHEN j.unreadable IS NOT NULL THEN NULL
                        WHEN publish_lanes.linked OR j.lease_write_started THEN j.claimable_at
                        ELSE max(j.claimable_at, coalesce(j.next_attempt_at, j.scheduled_at) + ?2)
                    END,
                    j.lease_write_started
                FROM publish_jobs j
                WHERE j.lane = publish_lanes.id AND j.claimable_at IS NOT NULL
                    AND (j.unreadable IS NULL OR j.status = 'publishing')
                ORDER BY (j.status <> 'publishing'), j.claimable_at, j.id LIMIT 1)
             WHERE id = ?1",
        )
        .map_err(failed)?
        .execute(params![lane, too_late])
        .map(drop)
        .map_err(failed)
}

/// Takes over what an account says now.
pub(super) fn account_changed(
    connection: &Connection,
    account: &ChannelAccount,
) -> Result<(), StoreError> {
    relink(connection, account.user_id, account.id, Some(account))
}

/// From now on nobody can publish the account's jobs.
pub(super) fn account_removed(
    connection: &Connection,
    user_id: UserId,
    account_id: AccountId,
) -> Result<(), StoreError> {
    relink(connection, user_id, account_id, None)
}

fn relink(
    connection: &Connection,
    user_id: UserId,
    account_id: AccountId,
    account: Option<&ChannelAccount>,
) -> Result<(), StoreError> {
    let lane = connection
        .prepare_cached(
            "UPDATE publish_lanes SET linked = ?3, cooling_until = ?4, grace_minutes = ?5
             WHERE user_id = ?1 AND account_id = ?2 RETURNING id",
        )
        .map_err(failed)?
        .query_row(
            params![
                user_id.to_string(),
                account_id.to_string(),
                account.is_some(),
                account
                    .and_then(|account| account.cooling_down_until)
                    .map(Timestamp::millis),
                account.and_then(|account| account.grace_minutes),
            ],
            |row| row.get(0),
        )
        .optional()
        .map_err(failed)?;
    lane.map_or(Ok(()), |lane| refresh(connection, lane))
}

/// Whether the lane's job can be begun by now.
pub(super) fn is_due(
    connection: &Connection,
    lane: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    connection
        .prepare_cached(
            "SELECT coalesce(begun = 0 AND due_at <= ?2 AND coalesce(cooling_until <= ?2, 1), 0)
             FROM publish_lanes WHERE id = ?1",
        )
        .map_err(failed)?
        .query_row(params![lane, now.millis()], |row| row.get(0))
        .map_err(failed)
}

/// Whether another job than `job_id` is publishing in the lane.
pub(super) fn is_held(
    connection: &Connection,
    lane: i64,
    job_id: JobId,
) -> Result<bool, StoreError> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM publish_jobs
                WHERE lane = ?1 AND status = 'publishing' AND id <> ?2)",
        )
        .map_err(failed)?
        .query_row(params![lane, job_id.to_string()], |row| row.get(0))
        .map_err(failed)
}
