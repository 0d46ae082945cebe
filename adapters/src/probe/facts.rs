//! What was measured of a file.

use calendar_publish::model::{Media, MediaKind};

/// What a file is, measured from its bytes. A fact that couldn't be read is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MediaFacts {
    /// Image or video; `None` for what is neither, a sound file or a document.
    pub kind: Option<MediaKind>,
    /// The MIME type of the bytes: `image/jpeg`, `video/mp4`…
    pub mime_type: String,
    /// Size in bytes.
    pub size_bytes: Option<u64>,
    /// Width in pixels as shown: rotated, and with a video's pixels made square.
    pub width: Option<u32>,
    /// Height in pixels as shown.
    pub height: Option<u32>,
    /// By how many degrees clockwise the stored picture is turned to be shown: 0, 90, 180 or 270. It is
    /// applied to `width` and `height` already. Mirroring isn't kept.
    pub rotation: u32,
    /// Duration of a video in milliseconds, edits applied: its longest track's.
    pub duration_ms: Option<i64>,
    /// Frames per second of a video; the average where the rate varies.
    pub frame_rate: Option<f64>,
    /// Bits per second of a video: the whole file's, divided by its duration.
    pub bit_rate: Option<i64>,
    /// The video track's codec: `h264`, `hevc`, `vp8`, `vp9`, `av1`…; a codec without a common name by the
    /// four characters the file has for it.
    pub video_codec: Option<String>,
    /// The audio track's codec: `aac`, `mp3`, `opus`…; `None` where there is no sound.
    pub audio_codec: Option<String>,
    /// Samples per second of the audio track, in hertz, as played.
    pub audio_sample_rate: Option<u32>,
    /// Channels of the audio track.
    pub audio_channels: Option<u32>,
    /// Whether a video's index (`moov`) stands before its data (`mdat`).
    pub moov_first: Option<bool>,
    /// Whether a video has edit lists that change what is seen or heard.
    ///
    /// Nearly every encoder writes an edit list, to say that its first frame or the silence its sound codec
    /// begins with comes a moment late. Instagram wants "no edit lists" (Meta, Instagram Platform: IG User
    /// Media, read 2026-09-11), which to the letter would refuse all of these; so what counts is whether a
    /// player that ignores the list shows something else. `true` if a track of picture or sound
    ///
    /// - is cut at its beginning or end, or begins late, by more than a frame of the picture or a tenth of
    ///   a second of the sound;
    /// - is put together from several parts, stands still, or runs at another speed.
    ///
    /// `false` if there is no list, or only lists that do none of this.
    pub edit_list: Option<bool>,
    /// Whether the file was looked into. Otherwise only its format is known.
    pub measured: bool,
}

impl MediaFacts {
    /// A file whose format is all that is known.
    pub(super) fn recognised(kind: Option<MediaKind>, mime_type: &str) -> Self {
        Self {
            kind,
            mime_type: mime_type.to_owned(),
            ..Self::default()
        }
    }

    /// A picture that is stored in this size and shown after a turn.
    pub(super) fn picture(mime_type: &str, stored: (u32, u32), rotation: u32) -> Self {
        let (width, height) = shown(stored, rotation);
        Self {
            width: Some(width),
            height: Some(height),
            rotation,
            measured: true,
            ..Self::recognised(Some(MediaKind::Image), mime_type)
        }
    }

    pub(super) fn average_bit_rate(&self) -> Option<i64> {
        let seconds = self.duration_ms.filter(|&ms| ms > 0)? as f64 / 1_000.0;
        let bits = self.size_bytes? as f64 * 8.0;
        Some((bits / seconds).round() as i64)
    }

    /// Writes the facts into `media`: its optional fields and nothing else, so that `kind` stays what the
    /// entry says and a rule can tell when the file is something else.
    ///
    /// What was measured replaces what was there, and what couldn't be read leaves it; but facts that such a
    /// file doesn't have, the sound of a silent video or the duration of an image, are removed.
    pub fn fill(&self, media: &mut Media) {
        fn set<T: Clone>(field: &mut Option<T>, fact: &Option<T>, absent: bool) {
            if fact.is_some() || absent {
                field.clone_from(fact);
            }
        }
        let image = self.kind == Some(MediaKind::Image);
        let silent = image || (self.measured && self.audio_codec.is_none());
        let size = self.size_bytes.and_then(|size| i64::try_from(size).ok());
        media.mime_type = Some(self.mime_type.clone());
        set(&mut media.size_bytes, &size, false);
        set(&mut media.width, &self.width, false);
        set(&mut media.height, &self.height, false);
        set(&mut media.duration_ms, &self.duration_ms, image);
        set(&mut media.frame_rate, &self.frame_rate, image);
        set(&mut media.bit_rate, &self.bit_rate, image);
        set(&mut media.video_codec, &self.video_codec, image);
        set(&mut media.audio_codec, &self.audio_codec, silent);
        set(
            &mut media.audio_sample_rate,
            &self.audio_sample_rate,
            silent,
        );
        set(&mut media.audio_channels, &self.audio_channels, silent);
        set(&mut media.moov_first, &self.moov_first, image);
        set(&mut media.edit_list, &self.edit_list, image);
    }
}

/// A stored size as it is shown after a turn.
pub(super) const fn shown((width, height): (u32, u32), rotation: u32) -> (u32, u32) {
    match rotation {
        90 | 270 => (height, width),
        _ => (width, height),
    }
}
