//! The files: how many, of which kind, and each one's measured facts; and the cover.

use super::Case;
use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{Cover, Finding, Media, MediaKind};
use crate::rules::limit::Reading;
use crate::rules::text::count_text;
use crate::rules::url::url_kind;
use crate::rules::{Limit, Subject};

use super::text::judge_length;

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    set(case, findings);
    for (index, media) in case.entry.media.iter().enumerate() {
        item(case, media, index, findings);
    }
    match &case.entry.cover {
        Some(Cover::Frame { offset_ms }) => frame(case, *offset_ms, findings),
        Some(Cover::Image { media }) => cover_image(case, media, findings),
        Some(Cover::Item { index }) => cover_item(case, *index, findings),
        None => {}
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

const fn kind_word(kind: MediaKind) -> &'static str {
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

/// A fact of a file, by its field.
#[derive(Clone, Copy)]
pub(super) enum Fact {
    MimeType,
    SizeBytes,
    Width,
    Height,
    DurationMs,
    FrameRate,
    BitRate,
    VideoCodec,
    AudioCodec,
    AudioSampleRate,
    AudioChannels,
    MoovFirst,
    EditList,
}

impl Fact {
    const ALL: [Self; 13] = [
        Self::MimeType,
        Self::SizeBytes,
        Self::Width,
        Self::Height,
        Self::DurationMs,
        Self::FrameRate,
        Self::BitRate,
        Self::VideoCodec,
        Self::AudioCodec,
        Self::AudioSampleRate,
        Self::AudioChannels,
        Self::MoovFirst,
        Self::EditList,
    ];

    const fn field(self) -> &'static str {
        match self {
            Self::MimeType => "mimeType",
            Self::SizeBytes => "sizeBytes",
            Self::Width => "width",
            Self::Height => "height",
            Self::DurationMs => "durationMs",
            Self::FrameRate => "frameRate",
            Self::BitRate => "bitRate",
            Self::VideoCodec => "videoCodec",
            Self::AudioCodec => "audioCodec",
            Self::AudioSampleRate => "audioSampleRate",
            Self::AudioChannels => "audioChannels",
            Self::MoovFirst => "moovFirst",
            Self::EditList => "editList",
        }
    }
}

/// The facts that some limit needed and nobody has measured, each once.
#[derive(Clone, Copy, Default)]
struct Unknown(u16);

impl Unknown {
    const fn add(&mut self, fact: Fact) {
        self.0 |= 1 << fact as u16;
    }

    fn facts(self) -> impl Iterator<Item = Fact> {
        Fact::ALL
            .into_iter()
            .filter(move |&fact| self.0 & (1 << fact as u16) != 0)
    }
}

enum Read<'a> {
    Known(Reading<'a>, Fact),
    Unknown(Fact),
    /// There is nothing to judge: a video without sound has no sample rate.
    Absent,
}

/// Reads what `subject` measures of `media`.
fn read(subject: Subject, media: &Media) -> Read<'_> {
    use Subject as S;

    let size = |side: Option<u32>, fact| match side {
        Some(pixels) if pixels > 0 => Ok(f64::from(pixels)),
        _ => Err(fact),
    };
    let width = || size(media.width, Fact::Width);
    let height = || size(media.height, Fact::Height);
    let number = |value: Option<f64>, fact| match value {
        Some(value) => Read::Known(Reading::Number(value), fact),
        None => Read::Unknown(fact),
    };
    let word = |value: Option<&'static str>, fact| match value {
        Some(value) => Read::Known(Reading::Word(value), fact),
        None => Read::Unknown(fact),
    };
    let pixels = |value: Result<f64, Fact>, fact| match value {
        Ok(value) => Read::Known(Reading::Number(value), fact),
        Err(fact) => Read::Unknown(fact),
    };
    let both = |join: fn(f64, f64) -> f64, fact| {
        pixels(width().and_then(|w| Ok(join(w, height()?))), fact)
    };
    let integer = |value: Option<i64>| positive(value).map(|value| value as f64);
    match subject {
        S::ImageFormat | S::VideoFormat => match &media.mime_type {
            Some(mime) => Read::Known(Reading::Word(media_type(mime)), Fact::MimeType),
            None => Read::Unknown(Fact::MimeType),
        },
        S::ImageBytes | S::VideoBytes => number(integer(media.size_bytes), Fact::SizeBytes),
        S::ImageWidth | S::VideoWidth => pixels(width(), Fact::Width),
        S::VideoHeight => pixels(height(), Fact::Height),
        S::ImageShortSide | S::VideoShortSide => both(f64::min, shorter(media)),
        S::ImageLongSide => both(f64::max, longer(media)),
        S::ImageRatio | S::VideoRatio => both(|w, h| w / h, Fact::Width),
        S::VideoDuration | S::VideoDurationAnyCreator => {
            let seconds = integer(media.duration_ms).map(|ms| ms / 1_000.0);
            number(seconds, Fact::DurationMs)
        }
        S::VideoCodec => match &media.video_codec {
            Some(codec) => Read::Known(Reading::Word(codec_name(codec)), Fact::VideoCodec),
            None => Read::Unknown(Fact::VideoCodec),
        },
        S::VideoFrameRate => {
            let rate = media
                .frame_rate
                .filter(|rate| rate.is_finite() && *rate > 0.0);
            number(rate, Fact::FrameRate)
        }
        S::VideoBitRate => number(integer(media.bit_rate), Fact::BitRate),
        S::VideoLayout => {
            let layout = |first| if first { "moov_first" } else { "moov_last" };
            word(media.moov_first.map(layout), Fact::MoovFirst)
        }
        S::VideoEdits => {
            let edits = |any| if any { "edit_list" } else { "none" };
            word(media.edit_list.map(edits), Fact::EditList)
        }
        S::AudioCodec => match &media.audio_codec {
            Some(codec) => Read::Known(Reading::Word(codec_name(codec)), Fact::AudioCodec),
            // Whoever looked at the video's codec would have seen a sound track.
            None => Read::Absent,
        },
        S::AudioSampleRate if media.audio_codec.is_some() => {
            let rate = media.audio_sample_rate.filter(|&rate| rate > 0);
            number(rate.map(f64::from), Fact::AudioSampleRate)
        }
        S::AudioChannels if media.audio_codec.is_some() => {
            let channels = media.audio_channels.filter(|&channels| channels > 0);
            number(channels.map(f64::from), Fact::AudioChannels)
        }
        _ => Read::Absent,
    }
}

fn positive(value: Option<i64>) -> Option<i64> {
    value.filter(|&value| value > 0)
}

/// The side that is the shorter one, as a place to point at.
fn shorter(media: &Media) -> Fact {
    if media.height < media.width {
        Fact::Height
    } else {
        Fact::Width
    }
}

fn longer(media: &Media) -> Fact {
    if media.height > media.width {
        Fact::Height
    } else {
        Fact::Width
    }
}

/// A MIME type without its parameters; `image/jpg` is what some tools call `image/jpeg`.
fn media_type(mime: &str) -> &str {
    let bare = mime.split(';').next().unwrap_or(mime).trim();
    if bare.eq_ignore_ascii_case("image/jpg") {
        "image/jpeg"
    } else {
        bare
    }
}

/// The common name of a codec that tools also call by its MP4 sample entry: `avc1.64001f` is `h264`.
fn codec_name(codec: &str) -> &str {
    const NAMES: [(&str, &str); 14] = [
        ("h264", "h264"),
        ("h.264", "h264"),
        ("avc", "h264"),
        ("hevc", "hevc"),
        ("h265", "hevc"),
        ("h.265", "hevc"),
        ("hvc1", "hevc"),
        ("hev1", "hevc"),
        ("vp8", "vp8"),
        ("vp08", "vp8"),
        ("vp9", "vp9"),
        ("vp09", "vp9"),
        ("aac", "aac"),
        ("mp4a.40", "aac"),
    ];
    let begins = |prefix: &str| {
        codec
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if codec.eq_ignore_ascii_case("mp4a") {
        return "aac";
    }
    NAMES
        .iter()
        .find(|(prefix, _)| begins(prefix))
        .map_or(codec, |(_, name)| name)
}
