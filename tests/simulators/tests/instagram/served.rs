//! The simulator behind a socket: what it hands out leads back to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use calendar_publish_simulators::Served;
use calendar_publish_simulators::instagram::{Flavour, GRAPH_FACEBOOK, RUPLOAD, WWW_INSTAGRAM};
use serde_json::Value;

use crate::bench::{ACCOUNT, Bench};

/// Sends a request and gives the answer's status and body.
fn ask(address: SocketAddr, first: &str, headers: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{first} HTTP/1.1\r\nhost: simulator\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

#[test]
fn the_upload_address_is_the_servers_own() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let bench = Bench::new();
    let free = "127.0.0.1:0".parse().unwrap();
    let served = runtime
        .block_on(Served::start(bench.instagram.clone(), free))
        .unwrap();
    let address = served.address();
    let permissions = Flavour::FacebookPage.publishing_permissions();
    let page = bench
        .instagram
        .grant(ACCOUNT, Flavour::FacebookPage, permissions);

    let first = format!(
        "POST /{GRAPH_FACEBOOK}/v25.0/{ACCOUNT}/media?media_type=REELS&upload_type=resumable"
    );
    let (status, body) = ask(
        address,
        &first,
        &format!("authorization: Bearer {page}\r\n"),
        "",
    );
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    let uri = body["uri"].as_str().unwrap();
    assert!(uri.starts_with(&served.base(RUPLOAD)), "{uri}");

    let path = uri.strip_prefix(&format!("http://{address}")).unwrap();
    let headers = format!("authorization: OAuth {page}\r\noffset: 0\r\nfile_size: 8\r\n");
    let (status, body) = ask(address, &format!("POST {path}"), &headers, "1234");
    assert_eq!((status, body.contains("\"success\":true")), (200, true));

    let consent = format!(
        "GET /{WWW_INSTAGRAM}/oauth/authorize?client_id=5550001&response_type=code\
         &redirect_uri=https%3A%2F%2Fapp.test%2Fcb&scope=instagram_business_basic"
    );
    let (status, page) = ask(address, &consent, "", "");
    assert_eq!(status, 200);
    assert!(page.contains("href=\"?client_id=5550001"), "{page}");
}
