//! Accounts that are tagged or invited on Instagram.

use super::Case;
use crate::error::{Allowed, Code, Measure};
use crate::model::{Channel, Finding, Media, MediaKind, UserTag};
use crate::rules::limit::Reading;
use crate::rules::text::is_user_name;
use crate::rules::{Limit, Subject};

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    if case.post.kind.channel() != Channel::Instagram {
        return;
    }
    for (index, media) in case.entry.media.iter().enumerate() {
        if !media.user_tags.is_empty() {
            tags(case, media, index, findings);
        }
    }
    let Some(options) = &case.entry.instagram else {
        return;
    };
    for limit in limits(case, Subject::Collaborators) {
        let count = Reading::Number(options.collaborators.len() as f64);
        limit.judge(count, || "instagram.collaborators".to_owned(), findings);
    }
    for (index, name) in options.collaborators.iter().enumerate() {
        user_name(
            case,
            name,
            || format!("instagram.collaborators[{index}]"),
            findings,
        );
    }
    if let Some(id) = &options.location_id
        && (id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()))
    {
        findings.push(
            Finding::blocking(Code::FieldValueInvalid, "instagram.locationId")
                .measured(Measure::text(id))
                .allowed(Allowed::pattern("digits: the id of a Facebook Page")),
        );
    }
}

fn tags(case: Case<'_>, media: &Media, index: usize, findings: &mut Vec<Finding>) {
    for limit in limits(case, Subject::UserTags) {
        let count = Reading::Number(media.user_tags.len() as f64);
        limit.judge(count, || format!("media[{index}].userTags"), findings);
    }
    for (number, tag) in media.user_tags.iter().enumerate() {
        let place = || format!("media[{index}].userTags[{number}]");
        user_name(case, &tag.username, || place() + ".username", findings);
        if media.kind == MediaKind::Image {
            position(case, tag, place, findings);
        }
    }
}

/// A tag's position, where it has one, lies on the image.
fn position(
    case: Case<'_>,
    tag: &UserTag,
    place: impl Fn() -> String,
    findings: &mut Vec<Finding>,
) {
    for limit in limits(case, Subject::UserTagPosition) {
        for (distance, field) in [(tag.x, ".x"), (tag.y, ".y")] {
            if let Some(distance) = distance {
                limit.judge(Reading::Number(distance), || place() + field, findings);
            }
        }
    }
}

fn user_name(case: Case<'_>, name: &str, path: impl Fn() -> String, findings: &mut Vec<Finding>) {
    for limit in limits(case, Subject::UserNameLength) {
        let length = Reading::Number(name.chars().count() as f64);
        limit.judge(length, &path, findings);
    }
    if !name.chars().all(is_user_name) {
        findings.push(
            Finding::blocking(Code::UserTagInvalid, path())
                .measured(Measure::text(name))
                .allowed(Allowed::pattern(
                    "letters, digits, dots and underscores, without @",
                )),
        );
    }
}

fn limits(case: Case<'_>, subject: Subject) -> impl Iterator<Item = &Limit> {
    case.post
        .limits
        .iter()
        .filter(move |limit| limit.subject == subject)
}
