//! Choices that must be made for a kind of post, or can't be made for it.

use super::Case;
use crate::error::Code;
use crate::model::{CalendarEntry, Channel, Cover, Finding, Media, MediaKind};
use crate::rules::{Parameter, Support};

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    for rule in &case.post.parameters {
        if rule.support != Support::Optional {
            judge(case.entry, rule.parameter, rule.support, findings);
        }
    }
}

fn judge(
    entry: &CalendarEntry,
    parameter: Parameter,
    support: Support,
    findings: &mut Vec<Finding>,
) {
    use Parameter as P;

    match parameter {
        P::ImageAltText => alt_texts(entry, MediaKind::Image, support, findings),
        P::VideoAltText => alt_texts(entry, MediaKind::Video, support, findings),
        P::ImageUserTags => user_tags(entry, MediaKind::Image, support, findings),
        P::VideoUserTags => user_tags(entry, MediaKind::Video, support, findings),
        P::ImageTagPosition => positions(entry, MediaKind::Image, support, findings),
        P::VideoTagPosition => positions(entry, MediaKind::Video, support, findings),
        _ => {
            let (made, path) = choice(entry, parameter);
            if let Some(code) = code(parameter, support, made) {
                push(code, support, path.to_owned(), findings);
            }
        }
    }
}

fn alt_texts(
    entry: &CalendarEntry,
    kind: MediaKind,
    support: Support,
    findings: &mut Vec<Finding>,
) {
    for (index, media) in of_kind(entry, kind) {
        let made = media.alt_text.as_ref().is_some_and(|text| !text.is_empty());
        let code = match support {
            Support::Required if !made => Code::FieldMissing,
            Support::Ignored | Support::Unsupported if made => Code::AltTextUnsupported,
            _ => continue,
        };
        push(code, support, format!("media[{index}].altText"), findings);
    }
}

fn user_tags(
    entry: &CalendarEntry,
    kind: MediaKind,
    support: Support,
    findings: &mut Vec<Finding>,
) {
    for (index, media) in of_kind(entry, kind) {
        if let Some(code) = code(
            Parameter::ImageUserTags,
            support,
            !media.user_tags.is_empty(),
        ) {
            push(code, support, format!("media[{index}].userTags"), findings);
        }
    }
}

fn positions(
    entry: &CalendarEntry,
    kind: MediaKind,
    support: Support,
    findings: &mut Vec<Finding>,
) {
    for (index, media) in of_kind(entry, kind) {
        for (number, tag) in media.user_tags.iter().enumerate() {
            for (made, field) in [(tag.x.is_some(), "x"), (tag.y.is_some(), "y")] {
                if let Some(code) = code(Parameter::ImageTagPosition, support, made) {
                    let path = format!("media[{index}].userTags[{number}].{field}");
                    push(code, support, path, findings);
                }
            }
        }
    }
}

fn of_kind(entry: &CalendarEntry, kind: MediaKind) -> impl Iterator<Item = (usize, &Media)> {
    entry
        .media
        .iter()
        .enumerate()
        .filter(move |(_, media)| media.kind == kind)
}

/// The code of a finding, where a choice that is `made` or not doesn't fit its support.
const fn code(parameter: Parameter, support: Support, made: bool) -> Option<Code> {
    match (support, made) {
        (Support::Required, false) => Some(match parameter {
            Parameter::Privacy => Code::PrivacyMissing,
            Parameter::Consent => Code::ConsentMissing,
            Parameter::ImageTagPosition => Code::UserTagInvalid,
            _ => Code::FieldMissing,
        }),
        (Support::Ignored, true) => Some(Code::OptionIgnored),
        (Support::Unsupported, true) => Some(Code::OptionUnsupported),
        _ => None,
    }
}

fn push(code: Code, support: Support, path: String, findings: &mut Vec<Finding>) {
    findings.push(match support {
        Support::Ignored => Finding::warning(code, path),
        _ => Finding::blocking(code, path),
    });
}

/// Whether a choice that belongs to the whole entry was made, and where it stands.
fn choice(entry: &CalendarEntry, parameter: Parameter) -> (bool, &'static str) {
    use Parameter as P;

    let cover = entry.cover.as_ref();
    let tiktok = entry.tiktok.as_ref();
    let instagram = entry.instagram.as_ref();
    match parameter {
        P::Caption => (
            !(entry.piece.copy.is_empty() && entry.piece.hashtags.is_empty()),
            "piece.copy",
        ),
        P::CoverFrame => (matches!(cover, Some(Cover::Frame { .. })), "cover"),
        P::CoverImage => (matches!(cover, Some(Cover::Image { .. })), "cover"),
        P::CoverItem => (matches!(cover, Some(Cover::Item { .. })), "cover"),
        P::AiLabel => match entry.piece.channel {
            Channel::Tiktok => (tiktok.is_some_and(|o| o.ai_generated), "tiktok.aiGenerated"),
            Channel::Instagram => (
                instagram.is_some_and(|o| o.ai_generated),
                "instagram.aiGenerated",
            ),
        },
        P::Collaborators => (
            instagram.is_some_and(|o| !o.collaborators.is_empty()),
            "instagram.collaborators",
        ),
        P::Location => (
            instagram.is_some_and(|o| o.location_id.is_some()),
            "instagram.locationId",
        ),
        P::ShareToFeed => (
            instagram.is_some_and(|o| o.share_to_feed.is_some()),
            "instagram.shareToFeed",
        ),
        P::AudioName => (
            instagram.is_some_and(|o| o.audio_name.is_some()),
            "instagram.audioName",
        ),
        P::Trial => (
            instagram.is_some_and(|o| o.trial.is_some()),
            "instagram.trial",
        ),
        P::Privacy => (
            tiktok.is_some_and(|o| o.privacy.is_some()),
            "tiktok.privacy",
        ),
        P::Comment => (
            tiktok.is_some_and(|o| o.allow_comment),
            "tiktok.allowComment",
        ),
        P::Duet => (tiktok.is_some_and(|o| o.allow_duet), "tiktok.allowDuet"),
        P::Stitch => (tiktok.is_some_and(|o| o.allow_stitch), "tiktok.allowStitch"),
        P::Disclosure => (
            tiktok.is_some_and(|o| o.disclose_commercial),
            "tiktok.discloseCommercial",
        ),
        P::AutoAddMusic => (
            tiktok.is_some_and(|o| o.auto_add_music),
            "tiktok.autoAddMusic",
        ),
        P::Consent => (
            tiktok.is_some_and(|o| o.consent.is_some()),
            "tiktok.consent",
        ),
        P::ImageAltText
        | P::VideoAltText
        | P::ImageUserTags
        | P::VideoUserTags
        | P::ImageTagPosition
        | P::VideoTagPosition => (false, "media"),
    }
}
