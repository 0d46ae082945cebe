//! The ports that a host implements, and those that come ready-made.
//!
//! Each is an interface, protocol or base class in the host's language. A port that comes from here
//! (`sqlite_store`, `http_transport`) goes back into the engine as it is, without a way round through
//! the host's language.

mod access;
mod adapter;
mod clock;
mod errors;
mod http;
mod media;
mod store;
mod telemetry;

pub use access::{AccessToken, AccessTokens};
pub use adapter::ChannelAdapter;
pub use clock::{Clock, system_clock};
pub use errors::{AccessError, AdapterError, HostError, MediaError, StoreError, TransportError};
pub use http::{HttpOptions, HttpTransport, http_transport};
pub use media::{MediaSource, http_media};
pub use store::{Store, memory_store, sqlite_store};
pub use telemetry::Telemetry;

pub(crate) use access::HostTokens;
pub(crate) use adapter::HostAdapter;
pub(crate) use clock::HostClock;
pub(crate) use http::HostTransport;
pub(crate) use media::HostMedia;
pub(crate) use store::HostStore;
pub(crate) use telemetry::HostTelemetry;

/// Implements `Debug` for what wraps a host's object, of which nothing is known but its name.
macro_rules! opaque_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}
pub(crate) use opaque_debug;
