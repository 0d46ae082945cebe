//! Core's types, lent to UniFFI by `build.rs`.

#![allow(
    // UniFFI's conversions are unsafe traits: what they promise is that reading undoes writing, and
    // both are derived from the same fields.
    unsafe_code,
    // Only the conversions are used; the names repeat what core calls the types.
    unused_imports,
    non_snake_case
)]

use std::fmt;

use calendar_publish::retry::RetryPolicy;
use calendar_publish_documents::SealingKeyOption;

use crate::CalendarPublishError;

/// How long to wait before each retry.
#[derive(Debug, uniffi::Record)]
pub struct RetryDelays {
    /// The delays before the first, second and third retry, in minutes: at most three, each between one
    /// minute and one day. With an empty list the first failure needs a person; without a list it is the
    /// library's 5, 15 and 30 minutes.
    #[uniffi(default = None)]
    pub delay_minutes: Option<Vec<u32>>,
}

uniffi::custom_type!(RetryPolicy, RetryDelays, {
    remote,
    lower: |policy| RetryDelays { delay_minutes: Some(policy.delay_minutes().to_vec()) },
    try_lift: |delays| Ok(match delays.delay_minutes {
        Some(minutes) => RetryPolicy::new(minutes).map_err(CalendarPublishError::from)?,
        None => RetryPolicy::default(),
    }),
});

/// A key that seals. Printing it shows its id alone.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SealingKey {
    /// Its name, which stands beside whatever it sealed: 1 to 64 letters, digits, `-` or `_`.
    pub id: String,
    /// The key: 32 random bytes in Base64. `openssl rand -base64 32` makes one.
    pub key: String,
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

uniffi::custom_type!(SealingKeyOption, SealingKey, {
    remote,
    lower: |option| SealingKey { id: option.id, key: option.key },
    try_lift: |key| Ok(SealingKeyOption { id: key.id, key: key.key }),
});

include!(concat!(env!("OUT_DIR"), "/types.rs"));
