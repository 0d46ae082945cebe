//! What TikTok is sent, held against the examples and tables of its reference (Content Posting API: Direct
//! Post, Photo Post, Upload Video, Get Post Status, Query Creator Info, read 2026-09-11 and 2026-11-20).

use calendar_publish::ports::{Method, Step};
use calendar_publish_adapters::tiktok::TiktokSettings;
use serde_json::{Value, json};

use crate::fixture::{Bench, draft, next, photo_entry, post, video_entry};

fn header<'a>(request: &'a calendar_publish::ports::HttpRequest, name: &str) -> Option<&'a str> {
    let mut found = request.headers.iter().filter(|header| header.name == name);
    let first = found.next().map(|header| header.value.as_str());
    assert!(found.next().is_none(), "{name} stands twice");
    first
}

#[test]
fn creator_info_is_asked_with_the_token_and_json() {
    let bench = Bench::new();
    bench.script.creator();
    let post = post(video_entry());
    bench.up_to(&post, "media");
    let request = bench.script.requests().remove(0);
    assert_eq!(request.method, Method::Post);
    assert_eq!(
        request.url,
        "https://open.tiktokapis.com/v2/post/publish/creator_info/query/"
    );
    assert_eq!(
        header(&request, "authorization"),
        Some("Bearer act.SECRET-TOKEN-0")
    );
    assert_eq!(
        header(&request, "content-type"),
        Some("application/json; charset=UTF-8")
    );
}

#[test]
fn a_video_that_is_uploaded() {
    let bench = Bench::new();
    bench.script.creator().upload_begun();
    let post = post(video_entry());
    bench.up_to(&post, "chunk");
    let request = bench.script.requests().pop().unwrap();
    assert_eq!(
        request.url,
        "https://open.tiktokapis.com/v2/post/publish/video/init/"
    );
    assert_eq!(
        bench.script.last_json(),
        json!({
            "post_info": { "title": "Fresh bread at six #bakery @sim.friend",
                "privacy_level": "PUBLIC_TO_EVERYONE", "disable_comment": false,
                "disable_duet": true, "disable_stitch": true, "video_cover_timestamp_ms": 1500,
                "brand_content_toggle": false, "brand_organic_toggle": true, "is_aigc": false },
            "source_info": { "source": "FILE_UPLOAD", "video_size": 66_259_900,
                "chunk_size": 6_000_000, "total_chunk_count": 11 },
        })
    );
}

#[test]
fn a_video_draft_has_no_post_info() {
    let bench = Bench::new();
    bench.script.upload_begun();
    let post = post(draft(video_entry()));
    bench.up_to(&post, "chunk");
    let request = bench.script.requests().remove(0);
    assert_eq!(
        request.url,
        "https://open.tiktokapis.com/v2/post/publish/inbox/video/init/"
    );
    assert_eq!(
        bench.script.last_json(),
        json!({ "source_info": { "source": "FILE_UPLOAD", "video_size": 66_259_900,
            "chunk_size": 6_000_000, "total_chunk_count": 11 } })
    );
}

#[test]
fn a_video_that_tiktok_fetches() {
    let bench = Bench::pulling(TiktokSettings::default());
    let mut entry = video_entry();
    entry.media[0].url = "https://media.host.example/v/abc.mp4".to_owned();
    let post = post(entry);
    bench.script.creator();
    let pull = bench.up_to(&post, "pull");
    bench
        .script
        .ok(json!({ "publish_id": "v_pub_url~v2-1.7000000000000000003" }));
    assert_eq!(next(bench.advance(&post, &pull)).stage, "status");
    let body = bench.script.last_json();
    assert_eq!(
        body["source_info"],
        json!({ "source": "PULL_FROM_URL", "video_url": "https://media.host.example/v/abc.mp4" })
    );
    assert_eq!(body["post_info"]["privacy_level"], "PUBLIC_TO_EVERYONE");
}

fn photos_sent(bench: &Bench, entry: calendar_publish::model::CalendarEntry) -> Value {
    let post = post(entry);
    let pull = bench.up_to(&post, "pull");
    bench
        .script
        .ok(json!({ "publish_id": "p_pub_url~v2.7000000000000000005" }));
    assert_eq!(next(bench.advance(&post, &pull)).stage, "status");
    let request = bench.script.requests().pop().unwrap();
    assert_eq!(
        request.url,
        "https://open.tiktokapis.com/v2/post/publish/content/init/"
    );
    bench.script.last_json()
}

#[test]
fn photos() {
    let bench = Bench::new();
    bench.script.creator();
    assert_eq!(
        photos_sent(&bench, photo_entry()),
        json!({
            "media_type": "PHOTO", "post_mode": "DIRECT_POST", "is_aigc": false,
            "post_info": { "title": "Autumn menu", "description": "Three new cakes #bakery",
                "privacy_level": "MUTUAL_FOLLOW_FRIENDS", "disable_comment": false,
                "auto_add_music": false, "brand_content_toggle": false,
                "brand_organic_toggle": false },
            "source_info": { "source": "PULL_FROM_URL", "photo_cover_index": 0,
                "photo_images": ["https://media.host.example/p/1.jpg",
                                 "https://media.host.example/p/2.webp"] },
        })
    );
}

#[test]
fn a_photo_draft_takes_its_texts_along_and_nothing_else() {
    let bench = Bench::new();
    let mut entry = draft(photo_entry());
    entry.cover = serde_json::from_value(json!({ "type": "item", "index": 1 })).unwrap();
    assert_eq!(
        photos_sent(&bench, entry),
        json!({
            "media_type": "PHOTO", "post_mode": "MEDIA_UPLOAD",
            "post_info": { "title": "Autumn menu", "description": "Three new cakes #bakery" },
            "source_info": { "source": "PULL_FROM_URL", "photo_cover_index": 1,
                "photo_images": ["https://media.host.example/p/1.jpg",
                                 "https://media.host.example/p/2.webp"] },
        })
    );
}

#[test]
fn branded_content_and_ai_are_said() {
    let bench = Bench::new();
    bench.script.creator().upload_begun();
    let mut entry = video_entry();
    let chosen = entry.tiktok.as_mut().unwrap();
    chosen.branded_content = true;
    chosen.ai_generated = true;
    chosen.allow_duet = true;
    chosen.allow_stitch = true;
    bench.up_to(&post(entry), "chunk");
    let info = &bench.script.last_json()["post_info"];
    assert_eq!(info["brand_content_toggle"], true);
    assert_eq!(info["is_aigc"], true);
    assert_eq!(info["disable_duet"], false);
    // The creator has turned stitches off meanwhile.
    assert_eq!(info["disable_stitch"], true);
}

#[test]
fn a_brand_counts_only_with_the_switch_on() {
    let bench = Bench::new();
    bench.script.creator().upload_begun();
    let mut entry = video_entry();
    entry.tiktok.as_mut().unwrap().disclose_commercial = false;
    bench.up_to(&post(entry), "chunk");
    let info = &bench.script.last_json()["post_info"];
    assert_eq!(info["brand_organic_toggle"], false);
}

#[test]
fn the_chunks_of_the_example_follow_one_another() {
    let bench = Bench::new();
    bench.script.creator().upload_begun();
    let post = post(video_entry());
    let mut progress = bench.up_to(&post, "chunk");
    for _ in 0..10 {
        bench.script.put(206);
        progress = next(bench.advance(&post, &progress));
    }
    assert_eq!(progress.stage, "last_chunk");
    bench.script.put(201);
    progress = next(bench.advance(&post, &progress));
    assert_eq!(progress.stage, "status");
    let puts: Vec<_> = bench.script.requests().split_off(2);
    let ranges: Vec<_> = puts
        .iter()
        .map(|put| header(put, "content-range").unwrap())
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-5999999/66259900",
            "bytes 6000000-11999999/66259900",
            "bytes 12000000-17999999/66259900",
            "bytes 18000000-23999999/66259900",
            "bytes 24000000-29999999/66259900",
            "bytes 30000000-35999999/66259900",
            "bytes 36000000-41999999/66259900",
            "bytes 42000000-47999999/66259900",
            "bytes 48000000-53999999/66259900",
            "bytes 54000000-59999999/66259900",
            "bytes 60000000-66259899/66259900",
        ]
    );
    for put in &puts {
        assert_eq!(put.method, Method::Put);
        assert_eq!(put.url, crate::fixture::UPLOAD_URL);
        assert_eq!(header(put, "content-type"), Some("video/mp4"));
        assert_eq!(
            header(put, "content-length"),
            Some(put.body.len().to_string().as_str())
        );
        assert_eq!(header(put, "authorization"), None);
    }
    assert_eq!(puts[10].body.len(), 6_259_900);
}

#[test]
fn the_status_is_asked_by_publish_id_and_gives_the_posts_address() {
    let bench = Bench::new();
    let post = post(video_entry());
    let last = bench.at_last_chunk(&post);
    bench.script.put(201);
    let status = next(bench.advance(&post, &last));
    bench.script.reply_raw(
        200,
        &[],
        br#"{"data":{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7412345678901234567]},
             "error":{"code":"ok","message":"","log_id":"1"}}"#,
    );
    let Ok(Step::Done(receipt)) = bench.advance(&post, &status) else {
        panic!("the post is out");
    };
    let request = bench.script.requests().pop().unwrap();
    assert_eq!(
        request.url,
        "https://open.tiktokapis.com/v2/post/publish/status/fetch/"
    );
    assert_eq!(
        bench.script.last_json(),
        json!({ "publish_id": crate::fixture::PUBLISH_ID })
    );
    assert_eq!(receipt.external_id, "7412345678901234567");
    assert_eq!(
        receipt.permalink.as_deref(),
        Some("https://www.tiktok.com/@sim.baker/video/7412345678901234567")
    );
}
