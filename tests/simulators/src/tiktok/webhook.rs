//! What the platform reports by itself (TikTok, Webhooks overview, events and verification).

use std::fmt;

use calendar_publish::model::Timestamp;
use calendar_publish::ports::Header;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::publish::{Publish, Stage};
use super::state::State;
use super::token::hex;

/// How long a webhook is tried.
const GIVES_UP_AFTER: TimeDelta = TimeDelta::hours(72);

/// A request to the app's callback, as a value that a test hands to a receiver.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Stands for the report: the same for each try of it.
    pub id: String,
    /// The event's name.
    pub event: String,
    /// Header lines, with the signature.
    pub headers: Vec<Header>,
    /// The body, byte for byte as it was signed.
    pub body: Vec<u8>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({})", self.id)
    }
}

impl Webhook {
    /// Signs a body as TikTok does at `now` with an app's secret.
    pub fn signature(client_secret: &str, now: Timestamp, body: &[u8]) -> String {
        let seconds = now.millis() / 1000;
        // HMAC takes a key of any length.
        let signed = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()).map(|mut mac| {
            mac.update(format!("{seconds}.").as_bytes());
            mac.update(body);
            hex(&mac.finalize().into_bytes())
        });
        format!("t={seconds},s={}", signed.unwrap_or_default())
    }
}

/// Reports and what became of them.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Reports that belong to no publish: an account, and when and why its grant ended.
    removals: Vec<(String, Timestamp, u8)>,
    /// Posts that stopped being public.
    withdrawn: Vec<(String, u64, Timestamp)>,
    /// Tries that weren't answered with 200, or that were.
    tried: Vec<Tried>,
}

#[derive(Debug)]
struct Tried {
    id: String,
    tries: u32,
    next: Option<Timestamp>,
}

/// A report: when, about whom, what.
struct Report {
    id: String,
    at: Timestamp,
    event: &'static str,
    open_id: String,
    content: Value,
}

impl State {
    /// Reports that are to be sent at `now`.
    pub(super) fn webhooks_due(&self, now: Timestamp) -> Vec<Webhook> {
        let mut due: Vec<Webhook> = self
            .reports(now)
            .into_iter()
            .filter(|report| now.since(report.at) < GIVES_UP_AFTER)
            .filter(|report| {
                let tried = self.outbox.tried.iter().find(|t| t.id == report.id);
                tried.is_none_or(|tried| tried.next.is_some_and(|next| next <= now))
            })
            .map(|report| self.webhook(&report, now))
            .collect();
        if self.knobs.webhooks_twice {
            due = due.into_iter().flat_map(|one| [one.clone(), one]).collect();
        }
        if self.knobs.webhooks_reversed {
            due.reverse();
        }
        due
    }

    /// Notes what a receiver answered: only 200 ends it, otherwise the waits double from a minute on.
    pub(super) fn webhook_answered(&mut self, id: &str, status: Option<u16>, now: Timestamp) {
        let tried = &mut self.outbox.tried;
        let index = tried.iter().position(|t| t.id == id).unwrap_or_else(|| {
            tried.push(Tried {
                id: id.to_owned(),
                tries: 0,
                next: None,
            });
            tried.len() - 1
        });
        let Some(tried) = tried.get_mut(index) else {
            return;
        };
        let wait = TimeDelta::minutes(1 << tried.tries.min(12));
        tried.tries += 1;
        tried.next = (status != Some(200)).then(|| now.plus(wait));
    }

    /// The creator's grant ends: tokens die, and what isn't out yet never will be.
    pub(super) fn disconnect(&mut self, open_id: &str, reason: u8, now: Timestamp) {
        self.grants.end(open_id);
        for publish in &mut self.publishes {
            let stage = publish.stage(now);
            let is_open = matches!(stage, Stage::Transferring | Stage::Processing);
            if publish.open_id == open_id && is_open {
                publish.auth_removed.get_or_insert(now);
            }
        }
        let removal = (open_id.to_owned(), now, reason);
        self.outbox.removals.push(removal);
    }

    /// A public post stops being public.
    pub(super) fn withdraw(&mut self, publish_id: &str, now: Timestamp) {
        let publish = self.publishes.iter().find(|p| p.id == publish_id);
        let ids = publish.map(|p| p.public_ids(now)).unwrap_or_default();
        for (_, post_id) in ids {
            let gone = (publish_id.to_owned(), post_id, now);
            self.outbox.withdrawn.push(gone);
        }
    }

    fn reports(&self, now: Timestamp) -> Vec<Report> {
        let mut reports: Vec<Report> = self
            .publishes
            .iter()
            .flat_map(|publish| self.reports_of(publish, now))
            .collect();
        let removals = self.outbox.removals.iter().enumerate();
        reports.extend(removals.map(|(n, (open_id, at, reason))| Report {
            id: format!("{open_id}/authorization.removed/{n}"),
            at: *at,
            event: "authorization.removed",
            open_id: open_id.clone(),
            content: json!({ "reason": reason }),
        }));
        reports.retain(|report| report.at <= now);
        reports.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        reports
    }

    fn reports_of(&self, publish: &Publish, now: Timestamp) -> Vec<Report> {
        let publish_type = match publish.is_draft {
            true => "INBOX_SHARE",
            false => "DIRECT_PUBLISH",
        };
        let id = publish.id.as_str();
        let report = |at: Timestamp, event: &'static str, n: u64, content: Value| Report {
            id: format!("{id}/{event}/{n}"),
            at,
            event,
            open_id: publish.open_id.clone(),
            content,
        };
        let plain = || json!({ "publish_id": id, "publish_type": publish_type });
        let with_post = |post_id: u64| {
            let post_id = match self.knobs.webhook_post_id_text {
                true => Value::from(post_id.to_string()),
                false => Value::from(post_id),
            };
            json!({ "publish_id": id, "post_id": post_id, "publish_type": publish_type })
        };
        let mut reports = Vec::new();
        let inbox = |at| report(at, "post.publish.inbox_delivered", 0, plain());
        match publish.stage(now) {
            Stage::Failed { at, reason } => {
                let content =
                    json!({ "publish_id": id, "reason": reason, "publish_type": publish_type });
                reports.push(report(at, "post.publish.failed", 0, content));
            }
            Stage::Inbox { at } => reports.push(inbox(at)),
            Stage::Complete { at } if !publish.is_draft => {
                reports.push(report(at, "post.publish.complete", 0, plain()));
            }
            Stage::Complete { .. } => {
                reports.extend(publish.arrival.iter().map(|arrival| inbox(arrival.done)));
                let posts = publish.draft_posts.iter().zip(0..);
                reports.extend(
                    posts.map(|(post, n)| report(post.at, "post.publish.complete", n, plain())),
                );
            }
            Stage::Transferring | Stage::Processing => {}
        }
        for (at, post_id) in publish.public_ids(now) {
            let event = "post.publish.publicly_available";
            reports.push(report(at, event, post_id, with_post(post_id)));
        }
        for (_, post_id, at) in self.outbox.withdrawn.iter().filter(|w| w.0 == id) {
            // The spelling is the platform's.
            let event = "post.publish.no_longer_publicaly_available";
            reports.push(report(*at, event, *post_id, with_post(*post_id)));
        }
        reports
    }

    fn webhook(&self, report: &Report, now: Timestamp) -> Webhook {
        // The order of the fields is that of the documentation's example.
        let body = format!(
            r#"{{"client_key":{},"event":{},"create_time":{},"user_openid":{},"content":{}}}"#,
            json!(self.app.client_key),
            json!(report.event),
            report.at.millis() / 1000,
            json!(report.open_id),
            json!(report.content.to_string()),
        )
        .into_bytes();
        let header = |name: &str, value: String| Header {
            name: name.to_owned(),
            value,
        };
        let signature = Webhook::signature(&self.app.client_secret, now, &body);
        Webhook {
            id: report.id.clone(),
            event: report.event.to_owned(),
            headers: vec![
                header("content-type", "application/json".to_owned()),
                header("tiktok-signature", signature),
            ],
            body,
        }
    }
}
