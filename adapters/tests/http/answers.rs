//! What the other side may answer.

use calendar_publish::ports::{HttpTransport, Method};
use calendar_publish_adapters::http::ReqwestTransport;

use crate::server::{Act, Server, answer};
use crate::{local, no_answer, post, request, transport, value};

/// A server that answers everything with these bytes and closes.
async fn says(bytes: &'static [u8]) -> Server {
    Server::start(move |_| Act::Close(bytes.to_vec())).await
}

#[tokio::test]
async fn informational_answers_come_before_the_answer() {
    let server = says(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n\
          HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok",
    )
    .await;
    let answer = post(&server.url("/"), b"x").await.unwrap();
    assert_eq!((answer.status, &*answer.body), (201, &b"ok"[..]));
    assert_eq!(value(&answer, "link"), None);
}

#[tokio::test]
async fn an_http_1_0_answer_ends_with_its_connection() {
    let server = says(b"HTTP/1.0 200 OK\r\nserver: old\r\n\r\nuntil the end").await;
    let answer = post(&server.url("/"), b"x").await.unwrap();
    assert_eq!(answer.body, b"until the end");
}

#[tokio::test]
async fn a_chunked_answer_is_put_together() {
    let server = says(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHello\r\n2;a=b\r\n, \r\n4\r\nyou!\r\n0\r\n\r\n",
    )
    .await;
    let answer = post(&server.url("/"), b"x").await.unwrap();
    assert_eq!(answer.body, b"Hello, you!");
}

#[tokio::test]
async fn a_chunked_answer_that_breaks_off_is_none() {
    let server = says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHello\r\n").await;
    no_answer(&post(&server.url("/"), b"x").await);
}

#[tokio::test]
async fn what_is_not_http_is_no_answer() {
    for garbage in [
        &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
        b"<html>hello</html>",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"HTTP/1.1 200",
        b"",
    ] {
        let server = says(garbage).await;
        no_answer(&post(&server.url("/"), b"x").await);
        assert_eq!(server.seen().len(), 1, "the request arrived, once");
    }
}

#[tokio::test]
async fn headers_that_are_no_text_are_kept_as_far_as_they_are() {
    let server = says(b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\ncontent-length: 0\r\n\r\n").await;
    let answer = post(&server.url("/"), b"x").await.unwrap();
    assert_eq!(value(&answer, "x-name"), Some("caf\u{fffd}"));
}

#[tokio::test]
async fn an_answer_may_have_the_limit_and_no_byte_more() {
    let server = Server::start(|request| {
        let length: usize = request.path()[1..].parse().unwrap();
        Act::Answer(answer(200, &[], &vec![1; length]))
    })
    .await;
    let transport = ReqwestTransport::new(&local().with_max_answer_bytes(5000)).unwrap();
    let get = async |path: &str| {
        transport
            .send(request(Method::Get, &server.url(path)))
            .await
    };
    assert_eq!(get("/5000").await.unwrap().body.len(), 5000);
    assert!(no_answer(&get("/5001").await).contains("5000 bytes"));
}

#[tokio::test]
async fn an_endless_answer_is_given_up_at_the_limit() {
    let server = Server::start(|_| Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())).await;
    let transport = ReqwestTransport::new(&local().with_max_answer_bytes(10_000)).unwrap();
    let answer = transport
        .send(request(Method::Post, &server.url("/")))
        .await;
    assert!(no_answer(&answer).contains("10000 bytes"));
}

#[tokio::test]
async fn a_length_that_is_claimed_reserves_no_memory() {
    // If it did, this would be the end of the process.
    let server = says(b"HTTP/1.1 200 OK\r\ncontent-length: 9000000000000000000\r\n\r\nshort").await;
    let transport = ReqwestTransport::new(&local().with_max_answer_bytes(usize::MAX)).unwrap();
    let answer = transport.send(request(Method::Get, &server.url("/"))).await;
    no_answer(&answer);
}

#[tokio::test]
async fn a_body_is_not_decompressed_and_not_asked_to_be_compressed() {
    let server = Server::start(|_| {
        Act::Answer(answer(
            200,
            &["content-encoding: gzip"],
            b"\x1f\x8bnot really",
        ))
    })
    .await;
    let answer = transport()
        .send(request(Method::Get, &server.url("/")))
        .await
        .unwrap();
    assert_eq!(answer.body, b"\x1f\x8bnot really");
    assert_eq!(server.seen()[0].header("accept-encoding"), None);
}
