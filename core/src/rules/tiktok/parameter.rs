//! What becomes of each choice on TikTok.

use super::page::{DIRECT_POST, GUIDELINES, PHOTO_POST};
use crate::rules::limit::Page;
use crate::rules::{Parameter, ParameterRule, Support};

fn rule(parameter: Parameter, support: Support, page: &Page) -> ParameterRule {
    ParameterRule {
        parameter,
        support,
        source: page.source(),
    }
}

/// What no TikTok post has a field for.
fn nowhere(page: &Page) -> Vec<ParameterRule> {
    use Parameter as P;
    [
        P::ImageAltText,
        P::VideoAltText,
        P::ImageUserTags,
        P::VideoUserTags,
        P::CoverImage,
    ]
    .map(|parameter| rule(parameter, Support::Ignored, page))
    .to_vec()
}

pub(super) fn video_parameters() -> Vec<ParameterRule> {
    use Parameter as P;
    use Support::{Ignored, Optional, Required};

    let mut rules = vec![
        rule(P::Caption, Optional, &DIRECT_POST),
        rule(P::Privacy, Required, &DIRECT_POST),
        rule(P::Consent, Required, &GUIDELINES),
        rule(P::Comment, Optional, &DIRECT_POST),
        rule(P::Duet, Optional, &DIRECT_POST),
        rule(P::Stitch, Optional, &DIRECT_POST),
        rule(P::Disclosure, Optional, &DIRECT_POST),
        rule(P::AiLabel, Optional, &DIRECT_POST),
        rule(P::AutoAddMusic, Ignored, &PHOTO_POST),
        rule(P::CoverFrame, Optional, &DIRECT_POST),
        rule(P::CoverItem, Ignored, &DIRECT_POST),
    ];
    rules.extend(nowhere(&DIRECT_POST));
    rules
}

pub(super) fn photo_parameters() -> Vec<ParameterRule> {
    use Parameter as P;
    use Support::{Ignored, Optional, Required};

    let mut rules = vec![
        rule(P::Caption, Optional, &PHOTO_POST),
        rule(P::Privacy, Required, &PHOTO_POST),
        rule(P::Consent, Required, &GUIDELINES),
        rule(P::Comment, Optional, &PHOTO_POST),
        rule(P::Duet, Ignored, &GUIDELINES),
        rule(P::Stitch, Ignored, &GUIDELINES),
        rule(P::Disclosure, Optional, &PHOTO_POST),
        rule(P::AiLabel, Optional, &PHOTO_POST),
        rule(P::AutoAddMusic, Optional, &PHOTO_POST),
        rule(P::CoverFrame, Ignored, &PHOTO_POST),
        rule(P::CoverItem, Optional, &PHOTO_POST),
    ];
    rules.extend(nowhere(&PHOTO_POST));
    rules
}

/// In a draft everything but the media, and for photos the texts, is chosen in TikTok's app.
pub(super) fn draft_parameters(page: &Page, more: &[Parameter]) -> Vec<ParameterRule> {
    use Parameter as P;
    let dropped = [
        P::Privacy,
        P::Comment,
        P::Duet,
        P::Stitch,
        P::Disclosure,
        P::AiLabel,
        P::AutoAddMusic,
    ];
    let mut rules: Vec<_> = dropped
        .iter()
        .chain(more)
        .map(|&parameter| rule(parameter, Support::Ignored, page))
        .collect();
    rules.extend(nowhere(page));
    rules
}
