//! The media files. They are real, because the platforms look into them.

use calendar_publish_simulators::{MediaShelf, ShelvedFile};
use serde_json::{Value, json};

const BREAD: &[u8] = include_bytes!("../media/bread.jpg");
const BUNS: &[u8] = include_bytes!("../media/buns.jpg");
const COVER: &[u8] = include_bytes!("../media/cover.jpg");
const OVEN: &[u8] = include_bytes!("../media/oven.mp4");

/// Where the files are; TikTok has verified the domain.
pub const ORIGIN: &str = "https://host.example/media";

/// A video that goes up in three chunks of ten megabytes.
pub const LARGE_VIDEO_BYTES: u64 = 30_000_000;

/// A file, as an entry names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// A picture of 640 × 800.
    Bread,
    /// A picture of 640 × 640.
    Buns,
    /// A picture of 540 × 960.
    Cover,
    /// A vertical video of 4 seconds.
    Oven,
    /// The same with zeros behind it: [`LARGE_VIDEO_BYTES`].
    LargeOven,
}

impl File {
    const ALL: [Self; 5] = [
        Self::Bread,
        Self::Buns,
        Self::Cover,
        Self::Oven,
        Self::LargeOven,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Bread => "bread.jpg",
            Self::Buns => "buns.jpg",
            Self::Cover => "cover.jpg",
            Self::Oven => "oven.mp4",
            Self::LargeOven => "large-oven.mp4",
        }
    }

    fn file(self) -> ShelvedFile {
        match self {
            Self::Bread => ShelvedFile::new("image/jpeg", BREAD),
            Self::Buns => ShelvedFile::new("image/jpeg", BUNS),
            Self::Cover => ShelvedFile::new("image/jpeg", COVER),
            Self::Oven => ShelvedFile::new("video/mp4", OVEN),
            Self::LargeOven => ShelvedFile::new("video/mp4", OVEN).padded_to(LARGE_VIDEO_BYTES),
        }
    }

    /// The file as a `media` element of an entry, with everything that is known of it.
    pub fn media(self) -> Value {
        let url = format!("{ORIGIN}/{}", self.name());
        let size = self.file().total_bytes;
        let image = |width: u32, height: u32| {
            json!({ "kind": "image", "url": url, "mimeType": "image/jpeg", "sizeBytes": size,
                    "width": width, "height": height })
        };
        match self {
            Self::Bread => image(640, 800),
            Self::Buns => image(640, 640),
            Self::Cover => image(540, 960),
            Self::Oven | Self::LargeOven => json!({
                "kind": "video", "url": url, "mimeType": "video/mp4", "sizeBytes": size,
                "width": 720, "height": 1280, "durationMs": 4000, "frameRate": 30.0,
                "bitRate": 26_000, "videoCodec": "h264", "audioCodec": "aac",
                "audioSampleRate": 48_000, "audioChannels": 1, "moovFirst": true, "editList": false
            }),
        }
    }
}

/// A shelf with all files.
pub fn stocked() -> MediaShelf {
    let shelf = MediaShelf::default();
    for file in File::ALL {
        shelf.put(&format!("{ORIGIN}/{}", file.name()), file.file());
    }
    shelf
}
