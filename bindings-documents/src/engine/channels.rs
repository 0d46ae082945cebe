//! How the library's own adapters work, as documents.

use calendar_publish::Error;
use calendar_publish_adapters::instagram::{
    InstagramLogin, InstagramSettings, ReconcilePolicy, VideoDelivery,
};
use calendar_publish_adapters::tiktok::TiktokSettings;
use serde::{Deserialize, Serialize};

use super::settings::{set, set_seconds};

/// How TikTok is spoken to. Everything may be left out; the default is right for TikTok itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TiktokSettings")
)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct TiktokOptions {
    /// Where the API is, without a slash at its end.
    pub api: Option<String>,
    /// Which hosts may be sent a video: `.example.com` stands for all below it.
    pub upload_hosts: Option<Vec<String>>,
    /// How long a call of the API may take, in seconds. 25.
    pub request_deadline_seconds: Option<u32>,
    /// How long sending one chunk may take, in seconds. 90.
    pub upload_deadline_seconds: Option<u32>,
    /// The longest that the host takes for a token, renewal included, in seconds. 10.
    pub token_deadline_seconds: Option<u32>,
    /// The longest that the media source takes for one chunk, in seconds. 30.
    pub media_deadline_seconds: Option<u32>,
    /// Up to how many bytes a video goes as one chunk, which is held in memory: at most 64,000,000.
    pub single_chunk_up_to: Option<u64>,
    /// How long a public post that is out is asked for its id, in seconds. 90.
    pub wait_for_post_id_seconds: Option<u32>,
    /// Whether only TikTok's dead upload address is evidence that a video isn't out.
    pub strict: bool,
}

impl TiktokOptions {
    /// The adapter's settings, but for what isn't a document.
    pub(super) fn settings(&self) -> TiktokSettings {
        let mut settings = TiktokSettings::default();
        set(&mut settings.api, self.api.clone());
        set(&mut settings.upload_hosts, self.upload_hosts.clone());
        set_seconds(
            &mut settings.request_deadline,
            self.request_deadline_seconds,
        );
        set_seconds(&mut settings.upload_deadline, self.upload_deadline_seconds);
        set_seconds(&mut settings.token_deadline, self.token_deadline_seconds);
        set_seconds(&mut settings.media_deadline, self.media_deadline_seconds);
        set(&mut settings.single_chunk_up_to, self.single_chunk_up_to);
        set_seconds(
            &mut settings.wait_for_post_id,
            self.wait_for_post_id_seconds,
        );
        settings.strict = self.strict;
        settings
    }
}

/// Which login the accounts were linked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LoginOption {
    /// Instagram Login: a token of the Instagram user.
    #[default]
    Instagram,
    /// Facebook Login: a token of the Page that the account belongs to.
    Facebook,
}

/// How Instagram gets a video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum VideoOption {
    /// Instagram fetches it from its address.
    #[default]
    Url,
    /// It is read from the media port and uploaded. Facebook Login only.
    Resumable {
        /// The bytes of one piece, which is held in memory: at most 16 MiB.
        piece_bytes: u32,
    },
}

/// How Instagram is spoken to. Everything may be left out; the default is right for Instagram itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "InstagramSettings")
)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct InstagramOptions {
    /// Which login the accounts were linked with.
    pub login: LoginOption,
    /// Where the Graph API is: scheme and host.
    pub graph: Option<String>,
    /// Where video bytes go: scheme and host.
    pub rupload: Option<String>,
    /// The version of the Graph API: `v25.0`.
    pub version: Option<String>,
    /// Whether a person decides wherever the call that publishes wasn't answered.
    pub strict: bool,
    /// How Instagram gets videos.
    pub video: VideoOption,
    /// How long Instagram may take to answer one request, in seconds. 30.
    pub request_deadline_seconds: Option<u32>,
    /// How long Instagram may take to answer the request that publishes, in seconds. 60.
    pub publish_deadline_seconds: Option<u32>,
    /// The longest that one call of the adapter takes, in seconds. 120.
    pub call_deadline_seconds: Option<u32>,
    /// How long Instagram may take to process what it was given, in seconds. 2700.
    pub processing_for_seconds: Option<u32>,
}

impl InstagramOptions {
    /// The adapter's settings, but for what isn't a document.
    pub(super) fn settings(&self) -> InstagramSettings {
        let mut settings = InstagramSettings::new(match self.login {
            LoginOption::Instagram => InstagramLogin::Instagram,
            LoginOption::Facebook => InstagramLogin::Facebook,
        });
        set(&mut settings.graph, self.graph.clone());
        set(&mut settings.rupload, self.rupload.clone());
        set(&mut settings.version, self.version.clone());
        if self.strict {
            settings.reconcile = ReconcilePolicy::Strict;
        }
        settings.video = match self.video {
            VideoOption::Url => VideoDelivery::Url,
            VideoOption::Resumable { piece_bytes } => VideoDelivery::Resumable { piece_bytes },
        };
        set_seconds(
            &mut settings.request_deadline,
            self.request_deadline_seconds,
        );
        set_seconds(
            &mut settings.publish_deadline,
            self.publish_deadline_seconds,
        );
        set_seconds(&mut settings.call_deadline, self.call_deadline_seconds);
        set_seconds(&mut settings.processing_for, self.processing_for_seconds);
        settings
    }
}

/// The adapters name their durations without a unit; the document's fields have one.
pub(super) fn in_document(mut error: Error, channel: &str) -> Error {
    let is_duration = ["Deadline", "waitForPostId", "processingFor"];
    if is_duration.iter().any(|name| error.path.ends_with(name)) {
        error.path.push_str("Seconds");
    }
    error.under(channel)
}
