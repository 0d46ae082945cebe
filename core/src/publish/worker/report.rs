//! What a worker did.

use crate::model::JobStatus;
use serde::{Deserialize, Serialize};

/// What a worker did, in a step or in its whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkReport {
    /// Jobs it claimed.
    pub claimed: u64,
    /// Of those, attempts that had been begun before: by a worker that was lost, or given back to wait.
    pub taken_over: u64,
    /// Jobs that were found too late.
    pub missed: u64,
    /// Posts that came out.
    pub published: u64,
    /// Drafts that reached an inbox.
    pub delivered: u64,
    /// Jobs that wait for another try.
    pub waiting: u64,
    /// Jobs that now need a person, those that were too late not counted.
    pub needs_attention: u64,
    /// Jobs that were cancelled under way.
    pub cancelled: u64,
    /// Jobs that were given back under way, to be gone on with later.
    pub parked: u64,
    /// Jobs that were lost to another worker, or to a store that can't be written.
    pub abandoned: u64,
    /// How often the store couldn't be reached for a claim.
    pub store_failures: u64,
}

impl WorkReport {
    /// Jobs that it brought to a new status.
    pub(super) const fn settled(&self) -> u64 {
        self.missed
            .saturating_add(self.published)
            .saturating_add(self.delivered)
            .saturating_add(self.waiting)
            .saturating_add(self.needs_attention)
            .saturating_add(self.cancelled)
    }

    /// Counts a job that has left the worker's hands, by the status it has now; `None` where it isn't
    /// known.
    pub(super) fn count(&mut self, status: Option<JobStatus>) {
        let counter = match status {
            Some(JobStatus::Published) => &mut self.published,
            Some(JobStatus::DeliveredToInbox) => &mut self.delivered,
            Some(JobStatus::Scheduled | JobStatus::Failed) => &mut self.waiting,
            Some(JobStatus::NeedsAttention) => &mut self.needs_attention,
            Some(JobStatus::Cancelled) => &mut self.cancelled,
            Some(JobStatus::Publishing) => &mut self.parked,
            None => &mut self.abandoned,
        };
        *counter += 1;
    }
}
