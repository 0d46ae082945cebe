//! The example requests of Meta's pages and the answers that they show.

use calendar_publish::ports::Method;
use calendar_publish_simulators::ShelvedFile;
use calendar_publish_simulators::instagram::{Endpoint, Fault, Flavour, Mishap};
use calendar_publish_simulators::sample::{UPRIGHT, jpeg};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bench::{ACCOUNT, Bench, GRAPH, error, json as json_of};

#[test]
fn an_image_from_its_container_to_its_link() {
    let bench = Bench::new();
    let container = bench.create(
        "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg&caption=Fresh%20buns%20%23bakery&alt_text=Six%20buns\
         &user_tags=%5B%7B%22username%22%3A%22miller%22%2C%22x%22%3A0.4%2C%22y%22%3A0.7%7D%5D",
    );
    assert!(container.parse::<u64>().unwrap() > 1 << 53);

    let status = bench.status(&container);
    assert_eq!(status["status_code"], "IN_PROGRESS");
    assert_eq!(status["id"], container.as_str());
    assert!(
        status["status"]
            .as_str()
            .unwrap()
            .starts_with("In Progress")
    );
    let early = bench.publish(&container);
    assert_eq!(early.0, 400);
    assert_eq!(error(early), (9007, Some(2_207_027)));

    bench.wait(5);
    let status = bench.status(&container);
    assert_eq!(status["status_code"], "FINISHED");
    assert!(status["status"].as_str().unwrap().starts_with("Finished"));

    let (code, published) = bench.publish(&container);
    assert_eq!(code, 200);
    let media = published["id"].as_str().unwrap();
    let (_, read) = bench.get(&format!(
        "{GRAPH}/{media}?fields=id,permalink,shortcode,timestamp,media_type"
    ));
    assert_eq!(read["timestamp"], "2026-11-20T10:00:05+0000");
    assert_eq!(read["media_type"], "IMAGE");
    let shortcode = read["shortcode"].as_str().unwrap();
    let permalink = format!("https://www.instagram.com/p/{shortcode}/");
    assert_eq!(read["permalink"], permalink);
    assert_eq!(bench.status_code(&container), "PUBLISHED");

    let (_, list) = bench.get(&format!(
        "{GRAPH}/{ACCOUNT}/media?fields=id,caption,permalink,timestamp,media_type,media_product_type&limit=10"
    ));
    assert_eq!(
        list["data"],
        json!([{
            "id": media,
            "caption": "Fresh buns #bakery",
            "permalink": permalink,
            "timestamp": "2026-11-20T10:00:05+0000",
            "media_type": "IMAGE",
            "media_product_type": "FEED",
        }])
    );
    assert!(list["paging"]["cursors"]["after"].is_string());

    let (_, quota) = bench.get(&format!(
        "{GRAPH}/{ACCOUNT}/content_publishing_limit?fields=config,quota_usage"
    ));
    assert_eq!(
        quota["data"],
        json!([{"quota_usage": 1, "config": {"quota_total": 50, "quota_duration": 86_400}}])
    );

    let posts = bench.instagram.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].id, media);
    assert_eq!(posts[0].handle, container);
    assert_eq!(posts[0].caption, "Fresh buns #bakery");
    assert_eq!(posts[0].media.len(), 1);
}

#[test]
fn the_identity_of_an_account() {
    let bench = Bench::new();
    let (status, me) = bench.get(&format!("{GRAPH}/me?fields=user_id,username,account_type"));
    assert_eq!(status, 200);
    assert_eq!(
        me,
        json!({"user_id": ACCOUNT, "username": "bakery.demo", "account_type": "BUSINESS", "id": "25500499000000001"})
    );
}

#[test]
fn a_reel_by_address_with_a_trial() {
    let bench = Bench::new();
    let file = ShelvedFile::new("video/mp4", UPRIGHT.mp4());
    bench.shelf.put("https://cdn.test/r.mp4", file);
    let reel = bench.create(
        "media_type=REELS&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4&caption=Hi&share_to_feed=true&thumb_offset=1500\
         &collaborators=%5B%22partner.one%22%5D\
         &trial_params=%7B%22graduation_strategy%22%3A%22MANUAL%22%7D",
    );
    bench.wait(5);
    assert_eq!(bench.status_code(&reel), "IN_PROGRESS");
    bench.wait(60);
    let (_, published) = bench.publish(&reel);
    let media = published["id"].as_str().unwrap();
    let url = format!("{GRAPH}/{media}?fields=media_type,media_product_type,permalink");
    let (_, read) = bench.get(&url);
    assert_eq!(read["media_type"], "VIDEO");
    assert_eq!(read["media_product_type"], "REELS");
    let permalink = read["permalink"].as_str().unwrap();
    assert!(permalink.starts_with("https://www.instagram.com/reel/"));
}

#[test]
fn a_story_with_a_mention() {
    let bench = Bench::new();
    let story = bench.create(
        "media_type=STORIES&image_url=https%3A%2F%2Fcdn.test%2Fs.jpg\
         &user_tags=%5B%7B%22username%22%3A%22miller%22%7D%5D",
    );
    bench.wait(5);
    assert_eq!(bench.publish(&story).0, 200);
}

#[test]
fn a_carousel_of_a_picture_and_a_film() {
    let bench = Bench::new();
    let file = ShelvedFile::new("video/mp4", UPRIGHT.mp4());
    bench.shelf.put("https://cdn.test/2.mp4", file.clone());
    let items = [
        bench.create("is_carousel_item=true&image_url=https%3A%2F%2Fcdn.test%2F1.jpg&alt_text=One"),
        bench.create(
            "is_carousel_item=true&media_type=VIDEO&video_url=https%3A%2F%2Fcdn.test%2F2.mp4",
        ),
    ];
    bench.wait(60);
    for item in &items {
        assert_eq!(bench.status_code(item), "FINISHED");
    }
    let carousel = bench.create(&format!(
        "media_type=CAROUSEL&children={}&caption=Two%20things",
        items.join("%2C")
    ));
    bench.wait(5);
    assert_eq!(bench.publish(&carousel).0, 200);
    let posts = bench.instagram.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].caption, "Two things");
    let hash = |bytes: &[u8]| -> String {
        let digest = Sha256::digest(bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(
        posts[0].media,
        [hash(&jpeg(1080, 1080)), hash(&UPRIGHT.mp4())]
    );
}

/// The guide shows a JSON body, the reference the token as a parameter.
#[test]
fn parameters_travel_in_every_documented_way() {
    let bench = Bench::new();
    let url = format!("{GRAPH}/{ACCOUNT}/media");
    let body = json!({
        "image_url": "https://cdn.test/bun.jpg",
        "user_tags": [{"username": "miller", "x": 0.4, "y": 0.7}],
        "is_ai_generated": true,
    });
    let bearer = format!("Bearer {}", bench.token);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let answer = bench.send(Method::Post, &url, &headers, body.to_string().as_bytes());
    assert_eq!(answer.unwrap().status, 200);
    let query = format!(
        "{url}?image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg&access_token={}",
        bench.token
    );
    assert_eq!(
        bench.send(Method::Post, &query, &[], &[]).unwrap().status,
        200
    );
}

#[test]
fn the_first_comment_is_a_call_of_its_own() {
    let bench = Bench::new();
    let container = bench.finished_image();
    let media = bench.publish(&container).1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = format!("{GRAPH}/{media}/comments");
    assert_eq!(error(bench.post(&url, "message=Hi")), (10, None));
    let granted = [
        "instagram_business_basic",
        "instagram_business_manage_comments",
    ];
    let manager = bench.instagram.grant(ACCOUNT, Flavour::Instagram, &granted);
    assert_eq!(bench.post_as(&manager, &url, "message=Hi").0, 200);
    let comments = bench.instagram.comments();
    assert_eq!(comments.len(), 1);
    assert_eq!(
        (comments[0].media.as_str(), comments[0].text.as_str()),
        (media.as_str(), "Hi")
    );
    let off = bench.post_as(
        &manager,
        &format!("{GRAPH}/{media}"),
        "comment_enabled=false",
    );
    assert_eq!(off, (200, json!({"success": true})));
    assert_eq!(
        error(bench.post_as(&manager, &url, "message=Hi")),
        (100, None)
    );
}

#[test]
fn the_upload_host_has_two_shapes_of_errors() {
    let bench = Bench::new();
    let uri = "https://rupload.facebook.com/ig-api-upload/v25.0/17900000000000120";
    for nested in [true, false] {
        bench.instagram.fault(Fault::at(
            Endpoint::Upload,
            Mishap::Upload {
                status: 400,
                retriable: false,
                kind: "ProcessingFailedError".to_owned(),
                nested,
            },
        ));
        let answer = json_of(bench.send(Method::Post, uri, &[], b"1234"));
        assert_eq!(answer.0, 400);
        let info = &answer.1["debug_info"];
        assert_eq!(info["type"], "ProcessingFailedError");
        assert_eq!(info["retriable"], false);
        let message = info["message"].as_str().unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(message).is_ok(),
            nested,
            "{message}"
        );
        bench.instagram.clear_faults();
    }
}
