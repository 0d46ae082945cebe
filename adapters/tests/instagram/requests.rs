//! What is sent: the shapes of the documentation's examples, and which parameter goes where.

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar_publish::ports::{HttpRequest, Method, Post};
use calendar_publish_adapters::instagram::{InstagramLogin, InstagramSettings};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::fixture::{
    ACCOUNT, Asked, Bench, CONTAINER, End, LINK, MEDIA, bun, entry, header, image, pairs, post,
    video,
};

/// Publishes `post` and gives everything that was sent to make containers.
fn creates(post: &Post) -> Vec<Vec<(String, String)>> {
    let bench = Bench::new();
    assert!(matches!(bench.drive(post), End::Done(_)));
    bench.graph.sent(Asked::Create).iter().map(pairs).collect()
}

fn sorted(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let mut pairs: Vec<_> = pairs
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    pairs.sort_unstable();
    pairs
}

fn query(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect();
    pairs.sort_unstable();
    pairs
}

fn only(bench: &Bench, asked: Asked) -> HttpRequest {
    let mut sent = bench.graph.sent(asked);
    assert_eq!(sent.len(), 1, "{asked:?}");
    sent.remove(0)
}

#[test]
fn an_image_is_published_with_the_calls_of_the_documentation() {
    let bench = Bench::new();
    let tags = json!([{"username": "miller", "x": 0.4, "y": 0.7}]);
    let mut bun = image("https://cdn.test/bun.jpg");
    bun["altText"] = "Six buns".into();
    bun["userTags"] = tags;
    let bun = post(entry("post", "Fresh buns #bakery", &[bun], &json!({})));
    let End::Done(receipt) = bench.drive(&bun) else {
        panic!("it isn't out");
    };
    assert_eq!(receipt.external_id, MEDIA);
    assert_eq!(receipt.permalink.as_deref(), Some(LINK));
    use Asked::{Create, Link, List, Publish, Quota, Status};
    assert_eq!(
        bench.graph.order(),
        [Quota, Create, Status, List, Quota, Publish, Link]
    );

    let base = "https://graph.instagram.com/v25.0";
    let create = only(&bench, Create);
    assert_eq!(create.url, format!("{base}/{ACCOUNT}/media"));
    assert_eq!(create.method, Method::Post);
    assert_eq!(
        header(&create, "content-type"),
        "application/x-www-form-urlencoded"
    );
    let mut made = pairs(&create);
    made.sort_unstable();
    assert_eq!(
        made,
        query(
            "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg&caption=Fresh%20buns%20%23bakery&alt_text=Six%20buns&user_tags=%5B%7B%22username%22%3A%22miller%22%2C%22x%22%3A0.4%2C%22y%22%3A0.7%7D%5D"
        )
    );
    let status = only(&bench, Status);
    assert_eq!(status.method, Method::Get);
    assert!(status.url.starts_with(&format!("{base}/{CONTAINER}?")));
    assert_eq!(pairs(&status), query("fields=status_code,status"));
    let publish = only(&bench, Publish);
    assert_eq!(publish.url, format!("{base}/{ACCOUNT}/media_publish"));
    assert_eq!(pairs(&publish), query(&format!("creation_id={CONTAINER}")));
    let quota = &bench.graph.sent(Quota)[0];
    assert!(
        quota
            .url
            .starts_with(&format!("{base}/{ACCOUNT}/content_publishing_limit?"))
    );
    assert_eq!(pairs(quota), query("fields=config,quota_usage"));
    assert!(
        only(&bench, List)
            .url
            .starts_with(&format!("{base}/{ACCOUNT}/media?"))
    );
    assert!(
        only(&bench, Link)
            .url
            .starts_with(&format!("{base}/{MEDIA}?"))
    );
}

#[test]
fn the_token_travels_in_a_header_and_nowhere_else() {
    let bench = Bench::new();
    bench.drive(&bun());
    for asked in [
        Asked::Quota,
        Asked::Create,
        Asked::Status,
        Asked::List,
        Asked::Publish,
        Asked::Link,
    ] {
        for request in bench.graph.sent(asked) {
            assert_eq!(header(&request, "authorization"), "Bearer IG.TOKEN");
            assert!(!request.url.contains("IG.TOKEN"));
            assert!(!String::from_utf8_lossy(&request.body).contains("IG.TOKEN"));
        }
    }
}

#[test]
fn a_reel_is_made_with_everything_that_a_reel_can_have() {
    let mut reel = video("https://cdn.test/r.mp4");
    reel["userTags"] = json!([{"username": "miller", "x": 0.1, "y": 0.2}]);
    let more = json!({
        "cover": {"type": "frame", "offsetMs": 1500},
        "instagram": {"shareToFeed": true, "collaborators": ["partner.one"], "trial": "manual",
                      "audioName": "Oven", "locationId": "110", "aiGenerated": true},
    });
    let made = creates(&post(entry("reel", "Hi", &[reel], &more)));
    assert_eq!(
        sorted(&made[0]),
        [
            ("audio_name", "Oven"),
            ("caption", "Hi"),
            ("collaborators", r#"["partner.one"]"#),
            ("is_ai_generated", "true"),
            ("location_id", "110"),
            ("media_type", "REELS"),
            ("share_to_feed", "true"),
            ("thumb_offset", "1500"),
            ("trial_params", r#"{"graduation_strategy":"MANUAL"}"#),
            // A reel's tags have no place.
            ("user_tags", r#"[{"username":"miller"}]"#),
            ("video_url", "https://cdn.test/r.mp4"),
        ]
    );
}

#[test]
fn a_carousel_is_made_of_its_items_in_order() {
    let bench = Bench::new();
    let mut first = image("https://cdn.test/1.jpg");
    first["altText"] = "One".into();
    let items = [first, video("https://cdn.test/2.mp4")];
    let carousel = post(entry("carousel", "Two things", &items, &json!({})));
    assert!(matches!(bench.drive(&carousel), End::Done(_)));
    let made: Vec<_> = bench.graph.sent(Asked::Create).iter().map(pairs).collect();
    assert_eq!(
        made.iter().map(|pairs| sorted(pairs)).collect::<Vec<_>>(),
        [
            vec![
                ("alt_text", "One"),
                ("image_url", "https://cdn.test/1.jpg"),
                ("is_carousel_item", "true"),
            ],
            vec![
                ("is_carousel_item", "true"),
                ("media_type", "VIDEO"),
                ("video_url", "https://cdn.test/2.mp4"),
            ],
            vec![
                ("caption", "Two things"),
                ("children", "17900000000000101,17900000000000102"),
                ("media_type", "CAROUSEL"),
            ],
        ]
    );
    use Asked::{Create, Link, List, Publish, Quota, Status};
    assert_eq!(
        bench.graph.order(),
        [
            Quota, Create, Create, Status, Status, Create, Status, List, Quota, Publish, Link
        ]
    );
    let published = pairs(&bench.graph.sent(Publish)[0]);
    assert_eq!(published, query("creation_id=17900000000000103"));
}

/// Every parameter that the adapter knows, for each kind of container: whether it is sent when the person chose
/// everything that there is. From the reference's table (Instagram Platform, IG User Media, read 2026-09-11).
#[rustfmt::skip]
const MATRIX: [(&str, [bool; 5]); 17] = [
    //                    image  reel   item   video  carousel
    ("media_type",       [false, true,  false, true,  true]),
    ("image_url",        [true,  false, true,  false, false]),
    ("video_url",        [false, true,  false, true,  false]),
    ("upload_type",      [false, false, false, false, false]),
    ("is_carousel_item", [false, false, true,  true,  false]),
    ("children",         [false, false, false, false, true]),
    ("caption",          [true,  true,  false, false, true]),
    ("alt_text",         [true,  false, true,  false, false]),
    ("user_tags",        [true,  true,  true,  false, false]),
    ("collaborators",    [true,  true,  false, false, true]),
    ("location_id",      [true,  true,  false, false, true]),
    ("share_to_feed",    [false, true,  false, false, false]),
    ("cover_url",        [false, true,  false, false, false]),
    ("audio_name",       [false, true,  false, false, false]),
    ("trial_params",     [false, true,  false, false, false]),
    ("is_ai_generated",  [true,  true,  false, false, true]),
    ("access_token",     [false, false, false, false, false]),
];

#[test]
fn every_parameter_goes_where_the_reference_allows_it_and_nowhere_else() {
    let chosen = |mut media: Value| {
        media["altText"] = "What it shows".into();
        media["userTags"] = json!([{"username": "miller", "x": 0.4, "y": 0.7}]);
        media
    };
    let picture = || chosen(image("https://cdn.test/a.jpg"));
    let film = || chosen(video("https://cdn.test/a.mp4"));
    let more = json!({
        "cover": {"type": "image", "media": image("https://cdn.test/cover.jpg")},
        "instagram": {"shareToFeed": false, "collaborators": ["one", "two"], "trial": "performance",
                      "audioName": "Oven", "locationId": "110", "aiGenerated": true},
    });
    let of = |format: &str, media: &[Value]| creates(&post(entry(format, "Hi", media, &more)));
    let image = of("post", &[picture()]);
    let reel = of("reel", &[film()]);
    let carousel = of("carousel", &[picture(), film()]);
    let made = [
        &image[0],
        &reel[0],
        &carousel[0],
        &carousel[1],
        &carousel[2],
    ];
    for (name, wanted) in MATRIX {
        let sent = made.map(|pairs| pairs.iter().any(|(other, _)| other == name));
        assert_eq!(sent, wanted, "{name}");
    }
    let known: BTreeSet<&str> = MATRIX.iter().map(|(name, _)| *name).collect();
    for pairs in made {
        for (name, value) in pairs {
            assert!(known.contains(name.as_str()), "{name}={value}");
        }
        let names: BTreeSet<&String> = pairs.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), pairs.len(), "one stands twice: {pairs:?}");
    }
}

#[test]
fn a_video_in_a_plain_post_becomes_a_reel() {
    let made = creates(&post(entry(
        "post",
        "Hi",
        &[video("https://cdn.test/r.mp4")],
        &json!({}),
    )));
    assert!(
        sorted(&made[0]).contains(&("media_type", "REELS")),
        "{made:?}"
    );
}

#[test]
fn on_the_facebook_host_every_call_carries_the_proof_of_the_app() {
    let mut bench = Bench::new();
    bench.settings = InstagramSettings::new(InstagramLogin::Facebook);
    bench.settings.version = "v26.0".to_owned();
    bench.settings.app_secret_proof = Some(Arc::new(|token: &SecretString| {
        SecretString::from(format!("proof-of-{}", token.expose_secret()))
    }));
    assert!(matches!(bench.drive(&bun()), End::Done(_)));
    for asked in [
        Asked::Quota,
        Asked::Create,
        Asked::Status,
        Asked::List,
        Asked::Publish,
        Asked::Link,
    ] {
        for request in bench.graph.sent(asked) {
            assert!(
                request.url.starts_with("https://graph.facebook.com/v26.0/"),
                "{request:?}"
            );
            let proof = ("appsecret_proof".to_owned(), "proof-of-IG.TOKEN".to_owned());
            assert!(pairs(&request).contains(&proof), "{request:?}");
        }
    }
}
