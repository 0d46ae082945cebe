//! "Next month in a second": a host's own calendar, run against platforms that behave as usual, or
//! worse.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use calendar_publish::error::{Code, Error, Measure};
use calendar_publish::flags::Flags;
use calendar_publish::memory::MemoryStore;
use calendar_publish::message::{Formatter, Lang, MessageContext, MessageText, code_text, labels};
use calendar_publish::model::{
    CalendarEntry, Channel, ChannelAccount, EntryId, JobId, JobStatus, PublishAttempt, Timestamp,
    UserId, Zone, deterministic_uuid,
};
use calendar_publish::ports::{
    ChannelAdapter, Clock, JobFilter, JobHistory, JobResult, JobStore, NewJob, ScheduleJobs, Store,
    StoreError,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish::readiness::{AccountLink, link_account};
use calendar_publish::rules::RuleBook;
use futures_util::FutureExt;

use crate::executor::Executor;
use crate::platform::{Flow, Mix, Publication, ScriptedPlatform};
use crate::time::{VirtualClock, VirtualTime};

/// How long after the last entry everything is waited for.
const AFTER_THE_LAST: i64 = 48 * 3_600_000;

/// How the platforms behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformProfile {
    /// Decides what happens to which post: another seed is another month.
    pub seed: u64,
    /// How often what happens.
    pub mix: Mix,
}

impl PlatformProfile {
    /// Nothing fails.
    pub const FLAWLESS: Self = Self {
        seed: 0,
        mix: Mix::FLAWLESS,
    };

    /// A usual month: nine of ten posts come out at the first attempt.
    pub const fn usual(seed: u64) -> Self {
        Self {
            seed,
            mix: Mix::USUAL,
        }
    }

    /// A month in which much goes wrong.
    pub const fn rough(seed: u64) -> Self {
        Self {
            seed,
            mix: Mix::ROUGH,
        }
    }
}

/// What became of a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarReport {
    /// Its entries, in the order in which they were given.
    pub entries: Vec<EntryReport>,
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryReport {
    /// The entry.
    pub entry_id: EntryId,
    /// Its title.
    pub title: String,
    /// Where it goes.
    pub channel: Channel,
    /// The zone of its account; UTC where it has none.
    pub zone: Zone,
    /// When it was due.
    pub scheduled_at: Option<Timestamp>,
    /// How its job ended; `None` where there was none, as for a draft.
    pub status: Option<JobStatus>,
    /// When it came out, or reached the inbox.
    pub out_at: Option<Timestamp>,
    /// Its attempts, the first one first.
    pub attempts: Vec<PublishAttempt>,
    /// Why it isn't out, or why there was no job for it.
    pub problem: Option<Code>,
}

impl EntryReport {
    /// Whether somebody has to do something about it.
    pub fn needs_attention(&self) -> bool {
        self.problem.is_some() && self.problem != Some(Code::EntryDraft)
    }

    /// How often it was tried again.
    pub fn retries(&self) -> usize {
        self.attempts.len().saturating_sub(1)
    }

    /// What is wrong and what to do, where something is.
    pub fn advice(&self, lang: Lang) -> Option<MessageText> {
        let context = MessageContext {
            channel: Some(self.channel),
            zone: Some(self.zone),
            field: None,
        };
        Some(code_text(self.problem?, lang, &context))
    }

    /// The entry as one line for people: `Pan · Instagram · Published · Thu 2 Apr 2026, 09:00
    /// (Europe/Madrid) · 1 attempt`, and what is wrong with it.
    pub fn text(&self, lang: Lang) -> String {
        let mut parts = vec![self.title.clone(), self.channel.brand().to_owned()];
        let statuses = labels(lang).job_statuses;
        parts.extend(
            statuses
                .into_iter()
                .find(|label| Some(label.status) == self.status)
                .map(|label| label.label),
        );
        let instant = self.out_at.or(self.scheduled_at);
        parts.extend(instant.map(|at| Formatter::new(lang, self.zone).instant(at)));
        let count = self.attempts.len();
        if count > 0 {
            let noun = match (lang, count) {
                (Lang::Es, 1) => "intento",
                (Lang::Es, _) => "intentos",
                (Lang::En, 1) => "attempt",
                (Lang::En, _) => "attempts",
            };
            parts.push(format!("{count} {noun}"));
        }
        if let Some(advice) = self.advice(lang) {
            parts.push(format!("{} {}", advice.message, advice.action));
        }
        parts.join(" · ")
    }
}

impl CalendarReport {
    /// How many posts came out, drafts in inboxes included.
    pub fn out(&self) -> usize {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.out_at.is_some()).count()
    }

    /// The entries that somebody has to do something about.
    pub fn attention(&self) -> impl Iterator<Item = &EntryReport> {
        self.entries.iter().filter(|entry| entry.needs_attention())
    }

    /// The calendar as text for people, a line an entry.
    pub fn text(&self, lang: Lang) -> String {
        let lines: Vec<String> = self.entries.iter().map(|entry| entry.text(lang)).collect();
        lines.join("\n")
    }
}

/// Runs a calendar from `start` on to its end with the real engine, in virtual time, against platforms
/// that behave as `profile` says. Nothing leaves the process.
///
/// Entries without an instant, with an instant in the past, drafts and those without an account get
/// no job, and the report says why.
///
/// # Errors
/// What the engine itself refuses, such as two entries of one id.
///
/// ```
/// use calendar_publish::message::Lang;
/// use calendar_publish::model::{CalendarEntry, ChannelAccount};
/// use calendar_publish::rules::RuleBook;
/// use calendar_publish_simulation::{PlatformProfile, simulate_calendar};
///
/// let accounts: Vec<ChannelAccount> = serde_json::from_str(r#"[{
///     "id": "018f0000-0000-7000-8000-0000000000a1", "userId": "018f0000-0000-7000-8000-0000000000b1",
///     "channel": "instagram", "externalAccountId": "17841400000000000", "displayName": "@pan",
///     "timezone": "Europe/Madrid", "status": "ok" }]"#)?;
/// let entries: Vec<CalendarEntry> = serde_json::from_str(r#"[
///     { "id": "018f0000-0000-7000-8000-000000000001", "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///       "scheduledAt": "2026-04-02T07:00:00Z",
///       "media": [{ "kind": "image", "url": "https://cdn.example/pan.jpg", "mimeType": "image/jpeg",
///                   "sizeBytes": 640000, "width": 1080, "height": 1350 }],
///       "piece": { "title": "Pan", "channel": "instagram", "format": "post", "copy": "Hoy hay pan.",
///                  "date": "2026-04-02" } },
///     { "id": "018f0000-0000-7000-8000-000000000002", "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///       "scheduledAt": "2026-04-03T07:00:00Z",
///       "piece": { "title": "Bollos", "channel": "instagram", "format": "post", "copy": "Bollos.",
///                  "date": "2026-04-03" } }]"#)?;
///
/// let start = "2026-04-01T09:00:00Z".parse()?;
/// let report =
///     simulate_calendar(&entries, &accounts, RuleBook::builtin(), start, PlatformProfile::FLAWLESS)?;
/// assert_eq!(report.out(), 1);
/// assert_eq!(
///     report.text(Lang::En),
///     "Pan · Instagram · Published · Thu 2 Apr 2026, 09:00 (Europe/Madrid) · 1 attempt\n\
///      Bollos · Instagram · Needs attention · Fri 3 Apr 2026, 09:00 (Europe/Madrid) · \
///      Files are missing. Upload the photos or the video."
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn simulate_calendar(
    entries: &[CalendarEntry],
    accounts: &[ChannelAccount],
    rules: &RuleBook,
    start: Timestamp,
    profile: PlatformProfile,
) -> Result<CalendarReport, Error> {
    let time = VirtualTime::new(start);
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(time.clone()));
    let store = Arc::new(MemoryStore::new(clock.clone()));
    for account in accounts {
        at_once(store.put_account(account.clone()))?;
    }
    let refused = schedule(&store, entries, accounts)?;
    let platforms = [Flow::Container, Flow::Upload].map(|flow| {
        Arc::new(
            ScriptedPlatform::new(flow, clock.clone())
                .seeded(profile.seed, profile.mix)
                .with_latency(Duration::from_millis(50), Duration::from_millis(1_500)),
        )
    });
    let mut settings = WorkerSettings::new("simulation".parse()?);
    settings.rules = rules.clone();
    settings.idle_poll = Duration::from_secs(3_600);
    let flags = Flags {
        publish_service: true,
        ..Flags::OFF
    };
    let on = flags
        .publishing()
        .ok_or_else(|| Error::new(Code::FlagOff))?;
    let adapters = platforms.iter().cloned();
    let worker = PublishWorker::new(
        on,
        WorkerPorts {
            store: store.clone(),
            adapters: adapters
                .map(|platform| platform as Arc<dyn ChannelAdapter>)
                .collect(),
            clock,
            telemetry: Arc::new(()),
        },
        settings,
    )?;
    let mut executor = Executor::new(time, profile.seed);
    executor.spawn(async move {
        worker.run(std::future::pending()).await;
    });
    let last = entries.iter().filter_map(|entry| entry.scheduled_at).max();
    let end = last.map_or(start, |last| {
        Timestamp::from_millis(last.max(start).millis() + AFTER_THE_LAST)
    });
    executor.run(end, || !is_over(&store));
    let posts: Vec<Publication> = platforms
        .iter()
        .flat_map(|platform| platform.posts())
        .collect();
    let jobs = histories(&store)?;
    let entries = entries
        .iter()
        .map(|entry| report(entry, accounts, refused.get(&entry.id), &jobs, &posts));
    Ok(CalendarReport {
        entries: entries.collect(),
    })
}

/// The store in memory answers at once.
fn at_once<T>(operation: impl Future<Output = Result<T, StoreError>>) -> Result<T, Error> {
    match operation.now_or_never() {
        Some(answer) => answer.map_err(Error::from),
        None => Err(Error::new(Code::StoreUnavailable)),
    }
}

/// Makes a job for each entry that can have one; the others, and why not.
fn schedule(
    store: &MemoryStore,
    entries: &[CalendarEntry],
    accounts: &[ChannelAccount],
) -> Result<BTreeMap<EntryId, Code>, Error> {
    let mut refused = BTreeMap::new();
    let mut jobs: BTreeMap<UserId, Vec<NewJob>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let earlier = entries.iter().take(index);
        if earlier.clone().any(|other| other.id == entry.id) {
            return Err(Error::new(Code::IdDuplicate)
                .at(format!("entries[{index}].id"))
                .measured(Measure::text(entry.id.to_string())));
        }
        match (link_account(entry, accounts), entry.scheduled_at) {
            _ if entry.draft => {
                refused.insert(entry.id, Code::EntryDraft);
            }
            (AccountLink::Missing, _) => {
                refused.insert(entry.id, Code::ChannelAuthMissing);
            }
            (AccountLink::NotFound, _) => {
                refused.insert(entry.id, Code::AccountNotFound);
            }
            (AccountLink::Ambiguous { .. }, _) => {
                refused.insert(entry.id, Code::AccountAmbiguous);
            }
            (AccountLink::Linked(_), None) => {
                refused.insert(entry.id, Code::ScheduleMissing);
            }
            (AccountLink::Linked(account), Some(scheduled_at)) => {
                jobs.entry(account.user_id).or_default().push(NewJob {
                    id: JobId::new(deterministic_uuid(&[
                        "simulated job",
                        &entry.id.to_string(),
                    ])),
                    entry: entry.clone(),
                    account_id: account.id,
                    scheduled_at,
                });
            }
        }
    }
    for (user_id, jobs) in jobs {
        let entry_ids: Vec<EntryId> = jobs.iter().map(|job| job.entry.id).collect();
        let outcomes = at_once(store.schedule_jobs(ScheduleJobs {
            user_id,
            command: None,
            jobs,
        }))?;
        for (entry_id, outcome) in entry_ids.into_iter().zip(outcomes.outcomes) {
            if let JobResult::Refused { error } = outcome.result {
                refused.insert(entry_id, error.code);
            }
        }
    }
    Ok(refused)
}

/// Whether nothing can move any more.
fn is_over(store: &MemoryStore) -> bool {
    at_once(store.queue_depth()).is_ok_and(|depth| {
        let mut counts = depth.counts.iter();
        counts.all(|count| count.count == 0 || count.status == JobStatus::NeedsAttention)
    })
}

fn histories(store: &MemoryStore) -> Result<BTreeMap<EntryId, JobHistory>, Error> {
    let mut histories = BTreeMap::new();
    for job in at_once(store.all_jobs(JobFilter::default()))? {
        if let Some(history) = at_once(store.job(job.user_id, job.id))? {
            histories.insert(job.calendar_entry_id, history);
        }
    }
    Ok(histories)
}

fn report(
    entry: &CalendarEntry,
    accounts: &[ChannelAccount],
    refused: Option<&Code>,
    jobs: &BTreeMap<EntryId, JobHistory>,
    posts: &[Publication],
) -> EntryReport {
    let zone = match link_account(entry, accounts) {
        AccountLink::Linked(account) => account.timezone,
        _ => Zone::UTC,
    };
    let history = jobs.get(&entry.id);
    let job = history.map(|history| &history.record.job);
    EntryReport {
        entry_id: entry.id,
        title: entry.piece.title.clone(),
        channel: entry.piece.channel,
        zone,
        scheduled_at: entry.scheduled_at,
        status: job.map(|job| job.status),
        out_at: posts
            .iter()
            .find(|post| post.entry_id == entry.id)
            .map(|post| post.at),
        attempts: history
            .map(|history| history.attempts.clone())
            .unwrap_or_default(),
        problem: refused
            .copied()
            .or_else(|| job.and_then(|job| job.last_error)),
    }
}
