//! Moving entries in time.

mod zone;

pub use zone::{DstNote, Resolution, resolve, wall_clock};
