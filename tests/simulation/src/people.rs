//! People who change their minds while their posts go out, and who look before they confirm.

use std::sync::Arc;

use calendar_publish::error::Code;
use calendar_publish::job::{JobEvent, Reconciliation};
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{Channel, JobId, JobStatus, PublishJob, Timestamp};
use calendar_publish::ports::{
    ChannelPause, CommandJobs, JobFilter, JobResult, JobStore, JobWrite, ReceiptKind, Store,
};
use calendar_publish::retry::RetryPolicy;
use futures_util::FutureExt;

use crate::fixture::{self, Fixture};
use crate::platform::ScriptedPlatform;
use crate::random::Random;
use crate::time::VirtualTime;
use crate::watch::Watch;

/// How long a person waits before saying what became of a post, in milliseconds.
const LOOKS_AFTER: i64 = 30 * 60_000;

pub(crate) struct People {
    pub(crate) time: VirtualTime,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) platforms: Vec<Arc<ScriptedPlatform>>,
    pub(crate) fixture: Fixture,
    pub(crate) random: Random,
    pub(crate) calm_from: Timestamp,
}

impl People {
    /// Acts at random times until it is calm.
    pub(crate) async fn live(mut self) {
        loop {
            let wait = self.random.between(20_000, 900_000);
            let at = self.time.now().millis() + i64::try_from(wait).unwrap_or(0);
            self.time.sleep_until(Timestamp::from_millis(at)).await;
            if self.time.now() >= self.calm_from {
                for channel in Channel::ALL {
                    let _ = self.store.lift_pause(channel).now_or_never();
                }
                return;
            }
            self.act();
        }
    }

    fn act(&mut self) {
        let Some(job) = self.any_job() else { return };
        match self.random.below(10) {
            0 => self.pause(),
            1 | 2 => self.edit(),
            3 => self.command(&job, JobEvent::CancelRequested),
            4 => {
                let later = self.random.between(1_000, 3_600_000);
                let at = self.time.now().millis() + i64::try_from(later).unwrap_or(0);
                let at = Timestamp::from_millis(at);
                self.command(&job, JobEvent::Rescheduled { at });
            }
            5 => self.command(
                &job,
                JobEvent::Resumed {
                    grace_minutes: None,
                },
            ),
            _ => self.attend(),
        }
    }

    fn jobs(&self) -> Vec<PublishJob> {
        self.store
            .all_jobs(JobFilter::default())
            .now_or_never()
            .and_then(Result::ok)
            .unwrap_or_default()
    }

    fn any_job(&mut self) -> Option<PublishJob> {
        let jobs = self.jobs();
        let place = self.random.below(jobs.len() as u64);
        jobs.into_iter().nth(usize::try_from(place).unwrap_or(0))
    }

    /// Sees to what needs attention: says what became of a post, or has it tried again.
    fn attend(&mut self) {
        let now = self.time.now();
        let job = self.jobs().into_iter().find(|job| {
            job.status == JobStatus::NeedsAttention
                && now.millis() - job.updated_at.millis() > LOOKS_AFTER
        });
        let Some(job) = job else {
            if let Some(job) = self.any_job() {
                self.command(&job, JobEvent::RetryNow);
            }
            return;
        };
        if job.last_error != Some(Code::OutcomeUnknown) {
            self.command(&job, JobEvent::RetryNow);
            return;
        }
        let mut posts = self.platforms.iter().flat_map(|platform| platform.posts());
        let event = match posts.find(|post| post.job_id == job.id) {
            None => JobEvent::ConfirmedNotPublished {
                grace_minutes: None,
            },
            Some(post) if post.kind == ReceiptKind::DeliveredToInbox => JobEvent::Reconciled {
                token: None,
                outcome: Reconciliation::DeliveredToInbox,
                grace_minutes: None,
            },
            Some(_) => JobEvent::ConfirmedPublished,
        };
        self.command(&job, event);
    }

    fn command(&self, job: &PublishJob, event: JobEvent) {
        let command = CommandJobs {
            user_id: job.user_id,
            command: None,
            policy: RetryPolicy::default(),
            writes: vec![JobWrite::new(job.id, event.clone())],
            all_or_nothing: false,
        };
        self.watch.by_a_person(job.id, || {
            let outcomes = self.store.command_jobs(command).now_or_never();
            self.say(job.id, &event, || match outcomes {
                Some(Ok(outcomes)) => match outcomes.outcomes.first().map(|o| &o.result) {
                    Some(JobResult::Refused { error }) => format!("refused, {}", error.code),
                    _ => "done".to_owned(),
                },
                other => format!("{other:?}"),
            });
        });
    }

    fn say(&self, job_id: JobId, event: &JobEvent, answer: impl FnOnce() -> String) {
        let name = self.watch.state().name(job_id);
        self.watch
            .say("a person", || format!("{name}: {event:?}: {}", answer()));
    }

    /// Changes the text of an entry.
    fn edit(&mut self) {
        let fixture = &self.fixture;
        let stored = self
            .store
            .calendar(fixture.user_id, fixture.calendar_id)
            .now_or_never();
        let Some(Ok(stored)) = stored else { return };
        let mut entries = stored.entries;
        let place = self.random.below(entries.len() as u64);
        let number = self.random.below(1_000_000);
        let Some(entry) = entries.get_mut(usize::try_from(place).unwrap_or(0)) else {
            return;
        };
        // Without media it stays unfit, whatever its text says.
        if entry.media.is_empty() {
            return;
        }
        entry.piece.copy = format!("edited {number}");
        let save = fixture::save(
            fixture.user_id,
            fixture.calendar_id,
            stored.revision,
            self.time.now(),
            entries,
        );
        let saved = self.store.save_calendar(save).now_or_never();
        self.watch.say("a person", || match saved {
            Some(Ok(saved)) => format!("entry {place}: edited, revision {}", saved.revision),
            other => format!("entry {place}: {other:?}"),
        });
        self.watch.look("a person");
    }

    fn pause(&mut self) {
        let now = self.time.now();
        let channel = if self.random.percent(50) {
            Channel::Instagram
        } else {
            Channel::Tiktok
        };
        if self.random.percent(50) {
            let _ = self.store.lift_pause(channel).now_or_never();
            self.watch
                .say("a person", || format!("{channel}: pause lifted"));
            return;
        }
        let millis = self.random.between(60_000, 1_200_000);
        let until = Timestamp::from_millis(now.millis() + i64::try_from(millis).unwrap_or(0));
        let pause = ChannelPause {
            channel,
            code: Code::PlatformTemporary,
            since: now,
            until,
        };
        let _ = self.store.pause_channel(pause).now_or_never();
        self.watch
            .say("a person", || format!("{channel}: paused until {until}"));
    }
}
