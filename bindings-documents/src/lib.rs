//! What the bindings share: the engine by documents, and ports whose calls are documents.
//!
//! A language that can't implement a Rust trait or hold a Rust value passes JSON documents instead. This
//! crate is both directions of that:
//!
//! - [`Engine`]: commands, worker and reads of the store, by name: a document in, a document out.
//! - [`ports`]: the host's store, tokens, transport and the rest, each of whose calls is one document
//!   and whose answer is another; and what an exception that the host throws means there.
//! - [`serve_store`]: the other side, a store of this library that answers such calls.
//!
//! It opens no socket, starts no thread and needs no runtime, so that it works in a browser as well.
#![deny(missing_docs)]

mod document;
mod engine;
pub mod ports;
mod store;

pub use engine::{
    ENGINE_OPERATIONS, Engine, EngineOperation, EnginePorts, EngineSettings, InstagramOptions,
    LoginOption, PlatformPorts, SealingKeyOption, TiktokOptions, VideoOption, requests,
};
pub use store::{DocumentStore, ServedStore, requests as store_requests, serve_store};
