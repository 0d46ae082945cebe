//! What a worker is made of.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::Channel;
use crate::ports::{ChannelAdapter, Clock, JobStore, Telemetry};
use crate::publish::IncidentRule;
use crate::retry::RetryPolicy;
use crate::rules::RuleBook;
use crate::telemetry::RequestId;

/// What a worker works with.
#[derive(Clone)]
pub struct WorkerPorts {
    /// Where the jobs are.
    pub store: Arc<dyn JobStore>,
    /// The platforms, one adapter a channel. Jobs of other channels are left to other workers.
    pub adapters: Vec<Arc<dyn ChannelAdapter>>,
    /// The worker's own time. Only differences between its readings count, so that it may be wrong.
    pub clock: Arc<dyn Clock>,
    /// Where events go.
    pub telemetry: Arc<dyn Telemetry>,
}

impl fmt::Debug for WorkerPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channels: Vec<Channel> = self
            .adapters
            .iter()
            .map(|adapter| adapter.channel())
            .collect();
        f.debug_struct("WorkerPorts")
            .field("channels", &channels)
            .finish_non_exhaustive()
    }
}

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Its name: the request id of its events.
    pub name: RequestId,
    /// How long a claim holds, in seconds: at least twice the longest call of an adapter. A crashed
    /// worker's job waits so long for the next one.
    pub lease_seconds: u32,
    /// How many jobs it works on at once, at least 1.
    pub concurrency: u32,
    /// When failures are tried again: the policy of the commands'
    /// [`QueueSettings`](crate::publish::QueueSettings), or the two promise different times.
    pub retry: RetryPolicy,
    /// The rules that the gate before an attempt judges by.
    pub rules: RuleBook,
    /// How often it looks for work while it knows of none.
    pub idle_poll: Duration,
    /// A wait that a platform asks for and that is longer isn't waited for: the job is given back, and
    /// whoever is free goes on then.
    pub park_after: Duration,
    /// How long a write whose answer was lost is looked for before a person must, counted from the
    /// attempt's start: what the platform took to process the media before is part of it. An adapter that
    /// sees that looking is of no use ends it sooner.
    pub reconcile_for: Duration,
    /// How long a platform may take to say what became of a post, counted from the attempt's start.
    pub confirm_for: Duration,
    /// How long an account is left alone after a rate limit that named no time.
    pub rate_limit_cool_down: Duration,
    /// How long an account is left alone after a spent quota that named no time.
    pub quota_cool_down: Duration,
    /// How long a job waits after a read that failed before anything was written.
    pub read_retry: Duration,
    /// When a channel is paused because many accounts fail alike.
    pub incident: IncidentRule,
}

impl WorkerSettings {
    /// The longest lease: a day. A crashed worker's jobs, and their accounts, wait for its end.
    pub const MAX_LEASE_SECONDS: u32 = 24 * 60 * 60;

    /// The settings of a worker called `name`: leases of 5 minutes, 512 jobs at once, the retries and
    /// rules of the library; 60 minutes to reconcile and to confirm; 15 minutes of rest
    /// after a rate limit and 60 after a spent quota.
    pub fn new(name: RequestId) -> Self {
        const MINUTE: Duration = Duration::from_secs(60);
        Self {
            name,
            lease_seconds: 300,
            concurrency: 512,
            retry: RetryPolicy::default(),
            rules: RuleBook::builtin().clone(),
            idle_poll: Duration::from_secs(1),
            park_after: Duration::from_secs(2),
            reconcile_for: 60 * MINUTE,
            confirm_for: 60 * MINUTE,
            rate_limit_cool_down: 15 * MINUTE,
            quota_cool_down: 60 * MINUTE,
            read_retry: MINUTE,
            incident: IncidentRule::default(),
        }
    }

    /// # Errors
    /// [`Code::LeaseTooShort`] where a lease could end during a call, [`Code::FieldValueInvalid`]
    /// for a concurrency of 0, a lease of more than a day and two adapters of one channel.
    pub(super) fn check(&self, adapters: &[Arc<dyn ChannelAdapter>]) -> Result<(), Error> {
        if self.concurrency == 0 {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("concurrency")
                .measured(Measure::number(0_u32, Unit::Items))
                .allowed(Allowed::at_least(1, Unit::Items)));
        }
        if self.lease_seconds > Self::MAX_LEASE_SECONDS {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("leaseSeconds")
                .measured(Measure::number(self.lease_seconds, Unit::Seconds))
                .allowed(Allowed::at_most(Self::MAX_LEASE_SECONDS, Unit::Seconds)));
        }
        self.incident
            .check()
            .map_err(|error| error.under("incident"))?;
        for (index, adapter) in adapters.iter().enumerate() {
            let deadline = adapter.call_deadline();
            // Twice: a call may begin when hardly more than a deadline is left, and the one who takes
            // over must find it ended.
            let twice = deadline.saturating_mul(2);
            if Duration::from_secs(self.lease_seconds.into()) < twice {
                let least = twice.as_millis().div_ceil(1000);
                let seconds = u32::try_from(least).unwrap_or(u32::MAX);
                return Err(Error::new(Code::LeaseTooShort)
                    .at("leaseSeconds")
                    .measured(Measure::number(self.lease_seconds, Unit::Seconds))
                    .allowed(Allowed::at_least(seconds, Unit::Seconds)));
            }
            let earlier = &adapters[..index];
            if earlier
                .iter()
                .any(|other| other.channel() == adapter.channel())
            {
                return Err(Error::new(Code::FieldValueInvalid)
                    .at(format!("adapters[{index}]"))
                    .measured(Measure::text(adapter.channel().as_str())));
            }
        }
        Ok(())
    }
}
