//! What the tour works on: the recording that ships with the example, or the user's own files.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result};
use calendar_publish::model::{
    ChannelAccount, Cover, InstagramOptions, Media, TiktokOptions, Timestamp,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::args::Arguments;

const STREAM: &str = include_str!("../data/calendario.sse");
const REGENERATED: &str = include_str!("../data/regenerado.sse");
const ACCOUNTS: &str = include_str!("../data/cuentas.json");
const MEDIA: &str = include_str!("../data/archivos.json");

/// The morning before the recording's first post.
const RECORDED_NOW: &str = "2026-10-05T06:30:00Z";

/// What a person added to a piece: media and choices, by the piece's place in the stream.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Additions {
    pub(crate) index: u32,
    #[serde(default)]
    pub(crate) media: Vec<Media>,
    #[serde(default)]
    pub(crate) cover: Option<Cover>,
    #[serde(default)]
    pub(crate) tiktok: Option<TiktokOptions>,
    #[serde(default)]
    pub(crate) instagram: Option<InstagramOptions>,
    #[serde(default)]
    pub(crate) reviewed: bool,
}

/// Everything the tour reads.
pub(crate) struct Input {
    /// The stream, to be read in whatever chunks it comes.
    pub(crate) stream: Box<dyn Read>,
    /// What it is called in messages.
    pub(crate) name: String,
    /// The regenerated stream, where there is one.
    pub(crate) regenerated: Option<Box<dyn Read>>,
    pub(crate) accounts: Vec<ChannelAccount>,
    pub(crate) additions: Vec<Additions>,
    pub(crate) now: Timestamp,
    /// Whether this is the recording, whose manual edit the tour plays.
    pub(crate) recorded: bool,
}

impl Input {
    pub(crate) fn open(arguments: &Arguments) -> Result<Self> {
        let recorded = arguments.file.is_none();
        let now = match arguments.now {
            Some(now) => now,
            None if recorded => RECORDED_NOW.parse()?,
            None => clock()?,
        };
        let (stream, name): (Box<dyn Read>, _) = match arguments.file.as_deref() {
            None => (
                Box::new(Unhurried(Cursor::new(STREAM))),
                "calendario.sse".to_owned(),
            ),
            Some(path) if path == Path::new("-") => (Box::new(io::stdin()), "stdin".to_owned()),
            Some(path) => (Box::new(open(path)?), path.display().to_string()),
        };
        let regenerated: Option<Box<dyn Read>> = match arguments.regenerated.as_deref() {
            Some(path) => Some(Box::new(open(path)?)),
            None if recorded => Some(Box::new(Unhurried(Cursor::new(REGENERATED)))),
            None => None,
        };
        Ok(Self {
            stream,
            name,
            regenerated,
            accounts: list(arguments.accounts.as_deref(), recorded.then_some(ACCOUNTS))?,
            additions: list(arguments.media.as_deref(), recorded.then_some(MEDIA))?,
            now,
            recorded,
        })
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("`{}` can't be read", path.display()))
}

/// The JSON list in `path`, or else the one that ships with the example.
fn list<T: DeserializeOwned>(path: Option<&Path>, shipped: Option<&str>) -> Result<Vec<T>> {
    match (path, shipped) {
        (Some(path), _) => {
            let name = path.display();
            let text =
                fs::read_to_string(path).with_context(|| format!("`{name}` can't be read"))?;
            serde_json::from_str(&text)
                .with_context(|| format!("`{name}` isn't the JSON list expected"))
        }
        (None, Some(text)) => Ok(serde_json::from_str(text)?),
        (None, None) => Ok(Vec::new()),
    }
}

/// The one place where the example looks at a clock.
fn clock() -> Result<Timestamp> {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Timestamp::from_millis(i64::try_from(
        since_epoch.as_millis(),
    )?))
}

/// Hands the recording out in the odd pieces a network makes of it: cut inside words, lines and
/// UTF-8 sequences.
struct Unhurried(Cursor<&'static str>);

impl Read for Unhurried {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let place = self.0.position();
        let some = 61 + (place as usize * 31) % 157;
        let end = some.min(buffer.len());
        self.0.read(&mut buffer[..end])
    }
}
