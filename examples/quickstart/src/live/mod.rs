//! The same calendar for real, as far as one machine goes: both accounts are linked, and what is due is
//! published by the engine and the channel adapters over HTTP. Only the platforms are simulated, and the
//! time, so that a month takes seconds.

mod bars;
mod sign_in;
mod stage;
mod trouble;
mod work;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use calendar_publish::model::{CalendarEntry, Channel, ChannelAccount, JobStatus, UserId};
use serde::Serialize;

use crate::view::Screen;
use stage::Stage;

/// What the calendar was published from.
pub(crate) struct Material<'a> {
    pub(crate) user: UserId,
    pub(crate) entries: &'a [CalendarEntry],
    /// The accounts whose names and platform ids the simulated ones take over.
    pub(crate) accounts: &'a [ChannelAccount],
    pub(crate) now: calendar_publish::model::Timestamp,
    /// The SQLite file, which is made anew.
    pub(crate) database: &'a Path,
}

/// What became of the calendar.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LiveReport {
    pub(crate) linked: Vec<ChannelAccount>,
    pub(crate) entries: Vec<LiveEntry>,
    /// What the simulated platforms hold.
    pub(crate) posts: usize,
    /// What jobs call published, or delivered to an inbox.
    pub(crate) published: usize,
    /// HTTP requests that the platforms were sent.
    pub(crate) requests: usize,
    /// Rows of the ledger whose chain was checked.
    pub(crate) ledger_rows: usize,
    pub(crate) database: String,
}

/// What became of one entry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LiveEntry {
    pub(crate) entry_id: calendar_publish::model::EntryId,
    pub(crate) title: String,
    pub(crate) channel: Channel,
    pub(crate) status: Option<JobStatus>,
    pub(crate) attempts: u32,
    pub(crate) problem: Option<calendar_publish::Code>,
    pub(crate) permalink: Option<String>,
}

/// Links the accounts, publishes the calendar, and compares what the jobs say with what the platforms hold.
pub(crate) async fn publish(screen: &Screen, material: &Material<'_>) -> Result<LiveReport> {
    begin_anew(material.database)?;
    let stage = Stage::set(screen, material).await?;
    let linked = sign_in::link(screen, &stage, material).await?;
    trouble::make(screen, &stage.tiktok, &stage.instagram);
    let entries = work::publish(screen, &stage, material).await?;
    let posts = stage.posts();
    let published = entries.iter().filter(|entry| is_out(entry)).count();
    let ledger_rows = stage.check_ledgers(&linked).await?;
    Ok(LiveReport {
        linked,
        entries,
        posts: posts.len(),
        published,
        requests: stage.requests(),
        ledger_rows,
        database: material.database.display().to_string(),
    })
}

fn is_out(entry: &LiveEntry) -> bool {
    let out = [JobStatus::Published, JobStatus::DeliveredToInbox];
    entry.status.is_some_and(|status| out.contains(&status))
}

/// Simulated platforms forget everything, so their database begins anew too.
fn begin_anew(database: &Path) -> Result<()> {
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("`{}` can't be made", folder.display()))?;
    }
    for ending in ["", "-wal", "-shm"] {
        let mut path = database.as_os_str().to_owned();
        path.push(ending);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("`{}` can't be removed", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}
