//! Alerts, and the rules that raise and clear them.

use serde::{Deserialize, Serialize};

use super::word::RequestId;
use crate::model::{Channel, Timestamp};

/// When a rate raises an alert, and when it clears it.
///
/// It is raised when **more** than `raise_percent` of the samples in the window failed, and there are
/// enough samples: at least `min_samples`, or at least `min_failures` failures among fewer. It is
/// cleared when the rate has fallen to half of `raise_percent` or the window is empty; in between it
/// stays as it is, so that a rate that dances around the threshold is one alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateRule {
    /// The rate that is still well, in percent.
    pub raise_percent: u64,
    /// Samples from which on the rate is believed. Chosen so that one failure alone never exceeds the
    /// rate.
    pub min_samples: u64,
    /// Failures that raise the alert even among fewer samples, so that a quiet host whose every
    /// request fails isn't overlooked.
    pub min_failures: u64,
}

/// Streams that failed or timed out, of those that ended: more than 2 %.
pub const STREAM_ERRORS: RateRule = RateRule {
    raise_percent: 2,
    min_samples: 50,
    min_failures: 3,
};

/// Publications that failed, of those that were tried: more than 5 %.
pub const PUBLISH_FAILURES: RateRule = RateRule {
    raise_percent: 5,
    min_samples: 20,
    min_failures: 3,
};

impl RateRule {
    pub(super) const fn raises(self, failures: u64, samples: u64) -> bool {
        let enough = samples >= self.min_samples || failures >= self.min_failures;
        enough && failures.saturating_mul(100) > samples.saturating_mul(self.raise_percent)
    }

    pub(super) const fn clears(self, failures: u64, samples: u64) -> bool {
        failures.saturating_mul(200) <= samples.saturating_mul(self.raise_percent)
    }
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Too many streams fail or time out.
    StreamErrorRate,
    /// Too many publications fail.
    PublishFailureRate,
    /// Something failed for the first time since a release went live.
    FirstFailureAfterDeploy,
    /// Many accounts fail alike on a channel, and it was paused.
    PlatformIncident,
    /// An account's ledger isn't as it was written.
    LedgerBroken,
    /// No working account is linked on a channel.
    AuthMissing,
    /// The app isn't set up.
    ConfigMissing,
}

/// Whether an alert begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It begins.
    Raised,
    /// It is over.
    Cleared,
}

/// The beginning or the end of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// Whether it begins or ends.
    pub state: AlertState,
    /// When.
    pub at: Timestamp,
    /// The channel, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The request that raised it; absent when it is cleared, and when it was raised because good
    /// samples left the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Failures in the window.
    pub failures: i64,
    /// Samples in the window; for alerts that aren't about a rate, as many as failures.
    pub samples: i64,
}
