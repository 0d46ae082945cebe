//! Each channel's limits. A placeholder with the two rules that readiness needs to stand on.

use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{CalendarEntry, Channel, ChannelAccount, Finding, TiktokMode};

/// The rules of every channel.
#[derive(Clone, Debug)]
pub struct RuleBook {}

/// How many posts a channel takes in a moving window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyCap {
    /// Posts allowed in the window.
    pub max: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
}

static BUILTIN: RuleBook = RuleBook {};

impl RuleBook {
    /// The rules as the platforms document them.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Posts per moving day.
    pub fn daily_cap(&self, channel: Channel) -> DailyCap {
        let max = match channel {
            Channel::Tiktok => 15,
            Channel::Instagram => 50,
        };
        DailyCap {
            max,
            window_seconds: 86_400,
        }
    }

    /// Scopes that publishing `entry` needs.
    pub fn required_scopes(
        &self,
        channel: Channel,
        entry: &CalendarEntry,
    ) -> &'static [&'static str] {
        let mode = entry.tiktok.as_ref().map(|options| options.mode);
        match (channel, mode) {
            (Channel::Tiktok, Some(TiktokMode::Inbox)) => &["video.upload"],
            (Channel::Tiktok, _) => &["video.publish"],
            (Channel::Instagram, _) => &["instagram_business_content_publish"],
        }
    }
}

/// Holds `entry` against the rules and pushes what it finds.
pub fn validate(
    _rules: &RuleBook,
    entry: &CalendarEntry,
    _account: Option<&ChannelAccount>,
    findings: &mut Vec<Finding>,
) {
    if entry.media.is_empty() {
        findings.push(Finding::blocking(Code::MediaMissing, "media"));
    }
    let length = entry.piece.copy.encode_utf16().count();
    if length > 2_200 {
        findings.push(
            Finding::blocking(Code::CaptionTooLong, "piece.copy")
                .measured(Measure::count(length, Unit::Utf16))
                .allowed(Allowed::at_most(2_200, Unit::Utf16)),
        );
    }
}
