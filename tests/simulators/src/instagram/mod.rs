//! Meta's servers as far as publishing to Instagram needs them: consent pages, tokens, containers, uploads,
//! publishing, media lists, quotas, webhooks, and the errors of all of them.
//!
//! ```
//! use std::sync::Arc;
//!
//! use calendar_publish::memory::ManualClock;
//! use calendar_publish_simulators::instagram::{Account, Flavour, InstagramSimulator};
//! use calendar_publish_simulators::{InProcess, MediaShelf, ShelvedFile, sample};
//!
//! let clock = Arc::new(ManualClock::new("2026-11-20T10:00:00Z".parse()?));
//! let shelf = MediaShelf::default();
//! shelf.put("https://cdn.test/bun.jpg", ShelvedFile::new("image/jpeg", sample::jpeg(1080, 1080)));
//!
//! let instagram = InstagramSimulator::new(clock, Arc::new(shelf));
//! instagram.add_account(Account::new("17841499000000001", "bakery.demo"));
//! let permissions = Flavour::Instagram.publishing_permissions();
//! let token = instagram.grant("17841499000000001", Flavour::Instagram, permissions);
//! let transport = InProcess::new(vec![instagram.clone()]);
//! assert!(instagram.posts().is_empty());
//! # let _ = (token, transport);
//! # Ok::<(), calendar_publish::Error>(())
//! ```

mod access;
mod account;
mod call;
mod comment;
mod consent;
mod container;
mod create;
mod endpoint;
mod error;
mod error_rows;
mod facebook;
mod fault;
mod fetch;
mod fields;
mod judge;
mod knobs;
mod matrix;
mod media_read;
mod oauth;
mod publish;
mod read;
mod reply;
mod setup;
mod state;
mod text;
mod upload;
mod webhook;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Clock, MediaSource, Method};

use self::call::Call;
use self::fault::{Struck, strike};
use self::reply::{Outcome, Refusal, Reply, decided};
use self::state::State;
use crate::{Answer, LoggedRequest, Request, Simulator};

pub use account::{Account, App, Consent, Flavour};
pub use comment::Comment;
pub use endpoint::{
    API_INSTAGRAM, Endpoint, GRAPH_FACEBOOK, GRAPH_INSTAGRAM, RUPLOAD, WWW_FACEBOOK, WWW_INSTAGRAM,
};
pub use error::{GraphError, Language};
pub use fault::{Fault, Mishap};
pub use knobs::{
    AfterBlock, BusinessUsage, CaptionReads, Knobs, SecondPublish, TokenAnswer, Usage,
};
pub use webhook::{WebhookDelivery, WebhookEvent};

/// Instagram. Its state changes only by requests and by the calls of a test; what depends on time is worked out
/// from the clock when it is asked for.
pub struct InstagramSimulator {
    clock: Arc<dyn Clock>,
    media: Arc<dyn MediaSource>,
    state: Mutex<State>,
}

impl fmt::Debug for InstagramSimulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("InstagramSimulator")
            .field("accounts", &state.accounts.len())
            .field("containers", &state.containers.len())
            .field("media", &state.media.len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Simulator for InstagramSimulator {
    fn hosts(&self) -> Vec<&'static str> {
        vec![
            GRAPH_INSTAGRAM,
            API_INSTAGRAM,
            WWW_INSTAGRAM,
            GRAPH_FACEBOOK,
            WWW_FACEBOOK,
            RUPLOAD,
        ]
    }

    fn served_at(&self, origin: &str) {
        self.state().origin = Some(origin.to_owned());
    }

    async fn answer(&self, request: Request) -> Answer {
        let call = Call::read(request);
        let now = self.clock.now();
        let (number, endpoint, struck) = self.enter(&call, now);
        let outcome = match &struck {
            Some(struck) if !struck.happens() => None,
            _ => Some(self.perform(&call, endpoint, struck.as_ref(), now).await),
        };
        self.leave(number, &call, struck.as_ref(), outcome)
    }
}

impl InstagramSimulator {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs the call, and finds out what is to go wrong with it.
    fn enter(&self, call: &Call, now: Timestamp) -> (usize, Endpoint, Option<Struck>) {
        let mut state = self.state();
        let object = &call.route.object;
        let endpoint = match call.route.endpoint {
            Endpoint::ReadMedia if state.containers.contains_key(object) => Endpoint::ReadContainer,
            Endpoint::ReadMedia if state.accounts.contains_key(object) => Endpoint::Me,
            endpoint => endpoint,
        };
        let account = state.account_of(object, call.token());
        let handle = call
            .get("creation_id")
            .or_else(|| state.containers.contains_key(object).then_some(object))
            .map(str::to_owned);
        let struck = strike(&mut state.faults, endpoint, account.as_deref());
        state.log.push(LoggedRequest {
            endpoint: format!("{} {}", method(call), call.request.path),
            account,
            handle,
            at: now,
            decided: None,
            status: None,
        });
        (state.log.len() - 1, endpoint, struck)
    }

    async fn perform(
        &self,
        call: &Call,
        endpoint: Endpoint,
        struck: Option<&Struck>,
        now: Timestamp,
    ) -> Outcome {
        match endpoint {
            Endpoint::CreateContainer => self.create(call, struck, now).await,
            Endpoint::Upload => self.upload(call, struck, now).await,
            _ => self.state().perform(call, endpoint, struck, now),
        }
    }

    /// Creates a container. The state isn't held while media are fetched.
    async fn create(&self, call: &Call, struck: Option<&Struck>, now: Timestamp) -> Outcome {
        let plan = create::plan(&self.state(), call, now)?;
        let media = create::media(&plan, self.media.as_ref()).await;
        let version = call.route.version.as_deref().unwrap_or("v25.0");
        let mut state = self.state();
        let value = create::create(&mut state, plan, media, version, now)?;
        let failure = struck.and_then(Struck::container_failure);
        let id = value["id"].as_str().unwrap_or_default();
        if let (Some(subcode), Some(container)) = (failure, state.containers.get_mut(id)) {
            container.failure = Some(subcode);
        }
        Ok(Reply::Json(value))
    }

    /// Takes a video's bytes in, or fetches them.
    async fn upload(&self, call: &Call, struck: Option<&Struck>, now: Timestamp) -> Outcome {
        let Some(url) = upload::file_url(call) else {
            let cut = struck.and_then(Struck::cut);
            return upload::upload(&mut self.state(), call, cut, now);
        };
        let limit = upload::may_fetch(&mut self.state(), call, now)?;
        let seen = upload::fetch_file(self.media.as_ref(), url, limit).await?;
        upload::fetched(&mut self.state(), call, seen, now)
    }

    fn leave(
        &self,
        number: usize,
        call: &Call,
        struck: Option<&Struck>,
        outcome: Option<Outcome>,
    ) -> Answer {
        let mut state = self.state();
        let trace = state.next_trace();
        let language = state.knobs.language;
        let refused = || match &struck?.mishap {
            Mishap::Error(error) => Some(error.name()),
            _ => None,
        };
        let verdict = outcome.as_ref().map(decided).or_else(refused);
        let mishap = struck.and_then(|struck| struck.mishap.answer(language, trace));
        let mut answer = match (mishap, outcome) {
            (Some(answer), _) => answer,
            (None, Some(outcome)) => reply::answer(outcome, language, trace),
            (None, None) => Answer::Lost,
        };
        if matches!(call.request.host.as_str(), GRAPH_INSTAGRAM | GRAPH_FACEBOOK) {
            answer = state.with_usage(answer, call);
        }
        if let Some(entry) = state.log.get_mut(number) {
            entry.decided = verdict;
            entry.status = match &answer {
                Answer::Response(response) => Some(response.status),
                Answer::Lost => None,
            };
        }
        answer
    }
}

impl State {
    fn perform(
        &mut self,
        call: &Call,
        endpoint: Endpoint,
        struck: Option<&Struck>,
        now: Timestamp,
    ) -> Outcome {
        let blocked = struck.is_some_and(Struck::is_block);
        let value = match endpoint {
            Endpoint::ReadContainer => read::container(self, call, now)?,
            Endpoint::Publish => publish::publish(self, call, now, blocked)?,
            Endpoint::ReadMedia => media_read::read(self, call, now)?,
            Endpoint::Comment => comment::comment(self, call, now)?,
            Endpoint::EditMedia => comment::switch(self, call, now)?,
            Endpoint::DeleteMedia => media_read::delete(self, call, now)?,
            Endpoint::ListMedia => media_read::list(self, call, now)?,
            Endpoint::ListStories => media_read::stories(self, call, now)?,
            Endpoint::PublishingLimit => read::quota(self, call, now)?,
            Endpoint::Me => read::account(self, call, now)?,
            Endpoint::LongLived => oauth::long_lived(self, call, now)?,
            Endpoint::Refresh => oauth::refresh(self, call, now)?,
            Endpoint::FacebookToken => facebook::token(self, call, now)?,
            Endpoint::Permissions => facebook::permissions(self, call, now)?,
            Endpoint::Pages => facebook::pages(self, call, now)?,
            Endpoint::Subscribe => webhook::subscribe(self, call, now)?,
            Endpoint::Authorize => return consent::authorize(self, call, now),
            Endpoint::CodeExchange => return oauth::exchange_code(self, call, now),
            _ => return Err(unsupported(call)),
        };
        Ok(Reply::Json(value))
    }

    fn with_usage(&self, answer: Answer, call: &Call) -> Answer {
        let mut answer = answer;
        let numbers = |usage: &Usage| {
            serde_json::json!({
                "call_count": usage.call_count,
                "total_time": usage.total_time,
                "total_cputime": usage.total_cputime,
            })
        };
        if let Some(usage) = &self.knobs.app_usage {
            answer = answer.with_header("x-app-usage", numbers(usage).to_string());
        }
        let account = self.account_of(&call.route.object, call.token());
        if let (Some(business), Some(account)) = (&self.knobs.business_usage, account) {
            let mut entry = numbers(&business.usage);
            entry["type"] = "instagram".into();
            entry["estimated_time_to_regain_access"] = business.regain_minutes.into();
            let header = serde_json::json!({ account: [entry] });
            answer = answer.with_header("x-business-use-case-usage", header.to_string());
        }
        answer
    }
}

/// What the documentation knows nothing of.
fn unsupported(call: &Call) -> Refusal {
    match call.request.host.as_str() {
        GRAPH_INSTAGRAM | GRAPH_FACEBOOK => GraphError::unsupported(method(call)).into(),
        API_INSTAGRAM => Refusal::TokenHost("Unsupported request"),
        RUPLOAD => Refusal::Upload {
            status: 404,
            retriable: false,
            kind: "ProcessingFailedError",
            message: "unknown path",
        },
        _ => Refusal::Page(404, "Sorry, this page isn't available."),
    }
}

const fn method(call: &Call) -> &'static str {
    match call.request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}
