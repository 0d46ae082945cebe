//! Sign-in: consent, exchange, refresh, revoke.

use calendar_publish::ports::Method;
use calendar_publish_simulators::tiktok::{Consent, TokenProfile};
use serde_json::{Value, json};

use crate::desk::{API, BAKER, Desk};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3";
/// What RFC 7636 makes of the verifier.
const BASE64URL: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:43210/callback/";

/// Where the consent page sends, or nothing where it stays.
fn consent(desk: &Desk, changes: &[(&str, &str)]) -> Option<String> {
    let mut pairs = vec![
        ("client_key", "sim_client_key"),
        ("response_type", "code"),
        ("scope", "user.info.basic,video.publish,video.upload"),
        ("redirect_uri", REDIRECT),
        ("state", "st-9f2c"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        pairs.retain(|(other, _)| other != name);
        if !value.is_empty() {
            pairs.push((name, value));
        }
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let url = format!("https://www.tiktok.com/v2/auth/authorize/?{query}");
    let answer = desk.send(Method::Get, &url, &[], b"").unwrap();
    let location = answer.headers.iter().find(|h| h.name == "location")?;
    assert_eq!(answer.status, 302);
    Some(location.value.clone())
}

fn ask(desk: &Desk, path: &str, pairs: &[(&str, &str)], kind: &str) -> Value {
    let mut form = vec![
        ("client_key", "sim_client_key"),
        ("client_secret", "sim_client_secret"),
    ];
    for (name, value) in pairs {
        form.retain(|(other, _)| other != name);
        form.push((name, value));
    }
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let url = format!("{API}{path}");
    let headers = [("content-type", kind)];
    let answer = desk.send(Method::Post, &url, &headers, body.as_bytes());
    let answer = answer.unwrap();
    // Refusals too.
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).unwrap()
}

fn token(desk: &Desk, pairs: &[(&str, &str)]) -> Value {
    let kind = "application/x-www-form-urlencoded";
    ask(desk, "/v2/oauth/token/", pairs, kind)
}

fn exchange(desk: &Desk, code: &str, changes: &[(&str, &str)]) -> Value {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    pairs.extend_from_slice(changes);
    token(desk, &pairs)
}

fn refresh(desk: &Desk, refresh_token: &Value) -> Value {
    let refresh_token = refresh_token.as_str().unwrap();
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    token(desk, &pairs)
}

#[test]
fn the_documented_sign_in_goes_through() {
    let desk = Desk::new();
    let partly = ["user.info.basic", "video.publish"].map(str::to_owned);
    desk.tiktok.consent(BAKER, Consent::Scopes(partly.to_vec()));
    let expected = "http://127.0.0.1:43210/callback/?code=sim.code.41%2A1&scopes=user.info.basic%2Cvideo.publish&state=st-9f2c";
    assert_eq!(consent(&desk, &[]).unwrap(), expected);
    let expected = json!({
        "open_id": "sim-open-id-0001", "scope": "user.info.basic,video.publish", "access_token": "act.sim-A2",
        "expires_in": 7200, "refresh_token": "rft.sim-R2", "refresh_expires_in": 15_552_000, "token_type": "Bearer"
    });
    assert_eq!(exchange(&desk, "sim.code.41*1", &[]), expected);
    // A code is good for once.
    assert_eq!(
        exchange(&desk, "sim.code.41*1", &[])["error"],
        "invalid_grant"
    );
}

#[test]
fn a_code_as_it_stands_in_the_address_is_no_code() {
    let desk = Desk::new();
    desk.tiktok.consent(BAKER, Consent::All);
    consent(&desk, &[]).unwrap();
    let answer = exchange(&desk, "sim.code.41%2A1", &[]);
    assert_eq!(answer["error"], "invalid_grant");
    assert!(answer["log_id"].is_string() && answer["error_description"].is_string());
}

#[test]
fn the_challenge_is_hexadecimal() {
    let desk = Desk::new();
    desk.tiktok.consent(BAKER, Consent::All);
    consent(&desk, &[("code_challenge", BASE64URL)]).unwrap();
    let answer = exchange(&desk, "sim.code.41*1", &[]);
    assert_eq!(answer["error"], "invalid_request");
    consent(&desk, &[]).unwrap();
    let upside_down = VERIFIER.replace("dBj", "Bdj");
    let answer = exchange(&desk, "sim.code.42*1", &[("code_verifier", &upside_down)]);
    assert_eq!(answer["error"], "invalid_request");
    // Web apps have none, and then there is nothing to verify.
    let web = "https://app.example/callback/";
    desk.tiktok
        .update_app(|app| app.redirect_uris.push(web.to_owned()));
    let changes = [
        ("redirect_uri", web),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    consent(&desk, &changes).unwrap();
    let answer = exchange(&desk, "sim.code.43*1", &[("redirect_uri", web)]);
    assert_eq!(answer["error"], "invalid_request");
    consent(&desk, &changes).unwrap();
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", "sim.code.44*1"),
        ("redirect_uri", web),
    ];
    assert_eq!(token(&desk, &pairs)["token_type"], "Bearer");
    // Desktop redirects need one.
    let location = consent(&desk, &[("code_challenge", "")]).unwrap();
    assert!(location.contains("error=invalid_request"), "{location}");
}

#[test]
fn what_the_app_asks_for_wrongly_is_refused() {
    let desk = Desk::new();
    desk.tiktok.consent(BAKER, Consent::All);
    for (changes, error) in [
        (("scope", "user.info.basic video.publish"), "invalid_scope"),
        (
            ("scope", "user.info.basic,portability.all"),
            "invalid_scope",
        ),
        (("response_type", "token"), "unsupported_response_type"),
    ] {
        let location = consent(&desk, &[changes]).unwrap();
        assert!(location.contains(&format!("error={error}&")), "{location}");
        assert!(location.ends_with("state=st-9f2c"), "{location}");
    }
    // Without a redirect that is known, there is nowhere to send anybody.
    for changes in [
        ("redirect_uri", "http://127.0.0.1:43210/callback"),
        ("redirect_uri", "http://127.0.0.1/callback/"),
        ("redirect_uri", "https://stranger.example/callback/"),
        ("client_key", "another"),
        ("state", ""),
    ] {
        assert_eq!(consent(&desk, &[changes]), None, "{changes:?}");
    }
    desk.tiktok.consent(BAKER, Consent::Deny);
    let location = consent(&desk, &[]).unwrap();
    assert!(location.contains("?error=access_denied&error_description="));
    let logged = desk.tiktok.requests().pop().unwrap();
    assert_eq!(logged.endpoint, "GET /v2/auth/authorize/");
    assert_eq!(logged.decided.as_deref(), Some("access_denied"));
}

#[test]
fn exchanges_must_fit_their_consent() {
    let desk = Desk::new();
    desk.tiktok.consent(BAKER, Consent::All);
    for (change, error) in [
        (
            ("redirect_uri", "http://127.0.0.1:43211/callback/"),
            "invalid_grant",
        ),
        (("client_secret", "wrong"), "invalid_client"),
        (("client_key", "wrong"), "invalid_client"),
        (("grant_type", "password"), "unsupported_grant_type"),
    ] {
        let location = consent(&desk, &[]).unwrap();
        let (_, query) = location.split_once('?').unwrap();
        let code = form_urlencoded::parse(query.as_bytes()).next().unwrap().1;
        let answer = exchange(&desk, &code, &[change]);
        assert_eq!(answer["error"], error, "{change:?}");
    }
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "rft.sim-R1"),
    ];
    let answer = ask(&desk, "/v2/oauth/token/", &pairs, "application/json");
    assert_eq!(answer["error"], "invalid_request");
}

#[test]
fn a_refresh_kills_the_token_that_it_used() {
    let desk = Desk::new();
    let first = json!("rft.sim-R1");
    let second = refresh(&desk, &first);
    assert_eq!(second["access_token"], "act.sim-A2");
    assert_eq!(second["refresh_token"], "rft.sim-R2");
    let expected = json!({
        "error": "invalid_grant", "error_description": "Refresh token is not valid any more.",
        "log_id": "20261120101500SIM0000000000000001"
    });
    assert_eq!(refresh(&desk, &first), expected);
    assert_eq!(
        refresh(&desk, &second["refresh_token"])["refresh_token"],
        "rft.sim-R3"
    );
}

#[test]
fn tokens_live_as_long_as_their_profile_says() {
    for (profile, access, all) in [
        (TokenProfile::Nov2026, 7_200, 15_552_000),
        (TokenProfile::Legacy, 86_400, 31_536_000),
    ] {
        let desk = Desk::new();
        desk.tiktok.update_app(|app| app.token_profile = profile);
        let tokens = desk.tiktok.grant(BAKER, &["video.publish"]);
        desk.use_token(&tokens.access);
        let code = || {
            let path = "/v2/post/publish/creator_info/query/";
            let reply = desk.post(path, &Value::Null);
            (reply.status, reply.code().to_owned())
        };
        desk.pass(access - 1);
        assert_eq!(code().1, "ok");
        desk.pass(1);
        assert_eq!(code(), (401, "access_token_invalid".to_owned()));
        let next = refresh(&desk, &json!(tokens.refresh));
        // What is left of the grant.
        assert_eq!(next["refresh_expires_in"], all - access);
        desk.pass(all - access);
        assert_eq!(
            refresh(&desk, &next["refresh_token"])["error"],
            "invalid_grant"
        );
    }
}

#[test]
fn a_refresh_may_renew_the_whole_grant() {
    let desk = Desk::new();
    desk.tiktok.knobs(|knobs| knobs.refresh_renews = true);
    desk.pass(86_400);
    let next = refresh(&desk, &json!("rft.sim-R1"));
    assert_eq!(next["refresh_expires_in"], 15_552_000);
}

#[test]
fn a_revoked_account_is_gone_and_an_expired_token_revokes_nothing() {
    let desk = Desk::new();
    let form = "application/x-www-form-urlencoded";
    let revoke = |token: &str| ask(&desk, "/v2/oauth/revoke/", &[("token", token)], form);
    let id = desk.post_video(b"bytes of a video");
    desk.pass(7_200);
    assert_eq!(revoke(&desk.token())["error"], "invalid_grant");
    let next = refresh(&desk, &json!("rft.sim-R1"));
    desk.use_token(next["access_token"].as_str().unwrap());
    let second = desk.post_video(b"more bytes of a video");
    assert_eq!(revoke(&desk.token()), json!({}));
    assert_eq!(desk.status(&id).code(), "access_token_invalid");
    assert_eq!(
        refresh(&desk, &next["refresh_token"])["error"],
        "invalid_grant"
    );
    // What was still in processing doesn't come out any more.
    desk.pass(60);
    let again = desk.tiktok.grant(BAKER, &["video.publish"]);
    desk.use_token(&again.access);
    let data = desk.status(&second).body["data"].clone();
    assert_eq!(
        data,
        json!({ "status": "FAILED", "fail_reason": "auth_removed" })
    );
    assert_eq!(desk.tiktok.posts().len(), 1);
}

#[test]
fn people_find_a_page_with_the_accounts_on_it() {
    let desk = Desk::new();
    let url = format!(
        "https://www.tiktok.com/v2/auth/authorize/?client_key=sim_client_key&response_type=code&scope=video.publish&state=s&redirect_uri={REDIRECT}&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let page = desk.send(Method::Get, &url, &[], b"").unwrap();
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("@sim.baker"), "{page}");
    let (_, link) = page.split_once("href=\"").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    let link = link.replace("&amp;", "&");
    let url = format!("https://www.tiktok.com/v2/auth/authorize/{link}");
    let answer = desk.send(Method::Get, &url, &[], b"").unwrap();
    assert_eq!(answer.status, 302);
}

#[test]
fn the_user_says_who_they_are() {
    let desk = Desk::new();
    let bearer = format!("Bearer {}", desk.token());
    let get = |fields: &str| {
        let url = format!("{API}/v2/user/info/?fields={fields}");
        let headers = [("authorization", bearer.as_str())];
        let answer = desk.send(Method::Get, &url, &headers, b"").unwrap();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, body["data"].clone())
    };
    let expected = json!({ "user": { "open_id": BAKER, "display_name": "Sim Baker", "username": "sim.baker" } });
    assert_eq!(get("open_id,display_name,username"), (200, expected));
    assert_eq!(get("password").0, 400);
}
