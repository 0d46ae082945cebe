//! Tests of the feature `probe`: files made by ffmpeg and ImageMagick, held to what `ffprobe` and
//! ImageMagick say of them, and the way from such a file to the finding that a person reads.
#![allow(clippy::unwrap_used, clippy::panic)]

mod edits;
mod films;
mod formats;
mod hostile;
mod pictures;
mod ranges;
mod rules;
mod sparse;
mod tools;
