//! TikTok and Instagram.

use std::sync::Arc;
use std::time::Duration;

use calendar_publish::Error;
use calendar_publish::ports::{ChannelAdapter, Clock, HttpTransport, MediaSource};
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::instagram::{
    InstagramAdapter, InstagramLogin, InstagramPorts, InstagramSettings, ReconcilePolicy,
    VideoDelivery,
};
use calendar_publish_adapters::tiktok::{TiktokAdapter, TiktokPorts, TiktokSettings};

use super::settings::set;

/// How TikTok is spoken to. What is left out is right for TikTok itself.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct TiktokAccess {
    /// Where the API is, without a slash at its end: another address is for simulators.
    #[uniffi(default = None)]
    pub api: Option<String>,
    /// Which hosts may be sent a video: `.example.com` stands for all below it.
    #[uniffi(default = None)]
    pub upload_hosts: Option<Vec<String>>,
    /// How long a call of the API may take: 25 s by default.
    #[uniffi(default = None)]
    pub request_deadline: Option<Duration>,
    /// How long sending one chunk may take: 90 s by default.
    #[uniffi(default = None)]
    pub upload_deadline: Option<Duration>,
    /// The longest that a token may be waited for: 10 s by default.
    #[uniffi(default = None)]
    pub token_deadline: Option<Duration>,
    /// The longest that the media source may take for one chunk: 30 s by default.
    #[uniffi(default = None)]
    pub media_deadline: Option<Duration>,
    /// How long a public post that is out is asked for its id: 90 s by default.
    #[uniffi(default = None)]
    pub wait_for_post_id: Option<Duration>,
    /// Whether only the death of an upload's address is evidence that its video isn't out.
    #[uniffi(default = false)]
    pub strict: bool,
}

/// Which of the two logins an account was linked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Enum)]
pub enum InstagramLoginKind {
    /// Instagram Login: a token of the Instagram user, on `graph.instagram.com`.
    #[default]
    Instagram,
    /// Facebook Login: a token of the Page that the account belongs to, on `graph.facebook.com`.
    Facebook,
}

/// How Instagram is spoken to. What is left out is right for Instagram itself.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct InstagramAccess {
    /// Which login the accounts were linked with; Instagram Login by default.
    #[uniffi(default = None)]
    pub login: Option<InstagramLoginKind>,
    /// Where the Graph API is: another address is for simulators.
    #[uniffi(default = None)]
    pub graph: Option<String>,
    /// Where video bytes go, with Facebook Login.
    #[uniffi(default = None)]
    pub rupload: Option<String>,
    /// The version of the Graph API.
    #[uniffi(default = None)]
    pub version: Option<String>,
    /// Whether nothing is ever published again by itself after a call that wasn't answered.
    #[uniffi(default = false)]
    pub strict: bool,
    /// The bytes of one piece where videos are uploaded from the media source: Facebook Login only.
    /// Without it Instagram fetches them from their address.
    #[uniffi(default = None)]
    pub upload_piece_bytes: Option<u32>,
    /// How long Instagram may take to answer one request: 30 s by default.
    #[uniffi(default = None)]
    pub request_deadline: Option<Duration>,
    /// How long it may take to answer the request that publishes: 60 s by default.
    #[uniffi(default = None)]
    pub publish_deadline: Option<Duration>,
    /// The longest that one step takes, all its requests together: 120 s by default.
    #[uniffi(default = None)]
    pub call_deadline: Option<Duration>,
    /// How long Instagram may take to process what it was given: 45 minutes by default.
    #[uniffi(default = None)]
    pub processing_for: Option<Duration>,
}

/// What both platforms are reached with.
pub(super) struct Access {
    pub(super) transport: Arc<dyn HttpTransport>,
    pub(super) tokens: Arc<dyn AccessTokens>,
    pub(super) media: Option<Arc<dyn MediaSource>>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Access {
    pub(super) fn tiktok(&self, chosen: &TiktokAccess) -> Result<Arc<dyn ChannelAdapter>, Error> {
        let chosen = chosen.clone();
        let mut settings = TiktokSettings {
            strict: chosen.strict,
            ..TiktokSettings::default()
        };
        set(&mut settings.api, chosen.api);
        set(&mut settings.upload_hosts, chosen.upload_hosts);
        set(&mut settings.request_deadline, chosen.request_deadline);
        set(&mut settings.upload_deadline, chosen.upload_deadline);
        set(&mut settings.token_deadline, chosen.token_deadline);
        set(&mut settings.media_deadline, chosen.media_deadline);
        set(&mut settings.wait_for_post_id, chosen.wait_for_post_id);
        let ports = TiktokPorts {
            transport: self.transport.clone(),
            media: self.media.clone(),
            tokens: self.tokens.clone(),
            clock: self.clock.clone(),
        };
        Ok(Arc::new(TiktokAdapter::new(ports, settings)?))
    }

    pub(super) fn instagram(
        &self,
        chosen: &InstagramAccess,
    ) -> Result<Arc<dyn ChannelAdapter>, Error> {
        let chosen = chosen.clone();
        let mut settings = InstagramSettings::new(match chosen.login.unwrap_or_default() {
            InstagramLoginKind::Instagram => InstagramLogin::Instagram,
            InstagramLoginKind::Facebook => InstagramLogin::Facebook,
        });
        if chosen.strict {
            settings.reconcile = ReconcilePolicy::Strict;
        }
        if let Some(piece_bytes) = chosen.upload_piece_bytes {
            settings.video = VideoDelivery::Resumable { piece_bytes };
        }
        set(&mut settings.graph, chosen.graph);
        set(&mut settings.rupload, chosen.rupload);
        set(&mut settings.version, chosen.version);
        set(&mut settings.request_deadline, chosen.request_deadline);
        set(&mut settings.publish_deadline, chosen.publish_deadline);
        set(&mut settings.call_deadline, chosen.call_deadline);
        set(&mut settings.processing_for, chosen.processing_for);
        let ports = InstagramPorts {
            transport: self.transport.clone(),
            tokens: self.tokens.clone(),
            clock: self.clock.clone(),
            media: self.media.clone(),
        };
        Ok(Arc::new(InstagramAdapter::new(ports, settings)?))
    }
}
