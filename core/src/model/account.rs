//! Linked accounts, as far as a calendar may know them: no token is in here.

use serde::{Deserialize, Serialize};

use super::{AccountId, Channel, TiktokPrivacy, Timestamp, UserId, Zone};

/// Whether an account's authorisation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// It works.
    Ok,
    /// The token has run out and couldn't be refreshed.
    Expired,
    /// The person withdrew the authorisation, or the platform did.
    Revoked,
}

/// A linked TikTok or Instagram account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChannelAccount {
    /// The account's identity here.
    pub id: AccountId,
    /// Who linked it.
    pub user_id: UserId,
    /// The platform.
    pub channel: Channel,
    /// The platform's id of the account: a string, since such ids exceed 2^53.
    pub external_account_id: String,
    /// The name that is shown.
    pub display_name: String,
    /// The zone that the wall-clock times of its entries are meant in.
    pub timezone: Zone,
    /// Whether the authorisation works.
    pub status: AccountStatus,
    /// When the access token runs out; `None` where the platform gives no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Until when the authorisation can be renewed without the person; `None` if it can't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewable_until: Option<Timestamp>,
    /// The scopes the person granted; empty where they are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Until when the account is left alone after a rate limit or a spent quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooling_down_until: Option<Timestamp>,
    /// How late a post of this account may go out after an outage, in minutes; the default grace if
    /// unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_minutes: Option<u32>,
    /// The platform's daily quota, as it was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// What TikTok last said this creator may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiktok_creator: Option<TiktokCreator>,
}

/// A platform's quota of posts per moving window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quota {
    /// Posts already made in the window, by this library or others.
    pub used: u32,
    /// Posts allowed in the window.
    pub total: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
    /// When this was read.
    pub read_at: Timestamp,
}

/// TikTok's `creator_info`: what one creator may do at the moment it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TiktokCreator {
    /// The privacy levels to choose from.
    pub privacy_options: Vec<TiktokPrivacy>,
    /// The creator allows no comments.
    #[serde(default)]
    pub comment_disabled: bool,
    /// The creator allows no duets.
    #[serde(default)]
    pub duet_disabled: bool,
    /// The creator allows no stitches.
    #[serde(default)]
    pub stitch_disabled: bool,
    /// The longest video this creator may post, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_video_seconds: Option<u32>,
    /// Whether TikTok has audited the app; `None` where the host didn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_audited: Option<bool>,
    /// Whether the TikTok account is private; `None` where it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_private: Option<bool>,
    /// When this was read.
    pub read_at: Timestamp,
}
