//! The steps up to the one that publishes.

use std::time::Duration;

use calendar_publish::error::{Allowed, Measure, Persistence, Unit};
use calendar_publish::model::{Media, TiktokOptions, Timestamp};
use calendar_publish::ports::{HttpResponse, MediaChunk, MediaRange, Post, Step};
use calendar_publish::rules::PostKind;
use calendar_publish::{Code, Error};
use chrono::TimeDelta;
use secrecy::SecretString;

use super::adapter::{TiktokAdapter, video};
use super::confirm::is_handle;
use super::error::{self, Failure, Put};
use super::pull::PullFile;
use super::request::{Endpoint, pull_body, put, upload_body};
use super::response::{Answer, Begun, Creator};
use super::state::{File, Off, Stage, State, Upload};
use super::upload::ChunkPlan;
use super::{poll, urls};

/// How long what was read of a creator is good for.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How long to wait before a chunk is sent again, by how often it was.
const AGAIN: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
];

/// The MIME types that a chunk may have; the first where the file's isn't known (TikTok, Content Posting
/// API, Media Transfer Guide, read 2026-09-11).
const MIME_TYPES: [&str; 3] = ["video/mp4", "video/quicktime", "video/webm"];

impl TiktokAdapter {
    /// Asks what the creator may do now, and holds the choices against it.
    pub(super) async fn creator(&self, post: &Post, mut state: State) -> Result<Step, Failure> {
        let nothing = serde_json::json!({});
        let budget = self.budget(post);
        let asked = self
            .ask(budget, post.account.id, Endpoint::CreatorInfo, &nothing)
            .await;
        let answer = asked.map_err(|(failure, _)| failure)?;
        let creator: Creator = answer.data().ok_or_else(|| error::unreadable(&answer))?;
        let chosen = post.entry.tiktok.clone().unwrap_or_default();
        allows(&creator, &chosen, post).map_err(Failure::certain)?;
        state.off = Off {
            comment: creator.comment_disabled,
            duet: creator.duet_disabled,
            stitch: creator.stitch_disabled,
        };
        state.username = creator.creator_username.filter(|name| is_handle(name));
        let now = self.now();
        state.checked_at = Some(now);
        state.handed_over_at = Some(now);
        let next = self.first_of_the_media(post);
        Ok(state.onward(next))
    }

    /// Asks how large the file is.
    pub(super) async fn media(&self, post: &Post, mut state: State) -> Result<Step, Failure> {
        let media = video(post)?;
        let read = self.read(media, 0, 1).await?;
        let plan = ChunkPlan::new(read.total_bytes, self.settings.single_chunk_up_to);
        plan.map_err(Failure::certain)?;
        state.file = Some(File {
            bytes: read.total_bytes,
            mime_type: mime_type(media, &read),
        });
        Ok(state.onward(Stage::Init))
    }

    /// Begins an upload. Until its last byte arrives nothing can be posted, so that repeating this is
    /// harmless.
    pub(super) async fn init(&self, post: &Post, mut state: State) -> Result<Step, Failure> {
        let Some(file) = state.file.clone() else {
            return Ok(state.onward(Stage::Media));
        };
        if self.is_stale(post, &state) {
            return Ok(state.onward(Stage::Creator));
        }
        let plan = ChunkPlan::new(file.bytes, self.settings.single_chunk_up_to)
            .map_err(Failure::certain)?;
        let endpoint = Endpoint::init(PostKind::of(&post.entry));
        let body = upload_body(&post.entry, state.off, &plan);
        let issued_at = self.now();
        let budget = self.budget(post);
        let asked = self.ask(budget, post.account.id, endpoint, &body).await;
        let answer = asked.map_err(|(failure, _)| failure)?;
        let begun = begun(&answer)?;
        let url = begun.upload_url.ok_or_else(|| error::unreadable(&answer))?;
        if !urls::is_allowed(&url, &self.settings.upload_hosts) {
            let error = Error::new(Code::AppMisconfigured).at("settings.uploadHosts");
            return Err(Failure::certain(error));
        }
        let mut upload = Upload {
            publish_id: begun.publish_id,
            total_bytes: plan.total_bytes,
            chunk_bytes: plan.chunk_bytes,
            count: plan.count,
            mime_type: file.mime_type,
            next: 0,
            issued_at,
            sealed_url: None,
            last_sent: false,
            refused: None,
            seen: None,
        };
        let sealer = self.settings.sealer.as_ref();
        self.urls
            .keep(SecretString::from(url), &mut upload, sealer)
            .await;
        let next = upload.next_stage();
        state.upload = Some(upload);
        Ok(state.onward(next))
    }

    /// Sends a chunk that isn't the last.
    pub(super) async fn chunk(&self, post: &Post, mut state: State) -> Result<Step, Failure> {
        let Some(mut upload) = state.upload.clone() else {
            return Ok(state.onward(Stage::Init));
        };
        if upload.next_stage() == Stage::LastChunk {
            return Ok(state.onward(Stage::LastChunk));
        }
        let Some(url) = self.address(&upload).await else {
            return Ok(without_address(state, &upload));
        };
        let bytes = match self.read_chunk(post, &upload).await {
            Ok(bytes) => bytes,
            Err(failure) => return again(state, Stage::Chunk, failure),
        };
        let sent = self.send(&url, &upload, bytes).await;
        let put = sent.map_or_else(Put::Failed, |response| error::put(response.status, false));
        match put {
            Put::Taken => {
                upload.next += 1;
                upload.seen = None;
                let (bytes, _) = upload.plan().range(upload.next);
                self.tell(post, bytes, upload.total_bytes);
                let next = upload.next_stage();
                state.upload = Some(upload);
                Ok(state.onward(next))
            }
            // More than was sent is there: the posting may have started.
            Put::Complete | Put::Unsure => {
                upload.last_sent = true;
                state.upload = Some(upload);
                Ok(state.onward(Stage::Recheck))
            }
            Put::OutOfPlace | Put::Refused(_) => again(state, asks(&upload), out_of_place()),
            // The address works no more: only a new upload can help.
            Put::Failed(failure) if failure.is_final => Err(failure),
            Put::Failed(failure) => again(state, Stage::Chunk, failure),
        }
    }

    /// Sends the last chunk: with its last byte the posting starts.
    pub(super) async fn last_chunk(&self, post: &Post, mut state: State) -> Result<Step, Failure> {
        let budget = self.budget(post);
        let Some(upload) = state.upload.clone() else {
            // Nothing was begun that this could end.
            return Ok(state.onward(Stage::Init));
        };
        let Some(url) = self.address(&upload).await else {
            return Ok(without_address(state, &upload));
        };
        let read = self.read_chunk(post, &upload).await;
        let need = self.settings.upload_deadline;
        let ready = read.and_then(|bytes| self.in_time(budget, need).map(|()| bytes));
        let bytes = match ready {
            Ok(bytes) => bytes,
            // Nothing was sent: ask where we are, and go on from there.
            Err(failure) => return again(state, asks(&upload), failure),
        };
        let put = match self.send(&url, &upload, bytes).await {
            Ok(response) => error::put(response.status, true),
            Err(failure) if failure.effect == error::Effect::Nothing => {
                return again(state, asks(&upload), failure);
            }
            Err(failure) => Put::Failed(failure),
        };
        match put {
            Put::Complete => {
                self.tell(post, upload.total_bytes, upload.total_bytes);
                self.urls.forget(&upload.publish_id);
                state.publish_id = Some(upload.publish_id);
                state.handed_over_at = Some(self.now());
                let wait = poll::wait(0, Duration::ZERO);
                Ok(state.then(Stage::Status, wait))
            }
            // This chunk certainly wasn't taken; one sent before it may have been.
            Put::OutOfPlace => again(state, asks(&upload), out_of_place()),
            Put::Taken => Err(unclear()),
            Put::Unsure => again(recheck(state, upload, None), Stage::Recheck, unclear()),
            // That the upload is over may also mean that it is complete.
            Put::Refused(status) => {
                let state = recheck(state, upload, Some(status));
                Ok(state.then(Stage::Recheck, AGAIN[1]))
            }
            Put::Failed(failure) => Err(failure),
        }
    }

    /// Lets TikTok fetch the media: that starts the posting.
    pub(super) async fn pull(&self, post: &Post, mut state: State) -> Result<Step, Failure> {
        let budget = self.budget(post);
        if self.is_stale(post, &state) {
            return Ok(state.onward(Stage::Creator));
        }
        let urls = self.addresses(post).await?;
        let endpoint = Endpoint::init(PostKind::of(&post.entry));
        let body = pull_body(&post.entry, state.off, &urls);
        let asked = self.ask(budget, post.account.id, endpoint, &body).await;
        let answer = asked.map_err(|(failure, _)| failure)?;
        state.publish_id = Some(begun(&answer)?.publish_id);
        state.handed_over_at = Some(self.now());
        Ok(state.then(Stage::Status, poll::wait(0, Duration::ZERO)))
    }

    /// Whether what the creator may do must be read anew: the account has rested since, or a worker was
    /// gone.
    fn is_stale(&self, post: &Post, state: &State) -> bool {
        let is_old = |at| self.now().since(at) > FRESH;
        !PostKind::of(&post.entry).is_draft() && state.checked_at.is_none_or(is_old)
    }

    /// The addresses that TikTok is to fetch from.
    async fn addresses(&self, post: &Post) -> Result<Vec<String>, Failure> {
        if post.entry.media.is_empty() {
            return Err(Failure::certain(Error::new(Code::MediaMissing).at("media")));
        }
        let Some(lender) = &self.settings.pull_urls else {
            let urls = post.entry.media.iter().map(|media| media.url.clone());
            return Ok(urls.collect());
        };
        let mut urls = Vec::with_capacity(post.entry.media.len());
        for (index, media) in (0_u32..).zip(&post.entry.media) {
            let file = PullFile {
                job_id: post.job_id,
                attempt: post.attempt,
                index,
                url: media.url.clone(),
            };
            let lent = lender.lend(file).await.map_err(Failure::certain)?;
            if !lent.starts_with("https://") {
                let error = Error::new(Code::MediaUrlInvalid).at(format!("media[{index}].url"));
                return Err(Failure::certain(error));
            }
            urls.push(lent);
        }
        Ok(urls)
    }

    /// Where the next chunk is sent to, as long as TikTok takes it there.
    pub(super) async fn address(&self, upload: &Upload) -> Option<SecretString> {
        if !urls::is_alive(upload.issued_at, self.now()) {
            return None;
        }
        let sealer = self.settings.sealer.as_ref();
        self.urls
            .find(upload, sealer, &self.settings.upload_hosts)
            .await
    }

    async fn read(&self, media: &Media, offset: u64, length: u64) -> Result<MediaChunk, Failure> {
        let missing = || Failure::certain(Error::new(Code::MediaUnreachable).at("media[0]"));
        let source = self.ports.media.as_ref().ok_or_else(missing)?;
        let range = MediaRange {
            url: media.url.clone(),
            offset,
            length,
        };
        let read = source.read(range).await;
        read.map_err(|error| Failure::certain(error.into()))
    }

    /// The bytes of the next chunk.
    async fn read_chunk(&self, post: &Post, upload: &Upload) -> Result<Vec<u8>, Failure> {
        let (first, length) = upload.plan().range(upload.next);
        let read = self.read(video(post)?, first, length).await?;
        if read.total_bytes != upload.total_bytes || read.bytes.len() as u64 != length {
            // Another file than the one that was begun: half of each would be posted.
            let error = Error::new(Code::MediaUnreachable)
                .at("media[0]")
                .measured(Measure::text("the file changed while it was sent"));
            return Err(Failure::certain(error));
        }
        Ok(read.bytes)
    }

    async fn send(
        &self,
        url: &SecretString,
        upload: &Upload,
        bytes: Vec<u8>,
    ) -> Result<HttpResponse, Failure> {
        let request = put(
            url,
            &upload.plan(),
            upload.next,
            &upload.mime_type,
            bytes,
            self.settings.upload_deadline,
        );
        Ok(self.ports.transport.send(request).await?)
    }

    fn tell(&self, post: &Post, bytes: u64, total: u64) {
        if let Some(observer) = &self.settings.on_upload {
            observer.confirmed(post.job_id, bytes, total);
        }
    }
}

/// What the creator may do against what was chosen. Interactions that they have turned off since are left
/// off; everything else is for a person.
fn allows(creator: &Creator, chosen: &TiktokOptions, post: &Post) -> Result<(), Error> {
    let Some(privacy) = chosen.privacy else {
        return Err(Error::new(Code::PrivacyMissing).at("tiktok.privacy"));
    };
    if !creator.offers(privacy) {
        return Err(Error::new(Code::PrivacyNotAllowed)
            .at("tiktok.privacy")
            .measured(Measure::text(privacy.as_str()))
            .allowed(Allowed::one_of(creator.options())));
    }
    let is_video = PostKind::of(&post.entry) == PostKind::TiktokVideo;
    let longest = creator.max_video_post_duration_sec.filter(|_| is_video);
    let duration = post.entry.media.first().and_then(|media| media.duration_ms);
    if let (Some(longest), Some(millis)) = (longest, duration)
        && millis > i64::from(longest) * 1_000
    {
        return Err(Error::new(Code::MediaDurationInvalid)
            .at("media[0].durationMs")
            .measured(Measure::number(millis as f64 / 1_000.0, Unit::Seconds))
            .allowed(Allowed::at_most(longest, Unit::Seconds)));
    }
    Ok(())
}

fn mime_type(media: &Media, read: &MediaChunk) -> String {
    let known = [media.mime_type.as_deref(), read.mime_type.as_deref()];
    let known = known.into_iter().flatten();
    let accepted = known
        .filter_map(|mime| MIME_TYPES.into_iter().find(|accepted| mime == *accepted))
        .next();
    accepted.unwrap_or(MIME_TYPES[0]).to_owned()
}

fn begun(answer: &Answer) -> Result<Begun, Failure> {
    let begun: Option<Begun> = answer.data();
    begun
        .filter(Begun::is_sound)
        .ok_or_else(|| error::unreadable(answer))
}

/// The step that asks how much of an upload TikTok holds.
pub(super) const fn asks(upload: &Upload) -> Stage {
    if upload.last_sent {
        Stage::Recheck
    } else {
        Stage::Resume
    }
}

/// The last chunk was sent, and TikTok is to be asked whether it arrived.
fn recheck(mut state: State, upload: Upload, refused: Option<u16>) -> State {
    state.upload = Some(Upload {
        last_sent: true,
        refused,
        ..upload
    });
    state
}

/// The address is gone: it died, or only a worker that is gone knew it. As long as the last chunk was
/// never sent the old upload is dead, and a new one may begin at once.
pub(super) fn without_address(state: State, upload: &Upload) -> Step {
    if upload.last_sent {
        return state.onward(Stage::Recheck);
    }
    let mut state = state;
    state.upload = None;
    state.onward(Stage::Init)
}

/// Another try at `stage`, after a wait, where that can help and there weren't enough.
pub(super) fn again(mut state: State, stage: Stage, failure: Failure) -> Result<Step, Failure> {
    match AGAIN.get(state.tries as usize) {
        Some(wait)
            if failure.error.persistence() == Persistence::Temporary
                && failure.code() != Code::RateLimited =>
        {
            state.tries += 1;
            Ok(state.then(stage, *wait))
        }
        _ => Err(failure),
    }
}

fn unclear() -> Failure {
    let mut failure = Failure::certain(Error::new(Code::PlatformTemporary).at("media[0]"));
    failure.effect = error::Effect::Possible;
    failure
}

fn out_of_place() -> Failure {
    Failure::certain(
        Error::new(Code::PlatformTemporary)
            .at("media[0]")
            .measured(Measure::text("TikTok holds other bytes than were sent")),
    )
}

/// How long ago a post was handed over.
pub(super) fn age(state: &State, now: Timestamp) -> Duration {
    let since = state.handed_over_at.map(|at| now.since(at));
    since.and_then(|age| age.to_std().ok()).unwrap_or_default()
}
