//! Looks on while a simulation runs: keeps what was seen, and asks the invariants after every event.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use calendar_publish::error::Code;
use calendar_publish::ledger::{LedgerHead, LedgerRecord, LedgerRow};
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{AccountId, AttemptStatus, JobId, JobStatus, PublishJob, Timestamp};
use calendar_publish::ports::{ClaimJobs, ClaimedJobs, JobFilter, JobStore, Post, Progress, Store};
use futures_util::FutureExt;

use crate::faults::StoreObserver;
use crate::invariants;
use crate::platform::{Call, PlatformEvent, Publication};
use crate::time::VirtualTime;

/// An invariant that didn't hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its name.
    pub invariant: &'static str,
    /// What was seen.
    pub seen: String,
    /// When.
    pub at: Timestamp,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.invariant, self.at, self.seen)
    }
}

/// What is known of a job.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Its name in the timeline.
    pub(crate) name: String,
    pub(crate) job: PublishJob,
    /// Its rows in the ledger.
    pub(crate) rows: Vec<LedgerRecord>,
    /// Attempts that were opened, without those that a limit gave back.
    pub(crate) attempts: u32,
    /// Attempts that a person asked for when the job needed attention.
    pub(crate) asked_for: u32,
    /// Since when an attempt is due, as the ladder, a limit or a person said.
    pub(crate) due: Timestamp,
    /// The wait that the platform asked for with its last answer, in milliseconds.
    pub(crate) asked_wait: i64,
    /// The worker that claimed it last, and the claim's token.
    pub(crate) holder: Option<(String, i64)>,
}

/// A call that is about to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intended<'a> {
    pub(crate) who: &'a str,
    pub(crate) post: &'a Post,
    pub(crate) progress: &'a Progress,
}

/// What the simulation knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) jobs: BTreeMap<JobId, Seen>,
    pub(crate) posts: Vec<Publication>,
    /// Calls that can publish and whose callers still wait, or died waiting.
    pub(crate) deciding: Vec<Call>,
    /// Content that no gate lets pass.
    pub(crate) unfit: BTreeSet<String>,
    /// Accounts whose authorisation was withdrawn.
    pub(crate) revoked: BTreeSet<AccountId>,
    heads: BTreeMap<AccountId, LedgerHead>,
    /// The longest that a call can take, in milliseconds.
    pub(crate) call_deadline: i64,
    /// How late a claimed job's attempt can begin: the length of a lease, in milliseconds.
    pub(crate) lease: i64,
    /// Whose word the change that is seen next is.
    word: Option<JobId>,
    violation: Option<Violation>,
    /// The one invariant that counts.
    pub(crate) only: Option<&'static str>,
    /// `None` where nobody will read it.
    timeline: Option<Vec<String>>,
    pub(crate) counts: Counts,
}

/// What happened in a run, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs.
    pub jobs: u64,
    /// Posts that came out, and drafts that reached an inbox.
    pub posts: u64,
    /// Calls of the platforms.
    pub calls: u64,
    /// Attempts.
    pub attempts: u64,
    /// Workers that crashed.
    pub crashes: u64,
    /// Faults of the store.
    pub faults: u64,
    /// What people asked for.
    pub commands: u64,
    /// Jobs that need a person at the end.
    pub needs_attention: u64,
    /// Begun writes that were taken over from another worker.
    pub taken_over: u64,
}

impl Counts {
    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            jobs: self.jobs + other.jobs,
            posts: self.posts + other.posts,
            calls: self.calls + other.calls,
            attempts: self.attempts + other.attempts,
            crashes: self.crashes + other.crashes,
            faults: self.faults + other.faults,
            commands: self.commands + other.commands,
            needs_attention: self.needs_attention + other.needs_attention,
            taken_over: self.taken_over + other.taken_over,
        }
    }
}

/// Looks on.
pub(crate) struct Watch {
    time: VirtualTime,
    store: Arc<MemoryStore>,
    state: Mutex<State>,
}

impl Watch {
    pub(crate) fn new(
        time: VirtualTime,
        store: Arc<MemoryStore>,
        has_timeline: bool,
        call_deadline: i64,
        lease: i64,
    ) -> Self {
        Self {
            time,
            store,
            state: Mutex::new(State {
                timeline: has_timeline.then(Vec::new),
                call_deadline,
                lease,
                ..State::default()
            }),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to watch a job.
    pub(crate) fn add(&self, name: String, job: PublishJob) {
        let mut state = self.state();
        state.counts.jobs += 1;
        state.jobs.insert(
            job.id,
            Seen {
                name,
                due: job.scheduled_at,
                job,
                rows: Vec::new(),
                attempts: 0,
                asked_for: 0,
                asked_wait: 0,
                holder: None,
            },
        );
    }

    /// Says something in the timeline.
    pub(crate) fn say(&self, who: &str, what: impl FnOnce() -> String) {
        self.state().say(self.time.now(), who, what);
    }

    pub(crate) fn violation(&self) -> Option<Violation> {
        self.state().violation.clone()
    }

    pub(crate) fn fail(&self, invariant: &'static str, seen: String) {
        let now = self.time.now();
        self.state().hold(now, invariant, Err(seen));
    }

    pub(crate) fn take_timeline(&self) -> Vec<String> {
        self.state().timeline.take().unwrap_or_default()
    }

    /// What a person does to a job, in one moment.
    pub(crate) fn by_a_person(&self, job_id: JobId, action: impl FnOnce()) {
        self.state().word = Some(job_id);
        action();
        self.look("a person");
        let mut state = self.state();
        state.word = None;
        state.counts.commands += 1;
    }

    /// Sees what has changed in the store.
    pub(crate) fn look(&self, who: &str) {
        let now = self.time.now();
        let Some(Ok(jobs)) = self.store.all_jobs(JobFilter::default()).now_or_never() else {
            return;
        };
        let mut state = self.state();
        let changed: Vec<PublishJob> = jobs
            .into_iter()
            .filter(|job| state.jobs.get(&job.id).is_some_and(|seen| seen.job != *job))
            .collect();
        if changed.is_empty() {
            return;
        }
        let mut old = BTreeMap::new();
        for job in &changed {
            if let Some(seen) = state.jobs.get_mut(&job.id) {
                old.insert(job.id, std::mem::replace(&mut seen.job, job.clone()));
            }
        }
        for job in &changed {
            if let Some(before) = old.get(&job.id) {
                state.say_change(now, who, before, job);
            }
        }
        let accounts: BTreeSet<AccountId> = changed.iter().map(|job| job.account_id).collect();
        for account_id in accounts {
            let head = state.heads.get(&account_id).cloned().unwrap_or_default();
            let rows = self
                .store
                .ledger(account_id, head.sequence, u32::MAX)
                .now_or_never();
            if let Some(Ok(rows)) = rows {
                state.read(now, account_id, head, rows);
            }
        }
        for job in &changed {
            if let Some(before) = old.remove(&job.id) {
                state.job_changed(now, &before, job);
            }
        }
        state.check_all(now);
    }

    /// A worker is about to make a call that writes.
    pub(crate) fn intends(&self, intended: Intended<'_>) {
        let now = self.time.now();
        let mut state = self.state();
        for (name, check) in invariants::OF_A_CALL {
            let result = check(&state, now, &intended);
            state.hold(now, name, result);
        }
    }

    /// Something happened on a platform.
    pub(crate) fn platform(&self, event: &PlatformEvent) {
        let now = self.time.now();
        let mut state = self.state();
        match event {
            PlatformEvent::Called(call) => state.called(now, call),
            PlatformEvent::Ended(call) => state.ended(now, call),
            PlatformEvent::Out(post) => {
                state.say_out(post);
                state.counts.posts += 1;
                state.posts.push(post.clone());
                for (name, check) in invariants::OF_A_POST {
                    let result = check(&state, post);
                    state.hold(now, name, result);
                }
                state.check_all(now);
            }
        }
    }

    /// What must hold when nothing can move any more.
    pub(crate) fn at_the_end(&self) {
        self.look("the end");
        let now = self.time.now();
        let mut state = self.state();
        let result = invariants::nothing_live_is_left(&state);
        state.hold(now, "nothing_live_is_left", result);
        let attention = state
            .jobs
            .values()
            .filter(|seen| seen.job.status == JobStatus::NeedsAttention)
            .count();
        state.counts.needs_attention = attention as u64;
    }
}

impl StoreObserver for Watch {
    fn done(&self, who: &str, _: &'static str) {
        self.look(who);
    }

    fn claimed(&self, who: &str, claim: &ClaimJobs, claimed: &ClaimedJobs) {
        let now = self.time.now();
        let mut state = self.state();
        for given in &claimed.jobs {
            let token = given.job.lease.map_or(0, |lease| lease.token);
            if given.job.lease.is_some_and(|lease| lease.write_started) {
                state.counts.taken_over += 1;
            }
            if let Some(seen) = state.jobs.get_mut(&given.job.id) {
                seen.holder = Some((who.to_owned(), token));
            }
        }
        let had_room = claimed.jobs.len() < usize::try_from(claim.limit).unwrap_or(usize::MAX);
        drop(state);
        self.look(who);
        let is_any_over = self.state().jobs.values().any(|seen| {
            let lease = seen.job.lease;
            lease.is_some_and(|lease| lease.expires_at <= claimed.at)
        });
        if had_room && is_any_over {
            let cooling = self.cooling();
            let mut state = self.state();
            let result =
                invariants::nothing_is_publishing_past_its_lease(&state, claim, claimed, &cooling);
            state.hold(now, "nothing_is_publishing_past_its_lease", result);
        }
    }

    fn fault(&self, who: &str, what: &str, operation: &'static str) {
        let mut state = self.state();
        state.counts.faults += 1;
        state.say(self.time.now(), who, || format!("{operation}: {what}"));
    }
}

impl Watch {
    /// The accounts that are left alone now.
    fn cooling(&self) -> BTreeSet<AccountId> {
        let now = self.time.now();
        let users: BTreeSet<_> = self
            .state()
            .jobs
            .values()
            .map(|seen| seen.job.user_id)
            .collect();
        users
            .into_iter()
            .filter_map(|user| self.store.accounts(user).now_or_never()?.ok())
            .flatten()
            .filter(|account| account.cooling_down_until.is_some_and(|until| until > now))
            .map(|account| account.id)
            .collect()
    }
}

impl State {
    fn say(&mut self, now: Timestamp, who: &str, what: impl FnOnce() -> String) {
        if let Some(timeline) = &mut self.timeline {
            timeline.push(format!("{now:<24}  {who:<10}  {}", what()));
        }
    }

    fn say_out(&mut self, post: &Publication) {
        let name = self.name(post.job_id);
        let at = post.at;
        self.say(at, "platform", || {
            format!(
                "{name}: OUT as {} on {}, attempt {}",
                post.post_id, post.external_account_id, post.attempt
            )
        });
    }

    pub(crate) fn name(&self, job_id: JobId) -> String {
        self.jobs
            .get(&job_id)
            .map_or_else(|| job_id.to_string(), |seen| seen.name.clone())
    }

    fn say_change(&mut self, now: Timestamp, who: &str, before: &PublishJob, job: &PublishJob) {
        if self.timeline.is_none() {
            return;
        }
        let name = self.name(job.id);
        self.say(now, who, || {
            let mut text = format!("{name}: ");
            if before.status == job.status {
                text.push_str(job.status.as_str());
            } else {
                text.push_str(&format!(
                    "{} -> {}",
                    before.status.as_str(),
                    job.status.as_str()
                ));
            }
            if let Some(lease) = job.lease {
                let begun = if lease.write_started { ", writing" } else { "" };
                text.push_str(&format!(
                    ", claim {} until {}{begun}",
                    lease.token, lease.expires_at
                ));
            }
            if let Some(code) = job.last_error {
                text.push_str(&format!(", {code}"));
            }
            if let Some(at) = job.next_attempt_at {
                text.push_str(&format!(", next attempt {at}"));
            }
            if let Some(at) = job.held_until {
                text.push_str(&format!(", held until {at}"));
            }
            if job.cancel_requested {
                text.push_str(", cancel requested");
            }
            text.push_str(&format!(", attempts {}", job.attempt_count));
            text
        });
    }

    fn hold(&mut self, now: Timestamp, invariant: &'static str, result: Result<(), String>) {
        let Err(seen) = result else { return };
        let counts = self.only.is_none_or(|only| only == invariant);
        if counts && self.violation.is_none() {
            self.say(now, "INVARIANT", || format!("{invariant}: {seen}"));
            self.violation = Some(Violation {
                invariant,
                seen,
                at: now,
            });
        }
    }

    fn check_all(&mut self, now: Timestamp) {
        for (name, check) in invariants::AFTER_EVERY_EVENT {
            let result = check(self);
            self.hold(now, name, result);
        }
    }

    /// Reads the rows that an account's ledger has gained.
    fn read(
        &mut self,
        now: Timestamp,
        account_id: AccountId,
        mut head: LedgerHead,
        rows: Vec<LedgerRow>,
    ) {
        for row in rows {
            let result = invariants::the_ledger_is_a_chain(&head, &row);
            self.hold(now, "the_ledger_is_a_chain", result);
            head = LedgerHead {
                sequence: row.sequence,
                hash: row.hash.clone(),
            };
            match serde_json::from_str::<LedgerRecord>(&row.record) {
                Ok(record) => self.row(now, record),
                Err(error) => self.hold(now, "the_ledger_is_a_chain", Err(error.to_string())),
            }
        }
        self.heads.insert(account_id, head);
    }

    fn row(&mut self, now: Timestamp, record: LedgerRecord) {
        if record.status == AttemptStatus::Open {
            self.counts.attempts += 1;
        }
        for (name, check) in invariants::OF_A_ROW {
            let result = check(self, &record);
            self.hold(now, name, result);
        }
        let name = self.name(record.job_id);
        self.say(now, "ledger", || {
            let code = record.error_code.map_or("", Code::as_str);
            format!(
                "{name}: attempt {} {:?} {code}",
                record.attempt, record.status
            )
        });
        let Some(seen) = self.jobs.get_mut(&record.job_id) else {
            return;
        };
        match record.status {
            AttemptStatus::Open => seen.attempts += 1,
            AttemptStatus::Failed if is_limit(record.error_code) => {
                seen.attempts = seen.attempts.saturating_sub(1);
            }
            _ => {}
        }
        seen.rows.push(record);
    }

    fn job_changed(&mut self, now: Timestamp, before: &PublishJob, job: &PublishJob) {
        let is_word = self.word == Some(job.id);
        for (name, check) in invariants::OF_A_CHANGE {
            let result = check(self, now, before, job);
            self.hold(now, name, result);
        }
        let Some(seen) = self.jobs.get_mut(&job.id) else {
            return;
        };
        let waits = matches!(job.status, JobStatus::Scheduled | JobStatus::Failed);
        if is_word && waits {
            seen.due = job.next_attempt_at.unwrap_or(job.scheduled_at);
            if before.status == JobStatus::NeedsAttention {
                seen.asked_for += 1;
            }
        } else if waits && (is_limit(job.last_error) || seen.attempts > 0) {
            seen.due = job.next_attempt_at.unwrap_or(job.scheduled_at);
        }
        if !matches!(job.status, JobStatus::Publishing) {
            seen.asked_wait = 0;
        }
    }

    fn called(&mut self, now: Timestamp, call: &Call) {
        self.counts.calls += 1;
        let name = self.name(call.job_id);
        self.say(now, "platform", || {
            let looks = if call.looks { "look after " } else { "" };
            format!("{name}: {looks}{} ({:?})", call.stage, call.kind)
        });
        if call.kind == calendar_publish::ports::StepKind::Decisive && !call.looks {
            let result = invariants::one_call_that_can_publish_an_account(self, now, call);
            self.hold(now, "one_call_that_can_publish_an_account", result);
            self.deciding.push(call.clone());
        }
    }

    fn ended(&mut self, now: Timestamp, call: &Call) {
        let name = self.name(call.job_id);
        self.say(now, "platform", || {
            if call.abandoned {
                format!("{name}: {}: the caller is gone", call.stage)
            } else {
                format!("{name}: {}: {}", call.stage, call.answer)
            }
        });
        if let Some(seen) = self.jobs.get_mut(&call.job_id)
            && !call.abandoned
        {
            seen.asked_wait = call
                .retry_after
                .map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(0) * 1000);
        }
        if call.abandoned {
            if let Some(other) = self
                .deciding
                .iter_mut()
                .find(|other| other.number == call.number && other.channel == call.channel)
            {
                *other = call.clone();
            }
        } else {
            self.deciding
                .retain(|other| other.number != call.number || other.channel != call.channel);
        }
    }
}

pub(crate) fn is_limit(code: Option<Code>) -> bool {
    matches!(
        code,
        Some(
            Code::RateLimited
                | Code::QuotaExhausted
                | Code::AccountCoolingDown
                | Code::DailyCapExceeded
        )
    )
}
