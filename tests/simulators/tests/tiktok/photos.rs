//! Photo posts.

use calendar_publish_simulators::ShelvedFile;
use serde_json::{Value, json};

use crate::desk::{BAKER, Desk};

const PATH: &str = "/v2/post/publish/content/init/";
const POST_INFO: &str = "The request post info is empty or incorrect";
const SOURCE_INFO: &str = "The request source info is empty or incorrect";
const MODE: &str = "Invalid media_type or post_mode";

/// The documented example.
fn direct() -> Value {
    json!({
        "media_type": "PHOTO", "post_mode": "DIRECT_POST", "is_aigc": false,
        "post_info": {
            "title": "Autumn menu", "description": "Three new cakes #bakery", "privacy_level": "MUTUAL_FOLLOW_FRIENDS",
            "disable_comment": false, "auto_add_music": false, "brand_content_toggle": false, "brand_organic_toggle": false
        },
        "source_info": {
            "source": "PULL_FROM_URL", "photo_cover_index": 0,
            "photo_images": ["https://media.host.example/p/1.jpg", "https://media.host.example/p/2.webp"]
        }
    })
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.shelf.put(
        "https://media.host.example/p/1.jpg",
        ShelvedFile::new("image/jpeg", *b"one"),
    );
    desk.shelf.put(
        "https://media.host.example/p/2.webp",
        ShelvedFile::new("image/webp", *b"two"),
    );
    desk
}

#[test]
fn the_documented_photo_post_comes_out() {
    let desk = desk();
    let init = desk.post(PATH, &direct());
    let expected = json!({ "publish_id": "p_pub_url~v2.7000000000000000001" });
    assert_eq!(init.body["data"], expected);
    let id = init.publish_id();
    let status = desk.status(&id).body["data"]["status"].clone();
    assert_eq!(status, "PROCESSING_DOWNLOAD");
    desk.pass(16);
    let data = desk.status(&id).body["data"].clone();
    assert_eq!(data["status"], "PUBLISH_COMPLETE");
    let posts = desk.tiktok.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].caption, "Three new cakes #bakery");
    // By sha256sum of `one` and `two`.
    assert_eq!(
        posts[0].media,
        [
            "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
            "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
        ]
    );
    // Only the public has ids, and these are friends.
    desk.pass(3_600);
    let data = desk.status(&id).body["data"].clone();
    assert_eq!(data["publicaly_available_post_id"], json!([]));
}

#[test]
fn refusals_use_the_words_that_arrive() {
    let many: Vec<String> = (0..36)
        .map(|n| format!("https://media.host.example/p/{n}.jpg"))
        .collect();
    for (pointer, value, message) in [
        ("/media_type", json!("VIDEO"), MODE),
        ("/post_mode", json!("DIRECT POST"), MODE),
        ("/post_info/title", json!("a".repeat(91)), POST_INFO),
        (
            "/post_info/description",
            json!("a".repeat(4_001)),
            POST_INFO,
        ),
        ("/post_info/privacy_level", json!("FRIENDS"), POST_INFO),
        ("/post_info", json!("none"), POST_INFO),
        ("/source_info/source", json!("FILE_UPLOAD"), SOURCE_INFO),
        ("/source_info/photo_images", json!([]), SOURCE_INFO),
        ("/source_info/photo_images", json!(many), SOURCE_INFO),
        ("/source_info/photo_cover_index", json!(2), SOURCE_INFO),
        ("/source_info/photo_cover_index", json!(-1), SOURCE_INFO),
    ] {
        let desk = desk();
        let mut body = direct();
        *body.pointer_mut(pointer).unwrap() = value;
        let reply = desk.post(PATH, &body);
        assert_eq!(reply.told(), (400, "invalid_params", message), "{pointer}");
        assert_eq!(desk.shelf.fetches(), []);
    }
}

#[test]
fn a_draft_carries_its_texts_and_nothing_else() {
    let desk = desk();
    let mut body = direct();
    body["post_mode"] = "MEDIA_UPLOAD".into();
    let id = desk.post(PATH, &body).publish_id();
    let info = desk.tiktok.post_info(&id).unwrap();
    assert_eq!(
        (info.title.as_str(), info.privacy_level),
        ("Autumn menu", None)
    );
    desk.pass(16);
    let status = desk.status(&id).body["data"]["status"].clone();
    assert_eq!(status, "SEND_TO_USER_INBOX");
    assert!(desk.tiktok.posts()[0].is_draft);

    desk.tiktok
        .update_creator(BAKER, |creator| creator.app_version = (31, 7));
    let refused = desk.post(PATH, &body);
    assert_eq!(
        (refused.status, refused.code()),
        (400, "app_version_check_failed")
    );
    desk.tiktok
        .update_creator(BAKER, |creator| creator.app_version = (31, 8));
    assert_eq!(desk.post(PATH, &body).code(), "ok");
}

#[test]
fn a_photo_that_cannot_be_fetched_fails_the_post() {
    let desk = desk();
    desk.shelf.withdraw("https://media.host.example/p/2.webp");
    let id = desk.post(PATH, &direct()).publish_id();
    let expected = json!({ "status": "FAILED", "fail_reason": "photo_pull_failed" });
    assert_eq!(desk.status(&id).body["data"], expected);
    desk.pass(3_600);
    assert_eq!(desk.tiktok.posts(), []);
}
