//! When a failed attempt is tried again: the policy as data.
//!
//! | attempt | due |
//! |---|---|
//! | 1 | at once |
//! | 2 | 5 minutes after attempt 1 has failed |
//! | 3 | 15 minutes after attempt 2 has failed |
//! | 4 | 30 minutes after attempt 3 has failed |
//! | – | after attempt 4 a person must act |
//!
//! An attempt is a write to the platform that was started. Checks before it and status reads are
//! none, and neither is one that met a rate limit or a spent quota. Only a failure that is known not
//! to have published is tried again; that decision is taken by [`job`](crate::job).

use calendar_publish_derive::DeserializeTagged;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::Timestamp;

/// The longest wait that a platform can ask for and that is waited for without a person: one day, in
/// seconds. The platforms' own windows are no longer, so more is a mistake or a matter for somebody.
pub const MAX_ASKED_WAIT_SECONDS: u32 = 24 * 60 * 60;

/// How long to wait before each retry.
///
/// It holds at most [`RetryPolicy::MAX_RETRIES`] delays, each between one minute and one day. With
/// none, the first failure needs a person.
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::retry::RetryPolicy;
///
/// assert_eq!(RetryPolicy::default().delay_minutes(), [5, 15, 30]);
/// assert_eq!(RetryPolicy::new(vec![5, 0]).unwrap_err().code, Code::FieldValueInvalid);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "RetryPolicyFields", rename_all = "camelCase")]
pub struct RetryPolicy {
    delay_minutes: Vec<u32>,
}

impl RetryPolicy {
    /// The most retries a policy may hold: with the first attempt that is four.
    pub const MAX_RETRIES: usize = 3;
    /// The longest delay: one day, in minutes.
    pub const MAX_DELAY_MINUTES: u32 = 24 * 60;

    /// A policy that waits so many minutes before the first, second and third retry.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] for more delays than [`Self::MAX_RETRIES`] and for a delay that
    /// isn't between one minute and one day, with its path.
    pub fn new(delay_minutes: Vec<u32>) -> Result<Self, Error> {
        if delay_minutes.len() > Self::MAX_RETRIES {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("delayMinutes")
                .measured(Measure::count(delay_minutes.len(), Unit::Items))
                .allowed(Allowed::at_most(Self::MAX_RETRIES as u32, Unit::Items)));
        }
        let bounds = 1..=Self::MAX_DELAY_MINUTES;
        match delay_minutes
            .iter()
            .enumerate()
            .find(|(_, delay)| !bounds.contains(delay))
        {
            Some((i, delay)) => Err(Error::new(Code::FieldValueInvalid)
                .at(format!("delayMinutes[{i}]"))
                .measured(Measure::number(*delay, Unit::Minutes))
                .allowed(Allowed::between(1, Self::MAX_DELAY_MINUTES, Unit::Minutes))),
            None => Ok(Self { delay_minutes }),
        }
    }

    /// The delay before each retry, in minutes.
    pub fn delay_minutes(&self) -> &[u32] {
        &self.delay_minutes
    }

    /// The attempts a job may make without a person: the first one and a retry per delay.
    pub fn max_attempts(&self) -> u32 {
        u32::try_from(self.delay_minutes.len()).map_or(u32::MAX, |retries| retries + 1)
    }
}

impl Default for RetryPolicy {
    /// 5, 15 and 30 minutes.
    fn default() -> Self {
        Self {
            delay_minutes: vec![5, 15, 30],
        }
    }
}

/// A policy as it is read, before it is checked.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RetryPolicyFields {
    delay_minutes: Vec<u32>,
}

impl TryFrom<RetryPolicyFields> for RetryPolicy {
    type Error = Error;

    fn try_from(fields: RetryPolicyFields) -> Result<Self, Error> {
        Self::new(fields.delay_minutes)
    }
}

/// What follows a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum RetryDecision {
    /// Another attempt.
    RetryAt {
        /// When it is due.
        at: Timestamp,
        /// Which attempt it will be, from 1.
        attempt: u32,
    },
    /// No further attempt without a person.
    GiveUp {
        /// The attempts that were made.
        attempts: u32,
    },
}

/// What follows the failure of attempt `attempt_count`, which ended at `failed_at`.
///
/// The delay counts from the end of the failure. `retry_after_seconds`, the wait that the platform
/// asked for, can only lengthen it; beyond [`MAX_ASKED_WAIT_SECONDS`] a person decides. With an `attempt_count` of 0 nothing has been tried yet, and the
/// first attempt is due at once.
///
/// ```
/// use calendar_publish::retry::{RetryDecision, RetryPolicy, next};
///
/// let policy = RetryPolicy::default();
/// let failed_at = "2026-04-01T09:00:20Z".parse()?;
/// assert_eq!(
///     next(&policy, 1, failed_at, None),
///     RetryDecision::RetryAt { at: "2026-04-01T09:05:20Z".parse()?, attempt: 2 },
/// );
/// assert_eq!(next(&policy, 4, failed_at, None), RetryDecision::GiveUp { attempts: 4 });
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn next(
    policy: &RetryPolicy,
    attempt_count: u32,
    failed_at: Timestamp,
    retry_after_seconds: Option<u32>,
) -> RetryDecision {
    let own_seconds = match attempt_count.checked_sub(1) {
        None => 0,
        Some(retry) => match policy.delay_minutes.get(retry as usize) {
            Some(minutes) => i64::from(*minutes) * 60,
            None => {
                return RetryDecision::GiveUp {
                    attempts: attempt_count,
                };
            }
        },
    };
    let asked_seconds = retry_after_seconds.unwrap_or(0);
    if asked_seconds > MAX_ASKED_WAIT_SECONDS {
        return RetryDecision::GiveUp {
            attempts: attempt_count,
        };
    }
    RetryDecision::RetryAt {
        at: failed_at.plus(TimeDelta::seconds(own_seconds.max(asked_seconds.into()))),
        attempt: attempt_count.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_ladder_is_5_15_30_minutes_and_then_a_person() {
        let policy = RetryPolicy::default();
        let failed_at = at("2026-04-01T09:00:00Z");
        let due: Vec<RetryDecision> = (0..=4)
            .map(|attempts| next(&policy, attempts, failed_at, None))
            .collect();
        let retry = |time: &str, attempt| RetryDecision::RetryAt {
            at: at(time),
            attempt,
        };
        assert_eq!(
            due,
            [
                retry("2026-04-01T09:00:00Z", 1),
                retry("2026-04-01T09:05:00Z", 2),
                retry("2026-04-01T09:15:00Z", 3),
                retry("2026-04-01T09:30:00Z", 4),
                RetryDecision::GiveUp { attempts: 4 },
            ]
        );
    }

    #[test]
    fn retry_after_lengthens_and_never_shortens() {
        let policy = RetryPolicy::default();
        let failed_at = at("2026-04-01T09:00:00Z");
        let due = |asked| next(&policy, 2, failed_at, Some(asked));
        let retry = |time: &str| RetryDecision::RetryAt {
            at: at(time),
            attempt: 3,
        };
        assert_eq!(due(30), retry("2026-04-01T09:15:00Z"));
        assert_eq!(due(900), retry("2026-04-01T09:15:00Z"));
        assert_eq!(due(901), retry("2026-04-01T09:15:01Z"));
        assert_eq!(
            next(&policy, 9, failed_at, Some(30)),
            RetryDecision::GiveUp { attempts: 9 }
        );
    }

    #[test]
    fn a_wait_of_more_than_a_day_is_a_persons() {
        let policy = RetryPolicy::default();
        let failed_at = at("2026-04-01T09:00:00Z");
        let after = |asked| next(&policy, 1, failed_at, Some(asked));
        assert_eq!(
            after(86_400),
            RetryDecision::RetryAt {
                at: at("2026-04-02T09:00:00Z"),
                attempt: 2,
            }
        );
        assert_eq!(after(86_401), RetryDecision::GiveUp { attempts: 1 });
        assert_eq!(after(u32::MAX), RetryDecision::GiveUp { attempts: 1 });
    }

    #[test]
    fn a_policy_is_checked_however_it_arrives() {
        let read = |json: &str| serde_json::from_str::<RetryPolicy>(json);
        assert_eq!(read(r#"{"delayMinutes":[]}"#).unwrap().max_attempts(), 1);
        assert!(read(r#"{"delayMinutes":[1,2,3,4]}"#).is_err());
        assert!(read(r#"{"delayMinutes":[1441]}"#).is_err());
        assert!(read(r#"{"delayMinutes":[5],"jitter":1}"#).is_err());
    }
}
