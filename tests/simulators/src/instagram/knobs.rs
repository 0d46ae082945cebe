//! What the documentation leaves open, contradicts itself in, or calls a matter of luck.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::container::Kind;
use super::error::{GraphError, Language};

/// The simulator's settings. The defaults are strict: what a page forbids is refused, and where it is
/// silent, too.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// How long a container with an image stays `IN_PROGRESS`. Reports speak of three to five seconds.
    pub image_processing: TimeDelta,
    /// How long one with a video does.
    pub video_processing: TimeDelta,
    /// How many reads of a container answer `IN_PROGRESS`, whatever the clock says.
    pub polls: u32,
    /// How long a container reads `IN_PROGRESS` while it is being published; the post appears at its end.
    pub publishing: TimeDelta,
    /// What `config.quota_total` says instead of the account's own number.
    pub quota_reported: Option<u32>,
    /// From how many posts in a day on publishing is refused, instead of the account's own number.
    pub quota_enforced: Option<u32>,
    /// Containers that an account may create in a moving day.
    pub container_cap: u32,
    /// What the first one above the cap gets; the documentation doesn't say.
    pub container_cap_error: GraphError,
    /// What an account gets whose Page demands an authorization; the documentation doesn't say.
    pub page_authorization_error: GraphError,
    /// What a second publish of the same container gets.
    pub second_publish: SecondPublish,
    /// What a container says whose publish was answered 4/2207051 although the post went live.
    pub after_block: AfterBlock,
    /// What reads of media show of captions.
    pub captions: CaptionReads,
    /// Whether reads of media show `media_product_type`.
    pub product_type: bool,
    /// How long a new post is missing from the list of media.
    pub list_delay: TimeDelta,
    /// How many first reads of each container answer 100/33.
    pub missing_container_reads: u32,
    /// How many first reads of each media answer 100/33.
    pub missing_media_reads: u32,
    /// Whether containers check that an image is a JPEG, as the documentation says; otherwise PNG and WebP pass.
    pub strict_image_format: bool,
    /// Whether a carousel's images must have a feed image's ratio too.
    pub item_ratio: bool,
    /// Whether a video's index must stand before its data, as the documentation says.
    pub index_first: bool,
    /// Whether videos with a short side under 640 pixels fail with 2207082.
    pub small_video_fails: bool,
    /// Hashtags in a caption; a bare 100 above. The documentation says 30, the press 5.
    pub hashtags: usize,
    /// Whether parameters about which the documentation is silent for the kind of post are refused.
    pub refuse_silent: bool,
    /// Whether Instagram Login may invite collaborators; two pages of the documentation disagree.
    pub collaborators_with_instagram_login: bool,
    /// User names that can't be tagged or invited: 110/2207018.
    pub unknown_users: BTreeSet<String>,
    /// Locations that aren't Pages with a location.
    pub unknown_locations: BTreeSet<String>,
    /// The shape of the code exchange's answer.
    pub token_answer: TokenAnswer,
    /// Whether the old token still works after a refresh.
    pub old_token_survives: bool,
    /// What a refresh of a token gets that isn't a day old; the documentation doesn't say.
    pub early_refresh_error: GraphError,
    /// Whether private accounts' tokens can be refreshed.
    pub private_refresh: bool,
    /// Whether the upload host refuses bodies that end before the file does (and keeps their bytes).
    pub refuse_upload_pieces: bool,
    /// The status of a token that can't be read: 400 by the documentation, 401 as seen.
    pub bad_token_status: u16,
    /// The language of messages.
    pub language: Language,
    /// The `X-App-Usage` header's percentages.
    pub app_usage: Option<Usage>,
    /// The `X-Business-Use-Case-Usage` header's percentages; from 100 calls on, calls are refused with 80002.
    pub business_usage: Option<BusinessUsage>,
    /// Versions that answer 2635, besides those whose last day has passed.
    pub retired_versions: BTreeSet<String>,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            image_processing: TimeDelta::seconds(4),
            video_processing: TimeDelta::seconds(40),
            polls: 0,
            publishing: TimeDelta::zero(),
            quota_reported: None,
            quota_enforced: None,
            container_cap: 400,
            container_cap_error: GraphError::new(613, None),
            page_authorization_error: GraphError::new(10, None),
            second_publish: SecondPublish::Refused,
            after_block: AfterBlock::Published,
            captions: CaptionReads::Whole,
            product_type: true,
            list_delay: TimeDelta::zero(),
            missing_container_reads: 0,
            missing_media_reads: 0,
            strict_image_format: true,
            item_ratio: true,
            index_first: true,
            small_video_fails: false,
            hashtags: 30,
            refuse_silent: true,
            collaborators_with_instagram_login: true,
            unknown_users: BTreeSet::new(),
            unknown_locations: BTreeSet::new(),
            token_answer: TokenAnswer::Nested,
            old_token_survives: true,
            early_refresh_error: GraphError::new(100, None),
            private_refresh: true,
            refuse_upload_pieces: false,
            bad_token_status: 401,
            language: Language::English,
            app_usage: None,
            business_usage: None,
            retired_versions: BTreeSet::new(),
        }
    }
}

impl Knobs {
    /// How long a container of the kind is processed.
    pub(super) const fn processing(&self, kind: Kind) -> TimeDelta {
        match kind.is_video() {
            true => self.video_processing,
            false => self.image_processing,
        }
    }
}

/// What a second publish of the same container gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondPublish {
    /// Code 100.
    Refused,
    /// 9007/2207027, as if it weren't ready.
    NotReady,
    /// A second post.
    Again,
}

/// What a container says after a publish that was answered 4/2207051 and took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterBlock {
    /// The truth.
    Published,
    /// `FINISHED`, as if nothing had happened.
    Finished,
}

/// What reads of media show of captions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptionReads {
    /// All of them.
    Whole,
    /// Each `@` is taken out.
    WithoutAt,
    /// The field is missing.
    Missing,
}

/// The shape of the code exchange's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAnswer {
    /// `{"data":[{…}]}` with text values, as documented.
    Nested,
    /// The fields at the top, the id a number and the permissions a list, as shipping code reads it.
    Flat,
}

/// Percentages of what an application may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Calls.
    pub call_count: u32,
    /// Time.
    pub total_time: u32,
    /// Processor time.
    pub total_cputime: u32,
}

/// Percentages of what an application may use for one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BusinessUsage {
    /// The percentages.
    pub usage: Usage,
    /// After how many minutes calls work again.
    pub regain_minutes: u32,
}
