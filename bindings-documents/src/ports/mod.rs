//! A host's ports, when all that passes between the host and this library is documents.
//!
//! | port | becomes | an exception that the host throws means |
//! |---|---|---|
//! | [`DocumentPort`] | [`DocumentStore`](crate::DocumentStore) | the store is unavailable: what was asked may be asked again |
//! | [`DocumentPort`] | [`DocumentTokens`] | there is no token at the moment: nothing was sent |
//! | [`DocumentPort`] | [`DocumentAdapter`] | before the decisive step: not published; at it: the outcome is unknown |
//! | [`BytesPort`] | [`DocumentTransport`] | the request wasn't answered: it may have taken effect |
//! | [`BytesPort`] | [`DocumentMedia`] | the file can't be reached at the moment |
//! | [`EventPort`] | [`DocumentTelemetry`] | nothing |
//! | [`TimePort`] | [`DocumentClock`] | it has no way to fail |

mod adapter;
mod clock;
mod media;
mod telemetry;
mod tokens;
mod transport;

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::ports::{MaybeSend, MaybeSync};

pub use adapter::{AdapterPlace, DocumentAdapter};
pub use clock::{DocumentClock, TimePort};
pub use media::{DocumentMedia, MediaHead, MediaRequest};
pub use telemetry::{DocumentTelemetry, EventPort};
pub use tokens::{DocumentTokens, TokenAnswer, TokenFailure};
pub use transport::{DocumentTransport, HeaderLine, RequestHead, ResponseHead};

/// Why a host's port gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostFailure {
    /// It says why, with a document: of the port's own failures, or an [`Error`](calendar_publish::Error).
    Refused {
        /// The document.
        document: String,
    },
    /// It threw something else.
    Thrown {
        /// What it says of itself, for developers.
        reason: String,
    },
}

impl HostFailure {
    /// Something that was thrown, by its text.
    pub fn thrown(reason: impl Into<String>) -> Self {
        Self::Thrown {
            reason: reason.into(),
        }
    }

    /// What was refused, by its document.
    pub fn refused(document: impl Into<String>) -> Self {
        Self::Refused {
            document: document.into(),
        }
    }

    /// The document as a `T`; otherwise what there is to say of the failure.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(self) -> Result<T, String> {
        match self {
            Self::Refused { document } => serde_json::from_str(&document).map_err(|_| document),
            Self::Thrown { reason } => Err(reason),
        }
    }
}

/// A host's port whose calls and answers are documents.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait DocumentPort: MaybeSend + MaybeSync {
    /// Calls `method` with `request`, a JSON object with the method's arguments by name, and gives the
    /// answer as JSON; `null` where there is nothing.
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure>;
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: DocumentPort + ?Sized> DocumentPort for Arc<P> {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        (**self).call(method, request).await
    }
}

/// What a port answers that passes bytes: they stand beside the document, because text would make a video
/// a third larger and copy it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BytesAnswer {
    /// The document.
    pub head: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// A host's port whose calls and answers are a document and bytes.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait BytesPort: MaybeSend + MaybeSync {
    /// Asks for what `head` names, with the bytes that go with it.
    async fn exchange(&self, head: String, body: Vec<u8>) -> Result<BytesAnswer, HostFailure>;
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: BytesPort + ?Sized> BytesPort for Arc<P> {
    async fn exchange(&self, head: String, body: Vec<u8>) -> Result<BytesAnswer, HostFailure> {
        (**self).exchange(head, body).await
    }
}
