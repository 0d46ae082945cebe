//! The files: how many, of which kind, and each one's measured facts.

use super::Case;
use super::facts::{Read, Unknown, read};
use super::text::judge_length;
use crate::error::{Allowed, Code};
use crate::model::{Finding, Media, MediaKind};
use crate::rules::limit::Reading;
use crate::rules::text::count_text;
use crate::rules::url::url_kind;
use crate::rules::{Limit, Subject};

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    set(case, findings);
    for (index, media) in case.entry.media.iter().enumerate() {
        item(case, media, index, findings);
    }
}

/// What is judged of the files together: their number and whether their kinds go together.
fn set(case: Case<'_>, findings: &mut Vec<Finding>) {
    let media = &case.entry.media;
    let mixed = media
        .first()
        .is_some_and(|first| media.iter().any(|other| other.kind != first.kind));
    for limit in &case.post.limits {
        match limit.subject {
            Subject::Items => {
                let items = Reading::Number(media.len() as f64);
                limit.judge(items, || "media".to_owned(), findings);
            }
            Subject::MediaKind if mixed && admits_both(limit) => {}
            Subject::MediaKind if mixed => findings.push(
                Finding::new(Code::MediaMixed, limit.severity, "media")
                    .allowed(limit.allowed.clone()),
            ),
            Subject::MediaKind => {
                for (index, media) in media.iter().enumerate() {
                    let kind = Reading::Word(kind_word(media.kind));
                    limit.judge(kind, || format!("media[{index}].kind"), findings);
                }
            }
            _ => {}
        }
    }
}

fn admits_both(limit: &Limit) -> bool {
    match &limit.allowed {
        Allowed::OneOf { values } => [MediaKind::Image, MediaKind::Video]
            .map(kind_word)
            .iter()
            .all(|kind| values.iter().any(|value| value == kind)),
        _ => true,
    }
}

pub(super) const fn kind_word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
    }
}

/// What is judged of one file.
fn item(case: Case<'_>, media: &Media, index: usize, findings: &mut Vec<Finding>) {
    let mut unknown = Unknown::default();
    for limit in &case.post.limits {
        match limit.subject {
            Subject::MediaUrl => limit.judge(
                Reading::Word(url_kind(&media.url)),
                || format!("media[{index}].url"),
                findings,
            ),
            Subject::AltTextLength if media.kind == MediaKind::Image => {
                if let Some(alt) = &media.alt_text {
                    let count = count_text(alt, case.post.kind.channel());
                    let before = findings.len();
                    judge_length(limit, count, "", findings);
                    for finding in findings.iter_mut().skip(before) {
                        finding.path = format!("media[{index}].altText");
                    }
                }
            }
            Subject::VideoDurationAnyCreator
                if case.creator.is_some_and(|c| c.max_video_seconds.is_some()) => {}
            subject if subject.file() == Some(media.kind) => match read(subject, media) {
                Read::Known(reading, fact) => {
                    let path = || format!("media[{index}].{}", fact.field());
                    limit.judge(reading, path, findings);
                }
                Read::Unknown(fact) => unknown.add(fact),
                Read::Absent => {}
            },
            _ => {}
        }
    }
    for fact in unknown.facts() {
        let path = format!("media[{index}].{}", fact.field());
        findings.push(Finding::warning(Code::MediaUnprobed, path));
    }
}
