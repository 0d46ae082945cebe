//! Core's types, lent to UniFFI by `build.rs`.

#![allow(
    // UniFFI's conversions are unsafe traits: what they promise is that reading undoes writing, and
    // both are derived from the same fields.
    unsafe_code,
    // Only the conversions are used; the names repeat what core calls the types.
    unused_imports,
    non_snake_case
)]

use calendar_publish::retry::RetryPolicy;

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

include!(concat!(env!("OUT_DIR"), "/types.rs"));
