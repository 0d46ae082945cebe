//! What publishers have met: answers that lie, get lost or come late.

use calendar_publish::ports::{Method, TransportError};
use calendar_publish_simulators::instagram::{
    AfterBlock, BusinessUsage, CaptionReads, Endpoint, Fault, GraphError, Mishap, SecondPublish,
    Usage, WebhookEvent,
};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::bench::{ACCOUNT, Bench, GRAPH, error};

fn blocked() -> GraphError {
    GraphError::new(4, Some(2_207_051)).with_status(403)
}

#[test]
fn a_blocked_publish_may_be_live() {
    let bench = Bench::new();
    let container = bench.finished_image();
    bench
        .instagram
        .fault(Fault::at(Endpoint::Publish, Mishap::Error(blocked())).after_effect());
    let answer = bench.publish(&container);
    assert_eq!(answer.0, 403);
    assert_eq!(answer.1["error"]["is_transient"], false);
    assert_eq!(error(answer), (4, Some(2_207_051)));
    assert_eq!(bench.instagram.posts().len(), 1);
    assert_eq!(bench.status_code(&container), "PUBLISHED");
    // No source says what the container says.
    bench
        .instagram
        .knobs(|knobs| knobs.after_block = AfterBlock::Finished);
    assert_eq!(bench.status_code(&container), "FINISHED");
    assert_eq!(error(bench.publish(&container)), (100, None));
    assert_eq!(bench.instagram.posts().len(), 1);
}

#[test]
fn or_it_may_not() {
    let bench = Bench::new();
    let container = bench.finished_image();
    bench
        .instagram
        .fault(Fault::at(Endpoint::Publish, Mishap::Error(blocked())));
    assert_eq!(bench.publish(&container).0, 403);
    assert!(bench.instagram.posts().is_empty());
    assert_eq!(bench.status_code(&container), "FINISHED");
    assert_eq!(bench.publish(&container).0, 200);
}

#[test]
fn answers_get_lost_before_and_after_the_effect() {
    let bench = Bench::new();
    for (effect, posts) in [(false, 0), (true, 1)] {
        let container = bench.finished_image();
        let fault = Fault::at(Endpoint::Publish, Mishap::Lost);
        bench
            .instagram
            .fault(if effect { fault.after_effect() } else { fault });
        let url = format!("{GRAPH}/{ACCOUNT}/media_publish?creation_id={container}");
        let bearer = format!("Bearer {}", bench.token);
        let answer = bench.send(Method::Post, &url, &[("authorization", &bearer)], &[]);
        assert!(matches!(answer, Err(TransportError::NoAnswer { .. })));
        assert_eq!(bench.instagram.posts().len(), posts);
    }
    let log = bench.instagram.requests();
    let publishes: Vec<_> = log
        .iter()
        .filter(|request| request.endpoint.ends_with("/media_publish"))
        .map(|request| (request.decided.as_deref(), request.status))
        .collect();
    assert_eq!(publishes, [(None, None), (Some("ok"), None)]);
}

#[test]
fn the_nth_call_of_one_account_meets_html() {
    let bench = Bench::new();
    let fault = Fault::at(Endpoint::CreateContainer, Mishap::Html(502));
    bench
        .instagram
        .fault(fault.call(2).times(2).for_account(ACCOUNT));
    let statuses: Vec<u16> = (0..4)
        .map(|_| {
            let url = format!("{GRAPH}/{ACCOUNT}/media?image_url=https://cdn.test/bun.jpg");
            let bearer = format!("Bearer {}", bench.token);
            bench
                .send(Method::Post, &url, &[("authorization", &bearer)], &[])
                .unwrap()
                .status
        })
        .collect();
    assert_eq!(statuses, [200, 502, 502, 200]);
}

#[test]
fn any_documented_error_can_be_ordered() {
    let bench = Bench::new();
    for (code, subcode, status) in [
        (-2, Some(2_207_003), 400),
        (-1, Some(2_207_001), 400),
        (9, Some(2_207_042), 400),
        (24, Some(2_207_008), 400),
        (25, Some(2_207_050), 400),
        (36_003, Some(2_207_009), 400),
        (190, Some(463), 400),
        (190, None, 401),
        (200, None, 403),
        (613, Some(1996), 400),
        (80_002, None, 400),
        (368, None, 400),
        (10, Some(9053), 403),
    ] {
        let ordered = Mishap::Error(GraphError::new(code, subcode));
        bench.instagram.clear_faults();
        bench.instagram.fault(Fault::at(Endpoint::Me, ordered));
        let answer = bench.get(&format!("{GRAPH}/me?fields=user_id"));
        assert_eq!(answer.0, status, "{code}/{subcode:?}");
        assert_eq!(error(answer), (i64::from(code), subcode.map(u64::from)));
    }
}

#[test]
fn one_item_fails_and_works_the_next_time() {
    let bench = Bench::new();
    let fault = Fault::at(Endpoint::CreateContainer, Mishap::ContainerFails(2_207_052));
    bench.instagram.fault(fault.call(2));
    let item = "is_carousel_item=true&image_url=https%3A%2F%2Fcdn.test%2F1.jpg";
    let items: Vec<String> = (0..3).map(|_| bench.create(item)).collect();
    bench.wait(10);
    let codes: Vec<String> = items.iter().map(|item| bench.status_code(item)).collect();
    assert_eq!(codes, ["FINISHED", "ERROR", "FINISHED"]);
    let status = bench.status(&items[1]);
    assert!(
        status["status"]
            .as_str()
            .unwrap()
            .ends_with("error code 2207052")
    );
    assert_eq!(status.get("error"), None);
    // It never recovers.
    bench.wait(3600);
    assert_eq!(bench.status_code(&items[1]), "ERROR");
    let parent = |children: &str| {
        let form = format!("media_type=CAROUSEL&children={children}&caption=Two%20things");
        bench.post(&format!("{GRAPH}/{ACCOUNT}/media"), &form)
    };
    assert_eq!(error(parent(&items.join(","))), (9007, Some(2_207_027)));
    let (status, body) = parent(&format!("%5B%22{}%22%2C%22{}%22%5D", items[2], items[0]));
    assert_eq!(status, 200, "{body}");
    let carousel = body["id"].as_str().unwrap();
    bench.wait(10);
    assert_eq!(error(bench.publish(&items[0])).0, 100);
    let (_, published) = bench.publish(carousel);
    let url = format!(
        "{GRAPH}/{}?fields=media_type",
        published["id"].as_str().unwrap()
    );
    assert_eq!(bench.get(&url).1["media_type"], "CAROUSEL_ALBUM");
    assert_eq!(bench.instagram.posts()[0].media.len(), 2);
}

#[test]
fn a_carousel_waits_for_its_items() {
    let bench = Bench::new();
    let item = "is_carousel_item=true&image_url=https%3A%2F%2Fcdn.test%2F1.jpg";
    let items = [bench.create(item), bench.create(item)].join("%2C");
    let url = format!("{GRAPH}/{ACCOUNT}/media");
    let answer = bench.post(&url, &format!("media_type=CAROUSEL&children={items}"));
    assert_eq!(error(answer), (9007, Some(2_207_027)));
}

#[test]
fn polls_and_time_both_keep_a_container_busy() {
    let bench = Bench::new();
    bench.instagram.knobs(|knobs| knobs.polls = 3);
    let container = bench.image();
    bench.wait(60);
    let codes: Vec<String> = (0..4).map(|_| bench.status_code(&container)).collect();
    assert_eq!(
        codes,
        ["IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "FINISHED"]
    );
}

#[test]
fn a_container_dies_after_a_day() {
    let bench = Bench::new();
    let container = bench.finished_image();
    bench.wait(24 * 3600);
    assert_eq!(bench.status_code(&container), "EXPIRED");
    assert_eq!(error(bench.publish(&container)), (-2, Some(2_207_020)));
}

#[test]
fn the_four_hundred_and_first_container_of_a_day_is_refused() {
    let bench = Bench::new();
    for _ in 0..400 {
        bench.image();
    }
    let url = format!("{GRAPH}/{ACCOUNT}/media");
    let form = "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg";
    assert_eq!(bench.post(&url, form).0, 400);
    bench.wait(24 * 3600);
    assert_eq!(bench.post(&url, form).0, 200);
}

#[test]
fn the_quota_moves_with_the_day_and_may_lie() {
    let bench = Bench::new();
    bench.instagram.knobs(|knobs| {
        knobs.quota_reported = Some(100);
        knobs.quota_enforced = Some(2);
    });
    let first = bench.finished_image();
    assert_eq!(bench.publish(&first).0, 200);
    bench.wait(3600);
    for expected in [200, 400] {
        let container = bench.finished_image();
        assert_eq!(bench.publish(&container).0, expected);
    }
    let waiting = bench.image();
    let url = format!("{GRAPH}/{ACCOUNT}/content_publishing_limit");
    assert_eq!(bench.get(&url).1, json!({"data": [{"quota_usage": 2}]}));
    let (_, both) = bench.get(&format!("{url}?fields=config,quota_usage"));
    assert_eq!(both["data"][0]["config"]["quota_total"], 100);
    // A failed publish doesn't count, and the first one leaves the window.
    bench.wait(23 * 3600 - 60);
    assert_eq!(bench.publish(&waiting).0, 200);
    let since = "2026-11-21T00:00:00Z"
        .parse::<calendar_publish::model::Timestamp>()
        .unwrap();
    let (_, recent) = bench.get(&format!("{url}?since={}", since.millis() / 1000));
    assert_eq!(recent, json!({"data": [{"quota_usage": 1}]}));
    assert_eq!(error(bench.get(&format!("{url}?since=0"))), (100, None));
}

#[test]
fn a_second_publish_is_answered_as_ordered() {
    for (knob, expected, posts) in [
        (SecondPublish::Refused, Some((100, None)), 1),
        (SecondPublish::NotReady, Some((9007, Some(2_207_027))), 1),
        (SecondPublish::Again, None, 2),
    ] {
        let bench = Bench::new();
        bench.instagram.knobs(|knobs| knobs.second_publish = knob);
        let container = bench.finished_image();
        assert_eq!(bench.publish(&container).0, 200);
        let answer = bench.publish(&container);
        match expected {
            Some(expected) => assert_eq!(error(answer), expected),
            None => assert_eq!(answer.0, 200),
        }
        assert_eq!(bench.instagram.posts().len(), posts);
    }
}

#[test]
fn first_reads_of_own_objects_may_miss_them() {
    let bench = Bench::new();
    bench.instagram.knobs(|knobs| {
        knobs.missing_container_reads = 2;
        knobs.missing_media_reads = 1;
    });
    let container = bench.image();
    bench.wait(10);
    let read = || bench.get(&format!("{GRAPH}/{container}?fields=status_code,status"));
    assert_eq!(error(read()), (100, Some(33)));
    assert_eq!(error(read()), (100, Some(33)));
    assert_eq!(read().1["status_code"], "FINISHED");
    let media = bench.publish(&container).1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = format!("{GRAPH}/{media}?fields=permalink");
    assert_eq!(error(bench.get(&url)), (100, Some(33)));
    assert!(bench.get(&url).1["permalink"].is_string());
}

#[test]
fn media_lists_are_late_and_hide_captions() {
    let bench = Bench::new();
    bench
        .instagram
        .knobs(|knobs| knobs.list_delay = TimeDelta::seconds(20));
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let by_hand = bench
        .instagram
        .post_by_hand(ACCOUNT, "made in the app", now);
    let container =
        bench.create("image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg&caption=With%20%40miller");
    bench.wait(60);
    let media = bench.publish(&container).1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let list = || -> Vec<Value> {
        let url = format!("{GRAPH}/{ACCOUNT}/media?fields=id,caption");
        bench.get(&url).1["data"].as_array().unwrap().clone()
    };
    let hand = json!({"id": by_hand, "caption": "made in the app"});
    assert_eq!(list(), std::slice::from_ref(&hand));
    bench.wait(20);
    assert_eq!(
        list(),
        [json!({"id": media, "caption": "With @miller"}), hand]
    );
    bench
        .instagram
        .knobs(|knobs| knobs.captions = CaptionReads::WithoutAt);
    assert_eq!(list()[0]["caption"], "With miller");
    bench
        .instagram
        .knobs(|knobs| knobs.captions = CaptionReads::Missing);
    assert_eq!(list()[0], json!({ "id": media }));
    // The truth knows nothing of what was posted by hand.
    assert_eq!(bench.instagram.posts().len(), 1);
}

#[test]
fn lists_have_pages() {
    let bench = Bench::new();
    for _ in 0..3 {
        let container = bench.finished_image();
        assert_eq!(bench.publish(&container).0, 200);
    }
    let ids = |page: &Value| -> Vec<String> {
        let data = page["data"].as_array().unwrap();
        data.iter()
            .map(|media| media["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut expected: Vec<String> = bench
        .instagram
        .posts()
        .into_iter()
        .map(|post| post.id)
        .collect();
    expected.reverse();
    let (_, first) = bench.get(&format!("{GRAPH}/{ACCOUNT}/media?fields=id&limit=2"));
    assert_eq!(ids(&first), expected[..2]);
    let (_, second) = bench.get(first["paging"]["next"].as_str().unwrap());
    assert_eq!(ids(&second), expected[2..]);
    assert_eq!(second["paging"].get("next"), None);
}

#[test]
fn stories_stand_in_their_own_list_for_a_day() {
    let bench = Bench::new();
    let story = bench.create("media_type=STORIES&image_url=https%3A%2F%2Fcdn.test%2Fs.jpg");
    bench.wait(10);
    let (_, published) = bench.publish(&story);
    let count = |edge: &str| {
        let url = format!("{GRAPH}/{ACCOUNT}/{edge}?fields=id,media_product_type");
        bench.get(&url).1["data"].as_array().unwrap().len()
    };
    assert_eq!((count("media"), count("stories")), (0, 1));
    let url = format!(
        "{GRAPH}/{}?fields=media_product_type",
        published["id"].as_str().unwrap()
    );
    assert_eq!(bench.get(&url).1["media_product_type"], "STORY");
    bench.wait(24 * 3600);
    assert_eq!(count("stories"), 0);
}

#[test]
fn publishing_may_take_a_while() {
    let bench = Bench::new();
    bench
        .instagram
        .knobs(|knobs| knobs.publishing = TimeDelta::seconds(10));
    let container = bench.finished_image();
    bench
        .instagram
        .fault(Fault::at(Endpoint::Publish, Mishap::Html(500)).after_effect());
    let url = format!("{GRAPH}/{ACCOUNT}/media_publish?creation_id={container}");
    let bearer = format!("Bearer {}", bench.token);
    let answer = bench.send(Method::Post, &url, &[("authorization", &bearer)], &[]);
    assert_eq!(answer.unwrap().status, 500);
    assert_eq!(bench.status_code(&container), "IN_PROGRESS");
    bench.wait(10);
    assert_eq!(bench.status_code(&container), "PUBLISHED");
}

#[test]
fn usage_comes_in_headers_and_ends_in_80002() {
    let bench = Bench::new();
    let usage = Usage {
        call_count: 97,
        total_time: 31,
        total_cputime: 20,
    };
    bench.instagram.knobs(|knobs| {
        knobs.app_usage = Some(Usage {
            call_count: 12,
            total_time: 5,
            total_cputime: 3,
        });
        knobs.business_usage = Some(BusinessUsage {
            usage,
            regain_minutes: 19,
        });
    });
    let read = || {
        let url = format!("{GRAPH}/me?fields=user_id");
        let bearer = format!("Bearer {}", bench.token);
        bench
            .send(Method::Get, &url, &[("authorization", &bearer)], &[])
            .unwrap()
    };
    let answer = read();
    let header = |name: &str| -> Value {
        let header = answer.headers.iter().find(|header| header.name == name);
        serde_json::from_str(&header.unwrap().value).unwrap()
    };
    assert_eq!(
        header("x-app-usage"),
        json!({"call_count": 12, "total_time": 5, "total_cputime": 3})
    );
    assert_eq!(
        header("x-business-use-case-usage"),
        json!({ACCOUNT: [{
            "type": "instagram",
            "call_count": 97,
            "total_cputime": 20,
            "total_time": 31,
            "estimated_time_to_regain_access": 19,
        }]})
    );
    let full = Usage {
        call_count: 100,
        ..usage
    };
    bench.instagram.knobs(|knobs| {
        knobs.business_usage = Some(BusinessUsage {
            usage: full,
            regain_minutes: 19,
        });
    });
    assert_eq!(error(crate::bench::json(Ok(read()))), (80_002, None));
}

#[test]
fn the_log_names_no_token() {
    let bench = Bench::new();
    let container = bench.image();
    bench.wait(10);
    let url = format!(
        "{GRAPH}/{container}?fields=status_code&access_token={}",
        bench.token
    );
    assert_eq!(bench.get_as("", &url).0, 401);
    let read = bench.send(Method::Get, &url, &[], &[]).unwrap();
    assert_eq!(read.status, 200);
    let log = bench.instagram.requests();
    assert!(!format!("{log:?}").contains(&bench.token));
    let last = log.last().unwrap();
    assert_eq!(last.endpoint, format!("GET /v25.0/{container}"));
    assert_eq!(last.account.as_deref(), Some(ACCOUNT));
    assert_eq!(last.handle.as_deref(), Some(container.as_str()));
    assert_eq!(
        (last.decided.as_deref(), last.status),
        (Some("ok"), Some(200))
    );
}

#[test]
fn webhooks_are_signed_over_escaped_bytes() {
    let bench = Bench::new();
    let event = WebhookEvent {
        ig_id: ACCOUNT.to_owned(),
        field: "comments".to_owned(),
        value: json!({"id": "17865799348089039", "text": "¡Qué rico! 🥐"}),
    };
    let delivery = bench.instagram.webhook(&[event]);
    let body = String::from_utf8(delivery.body.clone()).unwrap();
    assert!(body.is_ascii());
    assert!(
        body.contains("\\u00a1Qu\\u00e9 rico! \\ud83e\\udd50"),
        "{body}"
    );
    let read: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(read["object"], "instagram");
    assert_eq!(read["entry"][0]["id"], ACCOUNT);
    assert_eq!(
        read["entry"][0]["changes"][0]["value"]["text"],
        "¡Qué rico! 🥐"
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(b"instagram-app-secret").unwrap();
    mac.update(&delivery.body);
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let signature = delivery
        .headers
        .iter()
        .find(|header| header.name == "x-hub-signature-256");
    assert_eq!(signature.unwrap().value, format!("sha256={hex}"));

    let url = format!("{GRAPH}/me/subscribed_apps");
    assert_eq!(
        bench.post(&url, "subscribed_fields=comments,mentions").1,
        json!({"success": true})
    );
    assert_eq!(
        error(bench.post(&url, "subscribed_fields=publishing")),
        (100, None)
    );
}
