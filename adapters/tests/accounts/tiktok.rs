//! TikTok's sign-in and renewal, with answers as they are documented, and the table of OAuth errors.

use calendar_publish::Code;
use calendar_publish::model::{AccountStatus, Channel, TiktokPrivacy};
use calendar_publish_adapters::access::{AccessError, AccessTokens};
use calendar_publish_adapters::accounts::{Login, Revocation};
use chrono::TimeDelta;
use secrecy::ExposeSecret;

use crate::fixture::{
    DESKTOP, INVALID_GRANT, Next, TIKTOK_CREATOR, TIKTOK_RENEWED, TIKTOK_TOKENS, TIKTOK_USER, WEB,
    World, account, json, madrid, start, user,
};

#[tokio::test]
async fn a_desktop_app_signs_in_with_a_hexadecimal_challenge() {
    let world = World::new();
    let begun = world
        .service
        .begin_link(user("ana"), Login::Tiktok, DESKTOP, madrid())
        .await
        .unwrap();
    assert_eq!(begun.expires_at, start().plus(TimeDelta::minutes(10)));
    let url = url::Url::parse(&begun.url).unwrap();
    assert_eq!(
        url.as_str().split('?').next(),
        Some("https://www.tiktok.com/v2/auth/authorize/")
    );
    let field = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    assert_eq!(field("client_key").unwrap(), "sim_client_key");
    assert_eq!(field("response_type").unwrap(), "code");
    assert_eq!(
        field("scope").unwrap(),
        "user.info.basic,video.publish,video.upload"
    );
    assert_eq!(field("redirect_uri").unwrap(), DESKTOP);
    assert_eq!(field("state").unwrap(), begun.state);
    assert_eq!(field("code_challenge_method").unwrap(), "S256");
    let challenge = field("code_challenge").unwrap();
    assert_eq!(challenge.len(), 64);
    assert!(
        challenge
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    );

    world.script.then([
        json(200, TIKTOK_TOKENS),
        json(200, TIKTOK_USER),
        json(200, TIKTOK_CREATOR),
    ]);
    let callback = format!(
        "{DESKTOP}?code=sim.code.41%2A1&scopes=user.info.basic%2Cvideo.publish&state={}",
        begun.state
    );
    let linked = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    let asked = world.script.asked();
    let (head, body) = asked[0].split_once("\n\n").unwrap();
    assert_eq!(
        head,
        "Post https://open.tiktokapis.com/v2/oauth/token/\ncontent-type: application/x-www-form-urlencoded"
    );
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let field = |name: &str| &form.iter().find(|(key, _)| key == name).unwrap().1;
    assert_eq!(field("client_key"), "sim_client_key");
    assert_eq!(field("client_secret"), "sim_client_secret");
    assert_eq!(field("grant_type"), "authorization_code");
    assert_eq!(field("code"), "sim.code.41*1");
    assert_eq!(field("redirect_uri"), DESKTOP);
    let verifier = field("code_verifier");
    assert!((43..=128).contains(&verifier.len()));
    let hex: String = <sha2::Sha256 as sha2::Digest>::digest(verifier.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hex, challenge);
    assert!(asked[1].contains("authorization: Bearer act.sim-A1"));

    assert_eq!(linked.external_account_id, "sim-open-id-0001");
    assert_eq!(linked.display_name, "Sim Baker");
    assert_eq!(linked.timezone, madrid());
    assert_eq!(linked.status, AccountStatus::Ok);
    assert_eq!(linked.scopes, ["user.info.basic", "video.publish"]);
    assert_eq!(linked.expires_at, Some(start().plus(TimeDelta::hours(2))));
    assert_eq!(
        linked.renewable_until,
        Some(start().plus(TimeDelta::days(180)))
    );
    let creator = linked.tiktok_creator.clone().unwrap();
    assert_eq!(creator.privacy_options[0], TiktokPrivacy::PublicToEveryone);
    assert_eq!(
        (creator.stitch_disabled, creator.max_video_seconds),
        (true, Some(600))
    );
    assert_eq!(world.service.accounts(user("ana")).await.unwrap(), [linked]);
    assert_eq!(world.service.accounts(user("luis")).await.unwrap(), []);
}

#[tokio::test]
async fn a_website_signs_in_without_a_challenge() {
    let world = World::new();
    let begun = world
        .service
        .begin_link(user("ana"), Login::Tiktok, WEB, madrid())
        .await
        .unwrap();
    assert!(!begun.url.contains("code_challenge"));
    assert!(begun.url.contains("disable_auto_auth=1"));
}

#[tokio::test]
async fn a_token_is_renewed_with_its_rotation_when_it_is_about_to_run_out() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.version),
        ("act.sim-A1", 1)
    );
    world.pass(TimeDelta::minutes(116));
    world.script.then([json(200, TIKTOK_RENEWED)]);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.version),
        ("act.sim-A2", 2)
    );
    assert!(world.script.asked()[0].contains("grant_type=refresh_token&refresh_token=rft.sim-R1"));
    let row = world.row(&linked).await;
    let renewed = start().plus(TimeDelta::minutes(116));
    assert_eq!(row.expires_at, Some(renewed.plus(TimeDelta::hours(2))));
    assert_eq!(
        row.renewable_until,
        Some(renewed.plus(TimeDelta::days(180)))
    );

    world.pass(TimeDelta::hours(3));
    world.script.then([json(200, TIKTOK_TOKENS)]);
    world.service.access_token(linked.id).await.unwrap();
    assert!(world.script.asked()[0].contains("refresh_token=rft.sim-R2"));
}

/// What stays of the account after each documented answer to a renewal whose token has run out.
#[tokio::test]
async fn only_invalid_grant_disconnects() {
    let error =
        |code: &str| format!(r#"{{"error":"{code}","error_description":"d","log_id":"l"}}"#);
    for (answer, calls) in [
        (json(200, &error("invalid_client")), 1),
        (json(401, &error("unauthorized_client")), 1),
        (json(400, &error("invalid_request")), 1),
        (json(400, &error("invalid_scope")), 1),
        (json(400, &error("unsupported_grant_type")), 1),
        (json(200, &error("server_error")), 2),
        (json(503, &error("temporarily_unavailable")), 2),
        (json(200, &error("rate_limit_exceeded")), 1),
        (json(200, &error("something_new")), 2),
        (Next::Limited(120), 1),
        (json(502, "<html>Bad Gateway</html>"), 2),
        (json(500, INVALID_GRANT), 2),
        (Next::Lost, 2),
        (Next::NotSent, 1),
    ] {
        let world = World::new();
        let linked = world.link_tiktok("ana").await;
        world.pass(TimeDelta::hours(3));
        world.script.then(vec![answer.clone(); calls]);
        let refused = world.service.access_token(linked.id).await.unwrap_err();
        assert!(
            matches!(refused, AccessError::Unavailable { .. }),
            "{answer:?}: {refused}"
        );
        assert_eq!(world.script.asked().len(), calls, "{answer:?}");
        assert_eq!(
            world.row(&linked).await.status,
            AccountStatus::Ok,
            "{answer:?}"
        );
        // Nobody hammers; and when the platform is back, so is the account.
        let resting = world.service.access_token(linked.id).await.unwrap_err();
        assert!(matches!(resting, AccessError::Unavailable { .. }));
        world.pass(TimeDelta::minutes(11));
        world.script.then([json(200, TIKTOK_RENEWED)]);
        let token = world.service.access_token(linked.id).await.unwrap();
        assert_eq!(token.secret.expose_secret(), "act.sim-A2");
    }
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::hours(3));
    world.script.then([json(200, INVALID_GRANT)]);
    let refused = world.service.access_token(linked.id).await.unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
    assert_eq!(world.script.asked().len(), 1);
    assert_eq!(world.row(&linked).await.status, AccountStatus::Revoked);
    // Nothing more is asked.
    let refused = world.service.access_token(linked.id).await.unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
}

#[tokio::test]
async fn a_token_that_still_works_is_used_while_it_cannot_be_renewed() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::minutes(116));
    world.script.then([json(502, ""), json(502, "")]);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "act.sim-A1");
    world.script.asked();
}

#[tokio::test]
async fn a_lost_rotation_is_tried_again_before_the_account_counts_as_revoked() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::hours(3));
    // The answer is lost, and the repetition works: R1 was not rotated.
    world.script.then([Next::Lost, json(200, TIKTOK_RENEWED)]);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "act.sim-A2");
    // The answer is lost, and R2 was rotated: two refusals, then the account must be linked again.
    world.pass(TimeDelta::hours(3));
    world.script.asked();
    world.script.then([
        Next::Lost,
        json(200, INVALID_GRANT),
        json(200, INVALID_GRANT),
    ]);
    let refused = world.service.access_token(linked.id).await.unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
    assert_eq!(world.script.asked().len(), 3);
    assert_eq!(world.row(&linked).await.status, AccountStatus::Revoked);
}

#[tokio::test]
async fn an_authorisation_past_its_end_is_expired_and_nobody_is_asked() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::days(180));
    let refused = world.service.access_token(linked.id).await.unwrap_err();
    assert_eq!(refused, AccessError::Expired);
    assert_eq!(world.script.asked().len(), 0);
    assert_eq!(world.row(&linked).await.status, AccountStatus::Expired);
}

#[tokio::test]
async fn a_token_that_the_platform_refuses_is_replaced_once() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    world.script.then([json(200, TIKTOK_RENEWED)]);
    let token = world.service.replacement(linked.id, 1).await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.version),
        ("act.sim-A2", 2)
    );
    // Who still holds the first gets the newer one, and nobody is asked.
    let token = world.service.replacement(linked.id, 1).await.unwrap();
    assert_eq!(token.version, 2);
    assert_eq!(world.script.asked().len(), 1);
    let refused = world.service.replacement(linked.id, 2).await.unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
    assert_eq!(world.script.asked().len(), 0);
    assert_eq!(world.row(&linked).await.status, AccountStatus::Revoked);
}

/// The rows of the table that the exchange and the callback can meet, and what a person reads.
#[tokio::test]
async fn a_refused_sign_in_says_why_and_stores_nothing() {
    let error =
        |code: &str| format!(r#"{{"error":"{code}","error_description":"d","log_id":"l"}}"#);
    for (answer, expected) in [
        (json(200, INVALID_GRANT), Code::LinkInvalid),
        (json(200, &error("invalid_client")), Code::AppMisconfigured),
        (
            json(401, &error("unauthorized_client")),
            Code::AppMisconfigured,
        ),
        (json(200, &error("invalid_request")), Code::AppMisconfigured),
        (json(200, &error("invalid_scope")), Code::AppMisconfigured),
        (
            json(200, &error("unsupported_grant_type")),
            Code::AppMisconfigured,
        ),
        (json(200, &error("server_error")), Code::PlatformTemporary),
        (json(502, "<html>"), Code::PlatformTemporary),
        (Next::Lost, Code::PlatformTemporary),
        (json(200, &error("rate_limit_exceeded")), Code::RateLimited),
        (json(429, ""), Code::RateLimited),
    ] {
        let world = World::new();
        let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
        world.script.then([answer.clone()]);
        let callback = format!("code=c&state={state}");
        let refused = world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap_err();
        assert_eq!(refused.code, expected, "{answer:?}");
        crate::messages::reads_well(&refused, Channel::Tiktok);
        assert_eq!(world.service.accounts(user("ana")).await.unwrap(), []);
    }
    for (error, expected) in [
        ("access_denied", Code::ChannelAuthMissing),
        ("invalid_scope", Code::AppMisconfigured),
        ("server_error", Code::PlatformTemporary),
    ] {
        let world = World::new();
        let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
        let callback = format!("error={error}&error_description=no&state={state}");
        let refused = world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap_err();
        assert_eq!(refused.code, expected);
        crate::messages::reads_well(&refused, Channel::Tiktok);
    }
}

#[tokio::test]
async fn a_grant_without_publishing_is_refused_and_named() {
    let world = World::new();
    let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
    let partial = TIKTOK_TOKENS.replace("video.publish", "video.upload");
    world.script.then([json(200, &partial)]);
    let callback = format!("code=c&state={state}");
    let refused = world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::ScopeMissing);
    assert!(refused.to_string().contains("video.publish"));
    crate::messages::reads_well(&refused, Channel::Tiktok);
    assert_eq!(world.service.accounts(user("ana")).await.unwrap(), []);
}

#[tokio::test]
async fn unlinking_revokes_at_tiktok_and_renews_first_where_it_must() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    let absent = world
        .service
        .unlink(user("luis"), linked.id)
        .await
        .unwrap_err();
    assert_eq!(absent.code, Code::AccountNotFound);
    world.pass(TimeDelta::hours(3));
    world
        .script
        .then([json(200, TIKTOK_RENEWED), json(200, "{}")]);
    let revoked = world.service.unlink(user("ana"), linked.id).await.unwrap();
    assert_eq!(revoked, Revocation::Done);
    let asked = world.script.asked();
    assert!(asked[1].starts_with("Post https://open.tiktokapis.com/v2/oauth/revoke/"));
    assert!(asked[1].ends_with("token=act.sim-A2"));
    assert_eq!(world.service.accounts(user("ana")).await.unwrap(), []);
    let gone = world.service.access_token(linked.id).await.unwrap_err();
    assert_eq!(gone, AccessError::Revoked);

    // A platform that doesn't answer keeps nobody linked.
    let linked = world.link_tiktok("ana").await;
    world.script.then([Next::Lost]);
    let revoked = world.service.unlink(user("ana"), linked.id).await.unwrap();
    assert!(matches!(revoked, Revocation::Failed { .. }));
    assert_eq!(world.service.accounts(user("ana")).await.unwrap(), []);
}
