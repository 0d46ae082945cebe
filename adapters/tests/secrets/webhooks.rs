//! Webhooks, right and wrong.

use calendar_publish::model::Timestamp;
use calendar_publish::ports::Header;
use calendar_publish_adapters::webhooks::{AppSecrets, MetaWebhooks, TiktokWebhooks};

use crate::haystack::{Haystack, Secrets};
use crate::world::{INSTAGRAM_SECRET, TIKTOK_SECRET, VERIFY_TOKEN};

#[test]
fn no_secret_is_in_what_is_said_of_a_webhook() {
    let (secrets, haystack) = (Secrets::default(), Haystack::default());
    for secret in [TIKTOK_SECRET, INSTAGRAM_SECRET, VERIFY_TOKEN] {
        secrets.add(secret);
    }
    let app = AppSecrets::new(TIKTOK_SECRET.into()).unwrap();
    let app = app.and("PLANTED-former-secret-5f0e".into()).unwrap();
    secrets.add("PLANTED-former-secret-5f0e");
    haystack.debug("secrets", &app);
    let tiktok = TiktokWebhooks::new(app);
    haystack.debug("webhooks", &tiktok);
    let app = AppSecrets::new(INSTAGRAM_SECRET.into()).unwrap();
    let meta = MetaWebhooks::new(app, VERIFY_TOKEN.into());
    haystack.debug("webhooks", &meta);
    let now = Timestamp::from_millis(1_790_000_005_000);
    // Bodies that hold the secrets, with signatures that aren't right, or hold one.
    let body = format!("{{\"client_key\":\"{TIKTOK_SECRET}\",\"event\":\"{VERIFY_TOKEN}\"}}");
    for signature in [
        String::new(),
        "t=1790000005,s=00".to_owned(),
        format!("t=1790000005,s={}", "0".repeat(64)),
        format!("t=1790000005,s={TIKTOK_SECRET}"),
        format!("sha256={}", "0".repeat(64)),
        format!("sha256={INSTAGRAM_SECRET}"),
    ] {
        let header = |name: &str| {
            vec![Header {
                name: name.to_owned(),
                value: signature.clone(),
            }]
        };
        haystack.debug("header", &header("tiktok-signature"));
        let error = tiktok.read(&header("TikTok-Signature"), body.as_bytes(), now);
        let error = error.unwrap_err();
        haystack.error("webhook error", &error);
        haystack.error("webhook error", &calendar_publish::Error::from(error));
        let error = meta.read(&header("X-Hub-Signature-256"), body.as_bytes());
        let error = error.unwrap_err();
        haystack.error("webhook error", &error);
        haystack.error("webhook error", &calendar_publish::Error::from(error));
    }
    for query in [
        format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}x&hub.challenge=1"),
        format!("hub.mode={VERIFY_TOKEN}&hub.verify_token={VERIFY_TOKEN}&hub.challenge=1"),
        format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}"),
    ] {
        let error = meta.challenge(&query).unwrap_err();
        haystack.error("challenge error", &error);
    }
    assert!(haystack.contains("TikTok-Signature") || haystack.contains("tiktok-signature"));
    haystack.holds_none_of(&secrets, "webhooks");
}
