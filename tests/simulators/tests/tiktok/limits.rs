//! Calls a minute, and what a day allows.

use calendar_publish_simulators::tiktok::Creator;
use serde_json::{Value, json};

use crate::desk::{ALL_SCOPES, BAKER, Desk, file, post_info};

const CREATOR: &str = "/v2/post/publish/creator_info/query/";
const INBOX: &str = "/v2/post/publish/inbox/video/init/";

#[test]
fn a_token_has_six_inits_in_any_minute_of_all_kinds() {
    let desk = Desk::new();
    for n in 0..6 {
        let reply = match n % 2 {
            0 => desk.video_init(file(16, 16, 1)),
            _ => desk.post(INBOX, &json!({ "source_info": file(16, 16, 1) })),
        };
        assert_eq!(reply.code(), "ok");
        desk.pass(5);
    }
    let refused = desk.video_init(file(16, 16, 1));
    assert_eq!(
        (refused.status, refused.code()),
        (429, "rate_limit_exceeded")
    );
    // The minute slides: 60 seconds after the first there is room for one.
    desk.pass(30);
    assert_eq!(desk.video_init(file(16, 16, 1)).code(), "ok");
    assert_eq!(desk.video_init(file(16, 16, 1)).status, 429);
    let other = desk.tiktok.grant(BAKER, &ALL_SCOPES);
    desk.use_token(&other.access);
    assert_eq!(desk.video_init(file(16, 16, 1)).code(), "ok");
}

#[test]
fn settings_may_be_asked_20_times_and_statuses_30_times_a_minute() {
    let desk = Desk::new();
    let id = desk.post_video(b"bytes of a video");
    let asked = |limit: usize, ask: &dyn Fn() -> u16| {
        let answers: Vec<u16> = (0..=limit).map(|_| ask()).collect();
        assert!(answers[..limit].iter().all(|status| *status == 200));
        assert_eq!(answers[limit], 429);
    };
    asked(20, &|| desk.post(CREATOR, &Value::Null).status);
    asked(30, &|| desk.status(&id).status);
}

#[test]
fn a_creator_has_fifteen_posts_in_24_hours() {
    let desk = Desk::new();
    desk.tiktok
        .update_creator(BAKER, |creator| creator.daily_posts_elsewhere = 5);
    for _ in 0..10 {
        desk.post_video(b"bytes of a video");
        desk.pass(60);
    }
    assert_eq!(
        desk.video_init(file(16, 16, 1)).code(),
        "spam_risk_too_many_posts"
    );
    let probe = desk.post(CREATOR, &Value::Null);
    assert_eq!(
        (probe.status, probe.code()),
        (200, "spam_risk_too_many_posts")
    );
    desk.pass(24 * 3_600 - 10 * 60);
    let again = desk.tiktok.grant(BAKER, &ALL_SCOPES);
    desk.use_token(&again.access);
    assert_eq!(desk.video_init(file(16, 16, 1)).code(), "ok");
}

#[test]
fn posts_that_were_begun_before_the_cap_fail_after_it() {
    let desk = Desk::new();
    desk.tiktok
        .update_creator(BAKER, |creator| creator.daily_posts_elsewhere = 14);
    let first = desk.video_init(file(16, 16, 1));
    let second = desk.video_init(file(16, 16, 1));
    for init in [&first, &second] {
        assert_eq!(
            desk.put(&init.upload_url(), "bytes 0-15/16", &[7; 16]).0,
            201
        );
    }
    desk.pass(60);
    let data = desk.status(&second.publish_id()).body["data"].clone();
    let expected = json!({ "status": "FAILED", "fail_reason": "spam_risk_too_many_posts" });
    assert_eq!(data, expected);
    assert_eq!(desk.tiktok.posts().len(), 1);
}

#[test]
fn five_drafts_may_wait() {
    let desk = Desk::new();
    let draft = || {
        desk.pass(60);
        desk.post(INBOX, &json!({ "source_info": file(16, 16, 1) }))
    };
    let drafts: Vec<_> = (0..5).map(|_| draft()).collect();
    assert!(drafts.iter().all(|reply| reply.code() == "ok"));
    let refused = draft();
    let expected = (403, "spam_risk_too_many_pending_share");
    assert_eq!((refused.status, refused.code()), expected);
    // One that the creator posts makes room.
    let first = &drafts[0];
    assert_eq!(
        desk.put(&first.upload_url(), "bytes 0-15/16", &[7; 16]).0,
        201
    );
    desk.pass(60);
    assert!(desk.tiktok.post_draft(&first.publish_id(), false));
    assert_eq!(draft().code(), "ok");
    assert_eq!(draft().code(), "spam_risk_too_many_pending_share");
}

#[test]
fn an_app_has_as_many_posting_users_a_day_as_its_audit_allows() {
    for (audited, cap, users) in [(false, None, 5), (true, Some(2), 2)] {
        let desk = Desk::new();
        desk.tiktok.update_app(|app| {
            app.audited = audited;
            app.active_user_cap = cap;
        });
        let mut post_info = post_info();
        post_info["privacy_level"] = "SELF_ONLY".into();
        let body = json!({ "post_info": post_info, "source_info": file(16, 16, 1) });
        let path = "/v2/post/publish/video/init/";
        let mut tokens = Vec::new();
        for n in 0..=users {
            let open_id = format!("user-{n}");
            desk.tiktok.add_creator(Creator {
                private: true,
                ..Creator::new(&open_id, &open_id)
            });
            tokens.push(desk.tiktok.grant(&open_id, &ALL_SCOPES).access);
            desk.use_token(&tokens[n]);
            let expected = if n < users {
                "ok"
            } else {
                "reached_active_user_cap"
            };
            assert_eq!(desk.post(path, &body).code(), expected);
        }
        let probe = desk.post(CREATOR, &Value::Null);
        assert_eq!(
            (probe.status, probe.code()),
            (200, "reached_active_user_cap")
        );
        // Who has posted today goes on.
        desk.use_token(&tokens[0]);
        assert_eq!(desk.post(path, &body).code(), "ok");
    }
}

#[test]
fn whether_unused_inits_count_can_be_chosen() {
    let desk = Desk::new();
    desk.tiktok.knobs(|knobs| {
        knobs.daily_posts = 1;
        knobs.pending_drafts = 1;
    });
    let draft = || desk.post(INBOX, &json!({ "source_info": file(16, 16, 1) }));
    assert_eq!(desk.video_init(file(16, 16, 1)).code(), "ok");
    assert_eq!(draft().code(), "ok");
    // Of a post only bytes count; a draft's place is taken at once.
    assert_eq!(desk.video_init(file(16, 16, 1)).code(), "ok");
    assert_eq!(draft().code(), "spam_risk_too_many_pending_share");
    desk.tiktok.knobs(|knobs| {
        knobs.daily_posts_count_unused_inits = true;
        knobs.pending_drafts_count_unused_inits = false;
    });
    let refused = desk.video_init(file(16, 16, 1));
    assert_eq!(refused.code(), "spam_risk_too_many_posts");
    assert_eq!(draft().code(), "ok");
}
