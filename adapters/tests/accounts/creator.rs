//! What a TikTok post form is made of, asked at the moment it is shown.

use calendar_publish::Code;
use calendar_publish::message::{Lang, MessageContext, code_text};
use calendar_publish::model::TiktokPrivacy;

use crate::fixture::{TIKTOK_CREATOR, TIKTOK_RENEWED, World, json, user};

/// The same creator after a change in TikTok's settings: a private account without comments.
const PRIVATE: &str = r#"{"data":{"creator_username":"sim.baker","creator_nickname":"Sim Baker",
 "privacy_level_options":["FOLLOWER_OF_CREATOR","MUTUAL_FOLLOW_FRIENDS","SELF_ONLY"],
 "comment_disabled":true,"duet_disabled":true,"stitch_disabled":true,"max_video_post_duration_sec":180},
 "error":{"code":"ok","message":"","log_id":"20261120101501SIM0000000000000009"}}"#;

#[tokio::test]
async fn the_form_is_made_of_what_the_creator_may_do_now() {
    let world = World::new();
    let account = world.link_tiktok("ana").await;
    world.script.then([json(200, PRIVATE)]);
    let fresh = world
        .service
        .fresh_creator(user("ana"), account.id)
        .await
        .unwrap();
    let creator = fresh.tiktok_creator.unwrap();
    assert_eq!(
        creator.privacy_options,
        [
            TiktokPrivacy::FollowerOfCreator,
            TiktokPrivacy::MutualFollowFriends,
            TiktokPrivacy::SelfOnly
        ]
    );
    assert!(creator.comment_disabled);
    assert_eq!(creator.max_video_seconds, Some(180));
    let asked = world.script.asked();
    assert!(
        asked[0]
            .starts_with("Post https://open.tiktokapis.com/v2/post/publish/creator_info/query/"),
        "{}",
        asked[0].split('\n').next().unwrap()
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let world = World::new();
    let account = world.link_tiktok("ana").await;
    let refused =
        r#"{"data":{},"error":{"code":"access_token_invalid","message":"","log_id":"0012"}}"#;
    world.script.then([
        json(401, refused),
        json(200, TIKTOK_RENEWED),
        json(200, TIKTOK_CREATOR),
    ]);
    let fresh = world.service.fresh_creator(user("ana"), account.id).await;
    assert!(fresh.unwrap().tiktok_creator.is_some());
}

#[tokio::test]
async fn where_no_post_may_be_made_the_form_says_why_in_both_languages() {
    // TikTok answers these with HTTP 200 on purpose (Query Creator Info).
    for (code, expected) in [
        ("spam_risk_too_many_posts", Code::QuotaExhausted),
        ("reached_active_user_cap", Code::QuotaExhausted),
        ("spam_risk_user_banned_from_posting", Code::AccountBlocked),
    ] {
        let world = World::new();
        let account = world.link_tiktok("ana").await;
        let answer =
            format!(r#"{{"data":{{}},"error":{{"code":"{code}","message":"","log_id":"0003"}}}}"#);
        world.script.then([json(200, &answer)]);
        let refused = world.service.fresh_creator(user("ana"), account.id).await;
        assert_eq!(refused.unwrap_err().code, expected, "{code}");
        let text = |lang| code_text(expected, lang, &MessageContext::default());
        assert_ne!(text(Lang::Es), text(Lang::En));
        assert!(!text(Lang::Es).action.is_empty());
    }
}

#[tokio::test]
async fn nobody_asks_for_another_users_account_or_one_without_such_a_form() {
    let world = World::new();
    let theirs = world.link_tiktok("ana").await;
    let error = world
        .service
        .fresh_creator(user("eva"), theirs.id)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::AccountNotFound, "accountId")
    );
    let instagram = world.link_instagram("ana").await;
    let error = world
        .service
        .fresh_creator(user("ana"), instagram.id)
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::ChannelUnsupported);
    assert!(world.script.asked().is_empty(), "nothing was sent");
}
