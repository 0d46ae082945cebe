//! What became of a post that TikTok was handed over, or of an upload that was interrupted.

use std::time::Duration;

use calendar_publish::model::{TiktokPrivacy, Timestamp};
use calendar_publish::ports::{AdapterError, Post, Receipt, ReceiptKind, Step, StepKind};
use calendar_publish::rules::PostKind;
use calendar_publish::{Code, Error};
use chrono::TimeDelta;

use super::adapter::TiktokAdapter;
use super::error::{self, Failure};
use super::poll;
use super::request::{Endpoint, status_body};
use super::response::{PostStatus, Status};
use super::state::{Stage, State, Upload};
use super::steps::{again, age, without_address};
use super::urls;

/// How long a post that was just begun may be unknown to TikTok.
const NOT_VISIBLE_YET: Duration = Duration::from_secs(120);

/// A status, with the trace id of the answer.
pub(super) struct Told {
    pub(super) status: Status,
    pub(super) log_id: Option<String>,
}

impl TiktokAdapter {
    /// Asks what became of `publish_id`.
    pub(super) async fn fetch_status(
        &self,
        post: &Post,
        publish_id: &str,
        age: Duration,
    ) -> Result<Told, Failure> {
        let body = status_body(publish_id);
        let budget = self.budget(post);
        let asked = self
            .ask(budget, post.account.id, Endpoint::StatusFetch, &body)
            .await;
        let answer = match asked {
            Ok(answer) => answer,
            Err((_, Some(answer))) if error::is_unknown_post(&answer) && age < NOT_VISIBLE_YET => {
                return Ok(Told {
                    status: Status {
                        status: PostStatus::Other(String::new()),
                        post_ids: Vec::new(),
                        uploaded_bytes: None,
                    },
                    log_id: answer.log_id,
                });
            }
            Err((failure, _)) => return Err(failure),
        };
        let status = Status::read(&answer).ok_or_else(|| error::unreadable(&answer))?;
        Ok(Told {
            status,
            log_id: answer.log_id,
        })
    }

    /// Asks once what became of a post, and says when to ask again.
    pub(super) async fn status(&self, post: &Post, mut state: State) -> Result<Step, AdapterError> {
        let Some(publish_id) = state.publish_id.clone() else {
            let error = Error::new(Code::StoreCorrupt).at("progress");
            return Err(Failure::certain(error).at(StepKind::Confirm));
        };
        let age = age(&state, self.now());
        let asked = self.fetch_status(post, &publish_id, age).await;
        let told = match asked {
            Ok(told) => told,
            Err(failure) if failure.code() == Code::RateLimited => {
                return Err(failure.at(StepKind::Confirm));
            }
            // That it can't be asked says nothing about the post; asking less often is enough.
            Err(_) => return Ok(self.ask_again(state)),
        };
        match told.status.status {
            PostStatus::Failed(reason) => {
                Err(error::fail_reason(&reason, told.log_id.as_deref()).refusal())
            }
            PostStatus::Complete | PostStatus::InInbox => {
                let now = self.now();
                if self.may_get_an_id(post, &told.status, &mut state, now) {
                    return Ok(self.ask_again(state));
                }
                Ok(Step::Done(self.receipt(post, &state, &told.status)))
            }
            PostStatus::Uploading | PostStatus::Downloading | PostStatus::Other(_) => {
                Ok(self.ask_again(state))
            }
        }
    }

    fn ask_again(&self, mut state: State) -> Step {
        let wait = poll::wait(state.asked.saturating_add(1), age(&state, self.now()));
        state.asked = state.asked.saturating_add(1);
        state.then(Stage::Status, wait)
    }

    /// Whether the post is out, and its id may still come.
    fn may_get_an_id(
        &self,
        post: &Post,
        status: &Status,
        state: &mut State,
        now: Timestamp,
    ) -> bool {
        let privacy = post.entry.tiktok.as_ref().and_then(|chosen| chosen.privacy);
        // Only what everyone may see has an id.
        let is_public = privacy == Some(TiktokPrivacy::PublicToEveryone)
            && !PostKind::of(&post.entry).is_draft();
        if !is_public || status.status == PostStatus::InInbox || !status.post_ids.is_empty() {
            return false;
        }
        let since = *state.complete_since.get_or_insert(now);
        let patience = TimeDelta::from_std(self.settings.wait_for_post_id);
        patience.is_ok_and(|patience| now.since(since) < patience)
    }

    /// What there is to show for a post that is out, or in the inbox.
    pub(super) fn receipt(&self, post: &Post, state: &State, status: &Status) -> Receipt {
        let kind = match status.status {
            PostStatus::InInbox => ReceiptKind::DeliveredToInbox,
            _ => ReceiptKind::Published,
        };
        let post_id = status.post_ids.first();
        // How the address of photos is made isn't known.
        let is_video = matches!(
            PostKind::of(&post.entry),
            PostKind::TiktokVideo | PostKind::TiktokVideoDraft
        );
        let permalink = post_id.filter(|_| is_video).and_then(|id| {
            let name = state.username.as_deref().filter(|name| is_handle(name))?;
            Some(format!("https://www.tiktok.com/@{name}/video/{id}"))
        });
        let handle = post_id.or(state.publish_id.as_ref());
        Receipt {
            kind,
            external_id: handle.cloned().unwrap_or_default(),
            permalink,
            at: self.now(),
        }
    }

    /// Asks how much TikTok holds of an upload that was interrupted, and goes on from there.
    pub(super) async fn resume(
        &self,
        post: &Post,
        mut state: State,
        stage: Stage,
    ) -> Result<Step, AdapterError> {
        let Some(upload) = state.upload.clone() else {
            return Ok(state.onward(Stage::Init));
        };
        let now = self.now();
        let since = now.since(upload.issued_at).to_std().unwrap_or_default();
        let asked = self.fetch_status(post, &upload.publish_id, since).await;
        let told = match asked {
            Ok(told) => told,
            Err(failure) => {
                let code = failure.code();
                let kind = stage.kind();
                // Where the post may be out there is no end to asking but the engine's patience.
                if kind == StepKind::Confirm && code != Code::RateLimited {
                    return Ok(ask_later(state));
                }
                return again(state, stage, failure).map_err(|failure| failure.at(kind));
            }
        };
        match told.status.status {
            PostStatus::Failed(reason) => {
                Err(error::fail_reason(&reason, told.log_id.as_deref()).refusal())
            }
            PostStatus::Complete | PostStatus::InInbox => {
                state.publish_id = Some(upload.publish_id);
                if self.may_get_an_id(post, &told.status, &mut state, now) {
                    return Ok(self.ask_again(state));
                }
                Ok(Step::Done(self.receipt(post, &state, &told.status)))
            }
            PostStatus::Uploading => {
                let bytes = told.status.uploaded_bytes;
                let misses = bytes.is_some_and(|bytes| bytes < upload.total_bytes);
                if let Some(status) = upload.refused.filter(|_| misses) {
                    // The last chunk was refused, and isn't there: only a new upload can help.
                    return Err(error::put_failure(status, true).refusal());
                }
                Ok(self.go_on(state, upload, bytes).await)
            }
            // Whatever it is, TikTok works on it.
            PostStatus::Downloading | PostStatus::Other(_) if upload.last_sent => {
                Ok(ask_later(state))
            }
            PostStatus::Downloading | PostStatus::Other(_) => {
                Ok(self.go_on(state, upload, None).await)
            }
        }
    }

    /// Goes on with an upload of which TikTok holds `bytes`.
    async fn go_on(&self, mut state: State, mut upload: Upload, bytes: Option<u64>) -> Step {
        if bytes.is_some_and(|bytes| bytes >= upload.total_bytes) {
            state.publish_id = Some(upload.publish_id);
            state.handed_over_at = Some(self.now());
            return state.then(Stage::Status, poll::wait(0, Duration::ZERO));
        }
        match bytes {
            Some(bytes) => upload.next = upload.plan().next(bytes),
            // What was sent last may be there. Saying nothing isn't saying "nothing".
            None if upload.last_sent => return ask_later(state),
            None => {}
        }
        if self.address(&upload).await.is_some() {
            let next = upload.next_stage();
            state.upload = Some(upload);
            return state.then(next, Duration::ZERO);
        }
        if upload.last_sent && !urls::is_dead(upload.issued_at, self.now()) {
            // Nobody can end this upload, but it isn't over yet either.
            return ask_later(state);
        }
        upload.last_sent = false;
        without_address(state, &upload)
    }
}

/// Asks again in a while whether an upload whose last chunk was sent is complete.
fn ask_later(state: State) -> Step {
    state.then(Stage::Recheck, Duration::from_secs(60))
}

/// A TikTok handle holds letters, digits, underscores and full stops, and no more than a few dozen: anything
/// else doesn't go into an address.
pub(super) fn is_handle(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}
