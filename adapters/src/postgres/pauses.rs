//! Pausing channels.

use calendar_publish::model::Channel;
use calendar_publish::ports::ChannelPause;
use deadpool_postgres::Client;

use super::failure::Failure;

pub(super) async fn pause(client: &Client, pause: &ChannelPause) -> Result<bool, Failure> {
    let statement = client
        .prepare_cached("select calendar_publish.pause_channel($1, $2, $3, $4)")
        .await?;
    let row = client
        .query_one(
            &statement,
            &[
                &pause.channel.as_str(),
                &pause.code.as_str(),
                &pause.since.utc(),
                &pause.until.utc(),
            ],
        )
        .await?;
    Ok(row.try_get(0)?)
}

pub(super) async fn lift(client: &Client, channel: Channel) -> Result<bool, Failure> {
    let statement = client
        .prepare_cached("select calendar_publish.lift_pause($1)")
        .await?;
    let row = client.query_one(&statement, &[&channel.as_str()]).await?;
    Ok(row.try_get(0)?)
}
