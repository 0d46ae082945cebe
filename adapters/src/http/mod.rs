//! HTTP over `reqwest` and rustls, and media read from their addresses.
#![doc = include_str!("docs.md")]

mod address;
mod client;
mod content_range;
mod failure;
mod media;
mod origins;
mod recording;
mod redaction;
mod settings;
mod tracked_body;
mod transport;
mod validators;

pub use address::AddressPolicy;
pub use media::HttpMedia;
pub use origins::AllowedOrigins;
pub use recording::Recording;
pub use settings::{HttpSettings, HttpSetupError};
pub use transport::ReqwestTransport;
