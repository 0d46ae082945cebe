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

/// How long to wait before each retry: at most three delays, each between one minute and one day.
/// With none, the first failure needs a person.
#[derive(Debug, uniffi::Record)]
pub struct RetryDelays {
    /// The delays before the first, second and third retry, in minutes.
    pub delay_minutes: Vec<u32>,
}

uniffi::custom_type!(RetryPolicy, RetryDelays, {
    remote,
    lower: |policy| RetryDelays { delay_minutes: policy.delay_minutes().to_vec() },
    try_lift: |delays| Ok(RetryPolicy::new(delays.delay_minutes).map_err(CalendarPublishError::from)?),
});

include!(concat!(env!("OUT_DIR"), "/types.rs"));
