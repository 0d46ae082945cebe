//! What the documentation leaves open, or a test wants otherwise.

use chrono::TimeDelta;

/// What a megabyte is; the documentation doesn't say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Megabyte {
    /// Whatever is allowed must be allowed under both readings.
    #[default]
    Both,
    /// 1,000,000 bytes.
    Decimal,
    /// 1,048,576 bytes.
    Binary,
}

impl Megabyte {
    /// The least that "at least this many megabytes" can mean, in bytes.
    pub(super) const fn at_least(self, megabytes: u64) -> u64 {
        match self {
            Self::Both | Self::Binary => megabytes << 20,
            Self::Decimal => megabytes * 1_000_000,
        }
    }

    /// The most that "at most this many megabytes" can mean, in bytes.
    pub(super) const fn at_most(self, megabytes: u64) -> u64 {
        match self {
            Self::Both | Self::Decimal => megabytes * 1_000_000,
            Self::Binary => megabytes << 20,
        }
    }

    /// The largest file: 4 GB (TikTok, Media transfer guide, read 2026-09-11).
    pub(super) const fn largest_video(self) -> u64 {
        match self {
            Self::Both | Self::Decimal => 4_000_000_000,
            Self::Binary => 4 << 30,
        }
    }
}

/// How `publicaly_available_post_id` arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PostIds {
    /// A list of numbers, as documented; they don't fit into a double.
    #[default]
    Number,
    /// A list of strings.
    Text,
    /// An empty list, for ever.
    Empty,
    /// Not at all.
    Never,
}

/// What `UPLOADED_BYTES` in an upload's `Content-Range` means; the documentation doesn't say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// The index of the last byte that arrived.
    #[default]
    LastIndex,
    /// How many bytes arrived.
    Count,
}

/// Settings that a test turns. The defaults are the documented answer, and where there is none, the strictest.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// From the last byte of a video to its post, however small it is.
    pub processing: TimeDelta,
    /// What each further GiB costs; about a minute (TikTok, Get video status).
    pub processing_per_gib: TimeDelta,
    /// From a pull's init until TikTok has all of the file.
    pub download: TimeDelta,
    /// From a public post to its id; usually within a minute, sometimes hours (TikTok, Get video status).
    pub moderation: TimeDelta,
    /// How post ids arrive.
    pub post_ids: PostIds,
    /// The `message` of every refusal, where it isn't the English one.
    pub message: Option<String>,
    /// The code of a bad field: `invalid_params` arrives, `invalid_param` is documented.
    pub invalid_params_code: &'static str,
    /// Whether fields that the documentation doesn't name are refused.
    pub strict_fields: bool,
    /// Whether branded content with `SELF_ONLY` is refused; the guidelines forbid it, the reference gives no code.
    pub refuses_private_branded: bool,
    /// Whether an unaudited app is offered `SELF_ONLY` alone. Otherwise it is offered everything, and refused at the init.
    pub unaudited_sees_self_only: bool,
    /// What a megabyte is.
    pub megabyte: Megabyte,
    /// What an upload's progress counts.
    pub progress: Progress,
    /// The status of a `PUT` to an unknown upload: 404 is documented, 405 was seen.
    pub unknown_upload_status: u16,
    /// The longest shorter side of a photo in pixels; "1080p" is all that is documented.
    pub photo_short_side: u32,
    /// The longest longer side of a photo in pixels.
    pub photo_long_side: u32,
    /// Whether media are looked at. Without, only size and count are.
    pub checks_media: bool,
    /// Direct posts of a creator in 24 hours; "typically around 15" (TikTok, Content sharing guidelines, read 2026-09-11).
    pub daily_posts: usize,
    /// Whether an init without bytes counts as a post of the day.
    pub daily_posts_count_unused_inits: bool,
    /// Drafts of a creator that may wait (TikTok, Upload video reference).
    pub pending_drafts: usize,
    /// Whether a draft's init without bytes counts as waiting.
    pub pending_drafts_count_unused_inits: bool,
    /// The status of OAuth refusals; 200 was seen.
    pub oauth_error_status: u16,
    /// How long an authorization code lives; not documented.
    pub code_lifetime: TimeDelta,
    /// Whether a refresh gives the refresh token its full life again; not documented.
    pub refresh_renews: bool,
    /// Whether each webhook is sent twice.
    pub webhooks_twice: bool,
    /// Whether webhooks that are due together come in the opposite order.
    pub webhooks_reversed: bool,
    /// Whether a webhook's `post_id` is a string.
    pub webhook_post_id_text: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            processing: TimeDelta::seconds(10),
            processing_per_gib: TimeDelta::seconds(60),
            download: TimeDelta::seconds(5),
            moderation: TimeDelta::seconds(45),
            post_ids: PostIds::Number,
            message: None,
            invalid_params_code: "invalid_params",
            strict_fields: true,
            refuses_private_branded: true,
            unaudited_sees_self_only: false,
            megabyte: Megabyte::Both,
            progress: Progress::LastIndex,
            unknown_upload_status: 404,
            photo_short_side: 1_080,
            photo_long_side: 1_920,
            checks_media: true,
            daily_posts: 15,
            daily_posts_count_unused_inits: false,
            pending_drafts: 5,
            pending_drafts_count_unused_inits: true,
            oauth_error_status: 200,
            code_lifetime: TimeDelta::minutes(10),
            refresh_renews: false,
            webhooks_twice: false,
            webhooks_reversed: false,
            webhook_post_id_text: false,
        }
    }
}
