//! What becomes of each choice on Instagram.

use super::page::{CHANGELOG, GUIDE, MEDIA};
use crate::rules::{Parameter, ParameterRule, Support};

fn rules(rows: &[(Parameter, Support)]) -> Vec<ParameterRule> {
    rows.iter()
        .map(|&(parameter, support)| ParameterRule {
            parameter,
            support,
            source: match parameter {
                Parameter::AiLabel => CHANGELOG.source(),
                Parameter::Trial => GUIDE.source(),
                _ => MEDIA.source(),
            },
        })
        .collect()
}

pub(super) fn image_parameters() -> Vec<ParameterRule> {
    use Parameter as P;
    use Support::{Ignored, Optional, Required, Unsupported};
    rules(&[
        (P::Caption, Optional),
        (P::ImageAltText, Optional),
        (P::ImageUserTags, Optional),
        (P::ImageTagPosition, Required),
        (P::Collaborators, Optional),
        (P::Location, Optional),
        (P::AiLabel, Optional),
        (P::ShareToFeed, Ignored),
        (P::AudioName, Ignored),
        (P::Trial, Unsupported),
        (P::CoverFrame, Ignored),
        (P::CoverImage, Ignored),
        (P::CoverItem, Ignored),
    ])
}

pub(super) fn reel_parameters() -> Vec<ParameterRule> {
    use Parameter as P;
    use Support::{Ignored, Optional};
    rules(&[
        (P::Caption, Optional),
        (P::VideoAltText, Ignored),
        (P::VideoUserTags, Optional),
        (P::VideoTagPosition, Ignored),
        (P::Collaborators, Optional),
        (P::Location, Optional),
        (P::AiLabel, Optional),
        (P::ShareToFeed, Optional),
        (P::AudioName, Optional),
        (P::Trial, Optional),
        (P::CoverFrame, Optional),
        (P::CoverImage, Optional),
        (P::CoverItem, Ignored),
    ])
}

/// Of a carousel the parent takes the caption, the people and the place; its items take tags and
/// alternative texts, images only.
pub(super) fn carousel_parameters() -> Vec<ParameterRule> {
    use Parameter as P;
    use Support::{Ignored, Optional, Required, Unsupported};
    rules(&[
        (P::Caption, Optional),
        (P::ImageAltText, Optional),
        (P::VideoAltText, Ignored),
        (P::ImageUserTags, Optional),
        (P::ImageTagPosition, Required),
        (P::VideoUserTags, Ignored),
        (P::Collaborators, Optional),
        (P::Location, Optional),
        (P::AiLabel, Optional),
        (P::ShareToFeed, Ignored),
        (P::AudioName, Ignored),
        (P::Trial, Unsupported),
        (P::CoverFrame, Ignored),
        (P::CoverImage, Ignored),
        (P::CoverItem, Ignored),
    ])
}
