//! What a video's init and the creator's settings take, refuse and say.

use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use serde_json::{Value, json};

use crate::desk::{BAKER, Desk, file, post_info};

const VIDEO: &str = "/v2/post/publish/video/init/";
const INBOX: &str = "/v2/post/publish/inbox/video/init/";
const CREATOR: &str = "/v2/post/publish/creator_info/query/";
const POST_INFO: &str = "The request post info is empty or incorrect";

/// The documented post with one field changed.
fn post_with(field: &str, value: Value) -> Value {
    let mut post_info = post_info();
    post_info[field] = value;
    json!({ "post_info": post_info, "source_info": file(16, 16, 1) })
}

#[test]
fn creator_info_answers_like_the_documented_example() {
    let desk = Desk::new();
    let expected = json!({
        "creator_avatar_url": "https://cdn.sim/avatar/sim-open-id-0001.webp", "creator_username": "sim.baker",
        "creator_nickname": "Sim Baker",
        "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
        "comment_disabled": false, "duet_disabled": false, "stitch_disabled": true, "max_video_post_duration_sec": 600
    });
    // Without a body as documented, and with an empty object as others send it.
    for body in [Value::Null, json!({})] {
        let reply = desk.post(CREATOR, &body);
        assert_eq!((reply.status, reply.code()), (200, "ok"));
        assert_eq!(reply.body["data"], expected);
    }
    desk.tiktok
        .update_creator(BAKER, |creator| creator.private = true);
    let data = desk.post(CREATOR, &Value::Null).body["data"].clone();
    let options = ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"];
    assert_eq!(data["privacy_level_options"], json!(options));
    assert_eq!(data["duet_disabled"], true);
}

#[test]
fn creator_info_tells_quotas_with_200_and_an_init_with_403() {
    for (code, change) in [
        (
            "spam_risk_user_banned_from_posting",
            (|creator| creator.banned = true) as fn(&mut Creator),
        ),
        ("spam_risk_too_many_posts", |creator| {
            creator.daily_posts_elsewhere = 15;
        }),
    ] {
        let desk = Desk::new();
        desk.tiktok.update_creator(BAKER, change);
        let reply = desk.post(CREATOR, &Value::Null);
        assert_eq!((reply.status, reply.code()), (200, code));
        assert_eq!(reply.body["data"], json!({}));
        let init = desk.video_init(file(16, 16, 1));
        assert_eq!((init.status, init.code()), (403, code));
    }
}

#[test]
fn the_text_is_counted_in_utf16() {
    let desk = Desk::new();
    for (title, taken) in [
        ("👍".repeat(1_100), true),
        ("👍".repeat(1_100) + "a", false),
        ("a".repeat(2_200), true),
        ("a".repeat(2_201), false),
        (String::new(), true),
    ] {
        let reply = desk.post(VIDEO, &post_with("title", title.into()));
        let expected = match taken {
            true => (200, "ok", ""),
            false => (400, "invalid_params", POST_INFO),
        };
        assert_eq!(reply.told(), expected);
    }
}

#[test]
fn fields_of_another_type_and_of_another_endpoint_are_refused() {
    let desk = Desk::new();
    for (field, value) in [
        ("title", json!(7)),
        ("title", Value::Null),
        ("disable_comment", json!("false")),
        ("privacy_level", json!("EVERYONE")),
        ("video_cover_timestamp_ms", json!(3_000_000_000_u64)),
        ("post_mode", json!("DIRECT_POST")),
        ("description", json!("only photos have one")),
    ] {
        desk.pass(60);
        let reply = desk.post(VIDEO, &post_with(field, value));
        assert_eq!(reply.told(), (400, "invalid_params", POST_INFO), "{field}");
    }
    desk.tiktok.knobs(|knobs| {
        knobs.strict_fields = false;
        knobs.invalid_params_code = "invalid_param";
    });
    let reply = desk.post(VIDEO, &post_with("post_mode", json!("DIRECT_POST")));
    assert_eq!(reply.code(), "ok");
    let reply = desk.post(VIDEO, &post_with("title", json!(7)));
    assert_eq!(reply.code(), "invalid_param");
}

#[test]
fn privacy_must_be_one_of_the_creators_options_now() {
    let desk = Desk::new();
    let of = |level: &str| desk.post(VIDEO, &post_with("privacy_level", level.into()));
    assert_eq!(of("SELF_ONLY").code(), "ok");
    let refused = of("FOLLOWER_OF_CREATOR");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.code(), "privacy_level_option_mismatch");
    desk.tiktok
        .update_creator(BAKER, |creator| creator.private = true);
    assert_eq!(of("FOLLOWER_OF_CREATOR").code(), "ok");
    let refused = of("PUBLIC_TO_EVERYONE").code().to_owned();
    assert_eq!(refused, "privacy_level_option_mismatch");
    let mut body = post_with("title", json!("none chosen"));
    body["post_info"]
        .as_object_mut()
        .unwrap()
        .remove("privacy_level");
    let refused = desk.post(VIDEO, &body);
    assert_eq!(refused.code(), "privacy_level_option_mismatch");
}

#[test]
fn branded_content_is_not_for_the_creator_alone() {
    let desk = Desk::new();
    let mut body = post_with("brand_content_toggle", json!(true));
    assert_eq!(desk.post(VIDEO, &body).code(), "ok");
    body["post_info"]["privacy_level"] = "SELF_ONLY".into();
    assert_eq!(
        desk.post(VIDEO, &body).told(),
        (400, "invalid_params", POST_INFO)
    );
    desk.tiktok
        .knobs(|knobs| knobs.refuses_private_branded = false);
    assert_eq!(desk.post(VIDEO, &body).code(), "ok");
}

#[test]
fn an_unaudited_app_posts_for_private_accounts_themselves_only() {
    let desk = Desk::new();
    desk.tiktok.update_app(|app| app.audited = false);
    // It is offered more than it may, and refused at the init.
    let offered = desk.post(CREATOR, &Value::Null);
    assert_eq!(
        offered.body["data"]["privacy_level_options"][0],
        "PUBLIC_TO_EVERYONE"
    );
    let code = "unaudited_client_can_only_post_to_private_accounts";
    let of = |level: &str| desk.post(VIDEO, &post_with("privacy_level", level.into()));
    for level in ["PUBLIC_TO_EVERYONE", "SELF_ONLY"] {
        let reply = of(level);
        assert_eq!((reply.status, reply.code()), (403, code));
    }
    desk.tiktok
        .update_creator(BAKER, |creator| creator.private = true);
    assert_eq!(of("MUTUAL_FOLLOW_FRIENDS").code(), code);
    assert_eq!(of("SELF_ONLY").code(), "ok");
    desk.tiktok
        .knobs(|knobs| knobs.unaudited_sees_self_only = true);
    let offered = desk.post(CREATOR, &Value::Null);
    assert_eq!(
        offered.body["data"]["privacy_level_options"],
        json!(["SELF_ONLY"])
    );
}

#[test]
fn what_the_creator_turned_off_stays_off() {
    let desk = Desk::new();
    let reply = desk.post(VIDEO, &post_with("disable_stitch", json!(false)));
    let info = desk.tiktok.post_info(&reply.publish_id()).unwrap();
    assert!(info.disable_stitch);
    assert!(!info.disable_comment);
    assert_eq!(info.cover_timestamp_ms, Some(1_500));
    assert!(info.brand_organic && !info.brand_content && !info.is_aigc);
}

#[test]
fn a_draft_takes_its_source_only_and_waits_in_the_inbox() {
    let desk = Desk::new();
    let body = json!({ "post_info": post_info(), "source_info": file(16, 16, 1) });
    assert_eq!(desk.post(INBOX, &body).status, 400);
    let init = desk.post(INBOX, &json!({ "source_info": file(16, 16, 1) }));
    let id = init.publish_id();
    assert!(id.starts_with("v_inbox_file~v2."), "{id}");
    assert_eq!(
        desk.put(&init.upload_url(), "bytes 0-15/16", &[7; 16]).0,
        201
    );
    desk.pass(11);
    assert_eq!(
        desk.status(&id).body["data"]["status"],
        "SEND_TO_USER_INBOX"
    );
    let posts = desk.tiktok.posts();
    assert!(posts.len() == 1 && posts[0].is_draft);
    // The creator may post it more than once.
    assert!(desk.tiktok.post_draft(&id, true));
    assert!(desk.tiktok.post_draft(&id, true));
    desk.pass(60);
    let data = desk.status(&id).body["data"].clone();
    assert_eq!(data["status"], "PUBLISH_COMPLETE");
    assert_eq!(
        data["publicaly_available_post_id"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(desk.tiktok.posts().iter().all(|post| !post.is_draft));
}

#[test]
fn addresses_keep_their_trailing_slash_and_bodies_their_type() {
    let desk = Desk::new();
    let body = json!({ "post_info": post_info(), "source_info": file(16, 16, 1) });
    let path = VIDEO.trim_end_matches('/');
    assert_eq!(desk.post(path, &body).status, 404);
    let bearer = format!("Bearer {}", desk.token());
    let form = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let url = format!("{}{VIDEO}", crate::desk::API);
    let method = calendar_publish::ports::Method::Post;
    let answer = desk.send(method, &url, &form, body.to_string().as_bytes());
    assert_eq!(answer.unwrap().status, 400);
}

#[test]
fn a_scope_that_was_not_granted_is_missed() {
    let desk = Desk::new();
    let code_with = |scope: &str, path: &str, body: &Value| {
        desk.use_token(&TiktokSimulator::grant(&desk.tiktok, BAKER, &[scope]).access);
        let reply = desk.post(path, body);
        (reply.status, reply.code().to_owned())
    };
    let missed = (401, "scope_not_authorized".to_owned());
    let video = json!({ "post_info": post_info(), "source_info": file(16, 16, 1) });
    let inbox = json!({ "source_info": file(16, 16, 1) });
    assert_eq!(code_with("video.upload", VIDEO, &video), missed);
    assert_eq!(code_with("video.publish", INBOX, &inbox), missed);
    assert_eq!(code_with("video.upload", CREATOR, &Value::Null), missed);
    assert_eq!(
        code_with("video.publish", "/v2/video/list/?fields=id", &json!({})),
        missed
    );
    assert_eq!(code_with("video.publish", VIDEO, &video).1, "ok");
    assert_eq!(code_with("video.upload", INBOX, &inbox).1, "ok");
}
