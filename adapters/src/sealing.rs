//! Sealing what a channel adapter has to remember and nobody else may read.
//!
//! How far a post has come is stored in clear. Where a part of it is a secret (the address of an upload
//! carries its own authorisation), the adapter stores it sealed, so that any worker that holds the keys
//! can go on, and whoever reads the store can't.

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::ports::{MaybeSend, MaybeSync};
use secrecy::SecretString;

/// Whatever seals and opens: on a server, the vault that keeps the tokens.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait StateSealer: MaybeSend + MaybeSync {
    /// Seals `plain` for `context`, as text that may be stored.
    ///
    /// # Errors
    /// Where there is no key at the moment.
    async fn seal(&self, plain: SecretString, context: String) -> Result<String, Error>;

    /// Opens what was sealed for the same `context`.
    ///
    /// # Errors
    /// Where the key is gone, the text was changed, or it was sealed for something else.
    async fn open(&self, sealed: String, context: String) -> Result<SecretString, Error>;
}
