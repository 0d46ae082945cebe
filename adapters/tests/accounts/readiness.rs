//! What a calendar says of the accounts that were linked here: neither too much nor too little.

use calendar_publish::Code;
use calendar_publish::model::{CalendarEntry, ChannelAccount, Severity, Timestamp};
use calendar_publish::readiness::{AccountLink, Situation, evaluate};
use calendar_publish::rules::RuleBook;
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::accounts::Login;
use chrono::TimeDelta;

use crate::fixture::{INVALID_GRANT, WEB, World, account, json, start, user};

/// What is said of the account of a post that is due in `days` days.
fn said(account: &ChannelAccount, days: i64, now: Timestamp) -> Vec<(Code, Severity)> {
    let mut entry: CalendarEntry = serde_json::from_value(serde_json::json!({
        "id": "018f0000-0000-7000-8000-000000000001", "calendarId": "018f0000-0000-7000-8000-000000000002",
        "piece": {"title": "Pan", "channel": account.channel, "format": "reel", "copy": "Pan",
            "date": "2026-12-02", "time": "09:00", "hashtags": []},
        "draft": false, "media": [], "reviewed": true, "revision": 1,
    }))
    .unwrap();
    entry.scheduled_at = Some(now.plus(TimeDelta::days(days)));
    let link = AccountLink::Linked(account);
    let situation = Situation::new(&entry, link, RuleBook::builtin(), now);
    let about = [
        Code::TokenExpired,
        Code::TokenRefreshNeeded,
        Code::ScopeMissing,
        Code::ChannelAuthInvalid,
        Code::ChannelAuthMissing,
    ];
    let findings = evaluate(&situation).findings;
    let found = findings.iter().filter(|found| about.contains(&found.code));
    found.map(|found| (found.code, found.severity)).collect()
}

#[tokio::test]
async fn an_account_that_is_renewed_by_itself_asks_nothing_of_the_person() {
    let world = World::new();
    let notice = [(Code::TokenRefreshNeeded, Severity::Notice)];
    let expired = [(Code::TokenExpired, Severity::Blocking)];
    let tiktok = world.link_tiktok("ana").await;
    for days in [1, 30, 179] {
        assert_eq!(said(&tiktok, days, start()), notice, "{days}");
    }
    assert_eq!(said(&tiktok, 181, start()), expired);
    let instagram = world.link_instagram("ana").await;
    assert_eq!(said(&instagram, 30, start()), []);
    assert_eq!(said(&instagram, 90, start()), notice);
    assert_eq!(said(&instagram, 121, start()), expired);
}

#[tokio::test]
async fn an_account_that_has_ended_says_so() {
    let world = World::new();
    let tiktok = world.link_tiktok("ana").await;
    world.pass(TimeDelta::hours(3));
    world.script.then([json(200, INVALID_GRANT)]);
    world.service.access_token(tiktok.id).await.unwrap_err();
    let now = start().plus(TimeDelta::hours(3));
    let revoked = [(Code::ChannelAuthInvalid, Severity::Blocking)];
    assert_eq!(said(&world.row(&tiktok).await, 1, now), revoked);
    let instagram = world.link_instagram("ana").await;
    world.pass(TimeDelta::days(61));
    world.service.access_token(instagram.id).await.unwrap_err();
    let now = now.plus(TimeDelta::days(61));
    let expired = [(Code::TokenExpired, Severity::Blocking)];
    assert_eq!(said(&world.row(&instagram).await, 1, now), expired);
}

/// Facebook's names of the same rights differ from those that the rules know.
#[tokio::test]
async fn an_account_linked_by_facebook_lacks_nothing_and_has_no_end() {
    let world = World::new();
    let state = world.begin("ana", Login::Facebook, WEB).await;
    world.script.then([
        json(200, r#"{"access_token":"EAA.SHORT"}"#),
        json(200, r#"{"access_token":"EAA.LONG"}"#),
        json(
            200,
            r#"{"data":[{"permission":"instagram_basic","status":"granted"},{"permission":"instagram_content_publish","status":"granted"},
                {"permission":"pages_read_engagement","status":"granted"}]}"#,
        ),
        json(
            200,
            r#"{"data":[{"id":"1","name":"Pan","access_token":"EAA.PAGE1","instagram_business_account":{"id":"17841499000000001"}}]}"#,
        ),
        json(200, r#"{"username":"bakery.demo"}"#),
    ]);
    let callback = format!("code=c&state={state}");
    let linked = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    assert_eq!(said(&linked, 300, start()), []);
}
