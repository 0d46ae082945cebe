//! The operations of `rules`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::Error;
use crate::model::{
    CalendarEntry, Channel, ChannelAccount, Finding, MediaKind, TiktokCreator, TiktokOptions,
};
use crate::rules::{
    PostKind, RuleBook, TextCount, caption_text, count_text, tiktok_form, validate,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "validateEntry",
        run: |input| answer(input, validate_entry),
    },
    Operation {
        name: "countText",
        run: |input| {
            answer(input, |i: CountTextInput| {
                Ok(count_text(&i.text, i.channel))
            })
        },
    },
    Operation {
        name: "captionText",
        run: |input| answer(input, |i: CaptionTextInput| Ok(CaptionText::of(&i.entry))),
    },
    Operation {
        name: "describeRules",
        run: |input| answer(input, describe_rules),
    },
    Operation {
        name: "tiktokForm",
        run: |input| {
            answer(input, |i: TiktokFormInput| {
                Ok(tiktok_form(&i.options, &i.creator, i.media))
            })
        },
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ValidateEntryInput {
    entry: CalendarEntry,
    #[serde(default)]
    account: Option<ChannelAccount>,
    #[serde(default)]
    rules: Option<RuleBook>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryFindings {
    kind: PostKind,
    findings: Vec<Finding>,
}

fn validate_entry(input: ValidateEntryInput) -> Result<EntryFindings, Error> {
    let mut findings = Vec::new();
    let rules = checked(input.rules.as_ref())?;
    validate(rules, &input.entry, input.account.as_ref(), &mut findings);
    Ok(EntryFindings {
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CountTextInput {
    text: String,
    channel: Channel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CaptionTextInput {
    entry: CalendarEntry,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CaptionText {
    text: String,
    count: TextCount,
}

impl CaptionText {
    fn of(entry: &CalendarEntry) -> Self {
        let text = caption_text(entry);
        Self {
            count: count_text(&text, entry.piece.channel),
            text,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DescribeRulesInput {
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    rules: Option<RuleBook>,
}

fn describe_rules(input: DescribeRulesInput) -> Result<RuleBook, Error> {
    let mut book = checked(input.rules.as_ref())?.clone();
    if let Some(channel) = input.channel {
        book.posts.retain(|post| post.kind.channel() == channel);
        book.caps.retain(|cap| cap.channel == channel);
    }
    Ok(book)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TiktokFormInput {
    options: TiktokOptions,
    creator: TiktokCreator,
    media: MediaKind,
}
