//! Instagram Login and Facebook Login, with answers as they are documented, and the family of token errors.

use calendar_publish::Code;
use calendar_publish::model::{AccountStatus, Channel};
use calendar_publish_adapters::access::{AccessError, AccessTokens};
use calendar_publish_adapters::accounts::{LinkOutcome, Login, RenewalReport, Revocation};
use chrono::TimeDelta;
use secrecy::ExposeSecret;

use crate::fixture::{
    INSTAGRAM_LONG, INSTAGRAM_ME, INSTAGRAM_RENEWED, INSTAGRAM_SHORT, Next, TIKTOK_RENEWED, WEB,
    World, account, json, madrid, start, user,
};
use crate::messages::reads_well;

#[tokio::test]
async fn a_person_signs_in_with_instagram() {
    let world = World::new();
    let begun = world
        .service
        .begin_link(user("ana"), Login::Instagram, WEB, madrid())
        .await
        .unwrap();
    let address = "https://www.instagram.com/oauth/authorize?client_id=ig_client_key&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&response_type=code&scope=instagram_business_basic%2Cinstagram_business_content_publish&state=";
    assert_eq!(begun.url, format!("{address}{}", begun.state));
    world.script.then([
        json(200, INSTAGRAM_SHORT),
        json(200, INSTAGRAM_LONG),
        json(200, INSTAGRAM_ME),
    ]);
    let callback = format!("{WEB}?code=AQD-demo&state={}#_", begun.state);
    let linked = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    let asked = world.script.asked();
    assert!(asked[0].starts_with("Post https://api.instagram.com/oauth/access_token\n"));
    assert!(asked[0].ends_with("client_id=ig_client_key&client_secret=ig_client_secret&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&code=AQD-demo"));
    assert!(asked[1].starts_with("Get https://graph.instagram.com/access_token?grant_type=ig_exchange_token&client_secret=ig_client_secret&access_token=IG.SHORT\n"));
    assert!(
        asked[2].starts_with("Get https://graph.instagram.com/v25.0/me?fields=user_id%2Cusername")
    );
    assert!(asked[2].contains("authorization: Bearer IG.LONG1"));
    assert_eq!(linked.channel, Channel::Instagram);
    assert_eq!(linked.external_account_id, "17841499000000001");
    assert_eq!(linked.display_name, "bakery.demo");
    assert_eq!(
        linked.expires_at,
        Some(start().plus(TimeDelta::seconds(5_183_999)))
    );
    assert_eq!(
        linked.scopes,
        [
            "instagram_business_basic",
            "instagram_business_content_publish"
        ]
    );
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "IG.LONG1");
}

#[tokio::test]
async fn both_shapes_of_the_exchange_are_read_and_ids_stay_exact() {
    let world = World::new();
    let state = world.begin("ana", Login::Instagram, WEB).await;
    world.script.then([
        json(200, r#"{"access_token":"IG.SHORT","user_id":25500000000000001,"permissions":["instagram_business_basic","instagram_business_content_publish"]}"#),
        json(200, INSTAGRAM_LONG),
        json(200, r#"{"user_id":17841499000000001,"username":"bakery.demo"}"#),
    ]);
    let callback = format!("code=AQD-demo&state={state}");
    let linked = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    assert_eq!(linked.external_account_id, "17841499000000001");
    world.script.asked();
}

#[tokio::test]
async fn a_token_is_renewed_from_its_thirtieth_day_and_never_under_a_day_old() {
    let world = World::new();
    let linked = world.link_instagram("ana").await;
    world.pass(TimeDelta::days(29));
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.version, 1);
    world.pass(TimeDelta::days(2));
    world.script.then([json(200, INSTAGRAM_RENEWED)]);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.version),
        ("IG.LONG2", 2)
    );
    assert!(world.script.asked()[0].starts_with("Get https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=IG.LONG1\n"));
    let row = world.row(&linked).await;
    assert_eq!(row.expires_at, Some(start().plus(TimeDelta::days(91))));

    // A short-lived answer isn't asked about again before it is a day old.
    let world = World::new();
    let state = world.begin("ana", Login::Instagram, WEB).await;
    world.script.then([
        json(200, INSTAGRAM_SHORT),
        json(
            200,
            r#"{"access_token":"IG.LONG1","token_type":"bearer","expires_in":172800}"#,
        ),
        json(200, INSTAGRAM_ME),
    ]);
    let callback = format!("code=c&state={state}");
    let linked = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    world.script.asked();
    world.pass(TimeDelta::hours(23));
    world.service.access_token(linked.id).await.unwrap();
    world.pass(TimeDelta::hours(1));
    world.script.then([json(200, INSTAGRAM_RENEWED)]);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.version, 2);
}

fn graph(code: i64, subcode: Option<i64>) -> Next {
    let subcode = subcode.map_or(String::new(), |code| format!(r#","error_subcode":{code}"#));
    json(
        400,
        &format!(
            r#"{{"error":{{"message":"text","type":"OAuthException","code":{code}{subcode},"fbtrace_id":"Atrace1"}}}}"#
        ),
    )
}

/// Before a token runs out no refusal of a renewal disconnects the account: the old token is used.
#[tokio::test]
async fn a_refused_early_renewal_keeps_the_old_token() {
    for answer in [
        graph(190, Some(463)),
        graph(190, None),
        graph(100, None),
        graph(4, None),
        graph(2, None),
        json(502, "<html>"),
        json(429, ""),
        Next::Lost,
    ] {
        let world = World::new();
        let linked = world.link_instagram("ana").await;
        world.pass(TimeDelta::days(31));
        world.script.then([answer.clone()]);
        let token = world.service.access_token(linked.id).await.unwrap();
        assert_eq!(token.secret.expose_secret(), "IG.LONG1", "{answer:?}");
        // It is left alone for a while.
        world.service.access_token(linked.id).await.unwrap();
        assert_eq!(world.script.asked().len(), 1, "{answer:?}");
        assert_eq!(world.row(&linked).await.status, AccountStatus::Ok);
        // When its time is over, it is.
        world.pass(TimeDelta::days(30));
        let over = world.service.access_token(linked.id).await.unwrap_err();
        assert_eq!(over, AccessError::Expired);
        assert_eq!(world.row(&linked).await.status, AccountStatus::Expired);
    }
}

/// The family of 190, and what else a renewal is answered after the platform refused the token itself.
#[tokio::test]
async fn a_refused_token_whose_renewal_is_refused_too_ends_the_account() {
    let unsupported = r#"{"error":{"message":"Unsupported request - method type: get","type":"IGApiException","code":100,"fbtrace_id":"A"}}"#;
    let checkpoint = r#"{"error":{"message":"You cannot access the app till you log in to www.instagram.com and follow the instructions given.","type":"OAuthException","code":190,"fbtrace_id":"A"}}"#;
    let (ok, expired, revoked) = (
        AccountStatus::Ok,
        AccountStatus::Expired,
        AccountStatus::Revoked,
    );
    for (answer, status) in [
        (graph(190, None), revoked),
        (graph(102, None), revoked),
        (graph(190, Some(458)), revoked),
        (graph(190, Some(459)), ok),
        (graph(190, Some(460)), revoked),
        (graph(190, Some(463)), expired),
        (graph(190, Some(464)), ok),
        (graph(190, Some(467)), revoked),
        (graph(190, Some(483)), ok),
        (graph(190, Some(492)), revoked),
        (json(400, checkpoint), ok),
        (json(400, unsupported), revoked),
        (graph(1, None), ok),
        (graph(2, None), ok),
        (graph(3, None), ok),
        (graph(4, None), ok),
        (graph(17, None), ok),
        (graph(80002, None), ok),
        (graph(10, None), ok),
        (graph(200, None), ok),
        (json(503, ""), ok),
        (Next::Lost, ok),
    ] {
        let world = World::new();
        let linked = world.link_instagram("ana").await;
        world.pass(TimeDelta::days(2));
        world.script.then([answer.clone()]);
        let refused = world.service.replacement(linked.id, 1).await.unwrap_err();
        let told = match refused {
            AccessError::Revoked => revoked,
            AccessError::Expired => expired,
            AccessError::Unavailable { .. } => ok,
        };
        assert_eq!(told, status, "{answer:?}");
        assert_eq!(world.row(&linked).await.status, status, "{answer:?}");
        world.script.asked();
    }
    // A token under a day old can't be renewed: whoever refuses it has ended it.
    let world = World::new();
    let linked = world.link_instagram("ana").await;
    let refused = world.service.replacement(linked.id, 1).await.unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
}

#[tokio::test]
async fn a_refused_sign_in_says_why() {
    let used = r#"{"error_type":"OAuthException","code":400,"error_message":"code not found or already used"}"#;
    for (answer, expected) in [
        (json(400, used), Code::LinkInvalid),
        (
            json(
                400,
                &used.replace("code not found or already used", "Invalid redirect_uri"),
            ),
            Code::AppMisconfigured,
        ),
        (graph(4, None), Code::RateLimited),
        (graph(190, Some(459)), Code::AccountActionRequired),
        (graph(10, None), Code::ScopeMissing),
        (graph(2, None), Code::PlatformTemporary),
        (json(500, ""), Code::PlatformTemporary),
        (Next::NotSent, Code::PlatformTemporary),
    ] {
        let world = World::new();
        let state = world.begin("ana", Login::Instagram, WEB).await;
        world.script.then([answer.clone()]);
        let callback = format!("code=c&state={state}");
        let refused = world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap_err();
        assert_eq!(refused.code, expected, "{answer:?}");
        reads_well(&refused, Channel::Instagram);
    }
    let world = World::new();
    let state = world.begin("ana", Login::Instagram, WEB).await;
    let callback = format!(
        "{WEB}?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request.&state={state}"
    );
    let refused = world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::ChannelAuthMissing);
    reads_well(&refused, Channel::Instagram);
    // Fewer permissions than publishing needs.
    let state = world.begin("ana", Login::Instagram, WEB).await;
    world.script.then([
        json(
            200,
            &INSTAGRAM_SHORT.replace(",instagram_business_content_publish", ""),
        ),
        json(200, INSTAGRAM_LONG),
    ]);
    let callback = format!("code=c&state={state}");
    let refused = world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::ScopeMissing);
    assert!(
        refused
            .to_string()
            .contains("measured `instagram_business_content_publish`")
    );
    assert_eq!(world.service.accounts(user("ana")).await.unwrap(), []);
}

#[tokio::test]
async fn unlinking_says_that_instagram_offers_no_revocation() {
    let world = World::new();
    let linked = world.link_instagram("ana").await;
    let revoked = world.service.unlink(user("ana"), linked.id).await.unwrap();
    assert_eq!(revoked, Revocation::NotOffered);
    assert_eq!(world.script.asked().len(), 0);
}

#[tokio::test]
async fn a_daily_round_keeps_accounts_at_rest_alive() {
    let world = World::new();
    let instagram = world.link_instagram("ana").await;
    let tiktok = world.link_tiktok("ana").await;
    let round = world.service.renew_due().await.unwrap();
    assert_eq!(round, RenewalReport::default());
    world.pass(TimeDelta::days(31));
    world.script.then([json(200, INSTAGRAM_RENEWED)]);
    let round = world.service.renew_due().await.unwrap();
    let one = RenewalReport {
        renewed: 1,
        ..RenewalReport::default()
    };
    assert_eq!(round, one, "TikTok's rests");
    // A platform that is down costs nothing yet.
    world.pass(TimeDelta::days(31));
    world.script.then([json(502, "")]);
    assert_eq!(world.service.renew_due().await.unwrap().kept, 1);
    world.pass(TimeDelta::days(61));
    let round = world.service.renew_due().await.unwrap();
    assert_eq!(round.ended, [instagram.id]);
    assert_eq!(world.row(&instagram).await.status, AccountStatus::Expired);
    // TikTok's authorisation ends 180 days after it was given, and is renewed in time.
    world.script.asked();
    world.pass(TimeDelta::days(44));
    world.script.then([json(200, TIKTOK_RENEWED)]);
    assert_eq!(world.service.renew_due().await.unwrap(), one);
    let until = world.row(&tiktok).await.renewable_until;
    assert_eq!(until, Some(start().plus(TimeDelta::days(167 + 180))));
    world.script.asked();
}

const PERMISSIONS: &str = r#"{"data":[{"permission":"instagram_basic","status":"granted"},{"permission":"instagram_content_publish","status":"granted"},
    {"permission":"pages_read_engagement","status":"granted"},{"permission":"pages_show_list","status":"declined"}]}"#;

const PAGES: &str = r#"{"data":[{"id":"1","name":"Panadería","access_token":"EAA.PAGE1","instagram_business_account":{"id":"17841499000000001"}},
    {"id":"2","name":"Sin Instagram","access_token":"EAA.PAGE2"},
    {"id":"3","name":"Café","access_token":"EAA.PAGE3","instagram_business_account":{"id":"17841499000000003"}}]}"#;

#[tokio::test]
async fn a_person_with_several_pages_chooses_one() {
    let world = World::new();
    let begun = world
        .service
        .begin_link(user("ana"), Login::Facebook, WEB, madrid())
        .await
        .unwrap();
    assert!(begun.url.starts_with("https://www.facebook.com/v25.0/dialog/oauth?client_id=fb_client_key&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&response_type=code&scope=instagram_basic%2C"));
    world.script.then([
        json(200, r#"{"access_token":"EAA.SHORT","expires_in":3600}"#),
        json(200, r#"{"access_token":"EAA.LONG","expires_in":5183999}"#),
        json(200, PERMISSIONS),
        json(200, PAGES),
    ]);
    let callback = format!("code=c&state={}", begun.state);
    let outcome = world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap();
    let LinkOutcome::ChoosePage(choice) = outcome else {
        panic!("{outcome:?}");
    };
    let names: Vec<&str> = choice
        .accounts
        .iter()
        .map(|page| page.page_name.as_str())
        .collect();
    assert_eq!(names, ["Panadería", "Café"]);
    let asked = world.script.asked();
    assert!(asked[0].contains(
        "client_secret=fb_client_secret&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&code=c"
    ));
    assert!(asked[1].contains("grant_type=fb_exchange_token&fb_exchange_token=EAA.SHORT"));
    // HMAC-SHA256 of `EAA.LONG` under `fb_client_secret`, from openssl.
    assert!(
        asked[2].contains(
            "appsecret_proof=3fec7427dd9c084f90ed4eb8b201d15bb0923906aa934c1613d8176fdd0b21c1"
        ),
        "{}",
        asked[2]
    );

    let refused = world
        .service
        .choose_page(user("luis"), &choice.state, "17841499000000003")
        .await;
    assert_eq!(refused.unwrap_err().code, Code::LinkInvalid);
    world.script.then([
        json(200, PERMISSIONS),
        json(200, PAGES),
        json(200, r#"{"username":"cafe.demo","id":"17841499000000003"}"#),
    ]);
    let linked = world
        .service
        .choose_page(user("ana"), &choice.state, "17841499000000003")
        .await
        .unwrap();
    assert_eq!(linked.external_account_id, "17841499000000003");
    assert_eq!(linked.display_name, "cafe.demo");
    assert_eq!((linked.expires_at, linked.renewable_until), (None, None));
    assert!(
        linked
            .scopes
            .iter()
            .any(|scope| scope == "instagram_business_content_publish")
    );
    let again = world
        .service
        .choose_page(user("ana"), &choice.state, "17841499000000003")
        .await;
    assert_eq!(again.unwrap_err().code, Code::LinkInvalid);
    world.script.asked();
    // A Page's token has no end, and no renewal: refused, it is over.
    world.pass(TimeDelta::days(400));
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "EAA.PAGE3");
    let refused = world
        .service
        .replacement(linked.id, token.version)
        .await
        .unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
}

#[tokio::test]
async fn one_page_is_linked_at_once_and_none_needs_the_person() {
    let world = World::new();
    let tokens = || {
        [
            json(200, r#"{"access_token":"EAA.SHORT"}"#),
            json(200, r#"{"access_token":"EAA.LONG"}"#),
            json(200, PERMISSIONS),
        ]
    };
    let state = world.begin("ana", Login::Facebook, WEB).await;
    world.script.then(tokens());
    let one = r#"{"data":[{"id":"1","name":"Panadería","access_token":"EAA.PAGE1","instagram_business_account":{"id":"17841499000000001"}}]}"#;
    world.script.then([json(200, one), graph(10, None)]);
    let callback = format!("code=c&state={state}");
    let linked = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    assert_eq!(linked.display_name, "Panadería");

    let state = world.begin("ana", Login::Facebook, WEB).await;
    world.script.then(tokens());
    world.script.then([json(200, r#"{"data":[]}"#)]);
    let callback = format!("code=c&state={state}");
    let refused = world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::AccountActionRequired);
    reads_well(&refused, Channel::Instagram);
}
