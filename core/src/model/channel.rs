//! Channels and post formats, with the spellings the host and its AI use for them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text_form::read_as_text;
use crate::error::{Allowed, Code, Error, Measure};

/// Where a post goes.
///
/// `tiktok` and `instagram` on the wire; `ig` and any capitals are read too. Everything else is
/// [`Code::ChannelUnsupported`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "lowercase", try_from = "String")
)]
#[serde(into = "String")]
pub enum Channel {
    /// TikTok, through the Content Posting API.
    Tiktok,
    /// Instagram, through the Instagram Platform's content publishing.
    Instagram,
}

read_as_text!(Channel, PostFormat);

impl Channel {
    /// Every channel, in the order they are listed to users.
    pub const ALL: [Self; 2] = [Self::Tiktok, Self::Instagram];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tiktok => "tiktok",
            Self::Instagram => "instagram",
        }
    }

    /// The brand's own spelling, for texts that people read.
    pub const fn brand(self) -> &'static str {
        match self {
            Self::Tiktok => "TikTok",
            Self::Instagram => "Instagram",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Channel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let name = text.trim();
        if name.eq_ignore_ascii_case("tiktok") {
            Ok(Self::Tiktok)
        } else if name.eq_ignore_ascii_case("instagram") || name.eq_ignore_ascii_case("ig") {
            Ok(Self::Instagram)
        } else {
            Err(Error::new(Code::ChannelUnsupported)
                .measured(Measure::text(text))
                .allowed(Allowed::one_of(Self::ALL.map(Self::as_str))))
        }
    }
}

impl TryFrom<String> for Channel {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> String {
        channel.as_str().to_owned()
    }
}

/// What a post is made of, whatever the AI called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FormatKind {
    /// One image or one video, as the media say.
    Post,
    /// Several images (on Instagram also videos) to swipe through.
    Carousel,
    /// A vertical video on Instagram; on TikTok any video.
    Reel,
    /// A video.
    Video,
}

/// A post's format in the host's own spelling, which is kept, and the kind it stands for.
///
/// ```
/// use calendar_publish::model::{FormatKind, PostFormat};
///
/// let format: PostFormat = "Carrusel".parse()?;
/// assert_eq!(format.kind(), FormatKind::Carousel);
/// assert_eq!(format.as_str(), "Carrusel");
/// assert!("historia".parse::<PostFormat>().is_err()); // stories are out of scope
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
#[serde(into = "String")]
pub struct PostFormat {
    spelling: String,
    kind: FormatKind,
}

impl PostFormat {
    /// What the spelling stands for.
    pub const fn kind(&self) -> FormatKind {
        self.kind
    }

    /// The host's spelling, as it was read.
    pub fn as_str(&self) -> &str {
        &self.spelling
    }
}

impl Default for PostFormat {
    /// `post`, the format the host gives to a piece without one.
    fn default() -> Self {
        Self {
            spelling: "post".to_owned(),
            kind: FormatKind::Post,
        }
    }
}

impl fmt::Display for PostFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelling)
    }
}

impl FromStr for PostFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for PostFormat {
    type Error = Error;

    fn try_from(spelling: String) -> Result<Self, Error> {
        match kind_of(spelling.trim()) {
            Some(kind) => Ok(Self { spelling, kind }),
            None => Err(Error::new(Code::FormatUnsupported)
                .measured(Measure::text(spelling))
                .allowed(Allowed::one_of(["post", "carousel", "reel", "video"]))),
        }
    }
}

impl From<PostFormat> for String {
    fn from(format: PostFormat) -> String {
        format.spelling
    }
}

/// The spellings seen in Spanish and English calendars. Stories are left out on purpose: neither
/// platform lets this library publish them the way an entry promises.
fn kind_of(spelling: &str) -> Option<FormatKind> {
    const SPELLINGS: [(&str, FormatKind); 22] = [
        ("post", FormatKind::Post),
        ("publicacion", FormatKind::Post),
        ("publicación", FormatKind::Post),
        ("imagen", FormatKind::Post),
        ("image", FormatKind::Post),
        ("foto", FormatKind::Post),
        ("photo", FormatKind::Post),
        ("feed", FormatKind::Post),
        ("carousel", FormatKind::Carousel),
        ("carrusel", FormatKind::Carousel),
        ("carrousel", FormatKind::Carousel),
        ("carrete", FormatKind::Carousel),
        ("album", FormatKind::Carousel),
        ("álbum", FormatKind::Carousel),
        ("galeria", FormatKind::Carousel),
        ("galería", FormatKind::Carousel),
        ("reel", FormatKind::Reel),
        ("reels", FormatKind::Reel),
        ("video", FormatKind::Video),
        ("vídeo", FormatKind::Video),
        ("videos", FormatKind::Video),
        ("clip", FormatKind::Video),
    ];
    let lower = spelling.to_lowercase();
    SPELLINGS
        .iter()
        .find(|(known, _)| lower == *known)
        .map(|(_, kind)| *kind)
}
