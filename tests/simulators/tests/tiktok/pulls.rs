//! Videos that TikTok fetches.

use calendar_publish::ports::MediaError;
use calendar_publish_simulators::ShelvedFile;
use serde_json::{Value, json};

use crate::desk::Desk;

const URL: &str = "https://media.host.example/v/abc.mp4";

fn pull(url: &str) -> Value {
    json!({ "source": "PULL_FROM_URL", "video_url": url })
}

fn desk() -> Desk {
    let desk = Desk::new();
    let video = ShelvedFile::new("video/mp4", *b"bytes of a video").padded_to(20_000_000);
    desk.shelf.put(URL, video);
    desk
}

#[test]
fn a_verified_address_is_fetched_and_posted() {
    let desk = desk();
    let init = desk.video_init(pull(URL));
    let expected = json!({ "publish_id": "v_pub_url~v2-1.7000000000000000001" });
    assert_eq!(init.body["data"], expected);
    let id = init.publish_id();
    let data = desk.status(&id).body["data"].clone();
    let expected = json!({ "status": "PROCESSING_DOWNLOAD", "downloaded_bytes": 20_000_000 });
    assert_eq!(data, expected);
    desk.pass(20);
    assert_eq!(desk.tiktok.posts().len(), 1);
    assert!(desk.shelf.fetches().iter().all(|fetch| fetch.url == URL));
}

#[test]
fn other_addresses_are_refused_and_never_fetched() {
    let desk = desk();
    desk.tiktok.update_app(|app| {
        app.verified_prefixes = vec![
            "host.example".to_owned(),
            "https://cdn.other.example/ours/".to_owned(),
            "203.0.113.7".to_owned(),
        ];
    });
    for url in [
        "http://media.host.example/v/abc.mp4",
        "https://203.0.113.7/v/abc.mp4",
        "https://nothost.example/v/abc.mp4",
        "https://cdn.other.example/theirs/abc.mp4",
        "https://cdn.other.example/ours/../theirs/abc.mp4",
        "https://user@media.host.example/v/abc.mp4",
        "abc.mp4",
    ] {
        desk.pass(60);
        let reply = desk.video_init(pull(url));
        let told = (reply.status, reply.code());
        assert_eq!(told, (403, "url_ownership_unverified"), "{url}");
    }
    assert_eq!(desk.shelf.fetches(), []);
    desk.pass(60);
    let ours = "https://cdn.other.example/ours/abc.mp4";
    assert_eq!(desk.video_init(pull(ours)).code(), "ok");
}

#[test]
fn a_source_that_is_down_is_tried_for_an_hour() {
    let desk = desk();
    let down = MediaError::Unavailable {
        reason: "503".to_owned(),
    };
    desk.shelf.fail(URL, Some(down));
    let first = desk.video_init(pull(URL)).publish_id();
    desk.pass(1_800);
    let status = |id: &str| desk.status(id).body["data"].clone();
    assert_eq!(status(&first)["status"], "PROCESSING_DOWNLOAD");
    desk.shelf.fail(URL, None);
    desk.pass(60);
    status(&first);
    desk.pass(20);
    assert_eq!(status(&first)["status"], "PUBLISH_COMPLETE");

    // A redirect isn't followed.
    let redirected = MediaError::AddressForbidden {
        reason: "302".to_owned(),
    };
    desk.shelf.fail(URL, Some(redirected));
    let second = desk.video_init(pull(URL)).publish_id();
    let failed = json!({ "status": "FAILED", "fail_reason": "video_pull_failed" });
    assert_eq!(status(&second), failed);

    let down = MediaError::Unavailable {
        reason: "503".to_owned(),
    };
    desk.shelf.fail(URL, Some(down));
    let third = desk.video_init(pull(URL)).publish_id();
    desk.pass(3_600);
    desk.shelf.fail(URL, None);
    assert_eq!(status(&third), failed);
    assert_eq!(desk.tiktok.posts().len(), 1);
}

#[test]
fn a_download_can_be_cancelled_and_nothing_else_can() {
    let desk = desk();
    let cancel = |id: &str| desk.post("/v2/post/publish/cancel/", &json!({ "publish_id": id }));
    let id = desk.video_init(pull(URL)).publish_id();
    let reply = cancel(&id);
    assert_eq!((reply.status, reply.code()), (200, "ok"));
    assert_eq!(reply.body.get("data"), None);
    let expected = json!({ "status": "FAILED", "fail_reason": "publish_cancelled" });
    assert_eq!(desk.status(&id).body["data"], expected);
    assert_eq!(cancel(&id).code(), "publish_not_cancellable");
    assert_eq!(cancel("v_pub_url~v2-1.1").code(), "invalid_publish_id");

    let id = desk.video_init(pull(URL)).publish_id();
    desk.pass(6);
    assert_eq!(cancel(&id).code(), "publish_not_cancellable");
    let upload = desk.post_video(b"bytes of a video");
    assert_eq!(cancel(&upload).code(), "publish_not_cancellable");
    desk.pass(60);
    assert_eq!(desk.tiktok.posts().len(), 2);
}

#[test]
fn a_download_goes_on_without_its_caller() {
    let desk = desk();
    let fault = calendar_publish_simulators::tiktok::Fault::on(
        calendar_publish_simulators::tiktok::Endpoint::VideoInit,
        calendar_publish_simulators::tiktok::FaultKind::LostAfter,
    );
    desk.tiktok.fault(fault);
    let body = json!({ "post_info": crate::desk::post_info(), "source_info": pull(URL) });
    assert!(
        desk.try_post("/v2/post/publish/video/init/", &body)
            .is_err()
    );
    desk.pass(60);
    assert_eq!(desk.tiktok.posts().len(), 1);
    let logged = desk.tiktok.requests().pop().unwrap();
    assert_eq!(
        (logged.decided.as_deref(), logged.status),
        (Some("ok"), None)
    );
}
