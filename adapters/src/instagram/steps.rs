//! The steps on the way to a post: quota, containers, snapshot, publication, address.

use std::time::Duration;

use calendar_publish::error::{Allowed, Measure, Persistence, Unit};
use calendar_publish::ports::{AdapterError, Receipt, ReceiptKind, Step};
use calendar_publish::{Code, Error};

use super::adapter::Turn;
use super::error::{Place, Remedy, Verdict, container_failure};
use super::look::{self, Newest};
use super::request;
use super::response::{ContainerStatus, Created, QuotaAnswer, permalink};
use super::session::Trouble;
use super::state::{Snapshot, Stage, State, later};
use super::usage::REST;

/// How long to wait before each poll of a container, in seconds; then every minute. Images are ready after 3 to 5
/// seconds (reported), and Instagram advises once a minute (Content publishing, read 2026-09-11).
const POLLS: [u64; 6] = [3, 5, 8, 13, 20, 30];
const EVERY: u64 = 60;
/// How many calls in a row may come to nothing before the attempt has failed.
const PATIENCE: u32 = 6;
/// How often the address of a post that is out is asked for.
const LINK_TRIES: u32 = 5;
/// How long an account whose quota is spent rests. The quota is a moving window whose end Instagram doesn't tell
/// (Content Publishing Limit reference, read 2026-09-11).
const QUOTA_REST: Duration = Duration::from_secs(60 * 60);

/// Reads the quota before anything is written: an account without any costs no attempt.
pub(super) async fn quota(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let call = turn.adapter.settings().quota(turn.account());
    let answer = match turn.session.send(call).await {
        Ok(answer) => answer,
        Err(trouble) => {
            let code = trouble.code(Place::Account);
            return Err(trouble.not_published(code, "account"));
        }
    };
    let quota = QuotaAnswer::read(&answer.body).unwrap_or_default();
    if let Some(refused) = spent(quota) {
        return Err(refused);
    }
    if let Some(wait) = answer.usage.rest() {
        return Err(AdapterError::NotPublished {
            error: Error::new(Code::RateLimited).at("account"),
            retry_after: Some(wait),
            meta: None,
        });
    }
    turn.pending(Stage::Create, Duration::ZERO)
}

fn spent(quota: QuotaAnswer) -> Option<AdapterError> {
    if !quota.is_spent() {
        return None;
    }
    let posts = |count: Option<i64>| {
        count
            .and_then(|it| u32::try_from(it).ok())
            .unwrap_or(u32::MAX)
    };
    Some(AdapterError::NotPublished {
        error: Error::new(Code::QuotaExhausted)
            .at("account")
            .measured(Measure::number(posts(quota.used), Unit::Posts))
            .allowed(Allowed::at_most(posts(quota.total), Unit::Posts)),
        retry_after: Some(quota_rest(quota)),
        meta: None,
    })
}

fn quota_rest(quota: QuotaAnswer) -> Duration {
    let window = quota.window_seconds.filter(|seconds| *seconds > 0);
    window.map_or(QUOTA_REST, |seconds| {
        QUOTA_REST.min(Duration::from_secs(seconds))
    })
}

/// Makes the next container. Nothing of it is public, so that making it twice costs nothing but one of the 400
/// that an account may make a day.
pub(super) async fn create(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let Some(index) = turn.state.to_make() else {
        return turn.pending(Stage::Poll, Duration::ZERO);
    };
    turn.state.since.get_or_insert(turn.adapter.now());
    let settings = turn.adapter.settings();
    let entry = &turn.post.entry;
    let children: Vec<&str> = turn
        .state
        .items
        .iter()
        .filter_map(|it| it.id.as_deref())
        .collect();
    let pairs = match index.and_then(|index| entry.media.get(index)) {
        Some(media) => request::item(media, settings.uploads(media)),
        None if !turn.state.items.is_empty() => request::carousel(entry, &children),
        None => match entry.media.first() {
            Some(media) => request::single(entry, media, settings.uploads(media)),
            None => Vec::new(),
        },
    };
    let is_upload = pairs.iter().any(|(name, _)| *name == "upload_type");
    let call = settings.create(turn.account(), pairs);
    let answer = match turn.session.send(call).await {
        Ok(answer) => answer,
        Err(trouble) => return not_made(turn, index, trouble),
    };
    let Some(created) = Created::read(&answer.body) else {
        let trouble = Trouble::NoAnswer("no id of a container".to_owned());
        return not_made(turn, index, trouble);
    };
    let path = match created.uri {
        Some(uri) if is_upload => match settings.upload_path(&uri) {
            Some(path) => Some(path),
            // Only Instagram's own host may be given the token.
            None => {
                let error = Error::new(Code::AppMisconfigured).at("rupload");
                return Err(AdapterError::NotPublished {
                    error,
                    retry_after: None,
                    meta: None,
                });
            }
        },
        _ => None,
    };
    let slot = turn.state.slot_mut(index);
    slot.id = Some(created.id);
    slot.upload = path;
    turn.state.failures = 0;
    turn.state.polls = 0;
    if let Some(wait) = answer.usage.rest() {
        return turn.resting(Code::RateLimited, wait);
    }
    if turn.state.slot(index).upload.is_some() {
        return turn.pending(Stage::Upload, Duration::ZERO);
    }
    match turn.state.to_make() {
        Some(_) => turn.pending(Stage::Create, Duration::ZERO),
        None => turn.pending(Stage::Poll, Duration::from_secs(POLLS[0])),
    }
}

/// A container that couldn't be made is made anew as often as its cause is worth it.
fn not_made(
    mut turn: Turn<'_>,
    index: Option<usize>,
    trouble: Trouble,
) -> Result<Step, AdapterError> {
    let path = turn.path(index);
    match &trouble {
        Trouble::Refused(refusal) => {
            let verdict = refusal.verdict(Place::Create);
            let again = match verdict.remedy {
                Remedy::Fresh { times, wait } => Some((times, wait)),
                Remedy::Same => Some((2, Duration::from_secs(10))),
                _ => None,
            };
            if let Some((times, wait)) = again
                && turn.state.slot(index).fresh < times
            {
                turn.state.slot_mut(index).empty();
                return turn.pending(Stage::Create, wait);
            }
            Err(trouble.not_published(verdict.code, &path))
        }
        _ if trouble.is_passing(Place::Create) => {
            turn.once_more(Stage::Create, trouble, Place::Create)
        }
        _ => {
            let code = trouble.code(Place::Create);
            Err(trouble.not_published(code, &path))
        }
    }
}

/// Asks whether the container that is waited for is ready.
pub(super) async fn poll(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    if turn.state.to_make().is_some() {
        return turn.pending(Stage::Create, Duration::ZERO);
    }
    // A container that was ready is asked again after a rest: it may be too old, or out.
    let index = turn.state.to_await().unwrap_or(None);
    let Some(container) = turn.state.slot(index).id.clone() else {
        turn.state.slot_mut(index).empty();
        return turn.pending(Stage::Create, Duration::ZERO);
    };
    if turn.state.slot(index).upload.is_some() {
        return turn.pending(Stage::Upload, Duration::ZERO);
    }
    turn.state.since.get_or_insert(turn.adapter.now());
    let answer = match turn
        .session
        .send(turn.adapter.settings().status(&container))
        .await
    {
        Ok(answer) => answer,
        Err(trouble) => return turn.once_more(Stage::Poll, trouble, Place::Container),
    };
    turn.state.failures = 0;
    let status = ContainerStatus::read(&answer.body);
    if turn.state.doubted
        && matches!(
            status,
            ContainerStatus::Failed { .. } | ContainerStatus::Expired
        )
    {
        // It may have been published before it ended so: whoever makes a new one looks first.
        return turn.pending(Stage::Doubt, Duration::ZERO);
    }
    match status {
        ContainerStatus::Finished => {
            turn.state.slot_mut(index).ready = true;
            turn.state.polls = 0;
            if let Some(wait) = answer.usage.rest() {
                return turn.resting(Code::RateLimited, wait);
            }
            if turn.state.to_make().is_some() {
                turn.pending(Stage::Create, Duration::ZERO)
            } else if turn.state.to_await().is_some() {
                turn.pending(Stage::Poll, Duration::ZERO)
            } else {
                turn.pending(Stage::Snapshot, Duration::ZERO)
            }
        }
        ContainerStatus::InProgress | ContainerStatus::Unclear => {
            if turn.is_patience_spent() {
                if turn.state.tries > 0 || turn.state.doubted {
                    // A container that is being published says the same: by a call that was refused, or by one
                    // of which nobody knows.
                    return turn.pending(Stage::Doubt, Duration::ZERO);
                }
                return Err(AdapterError::NotPublished {
                    error: Error::new(Code::PlatformTemporary).at(turn.path(index)),
                    retry_after: None,
                    meta: None,
                });
            }
            if let Some(wait) = answer.usage.rest() {
                return turn.resting(Code::RateLimited, wait);
            }
            turn.state.polls = turn.state.polls.saturating_add(1);
            let wait = answer.usage.slow(until_poll(turn.state.polls));
            turn.pending(Stage::Poll, wait)
        }
        ContainerStatus::Published if index.is_none() => turn.pending(Stage::Find, Duration::ZERO),
        // No item is published by itself.
        ContainerStatus::Published => {
            turn.state.slot_mut(index).ready = true;
            turn.pending(Stage::Poll, Duration::ZERO)
        }
        ContainerStatus::Failed { subcode } => {
            let verdict = container_failure(subcode);
            failed(turn, index, verdict, subcode)
        }
        ContainerStatus::Expired => {
            if turn.state.post.fresh >= 2 {
                let error = Error::new(Code::PlatformTemporary).at("media");
                return Err(AdapterError::NotPublished {
                    error,
                    retry_after: None,
                    meta: None,
                });
            }
            // What is as old as it has expired too, or will before long.
            turn.state.start_over();
            turn.pending(Stage::Create, Duration::ZERO)
        }
    }
}

/// How long to wait before the poll of that number, from 0.
fn until_poll(number: u32) -> Duration {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    Duration::from_secs(POLLS.get(index).copied().unwrap_or(EVERY))
}

/// A container that failed never recovers: where its cause may pass, a new one is made.
fn failed(
    mut turn: Turn<'_>,
    index: Option<usize>,
    verdict: Verdict,
    subcode: Option<i64>,
) -> Result<Step, AdapterError> {
    let again = match verdict.remedy {
        Remedy::Fresh { times, wait } => Some((times, wait)),
        Remedy::Same | Remedy::Poll => Some((1, Duration::from_secs(10))),
        Remedy::Nothing | Remedy::Token | Remedy::Wait => None,
    };
    if let Some((times, wait)) = again
        && turn.state.slot(index).fresh < times
    {
        turn.state.slot_mut(index).empty();
        turn.state.polls = 0;
        return turn.pending(Stage::Create, wait);
    }
    let error = Error::new(verdict.code).at(turn.path(index));
    let error = match (verdict.code, subcode) {
        (Code::PlatformPermanent, Some(subcode)) => {
            error.measured(Measure::text(subcode.to_string()))
        }
        _ => error,
    };
    let container = turn.state.slot(index).id.clone();
    let meta = serde_json::json!({ "container": container, "status": "ERROR", "subcode": subcode });
    Err(AdapterError::NotPublished {
        error,
        retry_after: None,
        meta: Some(meta.to_string()),
    })
}

/// Notes what the account shows before the post is out: what appears after that may be the post.
pub(super) async fn snapshot(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let Newest { media, usage } = match look::newest(&mut turn).await {
        Ok(newest) => newest,
        Err(trouble) => return turn.once_more(Stage::Snapshot, trouble, Place::Account),
    };
    let call = turn.adapter.settings().quota(turn.account());
    let (quota, usage) = match turn.session.send(call).await {
        Ok(answer) => {
            let quota = QuotaAnswer::read(&answer.body).unwrap_or_default();
            (quota, usage.and(answer.usage))
        }
        Err(trouble) => return turn.once_more(Stage::Snapshot, trouble, Place::Account),
    };
    turn.state.failures = 0;
    if turn.state.doubted
        && let Some(before) = &turn.state.snapshot
    {
        // The first call may have published late.
        let wanted = look::Wanted::of(&turn.post.entry);
        let found = look::compare(&media, before, &wanted);
        match found.certainly {
            Some(media) => return Ok(Step::Done(media.receipt(turn.adapter.now()))),
            None if found.anything_new => return turn.pending(Stage::Doubt, Duration::ZERO),
            None => {}
        }
    }
    if quota.is_spent() {
        return turn.resting(Code::QuotaExhausted, quota_rest(quota));
    }
    if let Some(wait) = usage.rest() {
        return turn.resting(Code::RateLimited, wait);
    }
    turn.state.snapshot = Some(Snapshot {
        taken_at: turn.adapter.now(),
        media: media.into_iter().map(|media| media.id).collect(),
        quota_used: quota.used,
    });
    turn.state.finished_at = None;
    turn.state.looks = 0;
    turn.pending(Stage::Publish, Duration::ZERO)
}

/// Publishes the container: the only step that can.
pub(super) async fn publish(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let container = turn.state.post.id.clone().unwrap_or_default();
    let call = turn.adapter.settings().publish(turn.account(), &container);
    let trouble = match turn.session.send_as_it_is(call).await {
        Ok(answer) => {
            let Some(created) = Created::read(&answer.body) else {
                let trouble = Trouble::NoAnswer("no id of a post".to_owned());
                return Err(trouble.unknown(Code::PlatformTemporary));
            };
            turn.state.media_id = Some(created.id);
            turn.state.published_at = Some(turn.adapter.now());
            turn.state.failures = 0;
            return if answer.usage.rest().is_some() {
                // The address isn't worth a call that prolongs a limit.
                Ok(Step::Done(receipt(&turn, None)))
            } else {
                turn.pending(Stage::Link, Duration::ZERO)
            };
        }
        Err(trouble) => trouble,
    };
    let verdict = match &trouble {
        Trouble::NoAnswer(_) => return Err(trouble.unknown(Code::PlatformTemporary)),
        Trouble::Refused(refusal) => refusal.verdict(Place::Publish),
        // Nothing was sent.
        Trouble::NoToken(_) | Trouble::NotSent(_) | Trouble::Forbidden(_) => {
            turn.take_back();
            turn.state.failures = turn.state.tries;
            return turn.once_more(Stage::Poll, trouble, Place::Publish);
        }
    };
    if verdict.blocked {
        // The step that follows tells the engine, once it is durable that nobody may repeat this one.
        turn.state.blocked = true;
        if let Trouble::Refused(refusal) = &trouble {
            turn.state.answer = Some(refusal.meta());
        }
        return turn.pending(Stage::Doubt, Duration::ZERO);
    }
    if !verdict.certain {
        return Err(trouble.unknown(verdict.code));
    }
    turn.take_back();
    match verdict.remedy {
        Remedy::Poll if is_missing(&trouble) => missing(turn, trouble, verdict),
        Remedy::Poll if !turn.is_patience_spent() => {
            turn.state.post.ready = false;
            let wait = until_poll(turn.state.tries);
            turn.pending(Stage::Poll, wait)
        }
        Remedy::Wait => turn.resting(verdict.code, QUOTA_REST),
        Remedy::Token if !turn.state.token_replaced && turn.session.replace_token().await => {
            turn.state.token_replaced = true;
            turn.pending(Stage::Poll, Duration::ZERO)
        }
        // Of an earlier call it is open what it did.
        Remedy::Fresh { .. } if turn.state.doubted => turn.pending(Stage::Doubt, Duration::ZERO),
        Remedy::Fresh { times, wait } if turn.state.post.fresh < times => {
            turn.state.start_over();
            // Reading the account first tells a container that is gone from a permission that is.
            turn.pending(Stage::Quota, wait)
        }
        Remedy::Fresh { .. } | Remedy::Nothing | Remedy::Token | Remedy::Same | Remedy::Poll => {
            // By its meaning it is certain, and one read costs less than a post of which nobody knows.
            let call = turn.adapter.settings().status(&container);
            let read = turn.session.send(call).await;
            match read.map(|answer| ContainerStatus::read(&answer.body)) {
                Ok(ContainerStatus::Published) => turn.pending(Stage::Find, Duration::ZERO),
                // So says one that is being published.
                Ok(ContainerStatus::InProgress) => turn.pending(Stage::Doubt, Duration::ZERO),
                _ if turn.may_end_in_another(verdict.code) => {
                    turn.pending(Stage::Doubt, Duration::ZERO)
                }
                _ => Err(trouble.not_published(verdict.code, "")),
            }
        }
    }
}

/// Whether Instagram says that it doesn't know the container, which often passes.
fn is_missing(trouble: &Trouble) -> bool {
    let Trouble::Refused(refusal) = trouble else {
        return false;
    };
    let error = refusal.error.as_ref();
    error.is_some_and(|error| error.error_subcode == Some(2_207_008))
}

fn missing(mut turn: Turn<'_>, trouble: Trouble, verdict: Verdict) -> Result<Step, AdapterError> {
    turn.state.missing += 1;
    if turn.state.missing <= 2 {
        return turn.pending(Stage::Poll, Duration::from_secs(30));
    }
    if turn.state.doubted {
        return turn.pending(Stage::Doubt, Duration::ZERO);
    }
    if turn.state.post.fresh == 0 {
        turn.state.start_over();
        turn.state.missing = 0;
        return turn.pending(Stage::Create, Duration::ZERO);
    }
    Err(trouble.not_published(verdict.code, "media"))
}

/// The publishing call was answered, and the answer leaves open whether the post is out.
pub(super) fn doubt(state: &State) -> AdapterError {
    let code = if state.blocked {
        Code::AccountBlocked
    } else {
        Code::OutcomeUnknown
    };
    AdapterError::Unknown {
        error: Error::new(code).at("account"),
        meta: state.answer.clone(),
    }
}

/// Reads the address of the post, which is out whether or not this works.
pub(super) async fn link(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let media = turn.state.media_id.clone().unwrap_or_default();
    let answer = turn
        .session
        .send(turn.adapter.settings().permalink(&media))
        .await;
    let link = answer.ok().and_then(|answer| permalink(&answer.body));
    turn.state.failures += 1;
    if link.is_none() && turn.state.failures < LINK_TRIES {
        let wait = until_poll(turn.state.failures);
        return turn.pending(Stage::Link, wait);
    }
    Ok(Step::Done(receipt(&turn, link)))
}

pub(super) fn receipt(turn: &Turn<'_>, permalink: Option<String>) -> Receipt {
    let state = &turn.state;
    let id = state.media_id.as_ref().or(state.post.id.as_ref());
    Receipt {
        kind: ReceiptKind::Published,
        external_id: id.cloned().unwrap_or_default(),
        permalink,
        at: state.published_at.unwrap_or_else(|| turn.adapter.now()),
    }
}

impl Turn<'_> {
    /// Where in the entry the container that `index` names comes from.
    fn path(&self, index: Option<usize>) -> String {
        match index {
            Some(index) => format!("media[{index}]"),
            None if self.state.items.is_empty() => "media[0]".to_owned(),
            None => "media".to_owned(),
        }
    }

    /// The publishing call certainly had no effect: the way to it begins again with a look at the container.
    fn take_back(&mut self) {
        self.state.finished_at = None;
        self.state.tries = self.state.tries.saturating_add(1);
    }

    /// Whether ending the attempt with `code` would have the next one make a new container, though it is open what an
    /// earlier call did with this one: it can be published once only, another could be published besides.
    fn may_end_in_another(&self, code: Code) -> bool {
        self.state.doubted && code.persistence() == Persistence::Temporary
    }

    /// Whether Instagram has had its time to process what it was given.
    fn is_patience_spent(&self) -> bool {
        let patience = self.adapter.settings().processing_for;
        let since = self.state.since;
        since.is_some_and(|since| later(since, patience) <= self.adapter.now())
    }

    /// The end of a step whose call came to nothing: the step again, some times, or what the engine is to know.
    pub(super) fn once_more(
        mut self,
        stage: Stage,
        trouble: Trouble,
        place: Place,
    ) -> Result<Step, AdapterError> {
        let passing = trouble.is_passing(place);
        self.state.failures += 1;
        if passing && self.state.failures < PATIENCE {
            let wait = until_poll(self.state.failures);
            return self.pending(stage, wait);
        }
        let code = trouble.code(place);
        if code == Code::RateLimited {
            let wait = match &trouble {
                Trouble::Refused(refusal) => refusal.retry_after().unwrap_or(REST),
                _ => REST,
            };
            return self.resting(code, wait);
        }
        if self.state.tries > 0 && self.may_end_in_another(code) {
            return self.pending(Stage::Doubt, Duration::ZERO);
        }
        Err(trouble.not_published(code, "account"))
    }
}
