//! What TikTok's events are read as.

use calendar_publish::model::Channel;
use calendar_publish_adapters::webhooks::{
    PlatformSaid, PublishType, RemovalReason, TiktokEvent, WebhookHint,
};
use serde_json::json;

use crate::fixture::{COMPLETE, event, read, seconds};

fn of(name: &str, content: &serde_json::Value) -> TiktokEvent {
    event(name, "sim-open-id-0001", 1_790_000_000, content).event
}

#[test]
fn every_event_of_the_reference_has_its_type() {
    let publish_id = "p_pub_url~v2.1".to_owned();
    let direct = PublishType::Direct;
    assert_eq!(
        of(
            "post.publish.failed",
            &json!({"publish_id": publish_id, "reason": "file_format_check_failed", "publish_type": "DIRECT_PUBLISH"})
        ),
        TiktokEvent::PublishFailed {
            publish_id: publish_id.clone(),
            reason: "file_format_check_failed".to_owned(),
            publish_type: direct.clone(),
        }
    );
    assert_eq!(
        of(
            "post.publish.complete",
            &json!({"publish_id": publish_id, "publish_type": "INBOX_SHARE"})
        ),
        TiktokEvent::PublishComplete {
            publish_id: publish_id.clone(),
            publish_type: PublishType::Inbox,
        }
    );
    assert_eq!(
        of(
            "post.publish.inbox_delivered",
            &json!({"publish_id": publish_id, "publish_type": "SOMETHING_NEW"})
        ),
        TiktokEvent::InboxDelivered {
            publish_id: publish_id.clone(),
            publish_type: PublishType::Other("SOMETHING_NEW".to_owned()),
        }
    );
    // Post ids exceed 2^53, as numbers too.
    for post_id in [
        json!("7512345678901234567"),
        json!(7_512_345_678_901_234_567_u64),
    ] {
        let content =
            json!({"publish_id": publish_id, "post_id": post_id, "publish_type": "DIRECT_PUBLISH"});
        assert_eq!(
            of("post.publish.publicly_available", &content),
            TiktokEvent::PubliclyAvailable {
                publish_id: publish_id.clone(),
                post_id: "7512345678901234567".to_owned(),
                publish_type: direct.clone(),
            }
        );
        // TikTok's own spelling.
        assert_eq!(
            of("post.publish.no_longer_publicaly_available", &content),
            TiktokEvent::NoLongerPublic {
                publish_id: publish_id.clone(),
                post_id: "7512345678901234567".to_owned(),
                publish_type: direct.clone(),
            }
        );
    }
    for (number, reason) in [
        (0, RemovalReason::Unknown),
        (1, RemovalReason::Disconnected),
        (2, RemovalReason::AccountDeleted),
        (3, RemovalReason::AgeChanged),
        (4, RemovalReason::AccountBanned),
        (5, RemovalReason::DeveloperRevoked),
        (6, RemovalReason::Other(6)),
    ] {
        let removed = of("authorization.removed", &json!({ "reason": number }));
        assert_eq!(removed, TiktokEvent::AuthorizationRemoved { reason });
    }
}

#[test]
fn what_is_not_known_is_kept_and_is_no_error() {
    for (name, content) in [
        ("video.upload.failed", json!({"share_id": "s.1"})),
        ("portability.download.ready", json!({})),
        ("post.publish.something_new", json!({"publish_id": "p"})),
        (
            "post.publish.complete",
            json!({"publish_type": "DIRECT_PUBLISH"}),
        ),
        ("post.publish.complete", json!([1, 2])),
        ("authorization.removed", json!({"reason": "gone"})),
    ] {
        let webhook = event(name, "sim-open-id-0001", 1_790_000_000, &content);
        let kept = TiktokEvent::Unknown {
            event: name.to_owned(),
            content: content.to_string(),
        };
        assert_eq!(webhook.event, kept);
        assert_eq!(webhook.hint(), None);
    }
    let bare = read(br#"{"event":"hello","create_time":7,"more":{"a":1}}"#).unwrap();
    assert_eq!(bare.at, seconds(7));
}

#[test]
fn content_that_comes_as_an_object_is_read_as_well() {
    let body = br#"{"client_key":"k","event":"post.publish.complete","create_time":1790000000,"user_openid":"o","content":{"publish_id":"v.1"}}"#;
    let webhook = read(body).unwrap();
    assert_eq!(
        webhook.hint(),
        Some(WebhookHint::Post {
            channel: Channel::Tiktok,
            external_account_id: "o".to_owned(),
            publish_id: "v.1".to_owned(),
            said: PlatformSaid::Complete,
        })
    );
}

#[test]
fn the_same_webhook_has_the_same_key_and_no_other_has() {
    let first = read(COMPLETE).unwrap();
    assert_eq!(read(COMPLETE).unwrap().key, first.key);
    assert_eq!(first.key.len(), 64);
    let content = json!({"publish_id": "a"});
    let keys = [
        event("post.publish.complete", "ana", 1, &content).key,
        event("post.publish.failed", "ana", 1, &content).key,
        event("post.publish.complete", "luis", 1, &content).key,
        event("post.publish.complete", "ana", 2, &content).key,
        event(
            "post.publish.complete",
            "ana",
            1,
            &json!({"publish_id": "b"}),
        )
        .key,
        // The parts run into the same letters.
        event("post.publish.completea", "na", 1, &content).key,
        event("post.publish.complete", "ana1", 1, &content).key,
    ];
    let different: std::collections::HashSet<&String> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
}
