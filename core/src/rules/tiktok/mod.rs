//! TikTok's rules as data.
//!
//! "MB" and "GB" aren't defined by TikTok: above the binary reading a file is refused, above the
//! decimal one there is a warning.

mod page;
mod parameter;

use self::page::{
    DIRECT_POST, GUIDELINES, HASHTAGS_SEEN, LONG_SIDE_SEEN, MEDIA_TRANSFER, PHOTO_POST,
    SHORT_SIDE_SEEN, UPLOAD,
};
use self::parameter::{draft_parameters, photo_parameters, video_parameters};
use super::book::{Cap, CapSubject, PostRules};
use super::limit::Page;
use super::{Limit, Parameter, PostKind, Subject};
use crate::error::{Allowed, Unit};
use crate::model::{Channel, Severity};

/// The five posting accounts of 24 hours hold for an app that TikTok hasn't audited.
pub(super) fn caps() -> Vec<Cap> {
    let cap = |subject, max, page: &Page| Cap {
        channel: Channel::Tiktok,
        subject,
        max,
        window_seconds: 86_400,
        severity: Severity::Blocking,
        source: page.source(),
    };
    vec![
        cap(CapSubject::Posts, 15, &GUIDELINES),
        cap(CapSubject::PendingDrafts, 5, &UPLOAD),
        cap(CapSubject::PostingAccounts, 5, &GUIDELINES),
    ]
}

pub(super) fn posts() -> Vec<PostRules> {
    use Subject::{CaptionLength, CoverOffset};

    let caption = |max: u32, page| {
        Limit::new(
            CaptionLength,
            Allowed::at_most(max, Unit::Utf16),
            Severity::Blocking,
            page,
        )
    };
    let hashtags = Limit::new(
        Subject::Hashtags,
        Allowed::at_most(5, Unit::Hashtags),
        Severity::Warning,
        &HASHTAGS_SEEN,
    );
    // TikTok takes the first frame where the offset is invalid: nothing is refused.
    let cover = Limit::new(
        CoverOffset,
        Allowed::at_least(0, Unit::Milliseconds),
        Severity::Warning,
        &DIRECT_POST,
    );
    // What may be posted directly depends on the creator; a draft is finished, and cut, in the app.
    let any_creator = Limit::new(
        Subject::VideoDurationAnyCreator,
        Allowed::at_most(180, Unit::Seconds),
        Severity::Warning,
        &MEDIA_TRANSFER,
    );
    vec![
        PostRules {
            kind: PostKind::TiktokVideo,
            scopes: vec!["video.publish".to_owned()],
            source: DIRECT_POST.source(),
            limits: [
                vec![caption(2_200, &DIRECT_POST), hashtags.clone()],
                video(),
                vec![any_creator, cover],
            ]
            .concat(),
            parameters: video_parameters(),
        },
        PostRules {
            kind: PostKind::TiktokPhotos,
            scopes: vec!["video.publish".to_owned()],
            source: PHOTO_POST.source(),
            limits: [
                vec![caption(4_000, &PHOTO_POST), title(), hashtags.clone()],
                photos(),
            ]
            .concat(),
            parameters: photo_parameters(),
        },
        PostRules {
            kind: PostKind::TiktokVideoDraft,
            scopes: vec!["video.upload".to_owned()],
            source: UPLOAD.source(),
            limits: video(),
            parameters: draft_parameters(
                &UPLOAD,
                &[
                    Parameter::Caption,
                    Parameter::CoverFrame,
                    Parameter::CoverItem,
                ],
            ),
        },
        PostRules {
            kind: PostKind::TiktokPhotosDraft,
            scopes: vec!["video.upload".to_owned()],
            source: PHOTO_POST.source(),
            limits: [
                vec![caption(4_000, &PHOTO_POST), title(), hashtags],
                photos(),
            ]
            .concat(),
            parameters: draft_parameters(&PHOTO_POST, &[Parameter::CoverFrame]),
        },
    ]
}

fn title() -> Limit {
    Limit::new(
        Subject::TitleLength,
        Allowed::at_most(90, Unit::Utf16),
        Severity::Blocking,
        &PHOTO_POST,
    )
}

fn video() -> Vec<Limit> {
    use Severity::{Blocking, Warning};
    use Subject as S;

    let side = || Allowed::between(360, 4_096, Unit::Pixels);
    let documented = |subject, allowed| Limit::new(subject, allowed, Blocking, &MEDIA_TRANSFER);
    vec![
        documented(S::Items, Allowed::between(1, 1, Unit::Items)),
        documented(S::MediaKind, Allowed::one_of(["video"])),
        // A video's bytes are sent by us wherever they can be read, so that the URL rarely matters.
        Limit::new(
            S::MediaUrl,
            Allowed::one_of(["https_domain"]),
            Warning,
            &MEDIA_TRANSFER,
        ),
        documented(
            S::VideoFormat,
            Allowed::one_of(["video/mp4", "video/quicktime", "video/webm"]),
        ),
        documented(
            S::VideoBytes,
            Allowed::at_most(4_294_967_296_f64, Unit::Bytes),
        ),
        Limit::new(
            S::VideoBytes,
            Allowed::at_most(4e9, Unit::Bytes),
            Warning,
            &MEDIA_TRANSFER,
        ),
        documented(S::VideoWidth, side()),
        documented(S::VideoHeight, side()),
        documented(S::VideoDuration, Allowed::at_most(600, Unit::Seconds)),
        documented(
            S::VideoCodec,
            Allowed::one_of(["h264", "hevc", "vp8", "vp9"]),
        ),
        documented(
            S::VideoFrameRate,
            Allowed::between(23, 60, Unit::FramesPerSecond),
        ),
    ]
}

fn photos() -> Vec<Limit> {
    use Severity::{Blocking, Warning};
    use Subject as S;

    let documented = |subject, allowed| Limit::new(subject, allowed, Blocking, &MEDIA_TRANSFER);
    vec![
        Limit::new(
            S::Items,
            Allowed::between(1, 35, Unit::Items),
            Blocking,
            &PHOTO_POST,
        ),
        Limit::new(
            S::MediaKind,
            Allowed::one_of(["image"]),
            Blocking,
            &PHOTO_POST,
        ),
        documented(S::MediaUrl, Allowed::one_of(["https_domain"])),
        documented(
            S::ImageFormat,
            Allowed::one_of(["image/jpeg", "image/webp"]),
        ),
        documented(S::ImageBytes, Allowed::at_most(20 * 1_048_576, Unit::Bytes)),
        Limit::new(
            S::ImageBytes,
            Allowed::at_most(20_000_000, Unit::Bytes),
            Warning,
            &MEDIA_TRANSFER,
        ),
        // TikTok says "1080p" and doesn't define it; what was seen to fail is the shorter side.
        Limit::new(
            S::ImageShortSide,
            Allowed::at_most(1_080, Unit::Pixels),
            Blocking,
            &SHORT_SIDE_SEEN,
        ),
        Limit::new(
            S::ImageLongSide,
            Allowed::at_most(1_920, Unit::Pixels),
            Warning,
            &LONG_SIDE_SEEN,
        ),
    ]
}
