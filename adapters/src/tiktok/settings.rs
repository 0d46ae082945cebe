//! How the adapter works.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::model::JobId;
use calendar_publish::ports::{MaybeSend, MaybeSync};
use calendar_publish::{Code, Error};
use url::{Host, Url};

use super::pull::PullUrls;
use super::upload::ChunkPlan;
use crate::sealing::StateSealer;

/// Somebody who watches uploads, for progress bars. It is called between two chunks and must not block.
pub trait UploadObserver: MaybeSend + MaybeSync {
    /// TikTok holds the first `bytes` of the `total` bytes of a job's video.
    fn confirmed(&self, job_id: JobId, bytes: u64, total: u64);
}

/// How the adapter works. The default is right for TikTok itself.
#[derive(Clone)]
pub struct TiktokSettings {
    /// Where the API is, without a slash at its end.
    pub api: String,
    /// Which hosts may be sent a video: `.example.com` stands for all below it. TikTok names the address
    /// itself, and a video must not go elsewhere. Only `https` without port and user; a host that starts
    /// with `https://` or, on this machine, `http://` is an origin, for simulators.
    pub upload_hosts: Vec<String>,
    /// How long a call of the API may take.
    pub request_deadline: Duration,
    /// How long sending one chunk may take.
    pub upload_deadline: Duration,
    /// The longest that [`AccessTokens`](crate::access::AccessTokens) takes for a token, renewal included.
    pub token_deadline: Duration,
    /// The longest that the media source takes for one chunk, and [`PullUrls`] for the addresses of a post.
    pub media_deadline: Duration,
    /// Up to how many bytes a video goes as one chunk, at most 64,000,000. A chunk is held in memory, has to
    /// be sent within `upload_deadline`, and is what a lost connection costs. By default no chunk has more than
    /// 12 MB, so that a video of any size takes the same memory; more saves a small video some requests.
    pub single_chunk_up_to: u64,
    /// How long a public post that is out is asked for its id, which it gets from moderation, usually
    /// within a minute (TikTok, Content Posting API, Get Post Status, read 2026-11-20). Without one the
    /// receipt has no address.
    pub wait_for_post_id: Duration,
    /// What counts as evidence that a video whose last chunk wasn't answered isn't out. Strictly: that
    /// TikTok still misses bytes when the upload's address has died, after an hour. Otherwise: that it
    /// misses the same bytes twice, half a minute apart; then the same upload, which can't become two
    /// posts, is gone on with.
    pub strict: bool,
    /// Seals the address of an upload, so that any worker can go on with it after a crash. Without one an
    /// upload that is interrupted begins anew.
    pub sealer: Option<Arc<dyn StateSealer>>,
    /// Makes addresses for files that TikTok fetches. Without it, media are fetched from their own, and
    /// what a call that wasn't answered came to is for a person to find out.
    pub pull_urls: Option<Arc<dyn PullUrls>>,
    /// Watches uploads.
    pub on_upload: Option<Arc<dyn UploadObserver>>,
}

impl Default for TiktokSettings {
    fn default() -> Self {
        Self {
            api: "https://open.tiktokapis.com".to_owned(),
            upload_hosts: vec![".tiktokapis.com".to_owned()],
            request_deadline: Duration::from_secs(25),
            upload_deadline: Duration::from_secs(90),
            token_deadline: Duration::from_secs(10),
            media_deadline: Duration::from_secs(30),
            single_chunk_up_to: 2 * ChunkPlan::CHUNK,
            wait_for_post_id: Duration::from_secs(90),
            strict: false,
            sealer: None,
            pull_urls: None,
            on_upload: None,
        }
    }
}

impl fmt::Debug for TiktokSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TiktokSettings")
            .field("api", &self.api)
            .field("upload_hosts", &self.upload_hosts)
            .field("request_deadline", &self.request_deadline)
            .field("upload_deadline", &self.upload_deadline)
            .field("token_deadline", &self.token_deadline)
            .field("media_deadline", &self.media_deadline)
            .field("single_chunk_up_to", &self.single_chunk_up_to)
            .field("wait_for_post_id", &self.wait_for_post_id)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}

impl TiktokSettings {
    /// The longest that one step can take: a chunk is read and sent, or a call is made, its token replaced,
    /// and it is made once more.
    pub(super) fn call_deadline(&self) -> Duration {
        let chunk = self.media_deadline.saturating_add(self.upload_deadline);
        let call = self
            .token_deadline
            .saturating_add(self.request_deadline)
            .saturating_mul(2)
            .saturating_add(self.media_deadline);
        chunk.max(call)
    }

    /// # Errors
    /// [`Code::FieldValueInvalid`] at the setting that can't be meant.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (path, deadline) in [
            ("requestDeadline", self.request_deadline),
            ("uploadDeadline", self.upload_deadline),
            ("tokenDeadline", self.token_deadline),
            ("mediaDeadline", self.media_deadline),
        ] {
            if deadline < Duration::from_secs(1) || deadline > Duration::from_secs(3_600) {
                return Err(Error::new(Code::FieldValueInvalid)
                    .at(path)
                    .measured(Measure::number(deadline.as_secs_f64(), Unit::Seconds))
                    .allowed(Allowed::between(1, 3_600, Unit::Seconds)));
            }
        }
        if self.single_chunk_up_to > ChunkPlan::LARGEST_SINGLE {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("singleChunkUpTo")
                .measured(Measure::number(self.single_chunk_up_to as f64, Unit::Bytes))
                .allowed(Allowed::at_most(
                    ChunkPlan::LARGEST_SINGLE as f64,
                    Unit::Bytes,
                )));
        }
        if !is_base(&self.api) {
            return Err(not_a("api", &self.api));
        }
        if self.upload_hosts.is_empty() {
            return Err(Error::new(Code::FieldMissing).at("uploadHosts"));
        }
        for (index, host) in self.upload_hosts.iter().enumerate() {
            let is_meant = if host.contains("://") {
                is_base(host) && Url::parse(host).is_ok_and(|url| url.path() == "/")
            } else {
                is_host(host.strip_prefix('.').unwrap_or(host))
            };
            if !is_meant {
                return Err(not_a(&format!("uploadHosts[{index}]"), host));
            }
        }
        Ok(())
    }
}

fn not_a(path: &str, value: &str) -> Error {
    Error::new(Code::FieldValueInvalid)
        .at(path)
        .measured(Measure::text(value))
}

/// A name with a dot: a bare `com` would let half the world in.
fn is_host(host: &str) -> bool {
    host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
}

/// An address to put paths behind: `https`, or `http` on this machine.
fn is_base(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    (url.scheme() == "https" || (url.scheme() == "http" && is_here))
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !text.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut TiktokSettings);

    #[test]
    fn the_default_leaves_room_for_two_calls_in_a_lease_of_five_minutes() {
        let settings = TiktokSettings::default();
        assert_eq!(settings.check(), Ok(()));
        assert!(settings.call_deadline() * 2 <= Duration::from_secs(280));
    }

    #[test]
    fn nonsense_is_refused_where_it_stands() {
        let cases: [(&str, Change); 10] = [
            ("api", |s| s.api = "http://open.tiktokapis.com".to_owned()),
            ("api", |s| s.api = "https://open.tiktokapis.com/".to_owned()),
            ("api", |s| s.api = "open.tiktokapis.com".to_owned()),
            ("api", |s| {
                s.api = "https://me@open.tiktokapis.com".to_owned()
            }),
            ("requestDeadline", |s| s.request_deadline = Duration::ZERO),
            ("uploadDeadline", |s| s.upload_deadline = Duration::MAX),
            ("singleChunkUpTo", |s| s.single_chunk_up_to = 64_000_001),
            ("uploadHosts", |s| s.upload_hosts.clear()),
            ("uploadHosts[0]", |s| s.upload_hosts[0] = ".com".to_owned()),
            ("uploadHosts[1]", |s| {
                s.upload_hosts.push("http://tiktok.example".to_owned());
            }),
        ];
        for (path, change) in cases {
            let mut settings = TiktokSettings::default();
            change(&mut settings);
            assert_eq!(settings.check().unwrap_err().path, path);
        }
    }

    #[test]
    fn a_simulator_on_this_machine_is_allowed() {
        let mut settings = TiktokSettings {
            api: "http://127.0.0.1:4010/open.tiktokapis.com".to_owned(),
            ..TiktokSettings::default()
        };
        settings
            .upload_hosts
            .push("http://127.0.0.1:4010".to_owned());
        assert_eq!(settings.check(), Ok(()));
    }
}
