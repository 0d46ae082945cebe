//! What the platform reports by itself.

use calendar_publish::model::Timestamp;
use calendar_publish_simulators::tiktok::Webhook;
use serde_json::{Value, json};

use crate::desk::{BAKER, Desk, file};

fn content(webhook: &Webhook) -> Value {
    let body: Value = serde_json::from_slice(&webhook.body).unwrap();
    serde_json::from_str(body["content"].as_str().unwrap()).unwrap()
}

fn events(desk: &Desk) -> Vec<String> {
    let due = desk.tiktok.webhooks_due();
    due.into_iter().map(|webhook| webhook.event).collect()
}

#[test]
fn the_signature_is_that_of_the_test_vector() {
    let body = br#"{"client_key":"sim_client_key","event":"post.publish.complete","create_time":1790000000,"user_openid":"sim-open-id-0001","content":"{\"publish_id\":\"v_pub_file~v2-1.7000000000000000001\",\"publish_type\":\"DIRECT_PUBLISH\"}"}"#;
    let now = Timestamp::from_millis(1_790_000_005_000);
    assert_eq!(
        Webhook::signature("sim_client_secret", now, body),
        "t=1790000005,s=011601767a9a3974ddc4c7cb7c81eea349124e6561b91d6cec641d6f51ca873f"
    );
}

#[test]
fn a_post_is_reported_in_the_documented_form() {
    let desk = Desk::new();
    let id = desk.post_video(b"bytes of a video");
    assert_eq!(desk.tiktok.webhooks_due(), []);
    desk.pass(15);
    let due = desk.tiktok.webhooks_due();
    assert_eq!(due.len(), 1);
    let text = String::from_utf8(due[0].body.clone()).unwrap();
    let expected = r#"{"client_key":"sim_client_key","event":"post.publish.complete","create_time":1795169710,"user_openid":"sim-open-id-0001","content":"{\"publish_id\":\"v_pub_file~v2-1.7000000000000000001\",\"publish_type\":\"DIRECT_PUBLISH\"}"}"#;
    assert_eq!(text, expected);
    let signature = due[0].headers.iter().find(|h| h.name == "tiktok-signature");
    assert!(signature.unwrap().value.starts_with("t=1795169715,s="));
    desk.tiktok.webhook_answered(&due[0].id, Some(200));
    assert_eq!(desk.tiktok.webhooks_due(), []);

    desk.pass(60);
    let due = desk.tiktok.webhooks_due();
    assert_eq!(due[0].event, "post.publish.publicly_available");
    let expected = json!({
        "publish_id": id, "post_id": 7_412_345_678_901_234_567_u64, "publish_type": "DIRECT_PUBLISH"
    });
    assert_eq!(content(&due[0]), expected);
    desk.tiktok.withdraw(&id);
    desk.tiktok.knobs(|knobs| knobs.webhook_post_id_text = true);
    let due = desk.tiktok.webhooks_due();
    assert_eq!(due[1].event, "post.publish.no_longer_publicaly_available");
    assert_eq!(content(&due[1])["post_id"], "7412345678901234567");
}

#[test]
fn failures_drafts_and_ended_grants_are_reported() {
    let desk = Desk::new();
    let source = json!({ "source": "PULL_FROM_URL", "video_url": "https://host.example/gone.mp4" });
    let failed = desk.video_init(source).publish_id();
    let due = desk.tiktok.webhooks_due();
    assert_eq!(due[0].event, "post.publish.failed");
    let expected = json!({
        "publish_id": failed, "reason": "video_pull_failed", "publish_type": "DIRECT_PUBLISH"
    });
    assert_eq!(content(&due[0]), expected);
    desk.tiktok.webhook_answered(&due[0].id, Some(200));

    let body = json!({ "source_info": file(16, 16, 1) });
    let draft = desk.post("/v2/post/publish/inbox/video/init/", &body);
    desk.put(&draft.upload_url(), "bytes 0-15/16", &[7; 16]);
    desk.pass(60);
    let id = draft.publish_id();
    let due = desk.tiktok.webhooks_due();
    assert_eq!(due[0].event, "post.publish.inbox_delivered");
    let expected = json!({ "publish_id": id, "publish_type": "INBOX_SHARE" });
    assert_eq!(content(&due[0]), expected);
    desk.tiktok.webhook_answered(&due[0].id, Some(200));
    // A draft may be posted twice, and is reported twice.
    assert!(desk.tiktok.post_draft(&id, false));
    desk.pass(1);
    assert!(desk.tiktok.post_draft(&id, false));
    assert_eq!(events(&desk), ["post.publish.complete"; 2]);

    desk.pass(1);
    desk.tiktok.disconnect(BAKER, 1);
    let due = desk.tiktok.webhooks_due();
    let last = due.last().unwrap();
    assert_eq!(last.event, "authorization.removed");
    assert_eq!(content(last), json!({ "reason": 1 }));
}

#[test]
fn what_is_not_answered_with_200_comes_again_for_72_hours() {
    let desk = Desk::new();
    desk.tiktok
        .knobs(|knobs| knobs.moderation = chrono::TimeDelta::days(30));
    desk.post_video(b"bytes of a video");
    desk.pass(10);
    let mut tries = Vec::new();
    for second in (0..80 * 3_600).step_by(60) {
        for webhook in desk.tiktok.webhooks_due() {
            tries.push(second);
            let status = (tries.len() % 2 == 0).then_some(500);
            desk.tiktok.webhook_answered(&webhook.id, status);
        }
        desk.pass(60);
    }
    assert_eq!(tries[..5], [0, 60, 180, 420, 900]);
    let last = *tries.last().unwrap();
    assert!((24 * 3_600..72 * 3_600).contains(&last), "{tries:?}");
}

#[test]
fn webhooks_come_twice_and_in_another_order() {
    let desk = Desk::new();
    desk.post_video(b"bytes of a video");
    desk.pass(60);
    let (complete, public) = ("post.publish.complete", "post.publish.publicly_available");
    assert_eq!(events(&desk), [complete, public]);
    desk.tiktok.knobs(|knobs| {
        knobs.webhooks_twice = true;
        knobs.webhooks_reversed = true;
    });
    assert_eq!(events(&desk), [public, public, complete, complete]);
}
