//! The cover: a frame, a picture of its own, or one of the photos.

use super::Case;
use super::facts::{Read, Unknown, positive, read};
use super::media::kind_word;
use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{Cover, Finding, Media, MediaKind};
use crate::rules::Subject;
use crate::rules::limit::Reading;
use crate::rules::url::url_kind;

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    match &case.entry.cover {
        Some(Cover::Frame { offset_ms }) => frame(case, *offset_ms, findings),
        Some(Cover::Image { media }) => cover_image(case, media, findings),
        Some(Cover::Item { index }) => cover_item(case, *index, findings),
        None => {}
    }
}

/// A frame of the video lies between its start and its end.
fn frame(case: Case<'_>, offset_ms: i64, findings: &mut Vec<Finding>) {
    let mut videos = case
        .entry
        .media
        .iter()
        .filter(|media| media.kind == MediaKind::Video);
    let duration = videos.next().and_then(|video| positive(video.duration_ms));
    for limit in &case.post.limits {
        if limit.subject != Subject::CoverOffset {
            continue;
        }
        let before = findings.len();
        limit.judge(
            Reading::Number(offset_ms as f64),
            || "cover.offsetMs".to_owned(),
            findings,
        );
        let in_time = duration.is_none_or(|duration| offset_ms < duration);
        if findings.len() == before && !in_time {
            let last = duration.unwrap_or(1) - 1;
            findings.push(
                Finding::new(Code::CoverInvalid, limit.severity, "cover.offsetMs")
                    .measured(Measure::integer(offset_ms, Unit::Milliseconds))
                    .allowed(Allowed::between(0, last as f64, Unit::Milliseconds)),
            );
        }
    }
}

fn cover_image(case: Case<'_>, media: &Media, findings: &mut Vec<Finding>) {
    let mut unknown = Unknown::default();
    let mut judged = false;
    for limit in &case.post.limits {
        let subject = match limit.subject {
            Subject::CoverFormat => Subject::ImageFormat,
            Subject::CoverBytes => Subject::ImageBytes,
            Subject::CoverRatio => Subject::ImageRatio,
            _ => continue,
        };
        judged = true;
        match read(subject, media) {
            Read::Known(reading, fact) => {
                limit.judge(
                    reading,
                    || format!("cover.media.{}", fact.field()),
                    findings,
                );
            }
            Read::Unknown(fact) => unknown.add(fact),
            Read::Absent => {}
        }
    }
    if !judged {
        return; // there is no cover image here, which the choices say
    }
    if media.kind != MediaKind::Image {
        findings.push(
            Finding::blocking(Code::CoverInvalid, "cover.media.kind")
                .measured(Measure::text(kind_word(media.kind)))
                .allowed(Allowed::one_of([kind_word(MediaKind::Image)])),
        );
    }
    for limit in case
        .post
        .limits
        .iter()
        .filter(|limit| limit.subject == Subject::MediaUrl)
    {
        let kind = Reading::Word(url_kind(&media.url));
        limit.judge(kind, || "cover.media.url".to_owned(), findings);
    }
    for fact in unknown.facts() {
        let path = format!("cover.media.{}", fact.field());
        findings.push(Finding::warning(Code::MediaUnprobed, path));
    }
}

/// The photo that is the cover is one of the photos.
fn cover_item(case: Case<'_>, index: u32, findings: &mut Vec<Finding>) {
    let items = case.entry.media.len();
    if items > 0 && index as usize >= items {
        findings.push(
            Finding::blocking(Code::CoverInvalid, "cover.index")
                .measured(Measure::number(index, Unit::Plain))
                .allowed(Allowed::between(0, (items - 1) as f64, Unit::Plain)),
        );
    }
}
