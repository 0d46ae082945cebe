//! The keys that seal tokens at rest.

use std::fmt;

use async_trait::async_trait;
use calendar_publish_derive::DeserializeTagged;
use serde::Serialize;

use super::{MaybeSend, MaybeSync};
use crate::error::{Code, Error};

/// A 256-bit key and its name. Neither `Debug` nor any error shows the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingKey {
    /// The name that stands beside whatever this key sealed.
    pub id: String,
    /// The key.
    pub bytes: [u8; 32],
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum KeyError {
    /// No key of that name is known (any more): what it sealed can't be opened.
    #[error("no sealing key is called `{id}`")]
    Missing {
        /// The name that was asked for.
        id: String,
    },
    /// The key service doesn't answer.
    #[error("the keys can't be reached: {reason}")]
    Unavailable {
        /// Why, for developers.
        reason: String,
    },
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Missing { .. } => Self::new(Code::AppMisconfigured).at("sealingKey"),
            KeyError::Unavailable { .. } => Self::new(Code::StoreUnavailable).at("sealingKey"),
        }
    }
}

/// Where sealing keys come from: a variable, a file, a key service.
///
/// Rotation is a new current key; old keys must stay readable until everything is sealed anew.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait KeyProvider: MaybeSend + MaybeSync {
    /// The key that new tokens are sealed with.
    async fn current_key(&self) -> Result<SealingKey, KeyError>;

    /// The key called `id`, to open what it sealed.
    async fn key(&self, id: String) -> Result<SealingKey, KeyError>;
}
