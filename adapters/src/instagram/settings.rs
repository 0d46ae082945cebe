//! How the adapter speaks to Instagram, and which settings make no sense.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::ports::{MaybeSend, MaybeSync};
use calendar_publish::{Code, Error};
use secrecy::SecretString;
use url::{Host, Url};

/// Which of the two logins an account was linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstagramLogin {
    /// Instagram Login: a token of the Instagram user, on `graph.instagram.com`.
    Instagram,
    /// Facebook Login: a token of the Page that the account belongs to, on `graph.facebook.com`.
    Facebook,
}

/// What to do where the call that publishes wasn't answered and nothing speaks for a publication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReconcilePolicy {
    /// The same container is published again once the evidence says that it wasn't published.
    #[default]
    Default,
    /// A person decides: nothing is ever published again by itself.
    Strict,
}

/// How Instagram gets a video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VideoDelivery {
    /// Instagram fetches it from its address.
    #[default]
    Url,
    /// It is read from the [`MediaSource`](calendar_publish::ports::MediaSource) and uploaded. Facebook Login
    /// only (Instagram Platform, Resumable uploads, read 2026-03-15). It goes in pieces, each of which continues
    /// where Instagram says that the bytes before ended; that a piece may end before the file does is how an
    /// interrupted upload is documented to go on, and isn't documented as a way to upload.
    Resumable {
        /// The bytes of one piece, at most [`InstagramSettings::MAX_PIECE_BYTES`]: what is held in memory.
        piece_bytes: u32,
    },
}

/// Signs calls on `graph.facebook.com` with the app secret, where that may be: on a server, never on a device.
pub trait AppSecretProof: MaybeSend + MaybeSync {
    /// The HMAC-SHA256 of `token` under the app secret, in lower-case hexadecimal (Graph API, Secure requests).
    fn proof(&self, token: &SecretString) -> SecretString;
}

impl<F: Fn(&SecretString) -> SecretString + MaybeSend + MaybeSync> AppSecretProof for F {
    fn proof(&self, token: &SecretString) -> SecretString {
        self(token)
    }
}

/// How the adapter speaks to Instagram.
#[derive(Clone)]
pub struct InstagramSettings {
    /// Which login the accounts were linked with.
    pub login: InstagramLogin,
    /// Where the Graph API is: scheme and host.
    pub graph: String,
    /// Where video bytes go: scheme and host. Only the Facebook login uses it.
    pub rupload: String,
    /// The version of the Graph API, `v25.0`: a call without one would get whatever the app is set to.
    pub version: String,
    /// What to do where the call that publishes wasn't answered.
    pub reconcile: ReconcilePolicy,
    /// How Instagram gets videos.
    pub video: VideoDelivery,
    /// Signs the calls; Facebook login only.
    pub app_secret_proof: Option<Arc<dyn AppSecretProof>>,
    /// How long Instagram may take to answer one request.
    pub request_deadline: Duration,
    /// How long Instagram may take to answer the request that publishes: an answer that comes spares a search.
    pub publish_deadline: Duration,
    /// The longest that one call of the adapter takes, a renewed token and every request together. No
    /// request is sent that could end later.
    pub call_deadline: Duration,
    /// How long Instagram may take to process what it was given; after that the attempt has failed, and the next one
    /// makes new containers. It must end before a worker's `confirm_for`.
    pub processing_for: Duration,
}

impl InstagramSettings {
    /// The largest piece of an upload: 16 MiB. A piece is held in memory.
    pub const MAX_PIECE_BYTES: u32 = 16 * 1024 * 1024;
    /// The longest [`call_deadline`](Self::call_deadline): with a worker's usual lease of 300 s, a call has to end
    /// within half of it.
    pub const MAX_CALL_DEADLINE: Duration = Duration::from_secs(140);

    /// The usual settings for accounts of that login, on Meta's own hosts: version 25.0 (supported until
    /// 2028-07-29: Graph API, version table, read 2026-09-11), videos by their address, 30 s for a request, 60 s for the one
    /// that publishes, 120 s for a whole call and 45 minutes for processing.
    pub fn new(login: InstagramLogin) -> Self {
        let graph = match login {
            InstagramLogin::Instagram => "https://graph.instagram.com",
            InstagramLogin::Facebook => "https://graph.facebook.com",
        };
        Self {
            login,
            graph: graph.to_owned(),
            rupload: "https://rupload.facebook.com".to_owned(),
            version: "v25.0".to_owned(),
            reconcile: ReconcilePolicy::Default,
            video: VideoDelivery::Url,
            app_secret_proof: None,
            request_deadline: Duration::from_secs(30),
            publish_deadline: Duration::from_secs(60),
            call_deadline: Duration::from_secs(120),
            processing_for: Duration::from_secs(45 * 60),
        }
    }

    /// # Errors
    /// [`Code::FieldValueInvalid`] with the setting's path.
    pub(super) fn check(&self, has_media_source: bool) -> Result<(), Error> {
        check_origin(&self.graph, "graph")?;
        check_origin(&self.rupload, "rupload")?;
        if !is_version(&self.version) {
            return Err(invalid("version")
                .measured(Measure::text(&self.version))
                .allowed(Allowed::pattern("v25.0")));
        }
        if self.login == InstagramLogin::Instagram {
            // Neither the proof nor uploads are documented for this login.
            if self.app_secret_proof.is_some() {
                return Err(invalid("appSecretProof"));
            }
            if self.video != VideoDelivery::Url {
                return Err(invalid("video"));
            }
        }
        if let VideoDelivery::Resumable { piece_bytes } = self.video {
            if piece_bytes == 0 || piece_bytes > Self::MAX_PIECE_BYTES {
                return Err(invalid("video.pieceBytes")
                    .measured(Measure::number(piece_bytes, Unit::Bytes))
                    .allowed(Allowed::between(1, Self::MAX_PIECE_BYTES, Unit::Bytes)));
            }
            if !has_media_source {
                return Err(invalid("media"));
            }
        }
        let second = Duration::from_secs(1);
        check_within(
            self.call_deadline,
            second,
            Self::MAX_CALL_DEADLINE,
            "callDeadline",
        )?;
        // A token may have to be renewed first, or the request repeated with another one.
        let half = self.call_deadline / 2;
        check_within(self.request_deadline, second, half, "requestDeadline")?;
        check_within(self.publish_deadline, second, half, "publishDeadline")?;
        let day = Duration::from_secs(24 * 60 * 60);
        check_within(
            self.processing_for,
            Duration::from_secs(60),
            day,
            "processingFor",
        )
    }
}

impl fmt::Debug for InstagramSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstagramSettings")
            .field("login", &self.login)
            .field("graph", &self.graph)
            .field("rupload", &self.rupload)
            .field("version", &self.version)
            .field("reconcile", &self.reconcile)
            .field("video", &self.video)
            .field("app_secret_proof", &self.app_secret_proof.is_some())
            .field("request_deadline", &self.request_deadline)
            .field("publish_deadline", &self.publish_deadline)
            .field("call_deadline", &self.call_deadline)
            .field("processing_for", &self.processing_for)
            .finish()
    }
}

fn invalid(path: &str) -> Error {
    Error::new(Code::FieldValueInvalid).at(path)
}

/// Tokens go there: `https`, or a server of the machine's own for tests.
fn check_origin(text: &str, path: &str) -> Result<(), Error> {
    let url = Url::parse(text).map_err(|_| invalid(path))?;
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(invalid(path)),
    };
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !text.ends_with('/');
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_local);
    // A server of tests keeps the platform's host in its path.
    if is_bare && is_safe && (is_local || url.path() == "/") {
        Ok(())
    } else {
        Err(invalid(path).allowed(Allowed::pattern("https://graph.instagram.com")))
    }
}

fn is_version(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn check_within(value: Duration, least: Duration, most: Duration, path: &str) -> Result<(), Error> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let seconds = |duration: Duration| duration.as_secs_f64();
    Err(invalid(path)
        .measured(Measure::number(seconds(value), Unit::Seconds))
        .allowed(Allowed::between(
            seconds(least),
            seconds(most),
            Unit::Seconds,
        )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut InstagramSettings)) -> Option<String> {
        let mut settings = InstagramSettings::new(InstagramLogin::Instagram);
        change(&mut settings);
        let error = settings.check(false).err()?;
        assert_eq!(error.code, Code::FieldValueInvalid);
        Some(error.path)
    }

    #[test]
    fn settings_that_make_no_sense_are_refused_by_name() {
        assert_eq!(refused(|_| {}), None);
        let path = |text: &str| Some(text.to_owned());
        for graph in [
            "graph.instagram.com",
            "http://graph.instagram.com",
            "https://graph.instagram.com/",
            "https://graph.instagram.com/v25.0",
            "https://ana:secret@graph.instagram.com",
        ] {
            assert_eq!(
                refused(|s| s.graph = graph.to_owned()),
                path("graph"),
                "{graph}"
            );
        }
        assert_eq!(
            refused(|s| s.graph = "http://127.0.0.1:9/graph.instagram.com".to_owned()),
            None
        );
        for version in ["", "25.0", "v25", "v.0", "v25.0/../v1"] {
            assert_eq!(
                refused(|s| s.version = version.to_owned()),
                path("version"),
                "{version}"
            );
        }
        let second = Duration::from_secs(1);
        assert_eq!(
            refused(|s| s.call_deadline = 141 * second),
            path("callDeadline")
        );
        assert_eq!(
            refused(|s| s.request_deadline = Duration::ZERO),
            path("requestDeadline")
        );
        assert_eq!(
            refused(|s| s.publish_deadline = 61 * second),
            path("publishDeadline")
        );
        assert_eq!(
            refused(|s| s.processing_for = second),
            path("processingFor")
        );
    }

    #[test]
    fn what_only_facebook_login_can_is_refused_for_instagram_login() {
        let proof: Arc<dyn AppSecretProof> = Arc::new(|token: &SecretString| token.clone());
        assert_eq!(
            refused(|s| s.app_secret_proof = Some(proof.clone())).as_deref(),
            Some("appSecretProof")
        );
        let video = VideoDelivery::Resumable { piece_bytes: 8 };
        assert_eq!(refused(|s| s.video = video).as_deref(), Some("video"));
        let mut settings = InstagramSettings::new(InstagramLogin::Facebook);
        settings.app_secret_proof = Some(proof);
        settings.video = video;
        assert_eq!(settings.check(true), Ok(()));
        assert_eq!(settings.check(false).unwrap_err().path, "media");
        settings.video = VideoDelivery::Resumable {
            piece_bytes: 16 * 1024 * 1024 + 1,
        };
        assert_eq!(settings.check(true).unwrap_err().path, "video.pieceBytes");
    }
}
