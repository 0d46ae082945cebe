//! Facebook Login: the dialog, Pages, proofs and uploads.

use calendar_publish::ports::Method;
use calendar_publish_simulators::ShelvedFile;
use calendar_publish_simulators::instagram::{
    Account, App, Consent, Endpoint, Fault, Flavour, Mishap,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bench::{self, ACCOUNT, Bench, FACEBOOK, GRAPH, error};
use calendar_publish_simulators::sample::UPRIGHT;

const SECOND: &str = "17841499000000002";

fn page_token(bench: &Bench) -> String {
    let permissions = Flavour::FacebookPage.publishing_permissions();
    bench
        .instagram
        .grant(ACCOUNT, Flavour::FacebookPage, permissions)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn from_the_dialog_to_the_pages() {
    let bench = Bench::new();
    bench
        .instagram
        .add_account(Account::new(SECOND, "cafe.demo"));
    let mut stranger = Account::new("17841499000000003", "stranger");
    stranger.person = "10100000000000009".to_owned();
    bench.instagram.add_account(stranger);
    let granted = ["instagram_basic", "instagram_content_publish"];
    let consent = granted.map(str::to_owned).to_vec();
    bench
        .instagram
        .consent(ACCOUNT, Consent::Permissions(consent));
    let dialog = "https://www.facebook.com/v25.0/dialog/oauth?client_id=6660001&response_type=code\
        &redirect_uri=https%3A%2F%2Fapp.test%2Fcb&state=x\
        &scope=instagram_basic,instagram_content_publish,pages_read_engagement";
    let answer = bench.send(Method::Get, dialog, &[], &[]).unwrap();
    assert_eq!(answer.status, 302);
    let location = &answer
        .headers
        .iter()
        .find(|header| header.name == "location")
        .unwrap()
        .value;
    let code = location
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();

    let secret = "client_id=6660001&client_secret=facebook-app-secret";
    let url = format!(
        "{FACEBOOK}/oauth/access_token?{secret}&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&code={code}"
    );
    let (status, short) = bench.get_as("", &url);
    assert_eq!(status, 200, "{short}");
    assert_eq!(error(bench.get_as("", &url)).0, 100);
    let short = short["access_token"].as_str().unwrap();
    let (status, long) = bench.get_as(
        "",
        &format!(
            "{FACEBOOK}/oauth/access_token?grant_type=fb_exchange_token&{secret}&fb_exchange_token={short}"
        ),
    );
    assert_eq!(status, 200, "{long}");
    assert_eq!(long["expires_in"], 5_184_000);
    let long = long["access_token"].as_str().unwrap();

    let (_, permissions) = bench.get_as(long, &format!("{FACEBOOK}/me/permissions"));
    assert_eq!(
        permissions["data"],
        json!([
            {"permission": "instagram_basic", "status": "granted"},
            {"permission": "instagram_content_publish", "status": "granted"},
            {"permission": "pages_read_engagement", "status": "declined"},
        ])
    );
    let url = format!(
        "{FACEBOOK}/me/accounts?fields=id,name,access_token,instagram_business_account{{id}}"
    );
    let (_, pages) = bench.get_as(long, &url);
    let pages = pages["data"].as_array().unwrap();
    let ids: Vec<&Value> = pages
        .iter()
        .map(|page| &page["instagram_business_account"]["id"])
        .collect();
    assert_eq!(ids, [ACCOUNT, SECOND]);

    // A Page's token outlives the person's, and is the Page's only.
    let page = pages[1]["access_token"].as_str().unwrap();
    bench.wait(61 * 24 * 3600);
    let read = |token, id| bench.get_as(token, &format!("{FACEBOOK}/{id}?fields=username"));
    assert_eq!(
        read(page, SECOND).1,
        json!({"username": "cafe.demo", "id": SECOND})
    );
    assert_eq!(error(read(page, ACCOUNT)), (100, Some(33)));
    assert_eq!(error(read(long, ACCOUNT)), (190, Some(463)));
}

#[test]
fn tokens_of_one_login_are_gibberish_to_the_other_host() {
    let bench = Bench::new();
    let page = page_token(&bench);
    assert_eq!(
        error(bench.get_as(&page, &format!("{GRAPH}/{ACCOUNT}/media"))),
        (190, None)
    );
    assert_eq!(
        error(bench.get(&format!("{FACEBOOK}/{ACCOUNT}/media"))),
        (190, None)
    );
}

#[test]
fn a_proof_is_checked_and_may_be_required() {
    let bench = Bench::new();
    let page = page_token(&bench);
    let url = format!("{FACEBOOK}/{ACCOUNT}/media?fields=id");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"facebook-app-secret").unwrap();
    mac.update(page.as_bytes());
    let proof = hex(&mac.finalize().into_bytes());
    assert_eq!(bench.get_as(&page, &url).0, 200);
    assert_eq!(
        error(bench.get_as(&page, &format!("{url}&appsecret_proof=00"))).0,
        100
    );
    bench.instagram.set_app(App {
        requires_proof: true,
        ..App::default()
    });
    assert_eq!(error(bench.get_as(&page, &url)).0, 100);
    assert_eq!(
        bench
            .get_as(&page, &format!("{url}&appsecret_proof={proof}"))
            .0,
        200
    );
}

/// A container that takes bytes, and where it takes them.
fn resumable(bench: &Bench, page: &str) -> (String, String) {
    let url = format!("{FACEBOOK}/{ACCOUNT}/media");
    let (status, body) = bench.post_as(
        page,
        &url,
        "media_type=REELS&upload_type=resumable&caption=Hi",
    );
    assert_eq!(status, 200, "{body}");
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("id"), text("uri"))
}

fn send(
    bench: &Bench,
    authorization: &str,
    uri: &str,
    offset: usize,
    total: usize,
    bytes: &[u8],
) -> Option<(u16, Value)> {
    let (offset, total) = (offset.to_string(), total.to_string());
    let headers = [
        ("authorization", authorization),
        ("offset", offset.as_str()),
        ("file_size", total.as_str()),
    ];
    let answer = bench.send(Method::Post, uri, &headers, bytes);
    answer.is_ok().then(|| bench::json(answer))
}

#[test]
fn an_upload_breaks_off_and_goes_on() {
    let bench = Bench::new();
    let page = page_token(&bench);
    let (id, uri) = resumable(&bench, &page);
    assert_eq!(
        uri,
        format!("https://rupload.facebook.com/ig-api-upload/v25.0/{id}")
    );
    let video = UPRIGHT.mp4();
    let oauth = format!("OAuth {page}");
    let half = video.len() / 2;
    bench
        .instagram
        .fault(Fault::at(Endpoint::Upload, Mishap::Cut(half as u64)));
    assert_eq!(send(&bench, &oauth, &uri, 0, video.len(), &video), None);

    let url = format!("{FACEBOOK}/{id}?fields=id,status,status_code,video_status");
    let (_, status) = bench.get_as(&page, &url);
    assert_eq!(status["status_code"], "IN_PROGRESS");
    assert_eq!(
        status["video_status"],
        json!({
            "uploading_phase": {"status": "in_progress", "bytes_transferred": half},
            "processing_phase": {"status": "not_started"},
        })
    );
    let wrong = send(&bench, &oauth, &uri, 0, video.len(), &video).unwrap();
    assert_eq!(wrong.0, 400);
    assert_eq!(wrong.1["debug_info"]["type"], "ProcessingFailedError");
    let rest = send(&bench, &oauth, &uri, half, video.len(), &video[half..]).unwrap();
    assert_eq!(rest.0, 200);
    assert_eq!(rest.1["success"], true);

    bench.wait(60);
    let (_, status) = bench.get_as(&page, &url);
    assert_eq!(status["status_code"], "FINISHED", "{status}");
    assert_eq!(
        status["video_status"]["uploading_phase"]["status"],
        "complete"
    );
    let publish = format!("{FACEBOOK}/{ACCOUNT}/media_publish");
    assert_eq!(
        bench
            .post_as(&page, &publish, &format!("creation_id={id}"))
            .0,
        200
    );
    let posts = bench.instagram.posts();
    assert_eq!(posts[0].media, [hex(&Sha256::digest(&video))]);
}

#[test]
fn the_upload_host_wants_its_own_word_and_its_own_tokens() {
    let bench = Bench::new();
    let page = page_token(&bench);
    let (_, uri) = resumable(&bench, &page);
    let instagram = format!("OAuth {}", bench.token);
    for authorization in [
        format!("Bearer {page}"),
        instagram,
        "OAuth nonsense".to_owned(),
    ] {
        let (status, body) = send(&bench, &authorization, &uri, 0, 4, b"1234").unwrap();
        assert_eq!(status, 400);
        assert_eq!(body["debug_info"]["type"], "NotAuthorizedError");
        assert_eq!(body["debug_info"]["retriable"], false);
    }
}

#[test]
fn the_upload_host_fetches_too() {
    let bench = Bench::new();
    let page = page_token(&bench);
    let (id, uri) = resumable(&bench, &page);
    let oauth = format!("OAuth {page}");
    let ask = |url: &str| {
        let headers = [("authorization", oauth.as_str()), ("file_url", url)];
        bench::json(bench.send(Method::Post, &uri, &headers, &[]))
    };
    let (status, body) = ask("https://cdn.test/none.mp4");
    assert_eq!(status, 422);
    assert_eq!(body["debug_info"]["type"], "FileUrlProcessingError");
    bench.shelf.put(
        "https://cdn.test/r.mp4",
        ShelvedFile::new("video/mp4", UPRIGHT.mp4()),
    );
    assert_eq!(ask("https://cdn.test/r.mp4").0, 200);
    bench.wait(60);
    let (_, status) = bench.get_as(&page, &format!("{FACEBOOK}/{id}?fields=status_code"));
    assert_eq!(status["status_code"], "FINISHED");
}

#[test]
fn uploads_are_facebook_logins_only() {
    let bench = Bench::new();
    let url = format!("{GRAPH}/{ACCOUNT}/media");
    let answer = bench.post(&url, "media_type=REELS&upload_type=resumable");
    assert_eq!(error(answer), (100, None));
}

#[test]
fn deleting_needs_facebook_login_and_a_permission() {
    let bench = Bench::new();
    let container = bench.finished_image();
    let media = bench.publish(&container).1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let delete = |token: &str, host: &str| {
        let bearer = format!("Bearer {token}");
        bench::json(bench.send(
            Method::Delete,
            &format!("{host}/{media}"),
            &[("authorization", &bearer)],
            &[],
        ))
    };
    assert_eq!(error(delete(&bench.token, GRAPH)).0, 100);
    assert_eq!(error(delete(&page_token(&bench), FACEBOOK)), (200, None));
    let granted = ["instagram_basic", "instagram_manage_contents"];
    let manager = bench
        .instagram
        .grant(ACCOUNT, Flavour::FacebookPage, &granted);
    assert_eq!(delete(&manager, FACEBOOK), (200, json!({"success": true})));
    let (_, list) = bench.get(&format!("{GRAPH}/{ACCOUNT}/media"));
    assert_eq!(list["data"], json!([]));
}

#[test]
fn a_body_that_ends_too_early_may_be_an_error_and_counts() {
    let bench = Bench::new();
    bench
        .instagram
        .knobs(|knobs| knobs.refuse_upload_pieces = true);
    let page = page_token(&bench);
    let (id, uri) = resumable(&bench, &page);
    let oauth = format!("OAuth {page}");
    let (status, body) = send(&bench, &oauth, &uri, 0, 8, b"1234").unwrap();
    assert_eq!(status, 400);
    assert_eq!(body["debug_info"]["retriable"], true);
    let url = format!("{FACEBOOK}/{id}?fields=video_status");
    let (_, status) = bench.get_as(&page, &url);
    assert_eq!(
        status["video_status"]["uploading_phase"]["bytes_transferred"],
        4
    );
    assert_eq!(send(&bench, &oauth, &uri, 4, 8, b"5678").unwrap().0, 200);
    // Sending again what has arrived changes nothing.
    assert_eq!(
        send(&bench, &oauth, &uri, 0, 8, b"12345678").unwrap().0,
        200
    );
}

#[test]
fn attached_audio_needs_sound_or_a_silenced_video() {
    let bench = Bench::new();
    let page = page_token(&bench);
    let file = ShelvedFile::new("video/mp4", UPRIGHT.mp4());
    bench.shelf.put("https://cdn.test/r.mp4", file);
    let code = |audio: &str| {
        let audio: String = form_urlencoded::byte_serialize(audio.as_bytes()).collect();
        let form = format!(
            "media_type=REELS&video_url=https%3A%2F%2Fcdn.test%2Fr.mp4&audio_configuration={audio}"
        );
        let (_, body) = bench.post_as(&page, &format!("{FACEBOOK}/{ACCOUNT}/media"), &form);
        bench.wait(60);
        let id = body["id"].as_str().unwrap();
        let url = format!("{FACEBOOK}/{id}?fields=status_code,status");
        bench.get_as(&page, &url).1["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(code(r#"{"audio_id":"1"}"#).ends_with("2207082"));
    assert!(code(r#"{"audio_id":"1","video_volume":0}"#).starts_with("Finished"));
}

#[test]
fn the_dialog_may_answer_with_tokens_in_the_fragment() {
    let bench = Bench::new();
    bench.instagram.consent(ACCOUNT, Consent::All);
    let dialog = "https://www.facebook.com/v25.0/dialog/oauth?client_id=6660001&response_type=token&display=page\
        &redirect_uri=https%3A%2F%2Fapp.test%2Fcb&scope=instagram_basic\
        &extras=%7B%22setup%22%3A%7B%22channel%22%3A%22IG_API_ONBOARDING%22%7D%7D";
    let answer = bench.send(Method::Get, dialog, &[], &[]).unwrap();
    let location = &answer
        .headers
        .iter()
        .find(|header| header.name == "location")
        .unwrap()
        .value;
    let (address, fragment) = location.split_once('#').unwrap();
    assert_eq!(address, "https://app.test/cb");
    let pairs: Vec<(String, String)> = form_urlencoded::parse(fragment.as_bytes())
        .into_owned()
        .collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "access_token",
            "expires_in",
            "data_access_expiration_time",
            "long_lived_token"
        ]
    );
    bench.wait(24 * 3600);
    let read = |token: &str| bench.get_as(token, &format!("{FACEBOOK}/{ACCOUNT}?fields=username"));
    assert_eq!(error(read(&pairs[0].1)), (190, Some(463)));
    assert_eq!(read(&pairs[3].1).0, 200);
}
