//! From a request to its answer: the endpoint, the token, the limits, and the faults that a test asked for.

use calendar_publish::model::Timestamp;
use serde_json::json;

use super::answer::Refusal;
use super::fault::{Endpoint, FaultKind, empty};
use super::init::Done;
use super::limits::Counted;
use super::photo;
use super::state::State;
use super::status;
use super::token::{Grant, Settled};
use crate::{Answer, LoggedRequest, Request};

impl State {
    /// Takes a request, and logs it.
    pub(super) fn take(&mut self, request: &Request, now: Timestamp) -> Answer {
        let taken = match Endpoint::of(request) {
            Some(endpoint) => self.take_at(endpoint, request, now),
            None => Taken {
                answer: empty(404),
                code: Some("not found".to_owned()),
                account: None,
                handle: None,
            },
        };
        self.log.push(LoggedRequest {
            endpoint: format!(
                "{} {}",
                format!("{:?}", request.method).to_uppercase(),
                request.path
            ),
            account: taken.account,
            handle: taken.handle,
            at: now,
            decided: taken.code,
            status: match &taken.answer {
                Answer::Response(response) => Some(response.status),
                Answer::Lost => None,
            },
        });
        taken.answer
    }

    fn take_at(&mut self, endpoint: Endpoint, request: &Request, now: Timestamp) -> Taken {
        let account = self.account_of(endpoint, request);
        let met: Vec<FaultKind> = self
            .faults
            .iter_mut()
            .filter_map(|fault| fault.meets(endpoint, account.as_deref()))
            .collect();
        if met.contains(&FaultKind::TokenExpires) {
            self.grants
                .expire(request.bearer().unwrap_or_default(), now);
        }
        if let Some(answer) = met.iter().find_map(FaultKind::instead) {
            return Taken {
                answer,
                code: None,
                account,
                handle: None,
            };
        }
        if let Some((code, with_data)) = met.iter().find_map(|kind| match kind {
            FaultKind::Code(code) => Some((code.clone(), true)),
            FaultKind::CodeWithoutData(code) => Some((code.clone(), false)),
            _ => None,
        }) {
            return self.fail_with(endpoint, account, code, with_data, now);
        }
        let mut taken = match endpoint {
            Endpoint::Authorize => self.authorize(request, now).into(),
            Endpoint::Token => self.token(request, now).into(),
            Endpoint::Revoke => self.revoke(request, now).into(),
            Endpoint::Upload => self.take_chunk(request, account, now),
            _ => self.take_call(endpoint, request, account, &met, now),
        };
        for kind in &met {
            taken.answer = kind.afterwards(taken.answer);
        }
        taken
    }

    fn take_chunk(&mut self, request: &Request, account: Option<String>, now: Timestamp) -> Taken {
        let publish = self.publish_of_upload(request);
        let handle = publish.and_then(|index| self.publishes.get(index));
        let handle = handle.map(|publish| publish.id.clone());
        let answer = self.put_chunk(request, now);
        let code = match &answer {
            Answer::Response(response) if matches!(response.status, 201 | 206) => "ok".to_owned(),
            Answer::Response(response) => response.status.to_string(),
            Answer::Lost => String::new(),
        };
        Taken {
            answer,
            code: Some(code),
            account,
            handle,
        }
    }

    fn take_call(
        &mut self,
        endpoint: Endpoint,
        request: &Request,
        account: Option<String>,
        met: &[FaultKind],
        now: Timestamp,
    ) -> Taken {
        match self.call(endpoint, request, now) {
            Ok(mut done) => {
                self.bend(endpoint, &mut done, met);
                Taken {
                    answer: self.accepted(done.data, now),
                    code: Some("ok".to_owned()),
                    account,
                    handle: done.handle,
                }
            }
            Err(refusal) => Taken {
                answer: self.refused(&refusal, true, now),
                code: Some(refusal.code.into_owned()),
                account,
                handle: None,
            },
        }
    }

    /// An API call: token, scope, limit, and then what it does.
    fn call(
        &mut self,
        endpoint: Endpoint,
        request: &Request,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let invalid = || Refusal::of("access_token_invalid");
        let token = request.bearer().ok_or_else(invalid)?;
        let Grant {
            open_id, scopes, ..
        } = self
            .grants
            .of_access(token)
            .filter(|grant| grant.expires > now)
            .cloned()
            .ok_or_else(invalid)?;
        let is_draft = serde_json::from_slice(&request.body)
            .ok()
            .and_then(|body| photo::mode(&body))
            .unwrap_or(false);
        let needed: &[&str] = match endpoint {
            Endpoint::InboxInit => &["video.upload"],
            Endpoint::PhotoInit if is_draft => &["video.upload"],
            Endpoint::Status | Endpoint::Cancel => &["video.publish", "video.upload"],
            Endpoint::UserInfo => &["user.info.basic", "user.info.profile"],
            Endpoint::VideoList => &["video.list"],
            _ => &["video.publish"],
        };
        if !scopes.iter().any(|scope| needed.contains(&scope.as_str())) {
            return Err(Refusal::of("scope_not_authorized"));
        }
        let counted = match endpoint {
            Endpoint::CreatorInfo => Some(Counted::CreatorInfo),
            Endpoint::Status => Some(Counted::Status),
            Endpoint::UserInfo | Endpoint::VideoList => Some(Counted::Display),
            // The documentation gives no limit.
            Endpoint::Cancel => None,
            _ => Some(Counted::Inits),
        };
        if counted.is_some_and(|counted| !self.limits.admits(token, counted, now)) {
            return Err(Refusal::of("rate_limit_exceeded"));
        }
        let plain = |data| Done {
            data: Some(data),
            handle: None,
        };
        match endpoint {
            Endpoint::CreatorInfo => self.creator_info(&open_id, request, now).map(plain),
            Endpoint::VideoInit => self.video_init(&open_id, request, now),
            Endpoint::InboxInit => self.inbox_init(&open_id, request, now),
            Endpoint::PhotoInit => self.photo_init(&open_id, is_draft, request, now),
            Endpoint::Status => self.status(&open_id, request, now),
            Endpoint::Cancel => self.cancel(&open_id, request, now),
            Endpoint::UserInfo => self.user_info(&open_id, &scopes, request).map(plain),
            Endpoint::VideoList => self.video_list(&open_id, request, now).map(plain),
            Endpoint::Authorize | Endpoint::Token | Endpoint::Revoke | Endpoint::Upload => {
                Err(Refusal::of("internal_error"))
            }
        }
    }

    /// Bends a call that was taken, as the faults want it.
    fn bend(&mut self, endpoint: Endpoint, done: &mut Done, met: &[FaultKind]) {
        for kind in met {
            match kind {
                FaultKind::WithoutData => done.data = None,
                FaultKind::StatusStuck if endpoint == Endpoint::Status => {
                    done.data = Some(status::stuck(done.handle.as_deref()));
                }
                FaultKind::StatusSays(status) if endpoint == Endpoint::Status => {
                    done.data = Some(json!({ "status": status }));
                }
                FaultKind::FailsWith(reason) if endpoint.is_init() => {
                    let publish = done.handle.as_deref().and_then(|id| self.publish_mut(id));
                    if let Some(publish) = publish {
                        publish.fails_with = Some(reason.clone());
                    }
                }
                FaultKind::NeverEnds if endpoint.is_init() => {
                    let publish = done.handle.as_deref().and_then(|id| self.publish_mut(id));
                    if let Some(publish) = publish {
                        publish.never_ends = true;
                    }
                }
                _ => {}
            }
        }
    }

    /// A refusal that a test asked for.
    fn fail_with(
        &mut self,
        endpoint: Endpoint,
        account: Option<String>,
        code: String,
        with_data: bool,
        now: Timestamp,
    ) -> Taken {
        let answer = if endpoint.is_oauth() {
            self.oauth_refused(&code, "The request was refused.", now)
        } else {
            let mut refusal = Refusal::of(code.clone());
            let is_told_with_200 = matches!(
                code.as_str(),
                "spam_risk_too_many_posts"
                    | "spam_risk_user_banned_from_posting"
                    | "reached_active_user_cap"
            );
            if endpoint == Endpoint::CreatorInfo && is_told_with_200 {
                refusal = refusal.with_status(200);
            }
            self.refused(&refusal, with_data, now)
        };
        Taken {
            answer,
            code: Some(code),
            account,
            handle: None,
        }
    }

    fn account_of(&self, endpoint: Endpoint, request: &Request) -> Option<String> {
        if endpoint == Endpoint::Upload {
            let publish = self.publishes.get(self.publish_of_upload(request)?)?;
            return Some(publish.open_id.clone());
        }
        if endpoint.is_oauth() {
            return self.grants.account_in(&request.form());
        }
        let grant = self.grants.of_access(request.bearer()?)?;
        Some(grant.open_id.clone())
    }
}

/// What became of a request.
struct Taken {
    answer: Answer,
    code: Option<String>,
    account: Option<String>,
    handle: Option<String>,
}

impl From<Settled> for Taken {
    fn from(settled: Settled) -> Self {
        Self {
            answer: settled.answer,
            code: Some(settled.code),
            account: settled.account,
            handle: None,
        }
    }
}
