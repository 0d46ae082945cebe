//! How things went, where the model has no word for it.

use serde::{Deserialize, Serialize};

/// How a stream went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StreamStatus {
    /// It started.
    Started,
    /// Every piece arrived.
    Completed,
    /// It was cut after its time.
    Timeout,
    /// It failed.
    Failed,
    /// The person cancelled it.
    Cancelled,
}

/// What became of a channel on which many accounts failed alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum IncidentStatus {
    /// Nothing is begun on it for a while.
    Opened,
    /// A post came out on it: it goes on.
    Closed,
}

/// What isn't set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SetupStatus {
    /// No working account is linked on the channel.
    AuthMissing,
    /// The app lacks a setting, a key or a permission.
    ConfigMissing,
}

/// Which way a release went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeployStatus {
    /// A new release went live.
    Deployed,
    /// An older release went live again.
    RolledBack,
}

/// How a save went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SaveStatus {
    /// It is stored.
    Saved,
    /// Somebody else saved in the meantime; nothing was written.
    Conflict,
    /// It failed; the stored calendar is as it was.
    Failed,
}

/// What became of intents that couldn't be stored at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutboxStatus {
    /// They wait for the store.
    Queued,
    /// They are stored.
    Flushed,
}

/// How an export went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportStatus {
    /// It was written.
    Exported,
    /// Exporting is switched off.
    Disabled,
    /// It failed.
    Failed,
}
