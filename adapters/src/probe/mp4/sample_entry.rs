//! How a track is encoded: the first entry of its sample description.

use mp4_atom::{Atom, Audio, Decode, Esds, Pasp, Visual};

use super::track::Handler;

/// The most bytes of an MPEG-4 descriptor. A real one has some fifty; its parser follows nested ones.
const MAX_DESCRIPTOR: usize = 512;

#[derive(Debug, Default)]
pub(super) struct SampleEntry {
    pub(super) codec: Option<String>,
    /// Width and height, with pixels made square.
    pub(super) size: (u32, u32),
    pub(super) sample_rate: Option<u32>,
    pub(super) channels: Option<u32>,
}

impl SampleEntry {
    /// Reads the content of an `stsd` box: version, flags, a count, then the entries.
    pub(super) fn read(bytes: &[u8], handler: Handler) -> Self {
        let mut rest = bytes.get(8..).unwrap_or_default();
        let Some((kind, body)) = child(&mut rest) else {
            return Self::default();
        };
        match handler {
            Handler::Video => Self::video(kind, body),
            Handler::Audio => Self::audio(kind, body),
            Handler::Other => Self::default(),
        }
    }

    fn video(kind: [u8; 4], mut body: &[u8]) -> Self {
        let mut size = (0, 0);
        let mut descriptor = None;
        if let Ok(visual) = Visual::decode(&mut body) {
            size = (visual.width.into(), visual.height.into());
            while let Some((kind, mut body)) = child(&mut body) {
                match &kind {
                    b"pasp" => {
                        if let Ok(pixel) = Pasp::decode_body(&mut body) {
                            size.0 = squared(size.0, pixel.h_spacing, pixel.v_spacing);
                        }
                    }
                    b"esds" => descriptor = Descriptor::read(body),
                    _ => {}
                }
            }
        }
        let codec = match (&kind, descriptor) {
            (b"mp4v", Some(descriptor)) => descriptor.codec.map(str::to_owned),
            _ => None,
        };
        Self {
            codec: codec.or_else(|| Some(codec_name(kind))),
            size,
            ..Self::default()
        }
    }

    fn audio(kind: [u8; 4], body: &[u8]) -> Self {
        let mut entry = Self {
            codec: Some(codec_name(kind)),
            ..Self::default()
        };
        let mut rest = body;
        let Ok(audio) = Audio::decode(&mut rest) else {
            return entry;
        };
        entry.sample_rate = positive(audio.sample_rate.integer().into());
        entry.channels = positive(audio.channel_count.into());
        // QuickTime's second version has them elsewhere, where more than 65,535 hertz fit.
        if body.get(8..10) == Some(&[0, 2]) {
            entry.sample_rate = body
                .get(32..40)
                .and_then(|rate| Some(f64::from_be_bytes(rate.try_into().ok()?)))
                .filter(|rate| (1.0..=1e7).contains(rate))
                .map(|rate| rate.round() as u32);
            entry.channels = body
                .get(40..44)
                .and_then(|count| Some(u32::from_be_bytes(count.try_into().ok()?)))
                .and_then(positive);
        }
        if let Some(descriptor) = sound_descriptor(rest) {
            if let Some(codec) = descriptor.codec {
                entry.codec = Some(codec.to_owned());
            }
            entry.sample_rate = descriptor.sample_rate.or(entry.sample_rate);
            // For codecs that carry the number themselves, writers put a 2 here whatever it is.
            entry.channels = match descriptor.codec {
                Some("aac") => descriptor.channels.or(entry.channels),
                _ => None,
            };
        }
        entry
    }
}

const fn positive(number: u32) -> Option<u32> {
    if number > 0 { Some(number) } else { None }
}

/// The next box in `rest`: its kind and content.
fn child<'a>(rest: &mut &'a [u8]) -> Option<([u8; 4], &'a [u8])> {
    let size = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
    let kind = rest.get(4..8)?.try_into().ok()?;
    let size = usize::try_from(size).ok()?;
    let body = rest.get(8..size)?;
    *rest = rest.get(size..)?;
    Some((kind, body))
}

/// A width of pixels that are `h` to `v`, in square ones.
fn squared(width: u32, h: u32, v: u32) -> u32 {
    if h == 0 || v == 0 || h == v {
        return width;
    }
    let width = u64::from(width) * u64::from(h) / u64::from(v);
    u32::try_from(width).unwrap_or(u32::MAX)
}

/// What an MPEG-4 descriptor says of a stream.
#[derive(Clone, Copy)]
struct Descriptor {
    codec: Option<&'static str>,
    sample_rate: Option<u32>,
    channels: Option<u32>,
}

/// The descriptor of a sound: QuickTime puts it into a box of its own.
fn sound_descriptor(mut rest: &[u8]) -> Option<Descriptor> {
    while let Some((kind, mut body)) = child(&mut rest) {
        match &kind {
            b"esds" => return Descriptor::read(body),
            b"wave" => {
                while let Some((kind, body)) = child(&mut body) {
                    if &kind == b"esds" {
                        return Descriptor::read(body);
                    }
                }
            }
            _ => {}
        }
    }
    None
}

impl Descriptor {
    fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_DESCRIPTOR {
            return None;
        }
        let config = Esds::decode_body(&mut &*bytes).ok()?.es_desc.dec_config;
        // ISO/IEC 14496-1, table 5: object types.
        let codec = match config.object_type_indication {
            0x20 => Some("mpeg4"),
            0x21 => Some("h264"),
            0x23 => Some("hevc"),
            0x40 | 0x66..=0x68 => Some("aac"),
            0x60..=0x65 => Some("mpeg2video"),
            0x69 | 0x6b => Some("mp3"),
            0x6a => Some("mpeg1video"),
            0x6c => Some("mjpeg"),
            0xa5 => Some("ac3"),
            0xa6 => Some("eac3"),
            0xa9 => Some("dts"),
            0xad => Some("opus"),
            _ => None,
        };
        let sound = config
            .dec_specific
            .filter(|_| codec == Some("aac"))
            .and_then(|specific| Sound::read(&specific.raw));
        Some(Self {
            codec,
            sample_rate: sound.and_then(|sound| sound.sample_rate),
            channels: sound.and_then(|sound| sound.channels),
        })
    }
}

/// The configuration of AAC (ISO/IEC 14496-3, 1.6.2.1): what is played, which may be more than the entry
/// says: twice the rate and twice the channels.
#[derive(Clone, Copy)]
struct Sound {
    sample_rate: Option<u32>,
    channels: Option<u32>,
}

impl Sound {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut bits = Bits { bytes, at: 0 };
        let object = bits.object_type()?;
        let mut sample_rate = bits.sample_rate()?;
        let channels = bits.take(4)?;
        // Spectral band replication doubles the rate, parametric stereo the channels. Either stands at the
        // front, or behind where old decoders don't look.
        let mut parametric = object == 29;
        if matches!(object, 5 | 29) {
            sample_rate = bits.sample_rate()?;
        } else if let Some((rate, stereo)) = bits.extension() {
            (sample_rate, parametric) = (rate, stereo);
        }
        let channels = match channels {
            1 if parametric => Some(2),
            count @ 1..=6 => Some(count),
            7 | 12 | 14 => Some(8),
            11 => Some(7),
            13 => Some(24),
            _ => None,
        };
        Some(Self {
            sample_rate: positive(sample_rate),
            channels,
        })
    }
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// What stands behind the configuration of AAC itself: the rate that is played, and whether there is
    /// parametric stereo.
    fn extension(&mut self) -> Option<(u32, bool)> {
        const REPLICATION: u32 = 0x2b7;
        const PARAMETRIC: u32 = 0x548;
        self.take(1)?;
        if self.take(1)? == 1 {
            self.take(14)?;
        }
        self.take(1)?;
        if self.take(11)? != REPLICATION || self.object_type()? != 5 || self.take(1)? == 0 {
            return None;
        }
        let rate = self.sample_rate()?;
        let stereo = self.take(11) == Some(PARAMETRIC) && self.take(1) == Some(1);
        Some((rate, stereo))
    }

    fn object_type(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            object => Some(object),
        }
    }

    fn sample_rate(&mut self) -> Option<u32> {
        const RATES: [u32; 13] = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
            8_000, 7_350,
        ];
        match self.take(4)? {
            15 => self.take(24),
            index => RATES.get(index as usize).copied(),
        }
    }
}

/// A codec's common name, by the four characters of its entry.
fn codec_name(kind: [u8; 4]) -> String {
    let name = match &kind {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" | b"dva1" | b"dvav" => "h264",
        b"hvc1" | b"hev1" | b"hvc2" | b"hev2" | b"dvh1" | b"dvhe" => "hevc",
        b"vvc1" | b"vvi1" => "vvc",
        b"vp08" => "vp8",
        b"vp09" => "vp9",
        b"av01" => "av1",
        b"mp4v" => "mpeg4",
        b"s263" | b"h263" | b"H263" => "h263",
        b"jpeg" | b"mjpa" | b"mjpb" | b"AVDJ" => "mjpeg",
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => "prores",
        b"mp4a" => "aac",
        b".mp3" | b"ms\0\x55" => "mp3",
        b"Opus" => "opus",
        b"fLaC" => "flac",
        b"alac" => "alac",
        b"ac-3" => "ac3",
        b"ec-3" => "eac3",
        b"sowt" => "pcm_s16le",
        b"twos" => "pcm_s16be",
        b"samr" => "amr_nb",
        b"sawb" => "amr_wb",
        other => {
            return other
                .iter()
                .map(|&byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => char::from(byte),
                    _ => '_',
                })
                .collect();
        }
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::Sound;

    fn sound(bytes: &[u8]) -> (Option<u32>, Option<u32>) {
        let sound = Sound::read(bytes).unwrap();
        (sound.sample_rate, sound.channels)
    }

    /// The examples are those that encoders write; ISO/IEC 14496-3, 1.6.5 and 1.6.6 say how they are read.
    #[test]
    fn aac_says_what_is_played() {
        assert_eq!(sound(&[0x12, 0x10]), (Some(44_100), Some(2)));
        assert_eq!(sound(&[0x11, 0x88]), (Some(48_000), Some(1)));
        // Twice the rate, said first.
        assert_eq!(sound(&[0x2b, 0x92, 0x08, 0x00]), (Some(44_100), Some(2)));
        // Twice the rate and twice the channels, said first.
        assert_eq!(sound(&[0xeb, 0x8a, 0x08, 0x00]), (Some(44_100), Some(2)));
        // Twice the rate, said behind; and said not to be.
        assert_eq!(
            sound(&[0x13, 0x90, 0x56, 0xe5, 0xa0]),
            (Some(44_100), Some(2))
        );
        assert_eq!(
            sound(&[0x13, 0x90, 0x56, 0xe5, 0x00]),
            (Some(22_050), Some(2))
        );
        // A rate that isn't in the table: 24 bits hold it.
        assert_eq!(
            sound(&[0x17, 0x80, 0x18, 0x9c, 0x10]),
            (Some(12_600), Some(2))
        );
        assert!(Sound::read(&[0x12]).is_none());
    }
}
