//! TikTok and Instagram as their documentation describes them, for tests.
//!
//! A simulator answers requests, in the process ([`InProcess`], an `HttpTransport` for which the platforms' own addresses
//! work) or as a server on the loopback interface ([`Served`]). Its time is a
//! [`Clock`](calendar_publish::ports::Clock) that a test may own. It fetches media like the platform
//! does, keeps the truth of what was published, refuses what the documentation refuses, and logs every
//! request. What the documentation leaves open is a knob.

mod exchange;
mod folder;
mod in_process;
pub mod instagram;
mod log;
mod media;
mod request;
pub mod sample;
mod serve;
pub mod tiktok;
mod truth;

pub use exchange::{Answer, Simulator};
pub use folder::MediaFolder;
pub use in_process::InProcess;
pub use log::LoggedRequest;
pub use media::{Fetch, MediaShelf, ShelvedFile};
pub use request::Request;
pub use serve::Served;
pub use truth::PublishedPost;
