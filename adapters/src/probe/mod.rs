//! What a media file is, from its first bytes or from ranges of it.
//!
//! [`probe`] reads a file through a [`MediaSource`] and needs little of it: the headers of an image, the
//! index of a video wherever it stands. A 4 GB video whose index comes last is measured with a handful of
//! ranged reads, none above [`MAX_READ`] bytes. [`probe_bytes`] does the same with bytes in hand.
//!
//! | format | MIME type | what is measured |
//! |---|---|---|
//! | JPEG | `image/jpeg` | width and height as shown, rotation (EXIF orientation) |
//! | several pictures in a JPEG, to be seen together | `image/mpo`, `image/x-jps` | the first picture's |
//! | PNG, animated PNG, WebP | `image/png`, `image/apng`, `image/webp` | the same |
//! | GIF | `image/gif` | width and height |
//! | MP4, MOV, 3GP | `video/mp4`, `video/quicktime`, `video/3gpp` | everything [`MediaFacts`] has |
//! | HEIC, HEIF, AVIF, WebM, Matroska and whatever else has a signature | its own | nothing else |
//!
//! A file's name and the type its server claims play no part. A fact that can't be read is `None`: rules
//! then warn that it is unknown, and never guess.
//!
//! ```
//! use calendar_publish::model::MediaKind;
//! use calendar_publish_adapters::probe::probe_bytes;
//!
//! let gif = b"GIF89a\x40\x01\xf0\x00\x00\x00\x00";
//! let facts = probe_bytes(gif, Some(13)).unwrap();
//! assert_eq!(facts.kind, Some(MediaKind::Image));
//! assert_eq!(facts.mime_type, "image/gif");
//! assert_eq!((facts.width, facts.height), (Some(320), Some(240)));
//! ```

mod error;
mod facts;
mod format;
mod image;
mod jpeg;
mod mp4;
mod reader;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use calendar_publish::ports::MediaSource;

pub use self::error::ProbeError;
pub use self::facts::MediaFacts;
use self::format::Format;
pub use self::reader::MAX_READ;
use self::reader::Reader;

/// Measures the file at `url`, by ranges of at most [`MAX_READ`] bytes.
///
/// # Errors
///
/// What the source answers, as [`ProbeError::Source`]; a file that is empty, cut off, damaged, or of no
/// known format. Never [`ProbeError::NeedsMore`].
pub async fn probe(source: &dyn MediaSource, url: &str) -> Result<MediaFacts, ProbeError> {
    measure(Reader::of_source(source, url)).await
}

/// Measures a file by its first bytes, or by all of them. `total` is the file's size, where it is known:
/// without it a file that was cut off can't be told from one that goes on.
///
/// # Errors
///
/// [`ProbeError::NeedsMore`] names the part that is missing, for instance the index of a video that stands
/// behind its data: then [`probe`] is the way. Otherwise as [`probe`].
pub fn probe_bytes(head: &[u8], total: Option<u64>) -> Result<MediaFacts, ProbeError> {
    let measuring = pin!(measure(Reader::of_bytes(head, total)));
    match measuring.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(facts) => facts,
        // Bytes in hand are never waited for.
        Poll::Pending => Err(ProbeError::Unrecognised),
    }
}

async fn measure(mut reader: Reader<'_>) -> Result<MediaFacts, ProbeError> {
    let needed = format::needed(reader.first(format::HEAD).await?);
    if reader.up_to(0, needed).await?.is_empty() {
        return Err(ProbeError::Empty);
    }
    let mut facts = match format::recognise(reader.first(format::HEAD).await?) {
        Some(Format::Jpeg) => jpeg::measure(&mut reader).await?,
        Some(Format::Png) => image::measure_png(&mut reader).await?,
        Some(Format::Webp) => image::measure_webp(&mut reader).await?,
        Some(Format::Gif) => image::measure_gif(&mut reader).await?,
        Some(Format::Movie(mime_type)) => mp4::measure(&mut reader, mime_type).await?,
        Some(Format::Other(kind, mime_type)) => MediaFacts::recognised(kind, mime_type),
        None => {
            // More bytes might say more.
            reader.up_to(0, format::HEAD).await?;
            return Err(ProbeError::Unrecognised);
        }
    };
    facts.size_bytes = reader.total();
    facts.bit_rate = facts.average_bit_rate();
    Ok(facts)
}
