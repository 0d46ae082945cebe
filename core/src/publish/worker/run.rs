//! When to look for work, how much of it at once, and when to stop.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};

use futures_util::future::{self, Either};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::desk::{Desk, Patience, Shared, job_event};
use super::incident::Incidents;
use super::journal::Journal;
use super::report::WorkReport;
use super::store_time::{StoreTime, delta};
use super::task::take;
use super::{WorkerPorts, WorkerSettings};
use crate::error::{Code, Error};
use crate::flags::PublishingOn;
use crate::model::{CalendarId, Channel, JobStatus, PublishJob, Timestamp};
use crate::ports::{ChannelAdapter, ClaimJobs, ClaimedJobs, StoreError};
use crate::telemetry::{Event, EventContext, EventKind, WorkerStatus};

#[cfg(not(target_family = "wasm"))]
type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
#[cfg(target_family = "wasm")]
type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Claims due jobs and publishes them.
///
/// It can't be built while publishing is switched off: [`PublishingOn`] is only given out by flags
/// that have it on.
pub struct PublishWorker {
    pub(super) ports: WorkerPorts,
    pub(super) settings: WorkerSettings,
}

impl fmt::Debug for PublishWorker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishWorker")
            .field("ports", &self.ports)
            .field("settings", &self.settings)
            .finish()
    }
}

/// What woke the worker.
enum Happening {
    /// A job has left its hands.
    Ended(Option<JobStatus>),
    /// The store answered a claim.
    Claimed(Timestamp, Result<ClaimedJobs, StoreError>),
    /// It is time to look for work.
    Look,
    /// Nobody writes what is in the journal any more.
    Closed,
}

impl PublishWorker {
    /// A worker.
    ///
    /// # Errors
    /// [`LeaseTooShort`](crate::Code::LeaseTooShort) where a lease could end during a call of an adapter (it must be twice
    /// the longest call), [`FieldValueInvalid`](crate::Code::FieldValueInvalid) for a concurrency of 0, a lease of more than
    /// a day and two adapters of one channel.
    pub fn new(
        _: PublishingOn,
        ports: WorkerPorts,
        settings: WorkerSettings,
    ) -> Result<Self, Error> {
        settings.check(&ports.adapters)?;
        Ok(Self { ports, settings })
    }

    /// Takes one bounded step, for a cron job or a serverless function: claims at most `limit` due
    /// jobs and takes each as far as it goes without waiting. What has to wait is given back, and the
    /// next step goes on with it.
    ///
    /// # Errors
    /// [`StoreUnavailable`](crate::Code::StoreUnavailable), or what else keeps the store from giving jobs. Nothing was begun.
    pub async fn tick(&self, limit: u32) -> Result<WorkReport, Error> {
        let journal = Journal::default();
        let incidents = Incidents::new(self.settings.incident);
        let patience = Patience::new(false);
        let shared = self.shared(&journal, &incidents, &patience);
        // A store that goes down in the middle isn't waited for.
        journal.close();
        let mut report = WorkReport::default();
        let asked_at = self.ports.clock.now();
        let claimed = match self.claim(limit).await {
            Ok(claimed) => claimed,
            Err(error) => {
                let error = Error::from(error);
                self.tell_work(WorkerStatus::Ticked, &report, asked_at, Some(error.code));
                return Err(error);
            }
        };
        let mut tasks = FuturesUnordered::new();
        for task in self.begin(shared, claimed, asked_at, &mut report) {
            tasks.push(task);
        }
        let all = async {
            while let Some(status) = tasks.next().await {
                report.count(status);
            }
        };
        let flusher = pin!(self.flush(&journal));
        future::select(pin!(all), flusher).await;
        self.tell_work(WorkerStatus::Ticked, &report, asked_at, None);
        Ok(report)
    }

    /// Works until `stop` resolves, then ends gracefully: it claims no more, lets every call that was
    /// begun come to its end, and gives back what would have to wait.
    ///
    /// It may be dropped or killed at any moment instead; then its jobs wait for their leases' end.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> WorkReport {
        let started_at = self.ports.clock.now();
        self.tell_work(
            WorkerStatus::Started,
            &WorkReport::default(),
            started_at,
            None,
        );
        let report = self.work(stop).await;
        self.tell_work(WorkerStatus::Stopped, &report, started_at, None);
        report
    }

    async fn work(&self, stop: impl Future<Output = ()>) -> WorkReport {
        let journal = Journal::default();
        let incidents = Incidents::new(self.settings.incident);
        let patience = Patience::new(true);
        let shared = self.shared(&journal, &incidents, &patience);
        let mut stop = pin!(stop);
        let mut round = Round::default();
        let mut happenings: FuturesUnordered<Pending<'_, Happening>> = FuturesUnordered::new();
        happenings.push(Box::pin(async {
            self.flush(&journal).await;
            Happening::Closed
        }));
        round.look_now = true;
        loop {
            if round.may_claim(self.settings.concurrency) {
                round.is_claiming = true;
                round.look_now = false;
                let limit = self.settings.concurrency.saturating_sub(round.active);
                happenings.push(Box::pin(async move {
                    let asked_at = self.ports.clock.now();
                    Happening::Claimed(asked_at, self.claim(limit).await)
                }));
            }
            if round.is_stopping && round.active == 0 && !round.is_claiming {
                return round.report;
            }
            let happening = if round.is_stopping {
                happenings.next().await
            } else {
                match future::select(&mut stop, happenings.next()).await {
                    Either::Left(((), _)) => {
                        round.is_stopping = true;
                        patience.end();
                        journal.close();
                        continue;
                    }
                    Either::Right((happening, _)) => happening,
                }
            };
            match happening {
                None | Some(Happening::Closed) => return round.report,
                Some(Happening::Ended(status)) => round.ended(status),
                Some(Happening::Look) => {
                    round.is_waiting = false;
                    round.look_now = true;
                }
                Some(Happening::Claimed(asked_at, Ok(claimed))) => {
                    let limit = self.settings.concurrency.saturating_sub(round.active);
                    let next_look = self.next_look(&claimed, asked_at, limit);
                    let tasks = self.begin(shared, claimed, asked_at, &mut round.report);
                    round.is_claiming = false;
                    round.active = round
                        .active
                        .saturating_add(u32::try_from(tasks.len()).unwrap_or(u32::MAX));
                    for task in tasks {
                        happenings.push(Box::pin(async { Happening::Ended(task.await) }));
                    }
                    match next_look {
                        None => round.look_now = true,
                        Some(at) if !round.is_waiting => {
                            round.is_waiting = true;
                            happenings.push(Box::pin(self.wait_until(at)));
                        }
                        Some(_) => {}
                    }
                }
                Some(Happening::Claimed(asked_at, Err(_))) => {
                    round.is_claiming = false;
                    round.report.store_failures += 1;
                    if !round.is_waiting {
                        round.is_waiting = true;
                        let at = asked_at.plus(delta(self.settings.idle_poll));
                        happenings.push(Box::pin(self.wait_until(at)));
                    }
                }
            }
        }
    }

    fn shared<'a>(
        &'a self,
        journal: &'a Journal,
        incidents: &'a Incidents,
        patience: &'a Patience,
    ) -> Shared<'a> {
        Shared {
            ports: &self.ports,
            settings: &self.settings,
            journal,
            incidents,
            patience,
        }
    }

    async fn flush(&self, journal: &Journal) {
        let WorkerPorts { store, clock, .. } = &self.ports;
        journal
            .flush_forever(&**store, &**clock, &self.settings.retry)
            .await;
    }

    async fn claim(&self, limit: u32) -> Result<ClaimedJobs, StoreError> {
        let claim = ClaimJobs {
            limit,
            lease_seconds: self.settings.lease_seconds,
            channels: self.channels(),
        };
        self.ports.store.claim_jobs(claim).await
    }

    fn channels(&self) -> Vec<Channel> {
        let adapters = self.ports.adapters.iter();
        adapters.map(|adapter| adapter.channel()).collect()
    }

    pub(super) fn adapter(&self, channel: Channel) -> Option<&dyn ChannelAdapter> {
        let mut adapters = self.ports.adapters.iter();
        adapters
            .find(|adapter| adapter.channel() == channel)
            .map(|adapter| &**adapter)
    }

    /// The ways of the claimed jobs, each to be polled to its end.
    fn begin<'a>(
        &'a self,
        shared: Shared<'a>,
        claimed: ClaimedJobs,
        asked_at: Timestamp,
        report: &mut WorkReport,
    ) -> Vec<Pending<'a, Option<JobStatus>>> {
        let time = StoreTime::new(claimed.at, asked_at);
        shared.incidents.set_pauses(&claimed.pauses);
        for job in &claimed.missed {
            report.missed += 1;
            self.tell(job, None, claimed.at);
        }
        let mut tasks: Vec<Pending<'a, Option<JobStatus>>> = Vec::with_capacity(claimed.jobs.len());
        for job in claimed.jobs {
            let Some(adapter) = self.adapter(job.job.channel) else {
                // The store gave what it wasn't asked for: the claim ends by itself.
                report.abandoned += 1;
                continue;
            };
            report.claimed += 1;
            if job.job.lease.is_some_and(|lease| lease.write_started) {
                report.taken_over += 1;
            } else {
                self.tell(&job.job, Some(job.entry.calendar_id), claimed.at);
            }
            let (desk, progress) = Desk::new(shared, adapter, job, time);
            tasks.push(Box::pin(take(desk, progress)));
        }
        tasks
    }

    /// When to look for work again, on the worker's clock; `None` for at once.
    fn next_look(
        &self,
        claimed: &ClaimedJobs,
        asked_at: Timestamp,
        limit: u32,
    ) -> Option<Timestamp> {
        let given = u32::try_from(claimed.jobs.len()).unwrap_or(u32::MAX);
        if given > 0 && given >= limit {
            return None;
        }
        let idle = asked_at.plus(delta(self.settings.idle_poll));
        let next = claimed
            .next_due_at
            .filter(|next| *next > claimed.at)
            .map(|next| StoreTime::new(claimed.at, asked_at).local(next));
        Some(next.map_or(idle, |next| next.min(idle)))
    }

    /// Waits for the instant, or for word that there is something to do.
    async fn wait_until(&self, at: Timestamp) -> Happening {
        let sleep = self.ports.clock.sleep_until(at);
        future::select(sleep, self.ports.store.work_arrived()).await;
        Happening::Look
    }

    /// Tells telemetry that the worker began, took a step or ended; `since` is when that began.
    fn tell_work(
        &self,
        status: WorkerStatus,
        report: &WorkReport,
        since: Timestamp,
        error_code: Option<Code>,
    ) {
        let at = self.ports.clock.now();
        self.ports.telemetry.record(Event {
            at,
            context: EventContext {
                request_id: self.settings.name.clone(),
                user_id: None,
                channel: None,
                calendar_id: None,
                run_id: None,
            },
            kind: EventKind::Worker {
                status,
                job_count: u32::try_from(report.settled()).unwrap_or(u32::MAX),
                latency_ms: at.since(since).num_milliseconds().max(0),
                error_code,
            },
        });
    }

    /// Tells telemetry what a claim made of a job.
    fn tell(&self, job: &PublishJob, calendar_id: Option<CalendarId>, at: Timestamp) {
        self.ports.telemetry.record(Event {
            at,
            context: EventContext {
                request_id: self.settings.name.clone(),
                user_id: Some(job.user_id),
                channel: Some(job.channel),
                calendar_id,
                run_id: None,
            },
            kind: job_event(job),
        });
    }
}

/// Where a running worker stands.
#[derive(Default)]
struct Round {
    report: WorkReport,
    /// Jobs in its hands.
    active: u32,
    /// A claim is on its way.
    is_claiming: bool,
    /// It waits for the next time to look.
    is_waiting: bool,
    /// It should look as soon as it has room.
    look_now: bool,
    is_stopping: bool,
}

impl Round {
    /// It asks for a good part of what it can hold, so that the store isn't asked for single jobs.
    fn may_claim(&self, concurrency: u32) -> bool {
        let free = concurrency.saturating_sub(self.active);
        !self.is_stopping
            && !self.is_claiming
            && self.look_now
            && (self.active == 0 || free >= (concurrency / 4).max(1))
    }

    fn ended(&mut self, status: Option<JobStatus>) {
        self.active = self.active.saturating_sub(1);
        self.report.count(status);
        // Its account may have more that is due.
        self.look_now = true;
    }
}
