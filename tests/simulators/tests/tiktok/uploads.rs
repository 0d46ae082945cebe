//! Bytes to the upload host, and what becomes of them.

use calendar_publish_simulators::tiktok::Progress;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::desk::{BAKER, Desk, file, whole};

const TOTAL: usize = 66_259_900;
const CHUNK: usize = 10_000_000;

#[test]
fn the_documented_upload_of_six_chunks_is_posted() {
    let desk = Desk::new();
    let init = desk.video_init(file(TOTAL, CHUNK, 6));
    let log_id = "20261120101500SIM0000000000000001";
    assert_eq!(
        init.body,
        json!({
            "data": {
                "publish_id": "v_pub_file~v2-1.7000000000000000001",
                "upload_url": "https://open-upload-sim.tiktokapis.com/upload?upload_id=7000000000000000002&upload_token=sim-tok-7000000000000000002",
            },
            "error": { "code": "ok", "message": "", "log_id": log_id },
        })
    );
    let bytes = vec![7; TOTAL];
    let url = init.upload_url();
    for n in 0..5 {
        let (first, last) = (n * CHUNK, (n + 1) * CHUNK - 1);
        let range = format!("bytes {first}-{last}/{TOTAL}");
        let told = desk.put(&url, &range, &bytes[first..=last]);
        assert_eq!(told, (206, Some(format!("bytes 0-{last}/{TOTAL}"))));
        if n == 2 {
            let status = desk.status(&init.publish_id());
            let expected = json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 30_000_000 });
            assert_eq!(status.body["data"], expected);
        }
    }
    let last = format!("bytes 50000000-66259899/{TOTAL}");
    assert_eq!(desk.put(&url, &last, &bytes[5 * CHUNK..]).0, 201);
    assert_eq!(desk.tiktok.posts(), []);

    desk.pass(60);
    let posts = desk.tiktok.posts();
    assert_eq!(posts.len(), 1);
    let post = &posts[0];
    assert_eq!(post.handle, init.publish_id());
    assert_eq!(post.account, BAKER);
    assert_eq!(post.caption, "Fresh bread at six #bakery @sim.friend");
    assert!(!post.is_draft);
}

#[test]
fn a_public_post_has_no_id_until_it_is_moderated() {
    let desk = Desk::new();
    let id = desk.post_video(b"bytes of a video");
    desk.pass(11);
    let status = desk.status(&id).body["data"].clone();
    assert_eq!(status["status"], "PUBLISH_COMPLETE");
    assert_eq!(status["publicaly_available_post_id"], json!([]));
    desk.pass(60);
    let status = desk.status(&id).body["data"].clone();
    assert_eq!(
        status["publicaly_available_post_id"],
        json!([7_412_345_678_901_234_567_u64])
    );
}

#[test]
fn chunks_out_of_turn_are_told_how_far_the_upload_is() {
    let desk = Desk::new();
    let size = 21_000_000;
    let init = desk.video_init(file(size, CHUNK, 2));
    let url = init.upload_url();
    let chunk = vec![7; CHUNK];
    let rest = vec![7; size - CHUNK];
    let last = format!("bytes {CHUNK}-{}/{size}", size - 1);
    let first = format!("bytes 0-{}/{size}", CHUNK - 1);
    assert_eq!(desk.put(&url, &last, &rest).0, 416);
    assert_eq!(desk.put(&url, &first, &chunk).0, 206);
    // A range that is already there may come again.
    assert_eq!(desk.put(&url, &first, &chunk).0, 206);
    let off_the_plan = format!("bytes 5-{}/{size}", CHUNK + 4);
    let told = desk.put(&url, &off_the_plan, &chunk);
    assert_eq!(told, (416, Some(format!("bytes 0-{}/{size}", CHUNK - 1))));
    assert_eq!(desk.put(&url, &last, &rest).0, 201);
    desk.pass(60);
    let posts = desk.tiktok.posts();
    assert_eq!(posts.len(), 1);
    let hash = Sha256::digest(vec![7; size]);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(posts[0].media, [hash]);
}

#[test]
fn wrong_headers_dead_and_unknown_addresses_are_refused() {
    let desk = Desk::new();
    let bytes = b"bytes of a video";
    let init = desk.video_init(file(bytes.len(), bytes.len(), 1));
    let url = init.upload_url();
    let range = whole(bytes);
    let put = |url: &str, headers: &[(&str, &str)]| {
        let method = calendar_publish::ports::Method::Put;
        desk.send(method, url, headers, bytes).unwrap().status
    };
    let good = ("content-range", range.as_str());
    let mp4 = ("content-type", "video/mp4");
    assert_eq!(put(&url, &[good]), 400);
    assert_eq!(put(&url, &[("content-type", "video/avi"), good]), 400);
    assert_eq!(put(&url, &[mp4]), 400);
    assert_eq!(put(&url, &[mp4, ("content-range", "bytes 0-15/17")]), 400);
    assert_eq!(put(&url, &[mp4, ("content-range", "bytes 0-14/16")]), 400);
    assert_eq!(put(&url, &[mp4, good, ("content-length", "15")]), 400);
    let stranger = url.replace("sim-tok", "no-tok");
    assert_eq!(put(&stranger, &[mp4, good]), 404);
    desk.tiktok.knobs(|knobs| knobs.unknown_upload_status = 405);
    assert_eq!(put(&stranger, &[mp4, good]), 405);
    desk.pass(3_600);
    assert_eq!(put(&url, &[mp4, good]), 403);
    desk.pass(3_600);
    assert_eq!(desk.tiktok.posts(), []);
}

#[test]
fn progress_may_be_a_count_instead_of_an_index() {
    let desk = Desk::new();
    desk.tiktok.knobs(|knobs| knobs.progress = Progress::Count);
    let init = desk.video_init(file(12_000_000, 6_000_000, 2));
    let chunk = vec![7; 6_000_000];
    let told = desk.put(&init.upload_url(), "bytes 0-5999999/12000000", &chunk);
    assert_eq!(told, (206, Some("bytes 0-6000000/12000000".to_owned())));
}
