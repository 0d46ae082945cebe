//! A video of any size, made while it is read.

use calendar_publish_simulators::sample::UPRIGHT;
use calendar_publish_simulators::{MediaShelf, ShelvedFile};

/// Who posts it.
pub(crate) const OPEN_ID: &str = "sim-open-id-0001";

/// Where it is.
pub(crate) const URL: &str = "https://cdn.example/film.mp4";

/// A shelf with a video of `bytes`: a real head, and zeros.
pub(crate) fn shelf(bytes: u64) -> MediaShelf {
    let shelf = MediaShelf::default();
    let file = ShelvedFile::new("video/mp4", UPRIGHT.mp4()).padded_to(bytes);
    shelf.put(URL, file);
    shelf
}
