//! Sealing what is stored and nobody else may read.
//!
//! How far a post has come is stored in clear. Where a part of it is a secret (the address of an upload
//! carries its own authorisation), the adapter stores it sealed, so that any worker that holds the keys
//! can go on, and whoever reads the store can't. A [`StateSealer`] does that; with the feature `sealing` there is
//! one ready-made, the [`Vault`] over the keys of a [`StaticKeys`], which also builds for wasm.

#[cfg(feature = "sealing")]
mod keys;
#[cfg(feature = "sealing")]
pub(crate) mod random;
#[cfg(feature = "sealing")]
mod vault;

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::ports::{MaybeSend, MaybeSync};
use secrecy::SecretString;

#[cfg(feature = "sealing")]
pub use keys::{KeysError, StaticKeys};
#[cfg(feature = "sealing")]
pub use random::{RandomError, RandomSource, SystemRandom};
#[cfg(feature = "sealing")]
pub use vault::{SealContext, SecretKind, Vault, VaultError};

/// Whatever seals and opens: the vault that keeps the tokens, or one with keys of its own.
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
