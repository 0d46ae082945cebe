//! The addresses of uploads: checked, and kept where nobody reads them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::state::Upload;
use crate::sealing::StateSealer;

/// How long TikTok takes bytes at an address: an hour from its issue, within which the upload has to be
/// finished (TikTok, Content Posting API, Direct Post reference, read 2026-09-11).
const LIFE: TimeDelta = TimeDelta::hours(1);

/// How much earlier we stop beginning to send: a chunk takes its time.
const EARLIER: TimeDelta = TimeDelta::minutes(5);

/// How much later we take the address for dead. We count from before it was asked for.
const LATER: TimeDelta = TimeDelta::seconds(90);

/// Whether a chunk may still be sent to an address issued at `issued_at`.
pub(super) fn is_alive(issued_at: Timestamp, now: Timestamp) -> bool {
    now.since(issued_at) < LIFE - EARLIER
}

/// Whether TikTok certainly takes nothing any more at an address issued at `issued_at`.
pub(super) fn is_dead(issued_at: Timestamp, now: Timestamp) -> bool {
    now.since(issued_at) > LIFE + LATER
}

/// Whether a video may be sent to `url`: one of `hosts`, by `https`, on the usual port, as nobody.
pub(super) fn is_allowed(url: &str, hosts: &[String]) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    let Some(host) = url.host_str() else {
        return false;
    };
    hosts.iter().any(|allowed| {
        if allowed.contains("://") {
            return Url::parse(allowed).is_ok_and(|origin| origin.origin() == url.origin());
        }
        let fits = if allowed.starts_with('.') {
            host.ends_with(allowed.as_str())
        } else {
            host == allowed
        };
        fits && url.scheme() == "https" && url.port().is_none()
    })
}

/// The addresses of the uploads that this adapter has begun, by publish id.
#[derive(Default)]
pub(super) struct UploadUrls {
    begun: Mutex<HashMap<String, (SecretString, Timestamp)>>,
}

impl UploadUrls {
    /// Keeps an address, here and, where there is a sealer, sealed for the progress.
    pub(super) async fn keep(
        &self,
        url: SecretString,
        upload: &mut Upload,
        sealer: Option<&Arc<dyn StateSealer>>,
    ) {
        if let Some(sealer) = sealer {
            // Without keys at the moment, this worker can still go on by itself.
            upload.sealed_url = sealer
                .seal(url.clone(), context(&upload.publish_id))
                .await
                .ok();
        }
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|_, (_, issued_at)| !is_dead(*issued_at, upload.issued_at));
        begun.insert(upload.publish_id.clone(), (url, upload.issued_at));
    }

    /// The address of an upload; `None` where it was begun elsewhere and can't be opened.
    pub(super) async fn find(
        &self,
        upload: &Upload,
        sealer: Option<&Arc<dyn StateSealer>>,
        hosts: &[String],
    ) -> Option<SecretString> {
        let kept = {
            let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
            begun.get(&upload.publish_id).map(|(url, _)| url.clone())
        };
        if kept.is_some() {
            return kept;
        }
        let (sealer, sealed) = (sealer?, upload.sealed_url.clone()?);
        let url = sealer
            .open(sealed, context(&upload.publish_id))
            .await
            .ok()?;
        is_allowed(url.expose_secret(), hosts).then_some(url)
    }

    /// Forgets an address that isn't needed any more.
    pub(super) fn forget(&self, publish_id: &str) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.remove(publish_id);
    }
}

/// What a sealed address is bound to, so that it can't be used for another upload.
fn context(publish_id: &str) -> String {
    format!("tiktok upload {publish_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_goes_to_tiktok_only() {
        let hosts = [".tiktokapis.com".to_owned()];
        for good in [
            "https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=x",
            "https://open-upload-va.tiktokapis.com/upload?upload_id=1",
            "https://upload.us.tiktokapis.com:443/video/",
        ] {
            assert!(is_allowed(good, &hosts), "{good}");
        }
        for bad in [
            "http://open-upload.tiktokapis.com/video/",
            "https://open-upload.tiktokapis.com:8443/video/",
            "https://me@open-upload.tiktokapis.com/video/",
            "https://tiktokapis.com/video/",
            "https://eviltiktokapis.com/video/",
            "https://open-upload.tiktokapis.com.evil.example/video/",
            "https://evil.example/.tiktokapis.com",
            "https://127.0.0.1/video/",
            "http://127.0.0.1:4010/video/",
            "not an address",
            "",
        ] {
            assert!(!is_allowed(bad, &hosts), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_allowed_to_the_letter() {
        let hosts = ["http://127.0.0.1:4010".to_owned()];
        assert!(is_allowed(
            "http://127.0.0.1:4010/upload?upload_id=1",
            &hosts
        ));
        assert!(!is_allowed(
            "http://127.0.0.1:4011/upload?upload_id=1",
            &hosts
        ));
        assert!(!is_allowed("https://127.0.0.1:4010/upload", &hosts));
    }

    #[test]
    fn an_address_lives_an_hour() {
        let issued = Timestamp::from_millis(0);
        let after = |minutes| issued.plus(TimeDelta::minutes(minutes));
        assert!(is_alive(issued, after(54)) && !is_alive(issued, after(55)));
        assert!(!is_dead(issued, after(61)) && is_dead(issued, after(62)));
    }
}
