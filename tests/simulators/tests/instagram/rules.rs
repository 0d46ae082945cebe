//! What is refused, with which code.

use std::fmt::Write as _;

use calendar_publish::ports::MediaError;
use calendar_publish_simulators::ShelvedFile;
use calendar_publish_simulators::instagram::{Flavour, Language};
use serde_json::Value;

use crate::bench::{ACCOUNT, Bench, FACEBOOK, GRAPH, error};
use calendar_publish_simulators::sample::{Film, UPRIGHT, jpeg};

const IMAGE: &str = "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg";
const REEL: &str = "media_type=REELS&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4";
const STORY: &str = "media_type=STORIES&image_url=https%3A%2F%2Fcdn.test%2Fs.jpg";
const FILM_STORY: &str = "media_type=STORIES&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4";
const ITEM: &str = "is_carousel_item=true&image_url=https%3A%2F%2Fcdn.test%2F1.jpg";
const FILM_ITEM: &str =
    "is_carousel_item=true&media_type=VIDEO&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.shelf.put(
        "https://cdn.test/r.mp4",
        ShelvedFile::new("video/mp4", UPRIGHT.mp4()),
    );
    bench
}

fn create(bench: &Bench, form: &str) -> (u16, Value) {
    bench.post(&format!("{GRAPH}/{ACCOUNT}/media"), form)
}

/// Kinds that take a parameter, of: image, reel, image story, video story, item, video item.
#[test]
fn each_parameter_goes_with_its_kinds() {
    let bench = bench();
    let kinds = [IMAGE, REEL, STORY, FILM_STORY, ITEM, FILM_ITEM];
    let place = "%5B%7B%22username%22%3A%22miller%22%2C%22x%22%3A0.5%2C%22y%22%3A0.5%7D%5D";
    let tag = "%5B%7B%22username%22%3A%22miller%22%7D%5D";
    for (parameter, taken) in [
        (
            "caption=Hi".to_owned(),
            [true, true, false, false, false, false],
        ),
        (
            "alt_text=Hi".to_owned(),
            [true, false, false, false, true, false],
        ),
        (
            format!("user_tags={place}"),
            [true, false, true, true, true, false],
        ),
        (
            format!("user_tags={tag}"),
            [false, true, true, true, false, false],
        ),
        (
            "collaborators=%5B%22partner.one%22%5D".to_owned(),
            [true, true, false, false, false, false],
        ),
        (
            "location_id=7640348500".to_owned(),
            [true, true, false, false, false, false],
        ),
        (
            "share_to_feed=true".to_owned(),
            [false, true, false, false, false, false],
        ),
        (
            "cover_url=https%3A%2F%2Fcdn.test%2Fs.jpg".to_owned(),
            [false, true, false, false, false, false],
        ),
        (
            "thumb_offset=1500".to_owned(),
            [false, true, false, false, false, true],
        ),
        (
            "audio_name=Ours".to_owned(),
            [false, true, false, false, false, false],
        ),
        (
            "trial_params=%7B%22graduation_strategy%22%3A%22MANUAL%22%7D".to_owned(),
            [false, true, false, false, false, false],
        ),
        (
            "is_ai_generated=true".to_owned(),
            [true, true, true, true, false, false],
        ),
        // Facebook Login only.
        ("is_paid_partnership=true".to_owned(), [false; 6]),
        ("product_tags=%5B%5D".to_owned(), [false; 6]),
        // Never heard of.
        ("scheduled_publish_time=1800000000".to_owned(), [false; 6]),
    ] {
        for (kind, taken) in kinds.iter().zip(taken) {
            let answer = create(&bench, &format!("{kind}&{parameter}"));
            assert_eq!(answer.0 == 200, taken, "{kind}&{parameter}: {}", answer.1);
            if !taken {
                assert_eq!(error(answer), (100, None), "{kind}&{parameter}");
            }
        }
    }
}

#[test]
fn the_kind_must_be_plain() {
    let bench = bench();
    for (form, expected) in [
        (
            "media_type=VIDEO&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4",
            (100, Some(2_207_067)),
        ),
        ("media_type=STICKER&image_url=x", (100, Some(2_207_023))),
        (
            "media_type=IMAGE&media_type=STORIES&image_url=x",
            (100, None),
        ),
        (
            "is_carousel_item=true&media_type=REELS&video_url=x",
            (100, None),
        ),
        ("media_type=STORIES", (100, None)),
        ("media_type=STORIES&image_url=x&video_url=x", (100, None)),
        ("media_type=REELS", (100, None)),
        ("caption=Hi", (100, None)),
        ("media_type=CAROUSEL", (100, None)),
        (
            "media_type=CAROUSEL&children=17900000000000101",
            (100, Some(2_207_028)),
        ),
    ] {
        assert_eq!(error(create(&bench, form)), expected, "{form}");
    }
    assert_eq!(create(&bench, &format!("media_type=IMAGE&{IMAGE}")).0, 200);
}

#[test]
fn captions_have_limits_by_code_points_mentions_and_hashtags() {
    let bench = bench();
    let caption = |text: &str| {
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        create(&bench, &format!("{IMAGE}&caption={text}"))
    };
    // A croissant is one code point, two UTF-16 units, four bytes.
    assert_eq!(caption(&"🥐".repeat(2200)).0, 200);
    let long = caption(&"🥐".repeat(2201));
    let message = long.1["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("2201") && message.contains("2200"),
        "{message}"
    );
    assert_eq!(error(long), (36_004, Some(2_207_010)));

    let many = |mark: char, count: usize| {
        (0..count).fold(String::new(), |mut text, number| {
            write!(text, "{mark}n{number} ").unwrap();
            text
        })
    };
    assert_eq!(caption(&many('@', 20)).0, 200);
    assert_eq!(error(caption(&many('@', 21))), (100, Some(2_207_040)));
    assert_eq!(caption(&many('#', 30)).0, 200);
    assert_eq!(error(caption(&many('#', 31))), (100, None));
    // An address isn't a mention.
    assert_eq!(caption(&"a@b.test ".repeat(21)).0, 200);
}

#[test]
fn tags_name_people_who_exist_at_places_inside_the_picture() {
    let bench = bench();
    bench.instagram.knobs(|knobs| {
        knobs.unknown_users.insert("ghost".to_owned());
    });
    let tag = |json: &str| {
        let json: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
        error(create(&bench, &format!("{IMAGE}&user_tags={json}")))
    };
    assert_eq!(
        tag(r#"[{"username":"ghost","x":0.5,"y":0.5}]"#),
        (110, Some(2_207_018))
    );
    assert_eq!(
        tag(r#"[{"username":"@miller","x":0.5,"y":0.5}]"#),
        (110, Some(2_207_018))
    );
    assert_eq!(tag(r#"[{"username":"miller","x":0.5}]"#), (100, None));
    assert_eq!(
        tag(r#"[{"username":"miller","x":1.5,"y":0.5}]"#),
        (100, None)
    );
    assert_eq!(tag("miller"), (100, None));
    let invite = |names: &str| error(create(&bench, &format!("{IMAGE}&collaborators={names}")));
    assert_eq!(invite("ghost"), (110, Some(2_207_018)));
    assert_eq!(invite("a,b,c,d"), (100, None));
}

#[test]
fn accounts_that_cannot_publish_say_why() {
    let bench = bench();
    bench
        .instagram
        .account(ACCOUNT, |account| account.trial_eligible = false);
    let trial =
        format!("{REEL}&trial_params=%7B%22graduation_strategy%22%3A%22SS_PERFORMANCE%22%7D");
    assert_eq!(error(create(&bench, &trial)), (100, Some(2_207_081)));
    bench
        .instagram
        .account(ACCOUNT, |account| account.restricted = true);
    assert_eq!(error(create(&bench, IMAGE)), (25, Some(2_207_050)));
    bench
        .instagram
        .account(ACCOUNT, |account| account.professional = false);
    assert_eq!(error(create(&bench, IMAGE)), (10, None));
}

#[test]
fn ids_of_others_are_missing_objects() {
    let bench = bench();
    // The app-scoped id of the code exchange is for no path.
    for id in ["25500499000000001", "17841499000000009"] {
        let answer = bench.post(&format!("{GRAPH}/{id}/media"), IMAGE);
        assert_eq!(error(answer), (100, Some(33)));
    }
    assert_eq!(bench.post(&format!("{GRAPH}/me/media"), IMAGE).0, 200);
    let elsewhere = error(bench.get(&format!("{GRAPH}/17900000000009999?fields=status_code")));
    assert_eq!(elsewhere, (100, Some(33)));
    let answer = bench.publish("17900000000009999");
    assert_eq!(error(answer), (24, Some(2_207_008)));
}

/// The status of a container, once its media have been processed.
fn processed(bench: &Bench, form: &str) -> String {
    let (status, body) = create(bench, form);
    assert_eq!(status, 200, "{body}");
    bench.wait(60);
    let status = bench.status(body["id"].as_str().unwrap());
    let sentence = status["status"].as_str().unwrap().to_owned();
    match status["status_code"].as_str().unwrap() {
        "ERROR" => sentence.split(' ').next_back().unwrap().to_owned(),
        code => code.to_owned(),
    }
}

#[test]
fn images_fail_in_the_status_and_nowhere_else() {
    let bench = bench();
    let put = |file: ShelvedFile| bench.shelf.put("https://cdn.test/bun.jpg", file);
    let picture = |width, height| ShelvedFile::new("image/jpeg", jpeg(width, height));
    let mib = 1024 * 1024;
    for (file, expected) in [
        (picture(1080, 1350), "FINISHED"),
        (picture(1080, 1351), "2207009"),
        (picture(1910, 1000), "FINISHED"),
        (picture(1911, 1000), "2207009"),
        (picture(1080, 1080).padded_to(8 * mib), "FINISHED"),
        (picture(1080, 1080).padded_to(8 * mib + 1), "2207004"),
        (ShelvedFile::new("image/png", png()), "2207005"),
        (
            ShelvedFile::new("text/html", &b"<html>Not found</html>"[..]),
            "2207052",
        ),
        // The fetch returned nothing: a ratio of 0.
        (ShelvedFile::new("image/jpeg", &b""[..]), "2207009"),
    ] {
        put(file.clone());
        assert_eq!(processed(&bench, IMAGE), expected, "{file:?}");
    }
    put(ShelvedFile::new("image/png", png()));
    bench
        .instagram
        .knobs(|knobs| knobs.strict_image_format = false);
    assert_eq!(processed(&bench, IMAGE), "FINISHED");
    bench.shelf.withdraw("https://cdn.test/bun.jpg");
    assert_eq!(processed(&bench, IMAGE), "2207052");
    let reason = "down".to_owned();
    bench.shelf.fail(
        "https://cdn.test/s.jpg",
        Some(MediaError::Unavailable { reason }),
    );
    assert_eq!(processed(&bench, STORY), "2207052");
    let cover = format!("{REEL}&cover_url=https%3A%2F%2Fcdn.test%2Fnone.jpg");
    assert_eq!(processed(&bench, &cover), "2207052");
}

fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend([0, 0, 4, 56, 0, 0, 4, 56, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    bytes
}

#[test]
fn a_story_may_have_any_ratio() {
    let bench = bench();
    bench.shelf.put(
        "https://cdn.test/s.jpg",
        ShelvedFile::new("image/jpeg", jpeg(1080, 1920)),
    );
    assert_eq!(processed(&bench, STORY), "FINISHED");
}

#[test]
fn videos_fail_in_the_status() {
    let bench = bench();
    let put = |film: Film| {
        let file = ShelvedFile::new("video/mp4", film.mp4());
        bench.shelf.put("https://cdn.test/r.mp4", file);
    };
    let seconds = |seconds| Film { seconds, ..UPRIGHT };
    for (form, film, expected) in [
        (REEL, UPRIGHT, "FINISHED"),
        (REEL, seconds(3), "FINISHED"),
        (REEL, seconds(2), "2207026"),
        (REEL, seconds(900), "FINISHED"),
        (REEL, seconds(901), "2207026"),
        (FILM_STORY, seconds(60), "FINISHED"),
        (FILM_STORY, seconds(61), "2207026"),
        (
            REEL,
            Film {
                rate: 20,
                ..UPRIGHT
            },
            "2207026",
        ),
        (
            REEL,
            Film {
                width: 2160,
                height: 3840,
                ..UPRIGHT
            },
            "2207026",
        ),
        (
            REEL,
            Film {
                codec: *b"av01",
                ..UPRIGHT
            },
            "2207026",
        ),
    ] {
        put(film);
        assert_eq!(processed(&bench, form), expected, "{form} {film:?}");
    }
    put(Film {
        width: 480,
        height: 852,
        ..UPRIGHT
    });
    assert_eq!(processed(&bench, REEL), "FINISHED");
    bench
        .instagram
        .knobs(|knobs| knobs.small_video_fails = true);
    assert_eq!(processed(&bench, REEL), "2207082");
    let file = ShelvedFile::new("video/mp4", UPRIGHT.mp4()).padded_to(300 * 1024 * 1024 + 1);
    bench.shelf.put("https://cdn.test/r.mp4", file);
    assert_eq!(processed(&bench, REEL), "2207076");
}

#[test]
fn a_thumbnail_lies_inside_the_video() {
    let bench = bench();
    assert_eq!(
        error(create(&bench, &format!("{REEL}&thumb_offset=-1"))),
        (1, Some(2_207_057))
    );
    assert_eq!(
        error(create(&bench, &format!("{REEL}&thumb_offset=10000"))),
        (1, Some(2_207_057))
    );
    assert_eq!(create(&bench, &format!("{REEL}&thumb_offset=9999")).0, 200);
}

#[test]
fn products_need_a_shop_and_facebook_login() {
    let bench = bench();
    let permissions = Flavour::FacebookPage.publishing_permissions();
    let page = bench
        .instagram
        .grant(ACCOUNT, Flavour::FacebookPage, permissions);
    let ask = |kind: &str, json: &str| {
        let json: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
        let form = format!("{kind}&product_tags={json}");
        bench.post_as(&page, &format!("{FACEBOOK}/{ACCOUNT}/media"), &form)
    };
    let bun = r#"[{"product_id":"1","x":0.5,"y":0.5}]"#;
    assert_eq!(error(ask(IMAGE, bun)), (100, Some(2_207_037)));
    bench
        .instagram
        .account(ACCOUNT, |account| account.shop = true);
    assert_eq!(ask(IMAGE, bun).0, 200);
    assert_eq!(error(ask(REEL, bun)), (100, Some(2_207_035)));
    assert_eq!(
        error(ask(IMAGE, r#"[{"product_id":"1"}]"#)),
        (100, Some(2_207_036))
    );
}

#[test]
fn retired_versions_and_unknown_fields_are_refused() {
    let bench = bench();
    let at = |version: &str| {
        bench.get(&format!(
            "https://graph.instagram.com/{version}/me?fields=user_id"
        ))
    };
    // v20.0 ended on 2026-09-24; the bench begins in November.
    let gone = at("v20.0");
    assert_eq!(gone.0, 404);
    assert_eq!(error(gone), (2635, None));
    assert_eq!(error(at("v99.0")), (2500, None));
    assert_eq!(at("v26.0").0, 200);
    bench.instagram.knobs(|knobs| {
        knobs.retired_versions.insert("v26.0".to_owned());
    });
    assert_eq!(error(at("v26.0")), (2635, None));
    let answer = bench.get(&format!("{GRAPH}/me?fields=user_id,shoe_size"));
    assert_eq!(error(answer), (100, None));
}

#[test]
fn messages_are_localised_and_codes_are_not() {
    let bench = bench();
    bench
        .instagram
        .knobs(|knobs| knobs.language = Language::Japanese);
    let answer = create(&bench, "media_type=STICKER&image_url=x");
    assert!(!answer.1["error"]["message"].as_str().unwrap().is_ascii());
    assert!(
        !answer.1["error"]["error_user_msg"]
            .as_str()
            .unwrap()
            .is_ascii()
    );
    assert_eq!(error(answer), (100, Some(2_207_023)));
    bench.shelf.withdraw("https://cdn.test/bun.jpg");
    let id = bench.create(IMAGE);
    bench.wait(60);
    let sentence = bench.status(&id)["status"].as_str().unwrap().to_owned();
    assert!(sentence.starts_with("Error") && sentence.ends_with("2207052"));
}
