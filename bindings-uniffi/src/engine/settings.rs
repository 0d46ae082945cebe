//! How the engine works.

use std::time::Duration;

use calendar_publish::Error;
use calendar_publish::flags::Flags;
use calendar_publish::publish::{IncidentRule, QueueSettings, WorkerSettings};
use calendar_publish::retry::RetryPolicy;
use calendar_publish::rules::RuleBook;
use calendar_publish::telemetry::RequestId;

use super::platforms::{InstagramAccess, TiktokAccess};

/// How the engine works.
#[derive(Clone, Debug, uniffi::Record)]
pub struct EngineSettings {
    /// The worker's name in logs: 1 to 64 ASCII letters, digits and `-_.:`.
    pub name: RequestId,
    /// What is switched on. Without `publish_service` nothing is scheduled or published.
    pub flags: Flags,
    /// How commands behave.
    #[uniffi(default)]
    pub queue: QueueSettings,
    /// How the worker behaves.
    #[uniffi(default)]
    pub worker: WorkerOptions,
    /// How TikTok is spoken to; without it, no TikTok job is taken.
    #[uniffi(default = None)]
    pub tiktok: Option<TiktokAccess>,
    /// How Instagram is spoken to; without it, no Instagram job is taken.
    #[uniffi(default = None)]
    pub instagram: Option<InstagramAccess>,
}

/// How the worker behaves. What is left out is the library's default, which is right for the platforms
/// themselves.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct WorkerOptions {
    /// How long a claimed job is the worker's alone: 300 s by default. At least twice the longest call
    /// of an adapter.
    #[uniffi(default = None)]
    pub lease_seconds: Option<u32>,
    /// How many jobs are under way at once: 512 by default.
    #[uniffi(default = None)]
    pub concurrency: Option<u32>,
    /// By which limits posts are checked; the built-in ones by default.
    #[uniffi(default = None)]
    pub rules: Option<RuleBook>,
    /// How often the store is asked where it doesn't say that work arrived: 1 s by default.
    #[uniffi(default = None)]
    pub idle_poll: Option<Duration>,
    /// From which wait on a job is given back instead of being held: 2 s by default.
    #[uniffi(default = None)]
    pub park_after: Option<Duration>,
    /// For how long an unknown outcome is looked for: an hour by default.
    #[uniffi(default = None)]
    pub reconcile_for: Option<Duration>,
    /// For how long a platform is asked whether a post is out: an hour by default.
    #[uniffi(default = None)]
    pub confirm_for: Option<Duration>,
    /// How long an account rests whose rate limit was met: 15 minutes by default.
    #[uniffi(default = None)]
    pub rate_limit_cool_down: Option<Duration>,
    /// How long an account rests whose quota is spent: an hour by default.
    #[uniffi(default = None)]
    pub quota_cool_down: Option<Duration>,
    /// How long is waited after a reading call that failed: a minute by default.
    #[uniffi(default = None)]
    pub read_retry: Option<Duration>,
    /// When failures of many accounts count as an incident of the platform.
    #[uniffi(default = None)]
    pub incident: Option<IncidentRule>,
}

impl WorkerOptions {
    pub(super) fn settings(
        self,
        name: RequestId,
        retry: RetryPolicy,
    ) -> Result<WorkerSettings, Error> {
        let mut settings = WorkerSettings::new(name);
        settings.retry = retry;
        if let Some(incident) = self.incident {
            settings.incident = incident;
        }
        if let Some(rules) = self.rules {
            rules.check().map_err(|error| error.under("rules"))?;
            settings.rules = rules;
        }
        set(&mut settings.lease_seconds, self.lease_seconds);
        set(&mut settings.concurrency, self.concurrency);
        set(&mut settings.idle_poll, self.idle_poll);
        set(&mut settings.park_after, self.park_after);
        set(&mut settings.reconcile_for, self.reconcile_for);
        set(&mut settings.confirm_for, self.confirm_for);
        set(
            &mut settings.rate_limit_cool_down,
            self.rate_limit_cool_down,
        );
        set(&mut settings.quota_cool_down, self.quota_cool_down);
        set(&mut settings.read_retry, self.read_retry);
        Ok(settings)
    }
}

/// Takes what was chosen in place of the default.
pub(super) fn set<T>(setting: &mut T, chosen: Option<T>) {
    if let Some(chosen) = chosen {
        *setting = chosen;
    }
}
