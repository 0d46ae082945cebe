//! What a status says, and when.

use calendar_publish_simulators::tiktok::{Creator, PostIds};
use serde_json::{Value, json};

use crate::desk::{ALL_SCOPES, BAKER, Desk, file, whole};

#[test]
fn ids_come_in_every_form_that_was_seen() {
    for (form, expected) in [
        (PostIds::Number, json!([7_412_345_678_901_234_567_u64])),
        (PostIds::Text, json!(["7412345678901234567"])),
        (PostIds::Empty, json!([])),
        (PostIds::Never, Value::Null),
    ] {
        let desk = Desk::new();
        desk.tiktok.knobs(|knobs| knobs.post_ids = form);
        let id = desk.post_video(b"bytes of a video");
        desk.pass(3_600);
        let data = desk.status(&id).body["data"].clone();
        assert_eq!(data["status"], "PUBLISH_COMPLETE");
        assert_eq!(data["publicaly_available_post_id"], expected);
        // Whatever is said, the truth is the same.
        assert_eq!(desk.tiktok.posts()[0].id, "7412345678901234567");
    }
}

#[test]
fn processing_and_moderation_take_their_time() {
    let desk = Desk::new();
    desk.tiktok.knobs(|knobs| {
        knobs.processing = chrono::TimeDelta::minutes(2);
        knobs.moderation = chrono::TimeDelta::hours(5);
    });
    let id = desk.post_video(b"bytes of a video");
    let status = || desk.status(&id).body["data"].clone();
    desk.pass(119);
    assert_eq!(status()["status"], "PROCESSING_UPLOAD");
    assert_eq!(desk.tiktok.posts(), []);
    desk.pass(1);
    assert_eq!(status()["publicaly_available_post_id"], json!([]));
    desk.pass(5 * 3_600);
    let again = desk.tiktok.grant(BAKER, &ALL_SCOPES);
    desk.use_token(&again.access);
    let ids = status()["publicaly_available_post_id"].clone();
    assert_eq!(ids.as_array().unwrap().len(), 1);
}

#[test]
fn each_gib_takes_longer() {
    let desk = Desk::new();
    desk.tiktok
        .knobs(|knobs| knobs.processing_per_gib = chrono::TimeDelta::seconds(1_024));
    let init = desk.video_init(file(10 << 20, 10 << 20, 1));
    let video = vec![7; 10 << 20];
    desk.put(&init.upload_url(), &whole(&video), &video);
    // Ten seconds for any video, and one for each MiB.
    desk.pass(19);
    assert_eq!(desk.tiktok.posts(), []);
    desk.pass(1);
    assert_eq!(desk.tiktok.posts().len(), 1);
}

#[test]
fn a_publish_is_its_creators_own() {
    let desk = Desk::new();
    let id = desk.post_video(b"bytes of a video");
    let unknown = desk.status("v_pub_file~v2-1.1");
    assert_eq!(
        (unknown.status, unknown.code()),
        (400, "invalid_publish_id")
    );
    desk.tiktok
        .add_creator(Creator::new("sim-open-id-0002", "sim.florist"));
    let other = desk.tiktok.grant("sim-open-id-0002", &ALL_SCOPES);
    desk.use_token(&other.access);
    let foreign = desk.status(&id);
    let expected = (400, "token_not_authorized_for_specified_publish_id");
    assert_eq!((foreign.status, foreign.code()), expected);
}

#[test]
fn an_upload_that_never_ends_is_never_posted() {
    let desk = Desk::new();
    let init = desk.video_init(file(16, 16, 1));
    desk.pass(100_000);
    let again = desk.tiktok.grant(BAKER, &ALL_SCOPES);
    desk.use_token(&again.access);
    let data = desk.status(&init.publish_id()).body["data"].clone();
    let expected = json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 0 });
    assert_eq!(data, expected);
    assert_eq!(desk.tiktok.posts(), []);
}

#[test]
fn the_list_of_public_posts_is_newest_first() {
    let desk = Desk::new();
    let list = |body: Value| {
        let path = "/v2/video/list/?fields=id,title,create_time,share_url";
        desk.post(path, &body)
    };
    for _ in 0..3 {
        desk.post_video(b"bytes of a video");
        desk.pass(60);
    }
    let page = list(json!({ "max_count": 2 }));
    let videos = page.body["data"]["videos"].as_array().unwrap().clone();
    let ids: Vec<_> = videos
        .iter()
        .map(|video| video["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["7412345678901234569", "7412345678901234568"]);
    assert_eq!(videos[0]["title"], "Fresh bread at six #bakery @sim.friend");
    let permalink = "https://www.tiktok.com/@sim.baker/video/7412345678901234569";
    assert_eq!(videos[0]["share_url"], permalink);
    assert_eq!(page.body["data"]["has_more"], true);
    let cursor = page.body["data"]["cursor"].clone();
    let page = list(json!({ "cursor": cursor }));
    assert_eq!(page.body["data"]["videos"][0]["id"], "7412345678901234567");
    assert_eq!(page.body["data"]["has_more"], false);
    assert_eq!(list(json!({ "max_count": 21 })).status, 400);
}
