//! A store whose calls are documents, from both sides.

mod document_store;
pub mod requests;
mod serve;

pub use document_store::DocumentStore;
pub use serve::{ServedStore, serve_store};
