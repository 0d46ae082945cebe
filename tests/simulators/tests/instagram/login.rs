//! Signing in with Instagram.

use calendar_publish::ports::Method;
use calendar_publish_simulators::instagram::{Consent, TokenAnswer};
use serde_json::{Value, json};
use url::Url;

use crate::bench::{self, ACCOUNT, Bench, error};

const AUTHORIZE: &str = "https://www.instagram.com/oauth/authorize?client_id=5550001\
    &redirect_uri=https%3A%2F%2Fapp.test%2Fcb&response_type=code&state=s%201\
    &scope=instagram_business_basic,instagram_business_content_publish";

/// Where the consent page sends the browser.
fn callback(bench: &Bench, authorize: &str) -> Url {
    let answer = bench.send(Method::Get, authorize, &[], &[]).unwrap();
    assert_eq!(answer.status, 302);
    let location = answer
        .headers
        .iter()
        .find(|header| header.name == "location")
        .unwrap();
    Url::parse(&location.value).unwrap()
}

fn value(url: &Url, name: &str) -> String {
    let pair = url.query_pairs().find(|(other, _)| other == name);
    pair.unwrap().1.into_owned()
}

fn exchange(bench: &Bench, code: &str) -> (u16, Value) {
    let form = format!(
        "client_id=5550001&client_secret=instagram-app-secret&grant_type=authorization_code\
         &redirect_uri=https%3A%2F%2Fapp.test%2Fcb&code={code}"
    );
    bench.post_as("", "https://api.instagram.com/oauth/access_token", &form)
}

fn short_token(bench: &Bench) -> String {
    bench.instagram.consent(ACCOUNT, Consent::All);
    let code = value(&callback(bench, AUTHORIZE), "code");
    let (status, body) = exchange(bench, &code);
    assert_eq!(status, 200, "{body}");
    body["data"][0]["access_token"].as_str().unwrap().to_owned()
}

fn long_lived(bench: &Bench, short: &str) -> (u16, Value) {
    bench.get_as(
        "",
        &format!(
            "https://graph.instagram.com/access_token?grant_type=ig_exchange_token\
             &client_secret=instagram-app-secret&access_token={short}"
        ),
    )
}

fn refresh(bench: &Bench, token: &str) -> (u16, Value) {
    bench.get_as(
        "",
        &format!(
            "https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token={token}"
        ),
    )
}

#[test]
fn a_code_comes_back_with_the_state_and_an_appendix() {
    let bench = Bench::new();
    bench.instagram.consent(ACCOUNT, Consent::All);
    let url = callback(&bench, AUTHORIZE);
    assert!(url.as_str().starts_with("https://app.test/cb?code="));
    assert!(url.as_str().ends_with("#_"));
    assert_eq!(value(&url, "state"), "s 1");
}

#[test]
fn who_says_no_comes_back_with_access_denied() {
    let bench = Bench::new();
    bench.instagram.consent(ACCOUNT, Consent::Deny);
    let url = callback(&bench, AUTHORIZE);
    assert_eq!(value(&url, "error"), "access_denied");
    assert_eq!(value(&url, "error_reason"), "user_denied");
    assert!(
        url.query()
            .unwrap()
            .contains("error_description=The+user+denied+your+request")
    );
    assert_eq!(value(&url, "state"), "s 1");
}

#[test]
fn people_see_a_page_and_decide_on_it() {
    let bench = Bench::new();
    let page = bench.send(Method::Get, AUTHORIZE, &[], &[]).unwrap();
    let html = String::from_utf8(page.body).unwrap();
    assert_eq!(page.status, 200);
    assert!(html.contains("bakery.demo"));
    let link = html
        .split("href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let link = link.replace("&amp;", "&");
    let url = callback(
        &bench,
        &format!("https://www.instagram.com/oauth/authorize{link}"),
    );
    assert_eq!(exchange(&bench, &value(&url, "code")).0, 200);
}

#[test]
fn foreign_redirects_clients_and_scopes_are_refused_without_a_redirect() {
    let bench = Bench::new();
    bench.instagram.consent(ACCOUNT, Consent::All);
    for (from, to) in [
        ("app.test%2Fcb", "app.test%2Fcb%2F"),
        ("client_id=5550001", "client_id=6660001"),
        ("response_type=code", "response_type=token"),
        ("instagram_business_basic,", ""),
        ("instagram_business_basic", "business_basic"),
    ] {
        let url = AUTHORIZE.replace(from, to);
        assert_eq!(
            bench.send(Method::Get, &url, &[], &[]).unwrap().status,
            400,
            "{to}"
        );
    }
}

#[test]
fn the_exchange_answers_as_documented_and_once() {
    let bench = Bench::new();
    bench.instagram.consent(ACCOUNT, Consent::All);
    let code = value(&callback(&bench, AUTHORIZE), "code");
    let (status, mut body) = exchange(&bench, &code);
    assert_eq!(status, 200);
    assert!(body["data"][0]["access_token"].is_string());
    body["data"][0]["access_token"] = "IG.SHORT".into();
    assert_eq!(
        body,
        json!({"data": [{
            "access_token": "IG.SHORT",
            "user_id": "25500499000000001",
            "permissions": "instagram_business_basic,instagram_business_content_publish",
        }]})
    );
    let (status, again) = exchange(&bench, &code);
    assert_eq!(status, 400);
    assert_eq!(again["error_type"], "OAuthException");
    assert_eq!(again["code"], 400);
    assert!(again["error_message"].is_string());
}

#[test]
fn the_exchange_answers_flat_too() {
    let bench = Bench::new();
    bench
        .instagram
        .knobs(|knobs| knobs.token_answer = TokenAnswer::Flat);
    let basic = Consent::Permissions(vec!["instagram_business_basic".to_owned()]);
    bench.instagram.consent(ACCOUNT, basic);
    let code = value(&callback(&bench, AUTHORIZE), "code");
    let (_, body) = exchange(&bench, &code);
    assert_eq!(body["user_id"], 25_500_499_000_000_001_u64);
    assert_eq!(body["permissions"], json!(["instagram_business_basic"]));
    let token = body["access_token"].as_str().unwrap();
    let url = format!("{}/{ACCOUNT}/media", bench::GRAPH);
    let form = "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg";
    assert_eq!(error(bench.post_as(token, &url, form)), (10, None));
}

#[test]
fn a_code_dies_after_an_hour_and_with_its_appendix() {
    let bench = Bench::new();
    bench.instagram.consent(ACCOUNT, Consent::All);
    let code = value(&callback(&bench, AUTHORIZE), "code");
    assert_eq!(exchange(&bench, &format!("{code}%23_")).0, 400);
    bench.wait(3600);
    assert_eq!(exchange(&bench, &code).0, 400);
}

#[test]
fn the_exchange_is_a_post_of_a_form() {
    let bench = Bench::new();
    let url = "https://api.instagram.com/oauth/access_token";
    let (status, body) = bench.get_as("", url);
    assert_eq!(status, 400);
    assert_eq!(body["error_type"], "OAuthException");
}

#[test]
fn a_short_token_becomes_a_long_one() {
    let bench = Bench::new();
    let short = short_token(&bench);
    let (status, body) = long_lived(&bench, &short);
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 5_184_000);
    let long = body["access_token"].as_str().unwrap();
    let me = format!("{}/me?fields=user_id", bench::GRAPH);
    bench.wait(3600);
    assert_eq!(error(bench.get_as(&short, &me)), (190, Some(463)));
    assert_eq!(bench.get_as(long, &me).0, 200);
    // One that is long-lived already isn't exchanged.
    assert_eq!(error(long_lived(&bench, long)).0, 190);
    assert_eq!(error(long_lived(&bench, &short)), (190, Some(463)));
}

#[test]
fn a_version_in_the_path_breaks_the_token_endpoints() {
    let bench = Bench::new();
    for path in ["access_token", "refresh_access_token"] {
        let url = format!("{}/{path}?grant_type=ig_exchange_token", bench::GRAPH);
        let (status, body) = bench.get_as("", &url);
        assert_eq!(status, 400);
        assert_eq!(body["error"]["code"], 100);
        assert_eq!(body["error"]["type"], "IGApiException");
        let message = body["error"]["message"].as_str().unwrap().to_lowercase();
        assert!(message.contains("unsupported request"), "{message}");
        assert!(message.contains("get"), "{message}");
    }
}

#[test]
fn a_token_is_refreshed_between_its_first_day_and_its_sixtieth() {
    let bench = Bench::new();
    let day = 24 * 3600;
    bench.wait(day - 1);
    assert_eq!(error(refresh(&bench, &bench.token)).0, 100);
    bench.wait(1);
    let (status, body) = refresh(&bench, &bench.token);
    assert_eq!(status, 200);
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 5_184_000);
    bench.wait(59 * day);
    assert_eq!(error(refresh(&bench, &bench.token)), (190, Some(463)));
    let fresh = body["access_token"].as_str().unwrap();
    assert_eq!(refresh(&bench, fresh).0, 200);
}

#[test]
fn the_old_token_may_die_with_the_refresh() {
    let bench = Bench::new();
    bench
        .instagram
        .knobs(|knobs| knobs.old_token_survives = false);
    bench.wait(24 * 3600);
    assert_eq!(refresh(&bench, &bench.token).0, 200);
    let me = format!("{}/me?fields=user_id", bench::GRAPH);
    assert_eq!(error(bench.get(&me)).0, 190);
}

#[test]
fn revoked_tokens_say_why() {
    let bench = Bench::new();
    bench.instagram.revoke(ACCOUNT, Some(460));
    let me = format!("{}/me?fields=user_id", bench::GRAPH);
    let answer = bench.get(&me);
    assert_eq!(answer.0, 400);
    assert_eq!(error(answer), (190, Some(460)));
    let gibberish = bench.get_as("nonsense", &me);
    assert_eq!(gibberish.0, 401);
    assert_eq!(error(gibberish), (190, None));
}
