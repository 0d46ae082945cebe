//! Addresses that TikTok fetches media from.

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::model::JobId;
use calendar_publish::ports::{MaybeSend, MaybeSync};

/// A file that TikTok is to fetch in one attempt of a job.
#[derive(Clone, PartialEq, Eq)]
pub struct PullFile {
    /// The job.
    pub job_id: JobId,
    /// Its attempt, from 1.
    pub attempt: u32,
    /// The file's place in the post, from 0.
    pub index: u32,
    /// The file, by the `url` of its [`Media`](calendar_publish::model::Media). It may be signed: never
    /// log it.
    pub url: String,
}

impl std::fmt::Debug for PullFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PullFile")
            .field("job_id", &self.job_id)
            .field("attempt", &self.attempt)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// What became of the addresses of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullFate {
    /// At least one of them was never asked for, and none of those that weren't is answered any more. TikTok
    /// can't have the whole post, and never will.
    Withdrawn,
    /// All of them were asked for: the call that named them was taken.
    Fetched,
}

/// Addresses that are used for one attempt only, under a domain or prefix that TikTok has verified.
///
/// TikTok names no post before it answers the call that starts a download. Where that answer is lost, only
/// whether the addresses were asked for says whether the call was taken; and only where they are withdrawn
/// unasked is it certain that nothing will be posted.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait PullUrls: MaybeSend + MaybeSync {
    /// An address for this file that no other attempt was given. The same file gives the same address. It
    /// must be `https`, answer without a redirect, and live for at least an hour.
    ///
    /// # Errors
    /// Where there can be none; nothing was sent to TikTok then.
    async fn lend(&self, file: PullFile) -> Result<String, Error>;

    /// Withdraws every address of an attempt that nobody has asked for yet: from now on it answers 404, for
    /// good. It must not miss a request that comes in meanwhile.
    ///
    /// # Errors
    /// Where the host can't tell at the moment.
    async fn withdraw(&self, job_id: JobId, attempt: u32) -> Result<PullFate, Error>;
}
