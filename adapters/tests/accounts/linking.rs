//! Who may finish a sign-in, how often and until when; and what is refused before anybody is sent anywhere.

use calendar_publish::model::Channel;
use calendar_publish::{Code, Error};
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::accounts::{AccountService, Login, Logins, MemoryTokens};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use std::sync::Arc;

use crate::fixture::{
    DESKTOP, Hasty, TIKTOK_CREATOR, TIKTOK_TOKENS, TIKTOK_USER, WEB, World, account, json, key,
    madrid, user, vault,
};
use crate::messages::reads_well;

async fn refused(world: &World, owner: &str, callback: &str) -> Error {
    let outcome = world.service.finish_link(user(owner), callback).await;
    let error = outcome.unwrap_err();
    reads_well(&error, Channel::Tiktok);
    error
}

#[tokio::test]
async fn a_sign_in_is_finished_by_who_began_it_once_and_in_time() {
    let world = World::new();
    let why = |error: &Error| (error.code, error.to_string());
    let said = |what: &str| {
        let text = format!("LINK_INVALID at `callback.state`: measured `{what}`");
        (Code::LinkInvalid, text)
    };
    let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
    let callback = format!("code=c&state={state}");
    for text in [
        "code=c",
        "code=c&state=",
        &format!("code=c&state={state}x"),
        DESKTOP,
        "",
    ] {
        let error = refused(&world, "ana", text).await;
        assert_eq!(error.code, Code::LinkInvalid, "{text}");
        assert_eq!(error.path, "callback.state", "{text}");
    }
    // Another user's answer to it takes nothing away from who began it.
    assert_eq!(
        why(&refused(&world, "luis", &callback).await),
        said("another user")
    );
    for doubled in [
        format!("{callback}&code=d"),
        format!("{callback}&state={state}"),
    ] {
        let error = refused(&world, "ana", &doubled).await;
        assert_eq!(error.code, Code::LinkInvalid, "{doubled}");
    }
    world.script.then([
        json(200, TIKTOK_TOKENS),
        json(200, TIKTOK_USER),
        json(200, TIKTOK_CREATOR),
    ]);
    world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap();
    assert_eq!(
        why(&refused(&world, "ana", &callback).await),
        said("unknown")
    );

    let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
    world.pass(TimeDelta::minutes(10));
    let late = refused(&world, "ana", &format!("code=c&state={state}")).await;
    assert_eq!(why(&late), said("expired"));
    // A refusal of the person's uses it up too.
    let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
    let no = refused(&world, "ana", &format!("error=access_denied&state={state}")).await;
    assert_eq!(no.code, Code::ChannelAuthMissing);
    let again = refused(&world, "ana", &format!("code=c&state={state}")).await;
    assert_eq!(why(&again), said("unknown"));
    let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
    let none = refused(&world, "ana", &format!("state={state}")).await;
    assert_eq!(
        (none.code, none.path.as_str()),
        (Code::LinkInvalid, "callback.code")
    );
    world.script.asked();
}

#[tokio::test]
async fn states_and_verifiers_are_never_the_same_twice() {
    let world = World::new();
    let first = world.begin("ana", Login::Tiktok, DESKTOP).await;
    let second = world.begin("ana", Login::Tiktok, DESKTOP).await;
    assert_ne!(first, second);
    assert!(first.len() >= 43, "256 bits");
}

#[tokio::test]
async fn an_account_linked_again_stays_the_same_account_with_new_tokens() {
    let world = World::new();
    let first = world.link_tiktok("ana").await;
    let lima = "America/Lima".parse().unwrap();
    world
        .service
        .set_timezone(user("ana"), first.id, lima)
        .await
        .unwrap();
    let state = world.begin("ana", Login::Tiktok, DESKTOP).await;
    world.script.then([
        json(200, &TIKTOK_TOKENS.replace("act.sim-A1", "act.sim-B1")),
        json(200, TIKTOK_USER),
        json(200, TIKTOK_CREATOR),
    ]);
    let callback = format!("code=c&state={state}");
    let second = account(
        world
            .service
            .finish_link(user("ana"), &callback)
            .await
            .unwrap(),
    );
    assert_eq!(second.id, first.id);
    let token = world.service.access_token(first.id).await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.version),
        ("act.sim-B1", 2)
    );
    assert_eq!(world.service.accounts(user("ana")).await.unwrap().len(), 1);

    // The same TikTok account in another user's hands is theirs, with their own tokens.
    let his = world.link_tiktok("luis").await;
    assert_ne!(his.id, first.id);
    let token = world.service.access_token(first.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "act.sim-B1");
}

#[tokio::test]
async fn a_redirect_that_the_platform_cannot_have_registered_is_refused() {
    let world = World::new();
    let long = format!("https://app.test/{}", "a".repeat(500));
    for redirect in [
        "",
        "callback",
        "http://app.test/cb",
        "ftp://app.test/cb",
        "javascript:alert(1)",
        "https://app.test/cb?next=1",
        "https://app.test/cb#top",
        "http://127.0.0.1/callback/",
        "https://app.test/cb\n",
        " https://app.test/cb",
        "https://app.test/c\tb",
        "https://app.test/\0",
        "https://app.test/panadería",
        "https://ana:secret@app.test/cb",
        &long,
    ] {
        let begun = world
            .service
            .begin_link(user("ana"), Login::Tiktok, redirect, madrid())
            .await;
        let error = begun.unwrap_err();
        assert_eq!(
            (error.code, error.path.as_str()),
            (Code::FieldValueInvalid, "redirect")
        );
    }
}

#[tokio::test]
async fn a_sign_in_that_the_app_does_not_have_is_the_apps_affair() {
    let world = World::new();
    let service = AccountService::new(
        Arc::new(MemoryTokens::new(world.clock.clone())),
        vault(vec![key("k1", 1)]),
        world.script.clone(),
        Arc::new(Hasty(world.clock.clone())),
        Logins::default(),
    );
    for login in [Login::Tiktok, Login::Instagram, Login::Facebook] {
        let begun = service.begin_link(user("ana"), login, WEB, madrid()).await;
        let error = begun.unwrap_err();
        assert_eq!(error.code, Code::AppMisconfigured);
        reads_well(&error, login.channel());
    }
}
