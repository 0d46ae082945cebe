//! Random walks, each step compared with what the store in memory makes of it.

use std::sync::Arc;

use chrono::TimeDelta;

use super::JobCases;
use super::bench::{Bench, LEASE_SECONDS, ana, job_id, later, new_job, progress, receipt, start};
use crate::conformance::fixture::{account, account_id, plain, save};
use crate::conformance::{Broken, ConformanceError, Verdict, equal};
use crate::error::{Code, Error};
use crate::job::{JobEvent, Reconciliation};
use crate::memory::MemoryStore;
use crate::model::{Cadence, Channel, JobStatus, Timestamp};
use crate::ports::{
    ChannelPause, ClaimJobs, Clock, CommandJobs, JobFilter, JobHistory, JobResult, JobStore,
    JobWrite, ProgressChange, ScheduleJobs, Store, StoreError, WriteStamp,
};
use crate::retry::RetryPolicy;

/// How many walks, and how many steps each has.
const WALKS: u64 = 8;
const STEPS: u32 = 150;
const ACCOUNTS: u64 = 4;

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    for seed in 0..WALKS {
        cases
            .check(
                "any sequence of operations comes to what it comes to in memory",
                async |bench| walk(bench, seed).await,
            )
            .await?;
    }
    Ok(())
}

/// SplitMix64: the same seed gives the same walk on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        let place = usize::try_from(self.roll(choices.len() as u64)).unwrap_or(0);
        choices.get(place).cloned()
    }
}

/// Something that is done to both stores.
#[derive(Clone, Debug)]
enum Operation {
    Schedule {
        job: u64,
        account: u64,
        minutes: i64,
    },
    Claim,
    Advance {
        job: u64,
        event: JobEvent,
        stamp: Option<WriteStamp>,
        progress: ProgressChange,
    },
    Command {
        job: u64,
        event: JobEvent,
    },
    Save {
        run: u32,
        revision: i64,
        edited: u64,
        removed: Option<u64>,
    },
    Pause,
    Lift,
}

/// What an operation came to, as far as all stores must agree.
type Outcome = Vec<Result<(JobStatus, usize), Code>>;

/// The walk's memory: what the model holds, so that most steps mean something.
struct Walk {
    dice: Dice,
    jobs: u64,
    revision: i64,
    sequence: i64,
    last: Option<Operation>,
}

async fn walk(bench: &Bench<'_>, seed: u64) -> Verdict {
    let clock: Arc<crate::memory::ManualClock> = Arc::new(crate::memory::ManualClock::new(start()));
    let model = MemoryStore::new(clock.clone());
    for number in 0..ACCOUNTS {
        let mut account = account(ana(), &format!("walk {number}"), "instagram")?;
        account.cooling_down_until = None;
        account.quota = None;
        account.grace_minutes = (number == 1).then_some(20);
        model.put_account(account.clone()).await?;
        bench.store.put_account(account).await?;
    }
    let mut walk = Walk {
        dice: Dice(seed),
        jobs: 0,
        revision: 0,
        sequence: 0,
        last: None,
    };
    for step in 0..STEPS {
        let wait = walk.dice.pick(&[1_000, 20_000, 60_000, 301_000, 420_000]);
        let now = later(bench.now(), wait.unwrap_or(1_000) + i64::from(step));
        bench.at(now);
        clock.set(now);
        let operation = walk.next(&model, now).await?;
        let what = format!("seed {seed}, step {step} at {now}, {operation:?}");
        let expected = apply(&model, &operation, now).await?;
        let found = apply(bench.store, &operation, now).await?;
        equal(&what, &found, &expected)?;
        same_jobs(&what, bench.store, &model, walk.jobs).await?;
        if matches!(operation, Operation::Save { .. }) {
            walk.revision += 1;
        }
        walk.last = Some(operation);
    }
    Ok(())
}

impl Walk {
    async fn next(&mut self, model: &MemoryStore, now: Timestamp) -> Result<Operation, Broken> {
        let job = self.dice.roll(self.jobs + 1);
        Ok(match self.dice.roll(20) {
            0..=3 if self.jobs < 40 => {
                self.jobs += 1;
                Operation::Schedule {
                    job: self.jobs - 1,
                    account: self.dice.roll(ACCOUNTS + 1),
                    minutes: self.dice.pick(&[-1, 0, 1, 3, 10, 45]).unwrap_or(1),
                }
            }
            // Somebody repeats what was done last.
            4 if self.last.as_ref().is_some_and(|last| {
                matches!(last, Operation::Advance { .. } | Operation::Schedule { .. })
            }) =>
            {
                match self.last.clone() {
                    Some(last) => last,
                    None => Operation::Claim,
                }
            }
            5..=8 => Operation::Claim,
            9 => Operation::Save {
                run: u32::try_from(self.revision).unwrap_or(0),
                revision: self.revision,
                edited: job,
                removed: (self.dice.roll(4) == 0).then(|| self.dice.roll(self.jobs + 1)),
            },
            10 if self.dice.roll(3) == 0 => Operation::Pause,
            10 | 11 => Operation::Lift,
            12 | 13 => Operation::Command {
                job,
                event: self.wish(now),
            },
            _ => self.report(model, job, now).await?,
        })
    }

    /// What a person wants.
    fn wish(&mut self, now: Timestamp) -> JobEvent {
        match self.dice.roll(7) {
            0 => JobEvent::CancelRequested,
            1 => JobEvent::RetryNow,
            2 => JobEvent::ConfirmedPublished,
            3 => JobEvent::ConfirmedNotPublished {
                grace_minutes: None,
            },
            4 => JobEvent::Resumed {
                grace_minutes: None,
            },
            _ => JobEvent::Rescheduled {
                at: later(now, 600_000),
            },
        }
    }

    /// What a worker reports: mostly of a job that is held, with its token.
    async fn report(
        &mut self,
        model: &MemoryStore,
        any: u64,
        now: Timestamp,
    ) -> Result<Operation, Broken> {
        let mut held = Vec::new();
        for number in 0..self.jobs {
            if let Some(history) = stored(model, number).await?
                && let Some(lease) = history.record.job.lease
            {
                held.push((number, lease.token));
            }
        }
        let (job, token) = self.dice.pick(&held).unwrap_or((any, 1));
        // Now and then one that lost its claim.
        let token = token - i64::from(self.dice.roll(8) == 0);
        self.sequence += 1;
        let stamp = WriteStamp {
            token,
            sequence: self.sequence,
        };
        let progress = match self.dice.roll(4) {
            0 => ProgressChange::Set {
                progress: progress(&format!("step {}", self.sequence)),
            },
            1 => ProgressChange::Clear,
            _ => ProgressChange::Keep,
        };
        Ok(Operation::Advance {
            job,
            event: self.event(token, now),
            stamp: (self.dice.roll(3) > 0).then_some(stamp),
            progress,
        })
    }

    fn event(&mut self, token: i64, now: Timestamp) -> JobEvent {
        let minutes = |minutes: i64| now.plus(TimeDelta::minutes(minutes));
        let code = Code::PlatformTemporary;
        let grace_minutes = None;
        match self.dice.roll(16) {
            0..=5 => JobEvent::WriteStarted { token },
            6 => JobEvent::Published {
                token,
                receipt: receipt("17900"),
            },
            7 => JobEvent::DeliveredToInbox { token },
            8 | 9 => JobEvent::FailedForCertain {
                token,
                code,
                retry_after_seconds: self
                    .dice
                    .pick(&[None, Some(30), Some(2_000), Some(90_000)])
                    .flatten(),
            },
            10 => JobEvent::RejectedPermanently {
                token,
                code: Code::ContentRejected,
            },
            11 => JobEvent::AccountLimited {
                token,
                code: Code::RateLimited,
                until: minutes(20),
            },
            12 => JobEvent::OutcomeUnknown { token },
            13 => JobEvent::LeaseMoved {
                token,
                until: minutes(2),
            },
            14 => JobEvent::Deferred {
                token,
                code,
                until: minutes(3),
                grace_minutes,
            },
            _ => JobEvent::Reconciled {
                token: Some(token),
                outcome: self
                    .dice
                    .pick(&[
                        Reconciliation::NotPublished,
                        Reconciliation::StillUnknown,
                        Reconciliation::DeliveredToInbox,
                    ])
                    .unwrap_or(Reconciliation::StillUnknown),
                grace_minutes,
            },
        }
    }
}

fn name(number: u64) -> String {
    format!("walk {number}")
}

async fn stored(store: &dyn JobStore, number: u64) -> Result<Option<JobHistory>, Broken> {
    Ok(store.job(ana(), job_id(&name(number))).await?)
}

fn outcome(result: JobResult) -> Result<(JobStatus, usize), Code> {
    match result {
        JobResult::Done { job, effects } => Ok((job.status, effects.len())),
        JobResult::Refused { error } => Err(error.code),
    }
}

async fn apply(
    store: &dyn JobStore,
    operation: &Operation,
    now: Timestamp,
) -> Result<Outcome, Broken> {
    Ok(match operation.clone() {
        Operation::Schedule {
            job,
            account,
            minutes,
        } => {
            // No two jobs are due at the same instant: which of them comes first isn't promised.
            let at = now.plus(TimeDelta::minutes(minutes));
            let at = later(at, i64::try_from(job).unwrap_or(0));
            let account = account_id(&format!("walk {account}"));
            let schedule = ScheduleJobs {
                user_id: ana(),
                command: None,
                jobs: vec![new_job(&name(job), account, at)?],
            };
            let answer = store.schedule_jobs(schedule).await?;
            answer
                .outcomes
                .into_iter()
                .map(|made| outcome(made.result))
                .collect()
        }
        Operation::Claim => {
            let claimed = store
                .claim_jobs(ClaimJobs {
                    limit: 100,
                    lease_seconds: LEASE_SECONDS,
                    channels: Channel::ALL.to_vec(),
                })
                .await?;
            vec![
                Ok((JobStatus::Publishing, claimed.jobs.len())),
                Ok((JobStatus::NeedsAttention, claimed.missed.len())),
            ]
        }
        Operation::Advance {
            job,
            event,
            stamp,
            progress,
        } => {
            let write = JobWrite {
                stamp,
                progress,
                ..JobWrite::new(job_id(&name(job)), event)
            };
            let outcomes = store
                .advance_jobs(RetryPolicy::default(), vec![write])
                .await?;
            outcomes
                .into_iter()
                .map(|written| outcome(written.result))
                .collect()
        }
        Operation::Command { job, event } => {
            let command = CommandJobs {
                user_id: ana(),
                command: None,
                policy: RetryPolicy::default(),
                writes: vec![JobWrite::new(job_id(&name(job)), event)],
                all_or_nothing: false,
            };
            let answer = store.command_jobs(command).await?;
            answer
                .outcomes
                .into_iter()
                .map(|written| outcome(written.result))
                .collect()
        }
        Operation::Save {
            run,
            revision,
            edited,
            removed,
        } => {
            let mut entries = Vec::new();
            for number in (0..60).filter(|number| Some(*number) != removed) {
                let mut entry = plain(&name(number))?;
                if number == edited {
                    entry.piece.copy = format!("Texto {revision}");
                }
                entries.push(entry);
            }
            let save = save(&format!("walk {run}"), Cadence::Manual, revision, entries);
            match store.save_calendar(save).await {
                Ok(_) => vec![],
                Err(error) => vec![Err(code_of(error))],
            }
        }
        Operation::Pause => {
            let pause = ChannelPause {
                channel: Channel::Instagram,
                code: Code::AppMisconfigured,
                since: start(),
                // Which job is tried after its end isn't for a walk to say.
                until: Timestamp::MAX,
            };
            let began = store.pause_channel(pause).await?;
            vec![Ok((JobStatus::Scheduled, usize::from(began)))]
        }
        Operation::Lift => {
            let lifted = store.lift_pause(Channel::Instagram).await?;
            vec![Ok((JobStatus::Scheduled, usize::from(lifted)))]
        }
    })
}

fn code_of(error: StoreError) -> Code {
    Error::from(error).code
}

/// Both stores hold the same: jobs, attempts, ledgers, cool-downs and depth.
async fn same_jobs(what: &str, store: &dyn JobStore, model: &MemoryStore, jobs: u64) -> Verdict {
    let all = JobFilter::default;
    let found = store.jobs(ana(), all()).await?;
    let expected = model.jobs(ana(), all()).await?;
    equal(what, &found, &expected)?;
    for number in 0..jobs {
        let found = stored(store, number).await?;
        let expected = stored(model, number).await?;
        equal(what, &found, &expected)?;
    }
    for number in 0..ACCOUNTS {
        let account = account_id(&format!("walk {number}"));
        let found = store.ledger(account, 0, 10_000).await?.len();
        let expected = model.ledger(account, 0, 10_000).await?.len();
        equal(what, &found, &expected)?;
    }
    let cooling = async |store: &dyn JobStore| -> Result<Vec<Option<Timestamp>>, Broken> {
        let accounts = store.accounts(ana()).await?;
        Ok(accounts
            .iter()
            .map(|account| account.cooling_down_until)
            .collect())
    };
    equal(what, &cooling(store).await?, &cooling(model).await?)?;
    let (found, expected) = (store.queue_depth().await?, model.queue_depth().await?);
    equal(what, &found.oldest_due_at, &expected.oldest_due_at)
}
