//! Bodies, and their signatures.

use calendar_publish::model::Timestamp;
use calendar_publish::ports::Header;
use calendar_publish_adapters::webhooks::{
    AppSecrets, TiktokWebhook, TiktokWebhooks, WebhookError,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

pub(crate) const SECRET: &str = "sim_client_secret";

/// The body of TikTok's worked example, whose signature another program made.
pub(crate) const COMPLETE: &[u8] = br#"{"client_key":"sim_client_key","event":"post.publish.complete","create_time":1790000000,"user_openid":"sim-open-id-0001","content":"{\"publish_id\":\"v_pub_file~v2-1.7000000000000000001\",\"publish_type\":\"DIRECT_PUBLISH\"}"}"#;
pub(crate) const COMPLETE_SIGNATURE: &str =
    "t=1790000005,s=011601767a9a3974ddc4c7cb7c81eea349124e6561b91d6cec641d6f51ca873f";

pub(crate) fn seconds(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

pub(crate) fn header(name: &str, value: impl Into<String>) -> Header {
    Header {
        name: name.to_owned(),
        value: value.into(),
    }
}

pub(crate) fn hmac_hex(secret: &str, message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What TikTok sends with `body` at `t`.
pub(crate) fn signed(secret: &str, t: i64, body: &[u8]) -> Vec<Header> {
    let message = [t.to_string().as_bytes(), b".", body].concat();
    let signature = format!("t={t},s={}", hmac_hex(secret, &message));
    vec![
        header("content-type", "application/json"),
        header("TikTok-Signature", signature),
    ]
}

pub(crate) fn tiktok() -> TiktokWebhooks {
    TiktokWebhooks::new(AppSecrets::new(SECRET.into()).unwrap())
}

/// Reads `body` as if TikTok had just sent it.
pub(crate) fn read(body: &[u8]) -> Result<TiktokWebhook, WebhookError> {
    let headers = signed(SECRET, 1_790_000_005, body);
    tiktok().read(&headers, body, seconds(1_790_000_006))
}

/// An event of one person, at a second.
pub(crate) fn event(event: &str, open_id: &str, at: i64, content: &Value) -> TiktokWebhook {
    let body = json!({
        "client_key": "sim_client_key", "event": event, "create_time": at, "user_openid": open_id,
        "content": content.to_string(),
    });
    read(body.to_string().as_bytes()).unwrap()
}
