//! Recordings hold no secrets.

use std::sync::{Arc, Mutex};

use calendar_publish::ports::{HttpTransport, Method};
use calendar_publish_adapters::http::Recording;
use serde_json::{Value, json};

use crate::echo::closed_address;
use crate::server::{Act, Server, answer};
use crate::{header, request, transport};

fn recording() -> (Recording, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let recording = Recording::new(Arc::new(transport()), move |line| {
        sink.lock().unwrap().push(line.to_owned());
    });
    (recording, lines)
}

/// Answers with secrets wherever a platform puts them.
async fn leaky() -> Server {
    Server::start(|request| {
        let headers = [
            "set-cookie: session=SECRET-A; Path=/",
            "location: https://app.example/callback?code=SECRET-B&state=SECRET-C",
            "x-api-key: SECRET-D",
            "x-tt-logid: 2026112707",
            "content-type: application/json",
        ];
        Act::Answer(match request.path() {
            "/json" => answer(
                200,
                &headers,
                json!({
                    "access_token": "SECRET-E", "refresh_token": ["SECRET-F"], "expires_in": 86400,
                    "data": {"upload_url": "https://up.example/video/?upload_id=1&upload_token=SECRET-G",
                             "client_secret": {"deep": "SECRET-H"}, "open_id": "u-1"},
                    "error": {"code": "ok", "message": "see https://a.example/?x=SECRET-I"},
                })
                .to_string()
                .as_bytes(),
            ),
            "/form" => answer(200, &["content-type: text/plain"], b"access_token=SECRET-J&expires=5"),
            "/file" => answer(200, &["content-type: video/mp4"], b"\x00SECRET-K\xff"),
            _ => answer(400, &["content-type: text/html"], b"<p>token=SECRET-L was refused</p>"),
        })
    })
    .await
}

#[tokio::test]
async fn secrets_planted_everywhere_are_nowhere() {
    let server = leaky().await;
    let (recording, lines) = recording();

    let mut json_request = request(
        Method::Post,
        &server.url("/json?fields=id,status_code&access_token=SECRET-1&code=SECRET-2&appsecret_proof=SECRET-3#SECRET-4"),
    );
    json_request.headers = vec![
        header("authorization", "Bearer SECRET-5"),
        header("cookie", "a=SECRET-6"),
        header("proxy-authorization", "Basic SECRET-7"),
        header("x-hub-signature-256", "sha256=SECRET-8"),
        header("referer", "https://a.example/?q=SECRET-9"),
        header("content-type", "application/json; charset=UTF-8"),
    ];
    json_request.body = json!({
        "caption": "Hola", "code": "SECRET-10", "code_verifier": "SECRET-11",
        "source_info": {"video_url": "https://cdn.example/v.mp4?X-Amz-Signature=SECRET-12&Expires=1"},
        "nested": [{"app_secret": "SECRET-13"}, {"password": 12345678}],
    })
    .to_string()
    .into_bytes();
    recording.send(json_request).await.unwrap();

    let mut form = request(Method::Post, &server.url("/form"));
    form.headers = vec![header("content-type", "application/x-www-form-urlencoded")];
    form.body = b"client_key=SECRET-14&client_secret=SECRET-15&code=SECRET-16%2A&grant_type=authorization_code\
        &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fstate%3DSECRET-17&code%5Fverifier=SECRET-18"
        .to_vec();
    recording.send(form).await.unwrap();

    // Who doesn't say that it is a form.
    let mut bare = request(
        Method::Post,
        &server.url("/form?SECRETSECRET1SECRETaSECRET"),
    );
    bare.body = b"code=SECRET-19&state=SECRET-20".to_vec();
    recording.send(bare).await.unwrap();

    let mut upload = request(
        Method::Put,
        &server.url("/file?upload_id=SECRET-21&part=SECRET-22"),
    );
    upload.headers = vec![header("content-type", "video/mp4")];
    upload.body = b"\x00\x01SECRET-23\xff".to_vec();
    recording.send(upload).await.unwrap();

    let mut post_upload = request(Method::Post, &server.url("/file?anything=SECRET-24"));
    post_upload.body = b"\x00\x01SECRET-25\xff".to_vec();
    recording.send(post_upload).await.unwrap();

    let mut multipart = request(Method::Post, &server.url("/html"));
    multipart.headers = vec![header("content-type", "multipart/form-data; boundary=x")];
    multipart.body =
        b"--x\r\ncontent-disposition: form-data; name=\"access_token\"\r\n\r\nSECRET-26\r\n--x--"
            .to_vec();
    recording.send(multipart).await.unwrap();

    let lost = request(
        Method::Get,
        &format!("{}/?access_token=SECRET-27", closed_address()),
    );
    recording.send(lost).await.unwrap_err();

    let lines = lines.lock().unwrap().clone();
    assert_eq!(lines.len(), 7);
    for line in &lines {
        assert!(!line.contains("SECRET"), "{line}");
        assert!(!line.contains("12345678"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }

    // What isn't secret is there: a recording without it would be of no use.
    let read: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read[0]["request"]["method"], "POST");
    let url = read[0]["request"]["url"].as_str().unwrap();
    assert!(
        url.starts_with(&server.url("/json?fields=id,status_code&")),
        "{url}"
    );
    assert_eq!(read[0]["request"]["body"]["json"]["caption"], "Hola");
    assert_eq!(
        read[0]["request"]["body"]["json"]["source_info"]["video_url"],
        "https://cdn.example/v.mp4?[redacted]"
    );
    assert_eq!(read[0]["response"]["status"], 200);
    assert_eq!(read[0]["response"]["body"]["json"]["expires_in"], 86400);
    assert_eq!(read[0]["response"]["body"]["json"]["error"]["code"], "ok");
    assert_eq!(
        read[0]["response"]["body"]["json"]["data"]["open_id"],
        "u-1"
    );
    assert!(lines[0].contains("2026112707"));
    let form = read[1]["request"]["body"]["form"].as_str().unwrap();
    assert!(form.contains("grant_type=authorization_code"), "{form}");
    assert_eq!(read[3]["request"]["url"], server.url("/file?[redacted]"));
    assert_eq!(read[3]["request"]["body"]["bytes"], 12);
    assert!(read[6]["error"].as_str().unwrap().contains("refused"));
    assert!(read[6].get("response").is_none());
}

#[tokio::test]
async fn a_file_is_shown_by_its_size_and_hash() {
    let server = leaky().await;
    let (recording, lines) = recording();
    let mut upload = request(Method::Put, &server.url("/file"));
    upload.headers = vec![header("content-type", "application/octet-stream")];
    // FIPS 180-2, appendix B.1.
    upload.body = b"abc".to_vec();
    recording.send(upload).await.unwrap();
    let line: Value = serde_json::from_str(&lines.lock().unwrap()[0]).unwrap();
    assert_eq!(
        line["request"]["body"],
        json!({"bytes": 3, "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})
    );
}

#[tokio::test]
async fn what_is_recorded_goes_through_unchanged() {
    let server = leaky().await;
    let (recording, _) = recording();
    let plain = transport()
        .send(request(Method::Get, &server.url("/json")))
        .await;
    let recorded = recording
        .send(request(Method::Get, &server.url("/json")))
        .await;
    assert_eq!(plain, recorded);
    assert!(plain.is_ok());
}
