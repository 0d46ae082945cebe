//! The calendar's jobs, from being scheduled to their end.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use calendar_publish::flags::{Flags, PublishingOn};
use calendar_publish::model::{CalendarEntry, EntryId, JobStatus, PublishJob, Timestamp};
use calendar_publish::ports::{Clock, JobFilter, JobStore};
use calendar_publish::publish::{
    BatchProgress, CommandContext, EntryJobResult, PublishQueue, PublishWorker, QueueSettings,
    Schedule, WorkerPorts, WorkerSettings,
};
use chrono::TimeDelta;

use super::bars::Bars;
use super::stage::Stage;
use super::{LiveEntry, Material};
use crate::view::Screen;

/// More looks than this for one calendar mean that something goes round in circles.
const MOST_LOOKS: u32 = 100_000;

/// Schedules the whole calendar and lets a worker publish it, from one instant at which something is due to
/// the next.
pub(super) async fn publish(
    screen: &Screen,
    stage: &Stage,
    material: &Material<'_>,
) -> Result<Vec<LiveEntry>> {
    let on = switched_on()?;
    let refused = schedule(on, screen, stage, material).await?;
    let jobs = stage
        .store
        .jobs(material.user, JobFilter::default())
        .await?;
    let worker = worker(on, screen, stage, material.entries, &jobs)?;
    for _ in 0..MOST_LOOKS {
        worker.tick(64).await?;
        let jobs = stage
            .store
            .jobs(material.user, JobFilter::default())
            .await?;
        let Some(next) = jobs.iter().filter_map(waits_until).min() else {
            return report(stage, material, refused).await;
        };
        // What is due already and wasn't taken waits for its account.
        let soon = stage.clock.now().plus(TimeDelta::seconds(1));
        stage.clock.set(next.max(soon));
    }
    bail!("the calendar wasn't finished after {MOST_LOOKS} looks")
}

/// The demonstration publishes to simulators only: it switches publishing on by itself.
fn switched_on() -> Result<PublishingOn> {
    let flags = Flags {
        publish_service: true,
        ..Flags::OFF
    };
    flags.publishing().context("publishing is switched off")
}

type Refused = HashMap<EntryId, calendar_publish::Error>;

async fn schedule(
    on: PublishingOn,
    screen: &Screen,
    stage: &Stage,
    material: &Material<'_>,
) -> Result<Refused> {
    let queue = PublishQueue::new(stage.store.clone(), Arc::new(()), QueueSettings::default());
    let ask = CommandContext::new("quickstart".parse()?, material.user, material.now);
    let entries = material.entries.to_vec();
    let bar = screen.progress();
    let mut on_progress = |progress: BatchProgress| {
        bar.set_length(u64::from(progress.total));
        bar.set_position(u64::from(progress.done));
    };
    let scheduled = queue
        .schedule(
            on,
            &ask.keyed("live"),
            &Schedule { entries },
            &mut on_progress,
        )
        .await?;
    bar.finish_and_clear();
    let refused = scheduled
        .outcomes
        .into_iter()
        .filter_map(|outcome| match outcome.result {
            EntryJobResult::Scheduled { .. } => None,
            EntryJobResult::Refused { error } => Some((outcome.entry_id, error)),
        });
    Ok(refused.collect())
}

fn worker(
    on: PublishingOn,
    screen: &Screen,
    stage: &Stage,
    entries: &[CalendarEntry],
    jobs: &[PublishJob],
) -> Result<PublishWorker> {
    let title = |job: &PublishJob| {
        let entry = entries
            .iter()
            .find(|entry| entry.id == job.calendar_entry_id)?;
        Some((job.id, entry.piece.title.clone()))
    };
    let titles = jobs.iter().filter_map(title).collect();
    let bars = Arc::new(Bars::new(titles, screen.is_silent()));
    let ports = WorkerPorts {
        store: stage.store.clone(),
        adapters: vec![
            Arc::new(stage.tiktok_adapter(bars)?),
            Arc::new(stage.instagram_adapter()?),
        ],
        clock: stage.clock.clone(),
        telemetry: Arc::new(()),
    };
    let settings = WorkerSettings::new("quickstart".parse()?);
    Ok(PublishWorker::new(on, ports, settings)?)
}

/// When somebody can go on with the job; `None` where nobody will by themselves.
fn waits_until(job: &PublishJob) -> Option<Timestamp> {
    match job.status {
        JobStatus::Scheduled => job.held_until.or(Some(job.scheduled_at)),
        JobStatus::Publishing => job.lease.map(|lease| lease.expires_at),
        JobStatus::Failed => job.held_until.max(job.next_attempt_at),
        JobStatus::Published
        | JobStatus::DeliveredToInbox
        | JobStatus::NeedsAttention
        | JobStatus::Cancelled => None,
    }
}

async fn report(
    stage: &Stage,
    material: &Material<'_>,
    refused: Refused,
) -> Result<Vec<LiveEntry>> {
    let jobs = stage
        .store
        .jobs(material.user, JobFilter::default())
        .await?;
    let mut entries = Vec::new();
    for entry in material.entries {
        let job = jobs.iter().find(|job| job.calendar_entry_id == entry.id);
        let permalink = match job {
            Some(job) => {
                let history = stage.store.job(material.user, job.id).await?;
                history
                    .and_then(|history| history.record.receipt)
                    .and_then(|receipt| receipt.permalink)
            }
            None => None,
        };
        entries.push(LiveEntry {
            entry_id: entry.id,
            title: entry.piece.title.clone(),
            channel: entry.piece.channel,
            status: job.map(|job| job.status),
            attempts: job.map_or(0, |job| job.attempt_count),
            problem: match job {
                Some(job) if job.status == JobStatus::NeedsAttention => job.last_error,
                Some(_) => None,
                None => refused.get(&entry.id).map(|error| error.code),
            },
            permalink,
        });
    }
    Ok(entries)
}
