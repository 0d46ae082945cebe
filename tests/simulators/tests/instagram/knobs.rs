//! What the documentation leaves open, both ways.

use calendar_publish_simulators::ShelvedFile;
use calendar_publish_simulators::instagram::GraphError;
use calendar_publish_simulators::sample::{UPRIGHT, jpeg};
use serde_json::Value;

use crate::bench::{ACCOUNT, Bench, GRAPH, error};

const IMAGE: &str = "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg";

fn create(bench: &Bench, form: &str) -> (u16, Value) {
    bench.post(&format!("{GRAPH}/{ACCOUNT}/media"), form)
}

/// The container's status once its media have been processed.
fn processed(bench: &Bench, form: &str) -> String {
    let id = bench.create(form);
    bench.wait(60);
    bench.status(&id)["status"].as_str().unwrap().to_owned()
}

#[test]
fn five_hashtags_or_thirty() {
    let bench = Bench::new();
    let six = format!("{IMAGE}&caption=%23a%20%23b%20%23c%20%23d%20%23e%20%23f");
    assert_eq!(create(&bench, &six).0, 200);
    bench.instagram.knobs(|knobs| knobs.hashtags = 5);
    assert_eq!(error(create(&bench, &six)), (100, None));
}

#[test]
fn collaborators_with_instagram_login_or_not() {
    let bench = Bench::new();
    let invited = format!("{IMAGE}&collaborators=%5B%22partner.one%22%5D");
    assert_eq!(create(&bench, &invited).0, 200);
    bench
        .instagram
        .knobs(|knobs| knobs.collaborators_with_instagram_login = false);
    assert_eq!(error(create(&bench, &invited)), (100, None));
}

#[test]
fn parameters_without_a_meaning_are_refused_or_ignored() {
    let bench = Bench::new();
    let items = ["1", "3"].map(|name| {
        let url = format!("https%3A%2F%2Fcdn.test%2F{name}.jpg");
        bench.create(&format!("is_carousel_item=true&image_url={url}"))
    });
    bench.wait(5);
    let children = items.join("%2C");
    let carousel = format!("media_type=CAROUSEL&children={children}&share_to_feed=true");
    assert_eq!(error(create(&bench, &carousel)), (100, None));
    bench.instagram.knobs(|knobs| knobs.refuse_silent = false);
    assert_eq!(create(&bench, &carousel).0, 200);
}

#[test]
fn locations_are_pages_with_a_location() {
    let bench = Bench::new();
    bench.instagram.knobs(|knobs| {
        knobs.unknown_locations.insert("7640348500".to_owned());
    });
    let (status, body) = create(&bench, &format!("{IMAGE}&location_id=7640348500"));
    assert_eq!(status, 400);
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.contains("INVALID_LOCATION_ID"), "{message}");
    assert_eq!(
        create(&bench, &format!("{IMAGE}&location_id=7640348501")).0,
        200
    );
}

#[test]
fn an_items_ratio_counts_or_not() {
    let bench = Bench::new();
    bench.shelf.put(
        "https://cdn.test/1.jpg",
        ShelvedFile::new("image/jpeg", jpeg(1080, 1920)),
    );
    let item = "is_carousel_item=true&image_url=https%3A%2F%2Fcdn.test%2F1.jpg";
    assert!(processed(&bench, item).ends_with("2207009"));
    bench.instagram.knobs(|knobs| knobs.item_ratio = false);
    assert!(processed(&bench, item).starts_with("Finished"));
}

/// A film's index may stand behind its data, and then out of sight of whoever reads only the beginning.
#[test]
fn a_films_index_comes_first_or_anywhere() {
    for filling in [0, 5 * 1024 * 1024] {
        let bench = Bench::new();
        let film = UPRIGHT.mp4();
        let (ftyp, rest) = film.split_at(32);
        let (moov, mdat) = rest.split_at(rest.len() - 4104);
        let length = u32::try_from(mdat.len() + filling).unwrap().to_be_bytes();
        let data = vec![0; filling];
        let late = [ftyp, &length, &mdat[4..], &data, moov].concat();
        bench.shelf.put(
            "https://cdn.test/r.mp4",
            ShelvedFile::new("video/mp4", late),
        );
        let reel = "media_type=REELS&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4";
        assert!(processed(&bench, reel).ends_with("2207026"));
        bench.instagram.knobs(|knobs| knobs.index_first = false);
        assert!(processed(&bench, reel).starts_with("Finished"));
    }
}

#[test]
fn undocumented_refusals_are_as_ordered() {
    let bench = Bench::new();
    bench.instagram.knobs(|knobs| {
        knobs.page_authorization_error = GraphError::new(200, None);
        knobs.early_refresh_error = GraphError::new(190, None);
        knobs.container_cap = 1;
        knobs.container_cap_error = GraphError::new(9, Some(2_207_042));
        knobs.private_refresh = false;
        knobs.bad_token_status = 400;
    });
    let container = bench.image();
    assert_eq!(error(create(&bench, IMAGE)), (9, Some(2_207_042)));
    bench.instagram.account(ACCOUNT, |account| {
        account.needs_page_authorization = true;
        account.private = true;
    });
    assert_eq!(error(create(&bench, IMAGE)), (200, None));
    bench.wait(5);
    assert_eq!(error(bench.publish(&container)), (200, None));
    let refresh = || {
        let url = "https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token";
        bench.get_as("", &format!("{url}&access_token={}", bench.token))
    };
    assert_eq!(error(refresh()), (10, None));
    bench
        .instagram
        .account(ACCOUNT, |account| account.private = false);
    assert_eq!(error(refresh()), (190, None));
    let nonsense = bench.get_as("nonsense", &format!("{GRAPH}/me?fields=user_id"));
    assert_eq!(nonsense.0, 400);
}

#[test]
fn the_product_type_may_be_hidden() {
    let bench = Bench::new();
    let container = bench.finished_image();
    assert_eq!(bench.publish(&container).0, 200);
    let first = || {
        let url = format!("{GRAPH}/{ACCOUNT}/media?fields=media_product_type");
        bench.get(&url).1["data"][0].clone()
    };
    assert_eq!(first()["media_product_type"], "FEED");
    bench.instagram.knobs(|knobs| knobs.product_type = false);
    assert_eq!(first().get("media_product_type"), None);
}
