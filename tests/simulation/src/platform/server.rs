//! The platform's own side: what it received, what came of it, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use calendar_publish::error::{Code, Error, Measure};
use calendar_publish::model::{Channel, EntryId, JobId, TiktokMode, Timestamp};
use calendar_publish::ports::{AdapterError, Post, Progress, Receipt, ReceiptKind, Step, StepKind};
use serde::{Deserialize, Serialize};

use super::record::{Call, PlatformEvent, Publication};
use super::script::{Evidence, Flow, Mix, Outcome, Place, Turn};
use crate::random::Random;

/// The longest wait between two looks at something that the platform still processes.
const POLL: Duration = Duration::from_secs(15);
/// How long the platform takes to refuse what it was given.
const PROCESSING_REFUSAL: Duration = Duration::from_secs(20);

/// How a platform behaves, whatever the post.
#[derive(Clone, Debug)]
pub(super) struct Manner {
    pub(super) channel: Channel,
    pub(super) flow: Flow,
    pub(super) seed: u64,
    pub(super) mix: Mix,
    pub(super) deadline: Duration,
    /// The shortest and the longest time to an answer, in milliseconds.
    pub(super) latency: (u64, u64),
    pub(super) chunks: u32,
}

/// What an adapter keeps in a [`Progress`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct State {
    /// The container, or the upload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<usize>,
    /// Chunks that were sent.
    #[serde(default)]
    pub(super) chunks: u32,
    /// When somebody first looked for the post and saw nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first_look: Option<Timestamp>,
}

/// A container, or an upload.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) job_id: JobId,
    entry_id: EntryId,
    pub(super) attempt: u32,
    content_hash: String,
    external_account_id: String,
    kind: ReceiptKind,
    /// From when it can be published.
    ready_at: Timestamp,
    /// That it is refused, and from when.
    pub(super) refused: Option<(Timestamp, Code)>,
    /// The call that publishes it, its attempt and when it takes effect.
    pub(super) effect: Option<(Timestamp, usize, u32)>,
    /// The post that came of it.
    pub(super) post: Option<usize>,
    /// When the platform has, or will have, everything it needs to publish it.
    pub(super) taken_at: Option<Timestamp>,
    /// Its file can't be fetched any more.
    pub(super) withdrawn: bool,
    /// When the last call that could publish it came in, and what can be seen of it.
    pub(super) decided: Option<(Timestamp, Evidence)>,
}

/// What a caller will be told, and when.
pub(super) struct Plan<T> {
    pub(super) call: usize,
    pub(super) answer: T,
    pub(super) at: Timestamp,
}

#[derive(Debug)]
pub(super) struct Server {
    pub(super) manner: Manner,
    pub(super) uploads: Vec<Upload>,
    pub(super) posts: Vec<Publication>,
    pub(super) calls: Vec<Call>,
    pub(super) scripts: BTreeMap<JobId, Vec<Turn>>,
    /// How many turns of a job are over.
    turns: BTreeMap<JobId, u64>,
    /// Uploads whose effect is still to come.
    waiting: BTreeSet<(Timestamp, usize)>,
    /// Addresses of files, by job and attempt, that were withdrawn.
    pub(super) withdrawn: BTreeSet<(JobId, u32)>,
    /// What happened and wasn't told yet.
    pub(super) news: Vec<PlatformEvent>,
}

pub(super) fn after(at: Timestamp, wait: Duration) -> Timestamp {
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.millis().saturating_add(millis))
}

fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(then.millis() - now.millis()).unwrap_or(0))
}

pub(super) fn progress(stage: &str, state: &State) -> Progress {
    let kind = match stage {
        "create" | "init" | "chunk" => StepKind::Repeatable,
        "publish" | "last_chunk" | "pull" => StepKind::Decisive,
        "permalink" | "status" => StepKind::Confirm,
        _ => StepKind::Read,
    };
    Progress {
        stage: stage.to_owned(),
        kind,
        state: serde_json::to_string(state).unwrap_or_default(),
    }
}

/// What a caller learns of a step.
pub(super) enum Answer {
    /// It was taken.
    Taken(Step),
    /// It failed, and the platform says so.
    Failed(AdapterError),
    /// Nothing, until the deadline is over.
    Lost(AdapterError),
}

impl From<Answer> for Result<Step, AdapterError> {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Taken(step) => Ok(step),
            Answer::Failed(error) | Answer::Lost(error) => Err(error),
        }
    }
}

fn pending(stage: &str, state: &State, poll_after: Duration) -> Answer {
    Answer::Taken(Step::Pending {
        progress: progress(stage, state),
        poll_after,
    })
}

fn is_limit(code: Code) -> bool {
    matches!(code, Code::RateLimited | Code::QuotaExhausted)
}

fn refused(code: Code) -> Answer {
    Answer::Failed(refusal(code, None))
}

fn unknown(what: &str) -> AdapterError {
    AdapterError::Unknown {
        error: Error::new(Code::OutcomeUnknown).measured(Measure::text(what)),
        meta: None,
    }
}

fn refusal(code: Code, retry_after: Option<Duration>) -> AdapterError {
    AdapterError::NotPublished {
        error: Error::new(code),
        retry_after,
        meta: None,
    }
}

impl Server {
    pub(super) fn new(manner: Manner) -> Self {
        Self {
            manner,
            uploads: Vec::new(),
            posts: Vec::new(),
            calls: Vec::new(),
            scripts: BTreeMap::new(),
            turns: BTreeMap::new(),
            waiting: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            news: Vec::new(),
        }
    }

    /// Lets everything happen that was to happen until `now`, whoever still waits for it.
    pub(super) fn settle(&mut self, now: Timestamp) {
        while let Some(&(at, id)) = self.waiting.first()
            && at <= now
        {
            self.waiting.pop_first();
            let place = self.posts.len();
            let channel = self.manner.channel;
            let Some(upload) = self.uploads.get_mut(id) else {
                continue;
            };
            let (Some((at, call, attempt)), None, false) =
                (upload.effect, upload.post, upload.withdrawn)
            else {
                continue;
            };
            upload.post = Some(place);
            let post = Publication {
                at,
                kind: upload.kind,
                post_id: format!("17900000000{place:06}"),
                channel,
                external_account_id: upload.external_account_id.clone(),
                job_id: upload.job_id,
                entry_id: upload.entry_id,
                attempt,
                content_hash: upload.content_hash.clone(),
                call,
            };
            self.news.push(PlatformEvent::Out(post.clone()));
            self.posts.push(post);
        }
    }

    /// Notes a call, and when it is answered.
    pub(super) fn called(
        &mut self,
        now: Timestamp,
        post: &Post,
        progress: &Progress,
        looks: bool,
    ) -> (usize, Timestamp) {
        let number = self.calls.len();
        self.calls.push(Call {
            number,
            at: now,
            ended_at: None,
            abandoned: false,
            channel: self.manner.channel,
            external_account_id: post.account.external_account_id.clone(),
            job_id: post.job_id,
            entry_id: post.entry.id,
            attempt: post.attempt,
            content_hash: post.content_hash.clone(),
            stage: progress.stage.clone(),
            kind: progress.kind,
            looks,
            retry_after: None,
            answer: String::new(),
        });
        let (low, high) = self.manner.latency;
        let latency = Random::of(self.manner.seed, &[1, number as u64]).millis(low, high);
        (number, after(now, latency))
    }

    pub(super) fn ended(&mut self, call: usize, now: Timestamp, abandoned: bool) {
        if let Some(call) = self.calls.get_mut(call) {
            call.ended_at = Some(now);
            call.abandoned = abandoned;
            self.news.push(PlatformEvent::Ended(call.clone()));
        }
    }

    fn turn(&self, job_id: JobId) -> Turn {
        let turn = self.turns.get(&job_id).copied().unwrap_or(0);
        match self.scripts.get(&job_id) {
            Some(script) => usize::try_from(turn)
                .ok()
                .and_then(|turn| script.get(turn).copied())
                .unwrap_or_else(|| Outcome::Published.into()),
            None => {
                let (high, low) = job_id.uuid().as_u64_pair();
                let mut random = Random::of(self.manner.seed, &[2, high, low, turn]);
                self.manner.mix.draw(&mut random, self.manner.deadline)
            }
        }
    }

    fn turn_over(&mut self, job_id: JobId) {
        *self.turns.entry(job_id).or_default() += 1;
    }

    fn flow(&self, job_id: JobId) -> Flow {
        match self.manner.flow {
            Flow::UploadOrPull if job_id.uuid().as_u128().count_ones().is_multiple_of(2) => {
                Flow::Upload
            }
            Flow::UploadOrPull => Flow::PullFromUrl,
            flow => flow,
        }
    }

    pub(super) fn begin(&self, post: &Post) -> Progress {
        let first = match self.flow(post.job_id) {
            Flow::Container => "quota",
            Flow::PullFromUrl => "pull",
            Flow::Upload | Flow::UploadOrPull => "creator_info",
        };
        progress(first, &State::default())
    }

    /// The refusal of this turn, if it strikes at `place`; the turn is over then.
    fn refuses(&mut self, job_id: JobId, place: Place) -> Option<AdapterError> {
        let turn = self.turn(job_id);
        match turn.outcome {
            Outcome::Refused { code, retry_after } if turn.place == place => {
                self.turn_over(job_id);
                Some(refusal(code, retry_after))
            }
            _ => None,
        }
    }

    fn upload(&mut self, now: Timestamp, post: &Post) -> usize {
        let inbox = post
            .entry
            .tiktok
            .as_ref()
            .is_some_and(|options| options.mode == TiktokMode::Inbox);
        let kind = if inbox && self.manner.channel == Channel::Tiktok {
            ReceiptKind::DeliveredToInbox
        } else {
            ReceiptKind::Published
        };
        self.uploads.push(Upload {
            job_id: post.job_id,
            entry_id: post.entry.id,
            attempt: post.attempt,
            content_hash: post.content_hash.clone(),
            external_account_id: post.account.external_account_id.clone(),
            kind,
            ready_at: now,
            refused: None,
            effect: None,
            post: None,
            taken_at: None,
            withdrawn: false,
            decided: None,
        });
        self.uploads.len() - 1
    }

    /// What comes of a step.
    pub(super) fn step(&mut self, now: Timestamp, post: &Post, taken: &Progress) -> Plan<Answer> {
        let (call, at) = self.called(now, post, taken, false);
        self.note(call);
        let answer = self.answer(now, call, post, taken);
        let at = match answer {
            Answer::Lost(_) => after(now, self.manner.deadline),
            Answer::Taken(_) | Answer::Failed(_) => at,
        };
        self.settle(now);
        if let Answer::Failed(AdapterError::NotPublished { retry_after, .. }) = answer
            && let Some(call) = self.calls.get_mut(call)
        {
            call.retry_after = retry_after;
        }
        self.tell(call, answer_text(&answer));
        Plan { call, answer, at }
    }

    pub(super) fn note(&mut self, call: usize) {
        if let Some(call) = self.calls.get(call) {
            self.news.push(PlatformEvent::Called(call.clone()));
        }
    }

    pub(super) fn tell(&mut self, call: usize, text: String) {
        if let Some(call) = self.calls.get_mut(call) {
            call.answer = text;
        }
    }

    fn answer(&mut self, now: Timestamp, call: usize, post: &Post, taken: &Progress) -> Answer {
        let mut state: State = serde_json::from_str(&taken.state).unwrap_or_default();
        let job_id = post.job_id;
        match taken.stage.as_str() {
            "quota" | "creator_info" => match self.refuses(job_id, Place::Read) {
                Some(refusal) => Answer::Failed(refusal),
                None if taken.stage == "quota" => pending("create", &state, Duration::ZERO),
                None => pending("init", &state, Duration::ZERO),
            },
            "create" => match self.refuses(job_id, Place::Write) {
                Some(refusal) => Answer::Failed(refusal),
                None => {
                    let id = self.upload(now, post);
                    self.process(now, id);
                    state.upload = Some(id);
                    pending("container", &state, self.poll_after(now, id))
                }
            },
            "init" => match self.refuses(job_id, Place::Write) {
                Some(refusal) => Answer::Failed(refusal),
                None => {
                    state.upload = Some(self.upload(now, post));
                    state.chunks = 0;
                    pending(self.next_chunk(&state), &state, Duration::ZERO)
                }
            },
            "chunk" => {
                state.chunks += 1;
                pending(self.next_chunk(&state), &state, Duration::ZERO)
            }
            "container" => match state.upload.and_then(|id| self.uploads.get(id)) {
                None => refused(Code::PlatformTemporary),
                Some(upload) if now < upload.ready_at => {
                    let wait = until(now, upload.ready_at).min(POLL);
                    pending("container", &state, wait)
                }
                Some(upload) => match upload.refused {
                    Some((_, code)) => {
                        self.turn_over(job_id);
                        refused(code)
                    }
                    None => pending("publish", &state, Duration::ZERO),
                },
            },
            "publish" | "last_chunk" => match state.upload {
                Some(id) if self.uploads.get(id).is_some() => {
                    self.decide(now, call, post, id, &state)
                }
                _ => refused(Code::PlatformTemporary),
            },
            "pull" => {
                let id = self.upload(now, post);
                state.upload = Some(id);
                self.decide(now, call, post, id, &state)
            }
            "status" => self.status(now, job_id, &state),
            _ => match state.upload.and_then(|id| self.receipt(now, id)) {
                Some(receipt) => Answer::Taken(Step::Done(receipt)),
                None => Answer::Failed(unknown("there is no such post")),
            },
        }
    }

    fn next_chunk(&self, state: &State) -> &'static str {
        if state.chunks + 1 < self.manner.chunks {
            "chunk"
        } else {
            "last_chunk"
        }
    }

    /// A container is processed before it can be published.
    fn process(&mut self, now: Timestamp, id: usize) {
        let Some(upload) = self.uploads.get(id) else {
            return;
        };
        let turn = self.turn(upload.job_id);
        if let Some(upload) = self.uploads.get_mut(id) {
            match turn.outcome {
                Outcome::PublishedAfter(wait) => upload.ready_at = after(now, wait),
                // A limit is no reason to refuse what was taken in: it strikes when it is published.
                Outcome::Refused { code, .. }
                    if turn.place == Place::Processing && !is_limit(code) =>
                {
                    upload.ready_at = after(now, PROCESSING_REFUSAL);
                    upload.refused = Some((upload.ready_at, code));
                }
                _ => {}
            }
        }
    }

    fn poll_after(&self, now: Timestamp, id: usize) -> Duration {
        self.uploads
            .get(id)
            .map_or(POLL, |upload| until(now, upload.ready_at).min(POLL))
    }

    /// The step that decides: what was asked for takes effect now, later or never.
    fn decide(
        &mut self,
        now: Timestamp,
        call: usize,
        post: &Post,
        id: usize,
        state: &State,
    ) -> Answer {
        let flow = self.flow(post.job_id);
        let next = if flow == Flow::Container {
            "permalink"
        } else {
            "status"
        };
        let turn = self.turn(post.job_id);
        let withdrawn =
            flow == Flow::PullFromUrl && self.withdrawn.contains(&(post.job_id, post.attempt));
        let Some(upload) = self.uploads.get_mut(id) else {
            return Answer::Failed(unknown("there is no such upload"));
        };
        if upload.post.is_some() {
            return pending(next, state, Duration::ZERO);
        }
        upload.decided = Some((now, turn.evidence));
        upload.withdrawn = withdrawn;
        let accepted = pending(next, state, Duration::ZERO);
        let (effect_at, answer) = match turn.outcome {
            Outcome::Published => (Some(now), accepted),
            Outcome::PublishedAfter(_) if flow == Flow::Container => (Some(now), accepted),
            Outcome::PublishedAfter(wait) => {
                (Some(after(now, wait)), pending(next, state, wait.min(POLL)))
            }
            Outcome::Refused { code, .. }
                if turn.place == Place::Processing && flow != Flow::Container =>
            {
                upload.refused = Some((after(now, PROCESSING_REFUSAL), code));
                (None, pending(next, state, PROCESSING_REFUSAL))
            }
            Outcome::Refused { code, retry_after } => {
                (None, Answer::Failed(refusal(code, retry_after)))
            }
            Outcome::AnswerLost { published } => {
                (published.then_some(now), Answer::Lost(unknown("no answer")))
            }
            Outcome::ServerError { published } => (
                published.then_some(now),
                Answer::Failed(unknown("HTTP 503")),
            ),
            Outcome::Forbidden { published } => (
                published.then_some(now),
                Answer::Failed(unknown("HTTP 403")),
            ),
            Outcome::Slow(wait) => (
                Some(after(now, wait.min(self.manner.deadline))),
                Answer::Lost(unknown("no answer")),
            ),
        };
        upload.taken_at = match turn.outcome {
            Outcome::Slow(_) => effect_at,
            _ => effect_at.map(|_| now),
        };
        if withdrawn {
            upload.refused = Some((now, Code::MediaUnreachable));
        }
        if let Some(at) = effect_at {
            // What an earlier call of the same upload will do, it does first.
            if upload.effect.is_none_or(|(earlier, ..)| at < earlier) {
                upload.effect = Some((at, call, post.attempt));
            }
            self.waiting.insert((at, id));
        }
        if !matches!(
            turn.outcome,
            Outcome::Published | Outcome::PublishedAfter(_)
        ) && upload.refused.is_none()
        {
            self.turn_over(post.job_id);
        }
        answer
    }

    fn status(&mut self, now: Timestamp, job_id: JobId, state: &State) -> Answer {
        let Some((id, upload)) = state
            .upload
            .and_then(|id| self.uploads.get(id).map(|upload| (id, upload)))
        else {
            return Answer::Failed(unknown("there is no such upload"));
        };
        if upload.post.is_some() {
            return match self.receipt(now, id) {
                Some(receipt) => Answer::Taken(Step::Done(receipt)),
                None => Answer::Failed(unknown("there is no such post")),
            };
        }
        match (upload.refused, upload.effect) {
            (Some((at, code)), _) if at <= now => {
                self.turn_over(job_id);
                refused(code)
            }
            (Some((at, _)), _) | (None, Some((at, ..))) => {
                pending("status", state, until(now, at).min(POLL))
            }
            (None, None) => pending("status", state, POLL),
        }
    }

    pub(super) fn receipt(&self, now: Timestamp, id: usize) -> Option<Receipt> {
        let post = self.posts.get(self.uploads.get(id)?.post?)?;
        Some(Receipt {
            kind: post.kind,
            external_id: post.post_id.clone(),
            permalink: (self.manner.channel == Channel::Instagram)
                .then(|| format!("https://platform.example/p/{}", post.post_id)),
            at: now,
        })
    }
}

fn answer_text(answer: &Answer) -> String {
    match answer {
        Answer::Taken(Step::Pending { progress, .. }) => format!("next: {}", progress.stage),
        Answer::Taken(Step::Done(receipt)) => format!("done: {}", receipt.external_id),
        Answer::Failed(AdapterError::NotPublished {
            error, retry_after, ..
        }) => match retry_after {
            Some(wait) => format!("refused: {}, retry after {} s", error.code, wait.as_secs()),
            None => format!("refused: {}", error.code),
        },
        Answer::Failed(error) | Answer::Lost(error) => error.to_string(),
    }
}
