//! Tests of the feature `probe`: files made by ffmpeg and ImageMagick, and what `ffprobe` and `identify`
//! say of them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod films;
mod pictures;
mod tools;
