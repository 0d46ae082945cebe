//! Calling the API: with the account's token, and once more with another where TikTok refuses it.

use std::time::Duration;

use calendar_publish::error::Measure;
use calendar_publish::model::{AccountId, Timestamp};
use calendar_publish::ports::Post;
use calendar_publish::{Code, Error};
use chrono::TimeDelta;
use serde_json::Value;

use super::adapter::TiktokAdapter;
use super::error::{self, Failure};
use super::request::{Endpoint, call};
use super::response::Answer;

/// A step's time: nothing that publishes is sent so late that it could take effect after the step's
/// deadline, when others may look for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    began_at: Timestamp,
    whole: Duration,
}

impl Budget {
    /// Whether something that takes up to `need` still ends in time.
    fn leaves(self, need: Duration, now: Timestamp) -> bool {
        let left = self.whole.saturating_sub(need);
        let spent = now.since(self.began_at);
        spent >= TimeDelta::zero() && TimeDelta::from_std(left).is_ok_and(|left| spent <= left)
    }
}

impl TiktokAdapter {
    /// The time of the step that begins now. Where the process has stood still since the engine looked at its
    /// claim, the step counts as begun when it had to at the latest.
    pub(super) fn budget(&self, post: &Post) -> Budget {
        Budget {
            began_at: self.now().min(post.begin_by),
            whole: self.settings.call_deadline(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// # Errors
    /// Where something that takes up to `need` would end too late.
    pub(super) fn in_time(&self, budget: Budget, need: Duration) -> Result<(), Failure> {
        if budget.leaves(need, self.now()) {
            return Ok(());
        }
        // Certainly nothing was sent, and the next try may be quicker.
        Err(Failure::certain(
            Error::new(Code::PlatformTemporary)
                .at("platform")
                .measured(Measure::text("the step had no time left to send")),
        ))
    }

    /// Asks TikTok. `Ok` is an answer that says `ok`; an `Err` of an answer comes with it.
    pub(super) async fn ask(
        &self,
        budget: Budget,
        account: AccountId,
        endpoint: Endpoint,
        body: &Value,
    ) -> Result<Answer, (Failure, Option<Answer>)> {
        let send_deadline = self.settings.request_deadline;
        let mut token = self
            .ports
            .tokens
            .access_token(account)
            .await
            .map_err(|error| (error.into(), None))?;
        let mut is_second = false;
        loop {
            self.in_time(budget, send_deadline)
                .map_err(|failure| (failure, None))?;
            let request = call(
                &self.settings.api,
                endpoint,
                &token.secret,
                body,
                send_deadline,
            );
            let response = self.ports.transport.send(request).await;
            let response = response.map_err(|error| (error.into(), None))?;
            let answer = Answer::read(&response);
            if answer.is_ok() {
                return Ok(answer);
            }
            if is_second || !error::refuses_the_token(&answer) {
                return Err((error::api(&answer), Some(answer)));
            }
            is_second = true;
            // Refused for certain: only this call is made again, never what went before it.
            token = self
                .ports
                .tokens
                .replacement(account, token.version)
                .await
                .map_err(|error| (error.into(), None))?;
        }
    }
}
