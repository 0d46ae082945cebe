//! The simulator behind a socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use calendar_publish_simulators::Served;
use calendar_publish_simulators::tiktok::{Endpoint, Fault, FaultKind};
use serde_json::{Value, json};

use crate::desk::{Desk, file, post_info};

/// One exchange; empty where the connection is closed without an answer.
fn exchange(address: SocketAddr, line: &str, headers: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_it_hands_out_lead_back_to_it() {
    let desk = Desk::new();
    let any = "127.0.0.1:0".parse().unwrap();
    let served = Served::start(desk.tiktok.clone(), any).await.unwrap();
    let token = desk.token();
    let headers = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n");
    let body = json!({ "post_info": post_info(), "source_info": file(16, 16, 1) }).to_string();
    let line = "POST /open.tiktokapis.com/v2/post/publish/video/init/";
    let init = || exchange(served.address(), line, &headers, body.as_bytes());

    let answer = init();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, answer) = answer.split_once("\r\n\r\n").unwrap();
    let answer: Value = serde_json::from_str(answer).unwrap();
    let url = answer["data"]["upload_url"].as_str().unwrap();
    assert!(url.len() <= 256);
    let path = url
        .strip_prefix(&format!("http://{}", served.address()))
        .unwrap();
    let chunk = "content-type: video/mp4\r\ncontent-range: bytes 0-15/16\r\n";
    let answer = exchange(served.address(), &format!("PUT {path}"), chunk, &[7; 16]);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

    desk.tiktok
        .fault(Fault::on(Endpoint::VideoInit, FaultKind::LostAfter));
    assert_eq!(init(), "");
    let logged = desk.tiktok.requests().pop().unwrap();
    assert_eq!(
        (logged.decided.as_deref(), logged.status),
        (Some("ok"), None)
    );
    desk.pass(60);
    assert_eq!(desk.tiktok.posts().len(), 1);
}
