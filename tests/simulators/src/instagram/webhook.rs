//! Notifications, signed as Meta signs them. None of them tells of a publication.
//!
//! Source: Instagram Platform, Webhooks, read 2026-09-11.

use calendar_publish::model::Timestamp;
use calendar_publish::ports::Header;
use serde_json::{Value, json};

use super::InstagramSimulator;
use super::access::{self, hmac_hex};
use super::account::Flavour;
use super::call::Call;
use super::error::GraphError;
use super::state::State;

/// What a notification tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The account.
    pub ig_id: String,
    /// `comments`, `mentions`, `story_insights`…
    pub field: String,
    /// What the field carries, a JSON document.
    pub value: Value,
}

/// A notification as it comes in. A clone is a repeated delivery: the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// `content-type` and `x-hub-signature-256`.
    pub headers: Vec<Header>,
    /// The body, in which everything outside ASCII is written as `\uXXXX`.
    pub body: Vec<u8>,
}

impl InstagramSimulator {
    /// The query of the GET that verifies a receiver, which must answer with the challenge.
    pub fn webhook_verification(&self, challenge: &str) -> Vec<(String, String)> {
        let token = self.state().app.verify_token.clone();
        [
            ("hub.mode", "subscribe"),
            ("hub.challenge", challenge),
            ("hub.verify_token", &token),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// One signed delivery of these events.
    pub fn webhook(&self, events: &[WebhookEvent]) -> WebhookDelivery {
        let time = self.clock.now().millis() / 1000;
        let entries: Vec<Value> = events
            .iter()
            .map(|event| {
                json!({
                    "id": event.ig_id,
                    "time": time,
                    "changes": [{"field": event.field, "value": event.value}],
                })
            })
            .collect();
        let body = ascii(&json!({"object": "instagram", "entry": entries}).to_string());
        let signature = hmac_hex(&self.state().app.app_secret, body.as_bytes());
        let header = |name: &str, value: String| Header {
            name: name.to_owned(),
            value,
        };
        WebhookDelivery {
            headers: vec![
                header("content-type", "application/json".to_owned()),
                header("x-hub-signature-256", format!("sha256={signature}")),
            ],
            body: body.into_bytes(),
        }
    }
}

/// JSON with lower-case `\uXXXX` in place of all that isn't ASCII; only texts hold such.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// `POST /{ig-id}/subscribed_apps`.
pub(super) fn subscribe(
    state: &mut State,
    call: &Call,
    now: Timestamp,
) -> Result<Value, GraphError> {
    const FIELDS: [&str; 12] = [
        "comments",
        "live_comments",
        "mentions",
        "messages",
        "message_reactions",
        "messaging_handover",
        "messaging_optins",
        "messaging_postbacks",
        "messaging_referral",
        "messaging_seen",
        "standby",
        "story_insights",
    ];
    let token = access::token(state, call, now)?;
    let account = access::account(state, call, &token)?.ig_id.clone();
    call.only(&["subscribed_fields"])?;
    call.required("subscribed_fields")?;
    let fields = call.list("subscribed_fields")?.unwrap_or_default();
    let facebook = token.flavour != Flavour::Instagram;
    let known = |field: &String| {
        FIELDS.contains(&field.as_str()) && (facebook || field != "story_insights")
    };
    if !fields.iter().all(known) {
        return Err(GraphError::parameter("Unknown subscribed_fields"));
    }
    state.subscriptions.insert(account, fields);
    Ok(json!({"success": true}))
}
