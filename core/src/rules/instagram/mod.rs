//! Instagram's rules as data.
//!
//! Meta writes "MB" and its error texts speak of MiB: above the binary reading a file is refused,
//! above the decimal one there is a warning. How Meta counts characters isn't documented: above
//! the limit in code points a text is refused, above it in UTF-16 units there is a warning.

mod page;
mod parameter;

use self::page::{
    ERROR_CODES, FIVE_HASHTAGS, GUIDE, ITEM_VIDEOS, MEDIA, NAMES, OLDER_CAP, PUBLISHING_LIMIT,
    SHORT_SIDE_SEEN, VENDOR,
};
use self::parameter::{carousel_parameters, image_parameters, reel_parameters};
use super::book::{Cap, CapSubject, PostRules};
use super::limit::Page;
use super::{Limit, PostKind, Subject};
use crate::error::{Allowed, Unit};
use crate::model::{Channel, Severity};
use Severity::{Blocking, Notice, Warning};

/// Meta's pages disagree on the posts of 24 hours: the references say 50, the guide says 100, older
/// pages say 25. 50 is planned with until an account's own quota has been read.
pub(super) fn caps() -> Vec<Cap> {
    let cap = |subject, max, severity, page: &Page| Cap {
        channel: Channel::Instagram,
        subject,
        max,
        window_seconds: 86_400,
        severity,
        source: page.source(),
    };
    vec![
        cap(CapSubject::Posts, 50, Blocking, &PUBLISHING_LIMIT),
        cap(CapSubject::Posts, 25, Warning, &OLDER_CAP),
        cap(CapSubject::Posts, 100, Notice, &GUIDE),
        cap(CapSubject::Containers, 400, Blocking, &MEDIA),
    ]
}

pub(super) fn posts() -> Vec<PostRules> {
    let post = |kind, limits: [Vec<Limit>; 5], parameters| PostRules {
        kind,
        scopes: vec![
            "instagram_business_basic".to_owned(),
            "instagram_business_content_publish".to_owned(),
        ],
        source: GUIDE.source(),
        limits: limits.concat(),
        parameters,
    };
    vec![
        post(
            PostKind::InstagramImage,
            [
                text(),
                files(1, 1, &["image"], &MEDIA),
                image(),
                people(),
                vec![],
            ],
            image_parameters(),
        ),
        post(
            PostKind::InstagramReel,
            [
                text(),
                files(1, 1, &["video"], &MEDIA),
                reel(),
                people(),
                cover(),
            ],
            reel_parameters(),
        ),
        post(
            PostKind::InstagramCarousel,
            [
                text(),
                files(2, 10, &["image", "video"], &ERROR_CODES),
                [image(), item_video()].concat(),
                people(),
                vec![],
            ],
            carousel_parameters(),
        ),
    ]
}

fn text() -> Vec<Limit> {
    use Subject as S;
    vec![
        Limit::new(
            S::CaptionLength,
            Allowed::at_most(2_200, Unit::CodePoints),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::CaptionLength,
            Allowed::at_most(2_200, Unit::Utf16),
            Warning,
            &MEDIA,
        ),
        Limit::new(
            S::Hashtags,
            Allowed::at_most(30, Unit::Hashtags),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::Hashtags,
            Allowed::at_most(5, Unit::Hashtags),
            Warning,
            &FIVE_HASHTAGS,
        ),
        Limit::new(
            S::Mentions,
            Allowed::at_most(20, Unit::Mentions),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::Mentions,
            Allowed::at_most(3, Unit::Mentions),
            Warning,
            &VENDOR,
        ),
    ]
}

fn files(min: u32, max: u32, kinds: &[&str], page: &Page) -> Vec<Limit> {
    let kinds = Allowed::one_of(kinds.iter().copied());
    vec![
        Limit::new(
            Subject::Items,
            Allowed::between(min, max, Unit::Items),
            Blocking,
            page,
        ),
        Limit::new(Subject::MediaKind, kinds, Blocking, &MEDIA),
        Limit::new(
            Subject::MediaUrl,
            Allowed::one_of(["https_domain", "https_address"]),
            Blocking,
            &MEDIA,
        ),
    ]
}

fn image() -> Vec<Limit> {
    use Subject as S;
    vec![
        Limit::new(
            S::ImageFormat,
            Allowed::one_of(["image/jpeg"]),
            Blocking,
            &GUIDE,
        ),
        Limit::new(
            S::ImageBytes,
            Allowed::at_most(8 * 1_048_576, Unit::Bytes),
            Blocking,
            &ERROR_CODES,
        ),
        Limit::new(
            S::ImageBytes,
            Allowed::at_most(8_000_000, Unit::Bytes),
            Warning,
            &MEDIA,
        ),
        // Below, an image is scaled up and looks it; above, it is scaled down.
        Limit::new(
            S::ImageWidth,
            Allowed::at_least(320, Unit::Pixels),
            Warning,
            &MEDIA,
        ),
        Limit::new(
            S::ImageWidth,
            Allowed::at_most(1_440, Unit::Pixels),
            Notice,
            &MEDIA,
        ),
        Limit::new(
            S::ImageRatio,
            Allowed::between(0.8, 1.91, Unit::Ratio),
            Blocking,
            &ERROR_CODES,
        ),
        Limit::new(
            S::AltTextLength,
            Allowed::at_most(1_000, Unit::CodePoints),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::AltTextLength,
            Allowed::at_most(1_000, Unit::Utf16),
            Warning,
            &MEDIA,
        ),
    ]
}

fn reel() -> Vec<Limit> {
    use Subject as S;
    let documented = |subject, allowed| Limit::new(subject, allowed, Blocking, &MEDIA);
    vec![
        documented(
            S::VideoFormat,
            Allowed::one_of(["video/mp4", "video/quicktime"]),
        ),
        documented(
            S::VideoBytes,
            Allowed::at_most(300 * 1_048_576, Unit::Bytes),
        ),
        Limit::new(
            S::VideoBytes,
            Allowed::at_most(300_000_000, Unit::Bytes),
            Warning,
            &MEDIA,
        ),
        documented(S::VideoWidth, Allowed::at_most(1_920, Unit::Pixels)),
        Limit::new(
            S::VideoShortSide,
            Allowed::at_least(640, Unit::Pixels),
            Warning,
            &SHORT_SIDE_SEEN,
        ),
        documented(S::VideoRatio, Allowed::between(0.01, 10, Unit::Ratio)),
        Limit::new(S::VideoRatio, nine_to_sixteen(), Notice, &MEDIA),
        documented(S::VideoDuration, Allowed::between(3, 900, Unit::Seconds)),
        documented(S::VideoCodec, Allowed::one_of(["h264", "hevc"])),
        documented(
            S::VideoFrameRate,
            Allowed::between(23, 60, Unit::FramesPerSecond),
        ),
        documented(
            S::VideoBitRate,
            Allowed::at_most(25_000_000, Unit::BitsPerSecond),
        ),
        documented(S::VideoLayout, Allowed::one_of(["moov_first"])),
        documented(S::VideoEdits, Allowed::one_of(["none"])),
        documented(S::AudioCodec, Allowed::one_of(["aac"])),
        documented(S::AudioSampleRate, Allowed::at_most(48_000, Unit::Hertz)),
        documented(
            S::AudioChannels,
            Allowed::between(1, 2, Unit::AudioChannels),
        ),
    ]
}

/// 9:16, give or take a row of pixels.
fn nine_to_sixteen() -> Allowed {
    Allowed::between(0.56, 0.565, Unit::Ratio)
}

fn item_video() -> Vec<Limit> {
    let minute = Limit::new(
        Subject::VideoDuration,
        Allowed::at_most(60, Unit::Seconds),
        Warning,
        &ITEM_VIDEOS,
    );
    let mut limits = reel();
    // A carousel's items are cropped to the first one's shape, whatever it is.
    limits.retain(|limit| (limit.subject, limit.severity) != (Subject::VideoRatio, Notice));
    limits.push(minute);
    limits
}

fn people() -> Vec<Limit> {
    use Subject as S;
    vec![
        Limit::new(
            S::UserTags,
            Allowed::at_most(20, Unit::Accounts),
            Blocking,
            &ERROR_CODES,
        ),
        Limit::new(
            S::UserTagPosition,
            Allowed::between(0, 1, Unit::Ratio),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::UserNameLength,
            Allowed::between(1, 30, Unit::CodePoints),
            Blocking,
            &NAMES,
        ),
        Limit::new(
            S::Collaborators,
            Allowed::at_most(3, Unit::Accounts),
            Blocking,
            &MEDIA,
        ),
    ]
}

fn cover() -> Vec<Limit> {
    use Subject as S;
    vec![
        Limit::new(
            S::CoverOffset,
            Allowed::at_least(0, Unit::Milliseconds),
            Blocking,
            &ERROR_CODES,
        ),
        Limit::new(
            S::CoverFormat,
            Allowed::one_of(["image/jpeg"]),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::CoverBytes,
            Allowed::at_most(8 * 1_048_576, Unit::Bytes),
            Blocking,
            &MEDIA,
        ),
        Limit::new(
            S::CoverBytes,
            Allowed::at_most(8_000_000, Unit::Bytes),
            Warning,
            &MEDIA,
        ),
        // Of any other shape the middle is shown.
        Limit::new(S::CoverRatio, nine_to_sixteen(), Notice, &MEDIA),
    ]
}
