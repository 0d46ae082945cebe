//! Caption, title and hashtags.

use super::Case;
use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{Channel, Finding};
use crate::rules::caption::{bare_tag, count_caption, is_plain};
use crate::rules::limit::Reading;
use crate::rules::text::{TextCount, count_text, is_word};
use crate::rules::{Limit, Subject};

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    let piece = &case.entry.piece;
    let mut caption = None;
    let mut count = || *caption.get_or_insert_with(|| count_caption(piece));
    for limit in &case.post.limits {
        match limit.subject {
            Subject::CaptionLength => judge_length(limit, count(), "piece.copy", findings),
            Subject::TitleLength => {
                let title = count_text(&piece.title, piece.channel);
                judge_length(limit, title, "piece.title", findings);
            }
            Subject::Hashtags => judge(limit, count().hashtags, "piece.hashtags", findings),
            Subject::Mentions => judge(limit, count().mentions, "piece.copy", findings),
            _ => {}
        }
    }
    let sent = caption.is_some();
    if sent {
        hashtags(case, findings);
    }
}

/// Finds hashtags that the platform will end before their end.
fn hashtags(case: Case<'_>, findings: &mut Vec<Finding>) {
    let (goes_on, pattern): (fn(char) -> bool, _) = match case.entry.piece.channel {
        Channel::Tiktok => (|c| !c.is_whitespace(), "no spaces or line ends"),
        Channel::Instagram => (is_word, "letters, digits and underscores"),
    };
    for (index, tag) in case.entry.piece.hashtags.iter().enumerate() {
        if is_plain(tag) {
            continue;
        }
        let bare = bare_tag(tag);
        if bare.is_empty() || !bare.chars().all(goes_on) {
            findings.push(
                Finding::warning(Code::HashtagInvalid, format!("piece.hashtags[{index}]"))
                    .measured(Measure::text(tag))
                    .allowed(Allowed::pattern(pattern)),
            );
        }
    }
}

/// Judges a length in the limit's own unit.
pub(super) fn judge_length(
    limit: &Limit,
    count: TextCount,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    let unit: Unit = limit.unit();
    if let Some(length) = count.length(unit) {
        judge(limit, length, path, findings);
    }
}

fn judge(limit: &Limit, value: u32, path: &str, findings: &mut Vec<Finding>) {
    limit.judge(Reading::Number(value.into()), || path.to_owned(), findings);
}
