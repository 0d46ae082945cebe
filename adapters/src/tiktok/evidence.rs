//! Looking for a post whose decisive call wasn't answered: what counts as evidence, and of what.

use std::time::Duration;

use calendar_publish::ports::{AdapterError, Post, Receipt, ReceiptKind, Reconciled};
use calendar_publish::rules::{PostKind, caption_text};
use chrono::TimeDelta;

use super::adapter::TiktokAdapter;
use super::error;
use super::pull::PullFate;
use super::request::{Endpoint, list_body};
use super::response::{ListedVideo, PostStatus, Status, VideoList};
use super::state::{Seen, Stage, State, Upload};
use super::steps::age;
use super::{poll, urls};

/// How far apart two looks are that count as two.
const APART: TimeDelta = TimeDelta::seconds(30);

/// How long to wait for the second.
const LOOK_AGAIN: Duration = Duration::from_secs(31);

/// How long to wait where TikTok couldn't be asked.
const ASK_LATER: Duration = Duration::from_secs(60);

/// The longest address of a post that is kept, in bytes (our own choice).
const LONGEST_ADDRESS: usize = 2_048;

/// By how much TikTok's clock may be behind ours.
const SKEW: i64 = 60;

impl TiktokAdapter {
    /// Looks what became of a post. It writes nothing to TikTok.
    pub(super) async fn look(
        &self,
        post: &Post,
        state: State,
        stage: Stage,
    ) -> Result<Reconciled, AdapterError> {
        if stage == Stage::Pull {
            return self.look_for_pulled(post, state).await;
        }
        let handle = state.upload.as_ref().map(|upload| &upload.publish_id);
        let Some(publish_id) = state.publish_id.as_ref().or(handle).cloned() else {
            // Without a handle nothing was handed over.
            return Ok(Reconciled::NotPublished {
                evidence: format!("the step `{}` publishes nothing", stage.as_str()),
                resume: Some(state.at(stage)),
            });
        };
        let now = self.now();
        let asked = self.fetch_status(post, &publish_id, age(&state, now)).await;
        let Ok(told) = asked else {
            return Ok(unknown(state, stage, Some(ASK_LATER)));
        };
        match &told.status.status {
            PostStatus::Complete | PostStatus::InInbox => {
                let mut state = state;
                state.publish_id = Some(publish_id);
                Ok(Reconciled::Published(self.receipt(
                    post,
                    &state,
                    &told.status,
                )))
            }
            PostStatus::Failed(reason) => {
                let mut state = state;
                state.publish_id = Some(publish_id);
                let log_id = told.log_id.unwrap_or_default();
                // Why it failed decides whether another try helps: the next one hears it first.
                let resume =
                    (!error::is_worth_another_try(reason)).then(|| state.at(Stage::Status));
                Ok(Reconciled::NotPublished {
                    evidence: format!("TikTok says FAILED: `{reason}` (log id {log_id})"),
                    resume,
                })
            }
            PostStatus::Uploading => Ok(self.weigh(state, stage, &told.status).await),
            PostStatus::Downloading | PostStatus::Other(_) => Ok(self.later(state, stage)),
        }
    }

    /// Weighs what TikTok holds of an upload whose last chunk wasn't answered.
    async fn weigh(&self, mut state: State, stage: Stage, status: &Status) -> Reconciled {
        let now = self.now();
        let held = status.uploaded_bytes;
        let (Some(mut upload), Some(bytes)) = (state.upload.clone(), held) else {
            return self.later(state, stage);
        };
        if bytes >= upload.total_bytes {
            // All of it is there, and TikTok works on it.
            return self.later(state, stage);
        }
        let evidence = evidence(&upload, bytes);
        if urls::is_dead(upload.issued_at, now) {
            return Reconciled::NotPublished {
                evidence: format!("{evidence}, and takes no more: the address has died"),
                resume: None,
            };
        }
        let is_second = upload
            .seen
            .is_some_and(|seen| seen.bytes == bytes && now.since(seen.at) >= APART);
        let can_go_on = !self.settings.strict && self.address(&upload).await.is_some();
        if is_second && can_go_on {
            // The same upload again: whatever we don't know, it can't become two posts.
            upload.last_sent = true;
            state.upload = Some(upload);
            state.tries = 0;
            return Reconciled::NotPublished {
                evidence: format!("{evidence}, twice, {}", apart()),
                resume: Some(state.at(Stage::Recheck)),
            };
        }
        if upload.seen.is_none_or(|seen| seen.bytes != bytes) {
            upload.seen = Some(Seen { bytes, at: now });
        }
        let wait = if can_go_on {
            LOOK_AGAIN
        } else {
            until_dead(&upload, now)
        };
        state.upload = Some(upload);
        unknown(state, stage, Some(wait))
    }

    /// TikTok works on it: asked again as after an answer.
    fn later(&self, mut state: State, stage: Stage) -> Reconciled {
        let wait = poll::wait(state.asked, age(&state, self.now()));
        state.asked = state.asked.saturating_add(1);
        unknown(state, stage, Some(wait))
    }

    /// Looks for a post that TikTok was to fetch, and that has no handle yet.
    async fn look_for_pulled(&self, post: &Post, state: State) -> Result<Reconciled, AdapterError> {
        if let Some(lender) = &self.settings.pull_urls {
            match lender.withdraw(post.job_id, post.attempt).await {
                Ok(PullFate::Withdrawn) => {
                    return Ok(Reconciled::NotPublished {
                        evidence:
                            "an address of this attempt was never asked for, and is withdrawn"
                                .to_owned(),
                        resume: None,
                    });
                }
                Ok(PullFate::Fetched) => {}
                Err(_) => return Ok(unknown(state, Stage::Pull, Some(ASK_LATER))),
            }
        }
        let grants_lists = post
            .account
            .scopes
            .iter()
            .any(|scope| scope == "video.list");
        let caption = caption_text(&post.entry);
        if !grants_lists || PostKind::of(&post.entry).is_draft() || caption.trim().is_empty() {
            return Ok(unknown(state, Stage::Pull, None));
        }
        let budget = self.budget(post);
        let asked = self
            .ask(budget, post.account.id, Endpoint::VideoList, &list_body())
            .await;
        let list: Option<VideoList> = asked.ok().and_then(|answer| answer.data());
        let Some(list) = list else {
            return Ok(unknown(state, Stage::Pull, Some(ASK_LATER)));
        };
        let earliest = state
            .handed_over_at
            .map_or(i64::MAX, |at| at.millis() / 1_000 - SKEW);
        let mut matches = list.videos.iter().filter(|video| {
            video.create_time.is_some_and(|at| at >= earliest) && says(video, caption.trim())
        });
        match (matches.next(), matches.next()) {
            (Some(video), None) => {
                let Some(id) = video.id() else {
                    return Ok(unknown(state, Stage::Pull, Some(ASK_LATER)));
                };
                Ok(Reconciled::Published(Receipt {
                    kind: ReceiptKind::Published,
                    external_id: id,
                    permalink: video.share_url.as_deref().and_then(without_query),
                    at: self.now(),
                }))
            }
            // No match proves nothing: what isn't public, or in moderation, isn't listed.
            _ => Ok(self.later(state, Stage::Pull)),
        }
    }
}

fn evidence(upload: &Upload, bytes: u64) -> String {
    format!(
        "TikTok holds {bytes} of {} bytes of upload {}",
        upload.total_bytes, upload.publish_id
    )
}

fn apart() -> String {
    format!("at least {} s apart", APART.num_seconds())
}

/// How long until the upload's address has certainly died.
fn until_dead(upload: &Upload, now: calendar_publish::model::Timestamp) -> Duration {
    let mut wait = ASK_LATER;
    while !urls::is_dead(
        upload.issued_at,
        now.plus(TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX)),
    ) {
        wait += ASK_LATER;
    }
    wait
}

fn says(video: &ListedVideo, text: &str) -> bool {
    let said = [&video.title, &video.video_description];
    said.into_iter().flatten().any(|said| said.trim() == text)
}

/// A shared address carries who shared it.
fn without_query(url: &str) -> Option<String> {
    let bare = url.split(['?', '#']).next()?;
    let is_address = bare.starts_with("https://www.tiktok.com/")
        && bare.len() <= LONGEST_ADDRESS
        && bare.bytes().all(|byte| byte.is_ascii_graphic());
    is_address.then(|| bare.to_owned())
}

fn unknown(state: State, stage: Stage, look_again_after: Option<Duration>) -> Reconciled {
    Reconciled::StillUnknown {
        look_again_after,
        progress: state.at(stage),
    }
}
