//! Tests of the feature `probe`: files made by ffmpeg and ImageMagick, and what `ffprobe` and `identify`
//! say of them.
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
