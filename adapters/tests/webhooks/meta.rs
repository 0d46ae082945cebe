//! Meta's challenge, signature and batches.

use calendar_publish::error::{Code, Error};
use calendar_publish_adapters::webhooks::{AppSecrets, MetaWebhooks, WebhookError};

use crate::fixture::{header, hmac_hex};

/// As Meta sends it: what isn't ASCII is escaped in lower case. The signature was made by another
/// program (Python's `hmac`).
const COMMENT: &[u8] = br#"{"object":"instagram","entry":[{"id":"17841400000000001","time":1790000000,"changes":[{"field":"comments","value":{"id":"17900000000000777","text":"\u00a1qu\u00e9 bonito!"}}]}]}"#;
const COMMENT_SIGNATURE: &str =
    "sha256=f3a1ee97c87d5713772b8a13c421acf8e56e1805a05e268263b1f0079055dae8";

fn meta() -> MetaWebhooks {
    let secrets = AppSecrets::new("sim_app_secret".into()).unwrap();
    MetaWebhooks::new(secrets, "tell me".into())
}

#[test]
fn a_batch_is_taken_by_its_raw_bytes() {
    let headers = [header("X-Hub-Signature-256", COMMENT_SIGNATURE)];
    let webhook = meta().read(&headers, COMMENT).unwrap();
    assert_eq!(webhook.object, "instagram");
    let entry = &webhook.entries[0];
    assert_eq!(entry.id, "17841400000000001");
    assert_eq!(entry.at().to_string(), "2026-09-21T14:13:20Z");
    assert_eq!(entry.changes[0].field, "comments");
    assert_eq!(entry.changes[0].value["text"], "¡qué bonito!");
    // Parsed and written again it is another body.
    let again: serde_json::Value = serde_json::from_slice(COMMENT).unwrap();
    let refused = meta().read(&headers, again.to_string().as_bytes());
    assert!(matches!(
        refused.unwrap_err(),
        WebhookError::SignatureWrong { .. }
    ));
}

#[test]
fn a_signature_that_is_missing_or_of_another_kind_is_said() {
    let missing = meta().read(&[], COMMENT).unwrap_err();
    let error = Error::from(missing);
    assert_eq!(error.code, Code::FieldMissing);
    assert_eq!(error.path, "headers.x-hub-signature-256");
    for value in [
        &COMMENT_SIGNATURE[7..],
        "sha1=f3a1ee97c87d5713772b8a13c421acf8e56e1805",
        "sha256=",
        "",
    ] {
        let refused = meta().read(&[header("x-hub-signature-256", value)], COMMENT);
        assert!(matches!(
            refused.unwrap_err(),
            WebhookError::SignatureMalformed { .. }
        ));
    }
    let old = hmac_hex("another secret", COMMENT);
    let refused = meta().read(
        &[header("x-hub-signature-256", format!("sha256={old}"))],
        COMMENT,
    );
    assert!(matches!(
        refused.unwrap_err(),
        WebhookError::SignatureWrong { .. }
    ));
}

#[test]
fn a_batch_of_a_thousand_and_messages_are_read_and_each_change_has_its_key() {
    let changes: Vec<String> = (0..1000)
        .map(|n| format!(r#"{{"field":"mentions","value":{{"media_id":"{n}"}}}}"#))
        .collect();
    let body = format!(
        r#"{{"object":"instagram","entry":[{{"id":17841400000000001,"time":1790000000123,"changes":[{}]}},{{"id":"2","messaging":[{{"message":{{"mid":"m"}}}}]}},{{}}]}}"#,
        changes.join(",")
    );
    let signature = format!("sha256={}", hmac_hex("sim_app_secret", body.as_bytes()));
    let headers = [header("x-hub-signature-256", signature)];
    let webhook = meta().read(&headers, body.as_bytes()).unwrap();
    assert_eq!(webhook.entries[0].id, "17841400000000001");
    assert_eq!(
        webhook.entries[0].at().to_string(),
        "2026-09-21T14:13:20.123Z"
    );
    let keys: std::collections::HashSet<&String> = webhook
        .entries
        .iter()
        .flat_map(|entry| &entry.changes)
        .map(|change| &change.key)
        .collect();
    assert_eq!(keys.len(), 1001);
    assert_eq!(webhook.entries[1].changes[0].field, "messaging");
    let small = meta().with_max_body_bytes(1024);
    assert_eq!(
        small
            .read(&headers, body.as_bytes())
            .unwrap_err()
            .http_status(),
        413
    );
}

#[test]
fn the_challenge_is_answered_only_to_who_knows_the_token() {
    let ask = |query: &str| meta().challenge(query);
    assert_eq!(
        ask("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=tell+me").unwrap(),
        "1158201444"
    );
    assert_eq!(
        ask("hub.verify_token=tell%20me&hub.challenge=1%2B1&hub.mode=subscribe").unwrap(),
        "1+1"
    );
    for (query, parameter) in [
        ("", "hub.mode"),
        (
            "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=tell+me",
            "hub.mode",
        ),
        (
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=tell",
            "hub.verify_token",
        ),
        ("hub.mode=subscribe&hub.challenge=1", "hub.verify_token"),
        (
            "hub.mode=subscribe&hub.verify_token=tell+me",
            "hub.challenge",
        ),
        (
            "hub.mode=subscribe&hub.verify_token=tell+me&hub.challenge=",
            "hub.challenge",
        ),
        (
            "hub.mode=subscribe&hub.verify_token=tell+me&hub.challenge=1&hub.challenge=2",
            "hub.challenge",
        ),
    ] {
        let refused = ask(query).unwrap_err();
        assert_eq!(
            refused,
            WebhookError::ChallengeRefused { parameter },
            "{query}"
        );
        assert_eq!(refused.http_status(), 403);
    }
    let without = MetaWebhooks::new(AppSecrets::new("s".into()).unwrap(), "".into());
    let refused = without.challenge("hub.mode=subscribe&hub.challenge=1&hub.verify_token=");
    assert!(refused.is_err());
}
