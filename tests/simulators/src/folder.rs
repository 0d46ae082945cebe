//! A folder that stands for the web, for simulators that are served.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use async_trait::async_trait;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};
use url::Url;

/// A folder whose files are at every host: `https://media.host.example/v/abc.mp4` is its `v/abc.mp4`.
#[derive(Clone, Debug)]
pub struct MediaFolder {
    folder: PathBuf,
}

impl MediaFolder {
    /// The files below `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The file that `url` leads to; `None` where that would be outside of the folder.
    fn file_at(&self, url: &str) -> Option<PathBuf> {
        let url = Url::parse(url).ok()?;
        let path = Path::new(url.path().trim_start_matches('/'));
        path.components()
            .all(|part| matches!(part, Component::Normal(_)))
            .then(|| self.folder.join(path))
    }
}

#[async_trait]
impl MediaSource for MediaFolder {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        let path = self.file_at(&range.url).ok_or(MediaError::Missing)?;
        read(&path, range.offset, range.length).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => MediaError::Missing,
            _ => MediaError::Unavailable {
                reason: error.kind().to_string(),
            },
        })
    }
}

fn read(path: &Path, offset: u64, length: u64) -> io::Result<MediaChunk> {
    let mut file = File::open(path)?;
    let total_bytes = file.metadata()?.len();
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    let mime_type = match extension {
        Some("mp4") => Some("video/mp4"),
        Some("mov") => Some("video/quicktime"),
        Some("webm") => Some("video/webm"),
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        Some("webp") => Some("image/webp"),
        Some("png") => Some("image/png"),
        _ => None,
    };
    Ok(MediaChunk {
        bytes,
        total_bytes,
        mime_type: mime_type.map(str::to_owned),
    })
}
