//! How an engine works, as a document.

use std::time::Duration;

use calendar_publish::flags::Setting;
use calendar_publish::publish::{IncidentRule, QueueSettings, WorkerSettings};
use calendar_publish::rules::RuleBook;
use calendar_publish::telemetry::RequestId;
use calendar_publish::{Code, Error};
use serde::{Deserialize, Serialize};

use super::channels::{InstagramOptions, TiktokOptions};
use super::sealing::{SealingKeyOption, read_keys, without_strange_names};

/// How an engine works. Everything may be left out: then it is as the library has it, publishing is off
/// and no channel is worked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EngineSettings {
    /// The host's settings, as they stand in its environment: `PUBLISH_SERVICE_ENABLED` and its like, which
    /// decide whether publishing is on. Names that no flag has are passed over.
    pub settings: Vec<Setting>,
    /// The worker's name: the request id of its events. `worker` where it is left out.
    pub worker_name: Option<RequestId>,
    /// How long a claim holds, in seconds: at least twice the longest call of an adapter. 300.
    pub lease_seconds: Option<u32>,
    /// How many jobs are worked on at once, at least 1. 512.
    pub concurrency: Option<u32>,
    /// What commands go by. Its `policy` says when failures are tried again, for the worker as well.
    pub queue: QueueSettings,
    /// The rules that entries are judged by, before an attempt and in a dry run; the library's own where
    /// it is left out.
    pub rules: Option<RuleBook>,
    /// How often the worker looks for work while it knows of none, in seconds. 1.
    pub idle_poll_seconds: Option<u32>,
    /// A longer wait that a platform asks for isn't waited for: the job is given back, in seconds. 2.
    pub park_after_seconds: Option<u32>,
    /// How long a write whose answer was lost is looked for before a person must, in seconds. 3600.
    pub reconcile_for_seconds: Option<u32>,
    /// How long a platform may take to say what became of a post, in seconds. 3600.
    pub confirm_for_seconds: Option<u32>,
    /// How long an account is left alone after a rate limit that named no time, in seconds. 900.
    pub rate_limit_cool_down_seconds: Option<u32>,
    /// How long an account is left alone after a spent quota that named no time, in seconds. 3600.
    pub quota_cool_down_seconds: Option<u32>,
    /// How long a job waits after a read that failed before anything was written, in seconds. 60.
    pub read_retry_seconds: Option<u32>,
    /// When a channel is paused because many accounts fail alike.
    pub incident: Option<IncidentRule>,
    /// The keys that seal the address of a TikTok upload, which is a secret, so that any worker that has them goes on
    /// with the upload of a dead one: the first seals, each opens what it sealed. To rotate, put a new key before
    /// the old one, which can go two hours after every worker has the new one. Where they are left out an
    /// upload begins anew when its worker dies.
    #[serde(deserialize_with = "read_keys")]
    pub sealing_keys: Option<Vec<SealingKeyOption>>,
    /// TikTok. Where it is left out, its jobs are left to other workers.
    pub tiktok: Option<TiktokOptions>,
    /// Instagram. Where it is left out, its jobs are left to other workers.
    pub instagram: Option<InstagramOptions>,
}

impl EngineSettings {
    /// Reads settings.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] or what a field refuses, with its path.
    ///
    /// ```
    /// use calendar_publish_documents::EngineSettings;
    ///
    /// let settings = EngineSettings::read(r#"{"leaseSeconds":600,"tiktok":{}}"#)?;
    /// assert_eq!(settings.lease_seconds, Some(600));
    /// assert_eq!(EngineSettings::read(r#"{"lease":600}"#).unwrap_err().path, "lease");
    /// # Ok::<(), calendar_publish::Error>(())
    /// ```
    pub fn read(document: &str) -> Result<Self, Error> {
        crate::document::read(document).map_err(without_strange_names)
    }

    /// The worker's part of them.
    pub(super) fn worker(&self) -> Result<WorkerSettings, Error> {
        let name = match &self.worker_name {
            Some(name) => name.clone(),
            None => "worker".parse()?,
        };
        let mut worker = WorkerSettings::new(name);
        set(&mut worker.lease_seconds, self.lease_seconds);
        set(&mut worker.concurrency, self.concurrency);
        worker.retry = self.queue.policy.clone();
        if let Some(rules) = &self.rules {
            worker.rules = rules.clone();
        }
        set_seconds(&mut worker.idle_poll, self.idle_poll_seconds);
        if worker.idle_poll.is_zero() {
            // It would ask the store without pause.
            return Err(Error::new(Code::FieldValueInvalid).at("idlePollSeconds"));
        }
        set_seconds(&mut worker.park_after, self.park_after_seconds);
        set_seconds(&mut worker.reconcile_for, self.reconcile_for_seconds);
        set_seconds(&mut worker.confirm_for, self.confirm_for_seconds);
        set_seconds(
            &mut worker.rate_limit_cool_down,
            self.rate_limit_cool_down_seconds,
        );
        set_seconds(&mut worker.quota_cool_down, self.quota_cool_down_seconds);
        set_seconds(&mut worker.read_retry, self.read_retry_seconds);
        set(&mut worker.incident, self.incident);
        Ok(worker)
    }
}

/// Sets what is given.
pub(super) fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

/// Sets a duration that is given in seconds.
pub(super) fn set_seconds(value: &mut Duration, given: Option<u32>) {
    set(
        value,
        given.map(|seconds| Duration::from_secs(seconds.into())),
    );
}
