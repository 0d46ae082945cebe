//! What is known of a file, as limits read it.

use crate::model::Media;
use crate::rules::Subject;
use crate::rules::limit::Reading;

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

    pub(super) const fn field(self) -> &'static str {
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
pub(super) struct Unknown(u16);

impl Unknown {
    pub(super) const fn add(&mut self, fact: Fact) {
        self.0 |= 1 << fact as u16;
    }

    pub(super) fn facts(self) -> impl Iterator<Item = Fact> {
        Fact::ALL
            .into_iter()
            .filter(move |&fact| self.0 & (1 << fact as u16) != 0)
    }
}

/// What came of reading a fact.
pub(super) enum Read<'a> {
    Known(Reading<'a>, Fact),
    Unknown(Fact),
    /// There is nothing to judge: a video without sound has no sample rate.
    Absent,
}

/// Reads what `subject` measures of `media`.
pub(super) fn read(subject: Subject, media: &Media) -> Read<'_> {
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

pub(super) fn positive(value: Option<i64>) -> Option<i64> {
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
    if matches!(mime, "image/jpeg" | "video/mp4") {
        return mime;
    }
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
    if matches!(codec, "h264" | "hevc" | "vp8" | "vp9" | "aac") {
        return codec;
    }
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
