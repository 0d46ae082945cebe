//! Everything the platform knows.

use std::collections::BTreeMap;

use calendar_publish::model::Timestamp;
use serde_json::Value;

use super::answer::{self, INVALID_PARAMS, Refusal};
use super::app::{App, Consent, Creator};
use super::fault::Fault;
use super::knobs::Knobs;
use super::limits::Limits;
use super::publish::Publish;
use super::token::Grants;
use super::webhook::Outbox;
use crate::{Answer, LoggedRequest};

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) app: App,
    pub(super) knobs: Knobs,
    pub(super) creators: BTreeMap<String, Creator>,
    /// Who sits before the consent page, and what they answer.
    pub(super) consent: Option<(String, Consent)>,
    pub(super) grants: Grants,
    pub(super) limits: Limits,
    pub(super) publishes: Vec<Publish>,
    pub(super) faults: Vec<Fault>,
    pub(super) log: Vec<LoggedRequest>,
    pub(super) outbox: Outbox,
    /// Where it is served; absent in the process.
    pub(super) origin: Option<String>,
    codes: u64,
    ids: u64,
    posts: u64,
    logged: u64,
}

/// The first id, of 19 digits like the platform's: more than 2^53.
const FIRST_ID: u64 = 7_000_000_000_000_000_001;
const FIRST_POST_ID: u64 = 7_412_345_678_901_234_567;

impl State {
    /// A new id for a publish or an upload.
    pub(super) fn next_id(&mut self) -> u64 {
        self.ids += 1;
        FIRST_ID + self.ids - 1
    }

    /// A new authorization code. It holds a character that travels encoded.
    pub(super) fn next_code(&mut self) -> String {
        self.codes += 1;
        format!("sim.code.{}*1", 40 + self.codes)
    }

    /// A new id for a post.
    pub(super) fn next_post_id(&mut self) -> u64 {
        self.posts += 1;
        FIRST_POST_ID + self.posts - 1
    }

    /// A new id for the platform's own logs.
    pub(super) fn next_log_id(&mut self, now: Timestamp) -> String {
        self.logged += 1;
        format!("{}SIM{:016}", now.utc().format("%Y%m%d%H%M%S"), self.logged)
    }

    /// The answer of the API to a call that it took.
    pub(super) fn accepted(&mut self, data: Option<Value>, now: Timestamp) -> Answer {
        let log_id = self.next_log_id(now);
        Answer::json(200, &answer::envelope(data, "ok", "", &log_id))
    }

    /// The answer of the API to a call that it refused.
    pub(super) fn refused(&mut self, refusal: &Refusal, with_data: bool, now: Timestamp) -> Answer {
        let log_id = self.next_log_id(now);
        let code = match refusal.code.as_ref() {
            INVALID_PARAMS => self.knobs.invalid_params_code,
            code => code,
        };
        let message = self.knobs.message.as_deref().unwrap_or(&refusal.message);
        let data = with_data.then(|| Value::Object(serde_json::Map::new()));
        Answer::json(
            refusal.status,
            &answer::envelope(data, code, message, &log_id),
        )
    }

    /// The answer of an OAuth endpoint to a call that it refused.
    pub(super) fn oauth_refused(
        &mut self,
        error: &str,
        description: &str,
        now: Timestamp,
    ) -> Answer {
        let log_id = self.next_log_id(now);
        let description = self.knobs.message.as_deref().unwrap_or(description);
        Answer::json(
            self.knobs.oauth_error_status,
            &answer::oauth_error(error, description, &log_id),
        )
    }

    pub(super) fn publish_mut(&mut self, id: &str) -> Option<&mut Publish> {
        self.publishes.iter_mut().find(|publish| publish.id == id)
    }
}
