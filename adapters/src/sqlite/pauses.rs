//! Paused channels.

use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{ChannelPause, StoreError};
use rusqlite::{Connection, TransactionBehavior, params};

use super::row::{failed, number, read};

/// Pauses a channel, or moves the end of its pause; whether there was none.
pub(super) fn pause(connection: &mut Connection, pause: &ChannelPause) -> Result<bool, StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let moved = transaction
        .execute(
            "UPDATE channel_pauses SET until = ?2 WHERE channel = ?1",
            params![pause.channel.as_str(), pause.until.millis()],
        )
        .map_err(failed)?;
    if moved == 0 {
        transaction
            .execute(
                "INSERT INTO channel_pauses (channel, code, since, until) VALUES (?1, ?2, ?3, ?4)",
                params![
                    pause.channel.as_str(),
                    pause.code.as_str(),
                    pause.since.millis(),
                    pause.until.millis(),
                ],
            )
            .map_err(failed)?;
    }
    transaction.commit().map_err(failed)?;
    Ok(moved == 0)
}

/// Lifts a channel's pause; whether there was one.
pub(super) fn lift(connection: &Connection, channel: Channel) -> Result<bool, StoreError> {
    connection
        .execute(
            "DELETE FROM channel_pauses WHERE channel = ?1",
            [channel.as_str()],
        )
        .map(|lifted| lifted > 0)
        .map_err(failed)
}

/// The pauses, by channel.
pub(super) fn list(connection: &Connection) -> Result<Vec<ChannelPause>, StoreError> {
    let table = "channel_pauses";
    let mut statement = connection
        .prepare_cached("SELECT * FROM channel_pauses")
        .map_err(failed)?;
    let mut rows = statement.query(()).map_err(failed)?;
    let mut pauses = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        pauses.push(ChannelPause {
            channel: read(row, table, "channel")?,
            code: read(row, table, "code")?,
            since: Timestamp::from_millis(number(row, table, "since")?),
            until: Timestamp::from_millis(number(row, table, "until")?),
        });
    }
    pauses.sort_by_key(|pause| pause.channel);
    Ok(pauses)
}
