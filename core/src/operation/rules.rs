//! The operations of `rules`.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::{
    CalendarEntry, Channel, ChannelAccount, Finding, MediaKind, TiktokCreator, TiktokOptions,
};
use crate::rules::{self, PostKind, RuleBook, TextCount, TiktokForm, validate};

/// What `validateEntry` judges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValidateEntryInput {
    /// The entry.
    pub entry: CalendarEntry,
    /// The account it goes to, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<ChannelAccount>,
    /// The book to judge by; the built-in one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RuleBook>,
}

/// An entry judged by the rules alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValidatedEntry {
    /// What kind of post it is.
    pub kind: PostKind,
    /// What the rules hold against it.
    pub findings: Vec<Finding>,
}

pub(super) fn validate_entry(input: ValidateEntryInput) -> Result<ValidatedEntry, Error> {
    let mut findings = Vec::new();
    let rules = checked(input.rules.as_ref())?;
    validate(rules, &input.entry, input.account.as_ref(), &mut findings);
    Ok(ValidatedEntry {
        kind: PostKind::of(&input.entry),
        findings,
    })
}

/// The book that was handed in, checked, or the built-in one.
fn checked(rules: Option<&RuleBook>) -> Result<&RuleBook, Error> {
    match rules {
        Some(rules) => rules.check().map(|()| rules).map_err(|e| e.under("rules")),
        None => Ok(RuleBook::builtin()),
    }
}

/// A text to be counted by `countText`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountTextInput {
    /// The text.
    pub text: String,
    /// The platform whose way of counting is meant.
    pub channel: Channel,
}

pub(super) fn count_text(input: CountTextInput) -> Result<TextCount, Error> {
    Ok(rules::count_text(&input.text, input.channel))
}

/// The entry whose caption `captionText` makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaptionTextInput {
    /// The entry.
    pub entry: CalendarEntry,
}

/// The caption of a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaptionText {
    /// The text, as it is sent to the platform.
    pub text: String,
    /// What the platform counts in it.
    pub count: TextCount,
}

pub(super) fn caption_text(input: CaptionTextInput) -> Result<CaptionText, Error> {
    let text = rules::caption_text(&input.entry);
    Ok(CaptionText {
        count: rules::count_text(&text, input.entry.piece.channel),
        text,
    })
}

/// Which rules `describeRules` tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DescribeRulesInput {
    /// Only those of this channel; all of them if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The book to judge by; the built-in one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RuleBook>,
}

pub(super) fn describe_rules(input: DescribeRulesInput) -> Result<RuleBook, Error> {
    let mut book = checked(input.rules.as_ref())?.clone();
    if let Some(channel) = input.channel {
        book.posts.retain(|post| post.kind.channel() == channel);
        book.caps.retain(|cap| cap.channel == channel);
    }
    Ok(book)
}

/// What `tiktokForm` makes TikTok's form from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TiktokFormInput {
    /// What was chosen so far.
    pub options: TiktokOptions,
    /// What TikTok says of the creator.
    pub creator: TiktokCreator,
    /// What is posted.
    pub media: MediaKind,
}

pub(super) fn tiktok_form(input: TiktokFormInput) -> Result<TiktokForm, Error> {
    Ok(rules::tiktok_form(
        &input.options,
        &input.creator,
        input.media,
    ))
}
