//! Whether a request that wasn't answered may have taken effect.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use calendar_publish::ports::{HttpTransport, Method, TransportError};
use calendar_publish_adapters::http::ReqwestTransport;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::echo::{closed_address, echo_server};
use crate::server::{Act, Server, answer};
use crate::{header, local, no_answer, not_sent, post, request, transport};

#[tokio::test]
async fn a_closed_port_is_not_sent_to() {
    let reason =
        not_sent(&post(&format!("{}/?token=SECRET", closed_address()), b"x").await).to_owned();
    assert!(reason.contains("refused"), "{reason}");
    assert!(!reason.contains("SECRET"), "{reason}");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_not_sent_to() {
    // RFC 2606 keeps `.invalid` free.
    let answer = post("http://nobody.invalid/?token=SECRET", b"x").await;
    let reason = not_sent(&answer);
    assert!(reason.starts_with("resolving the name"), "{reason}");
    assert!(!reason.contains("SECRET"), "{reason}");
}

/// Somebody who accepts connections and never says a word, so that a TLS handshake never ends.
async fn black_hole() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up_with_the_deadline_and_nothing_was_sent() {
    let (_listener, url) = black_hole().await;
    let mut request = request(Method::Post, &url);
    request.deadline = Duration::from_millis(300);
    let start = Instant::now();
    not_sent(&transport().send(request).await);
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up_with_the_time_for_connecting() {
    let (_listener, url) = black_hole().await;
    let settings = local().with_connect_timeout(Duration::from_millis(300));
    let transport = ReqwestTransport::new(&settings).unwrap();
    let start = Instant::now();
    let answer = transport.send(request(Method::Post, &url)).await;
    assert_eq!(not_sent(&answer), "connecting: it took too long");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_isnt_tls_is_not_sent_to() {
    let server = Server::start(|_| Act::Close(answer(400, &[], b""))).await;
    let url = format!("https://{}/", server.address);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs_up = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    not_sent(&post(&hangs_up, b"x").await);
    let mut request = request(Method::Post, &url);
    request.deadline = Duration::from_millis(500);
    not_sent(&transport().send(request).await);
    assert!(server.seen().is_empty());
}

/// The same with every method, with and without a body: each is noted differently when it leaves.
#[tokio::test]
async fn a_request_that_was_read_and_not_answered_may_have_taken_effect() {
    let transport = transport();
    let mut sending = JoinSet::new();
    for body in [&b""[..], b"body"] {
        for method in [Method::Get, Method::Post, Method::Put, Method::Delete] {
            let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
            for server in [
                Server::start(|_| Act::Close(Vec::new())).await,
                Server::start(|_| Act::Hang).await,
                Server::start(|_| Act::Stall(half.to_vec())).await,
            ] {
                let mut request = request(method, &server.url("/?token=SECRET"));
                request.body = body.to_vec();
                request.deadline = Duration::from_secs(3);
                let transport = transport.clone();
                sending.spawn(async move {
                    let answer = transport.send(request).await;
                    assert!(!no_answer(&answer).contains("SECRET"));
                    assert_eq!(server.seen().len(), 1, "{method:?}");
                    assert_eq!(server.seen()[0].body, body);
                });
            }
        }
    }
    assert_eq!(sending.join_all().await.len(), 24);
}

#[tokio::test]
async fn a_body_that_nobody_reads_may_have_taken_effect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let mut request = request(Method::Put, &url);
    // More than the system takes on its own.
    request.body = vec![0; 32 * 1024 * 1024];
    request.deadline = Duration::from_secs(2);
    no_answer(&transport().send(request).await);
}

#[tokio::test]
async fn an_answer_that_dribbles_is_given_up_with_the_deadline() {
    let server = Server::start(|_| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
        Act::Dribble(head.to_vec())
    })
    .await;
    let mut request = request(Method::Get, &server.url("/"));
    request.deadline = Duration::from_secs(2);
    let start = Instant::now();
    no_answer(&transport().send(request).await);
    assert!(start.elapsed() < Duration::from_secs(5));
}

/// Requests whose deadline passes in the very moment in which they would leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_counts_as_not_sent_never_arrives() {
    let server = Server::start(|_| Act::Answer(answer(200, &[], b"ok"))).await;
    let transport = Arc::new(transport());
    let mut not_sent = HashSet::new();
    let mut answered = 0;
    for round in 0..300_u64 {
        let sending: Vec<_> = (0..4_u64)
            .map(|lane| {
                let transport = match round % 10 {
                    // Without a connection that is open already.
                    1 => Arc::new(crate::transport()),
                    _ => Arc::clone(&transport),
                };
                let path = format!("/{round}-{lane}");
                let mut request = request(Method::Post, &server.url(&path));
                request.deadline = match round % 10 {
                    // Some are answered, however slow the machine is.
                    0 => Duration::from_secs(20),
                    // Some aren't sent, however fast it is.
                    1 => Duration::ZERO,
                    _ => Duration::from_micros((round * 7 + lane * 131) % 2500),
                };
                tokio::spawn(async move { (path, transport.send(request).await) })
            })
            .collect();
        for sent in sending {
            match sent.await.unwrap() {
                (path, Err(TransportError::NotSent { .. })) => {
                    not_sent.insert(path);
                }
                (_, Ok(_)) => answered += 1,
                (_, Err(_)) => {}
            }
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let wrong: Vec<_> = server
        .seen()
        .into_iter()
        .filter(|seen| not_sent.contains(seen.path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(
        !not_sent.is_empty(),
        "no deadline was short enough to test anything"
    );
    assert!(answered > 0, "no deadline was long enough to test anything");
}

#[tokio::test]
async fn a_connection_that_died_while_idle_costs_nothing() {
    let count = AtomicUsize::new(0);
    // The first answer doesn't say that the connection will be closed.
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Act::Close(answer(200, &[], b"first")),
        _ => Act::Answer(answer(200, &[], b"later")),
    })
    .await;
    let transport = transport();
    let send = async || {
        transport
            .send(request(Method::Post, &server.url("/")))
            .await
    };
    assert_eq!(send().await.unwrap().body, b"first");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(send().await.unwrap().body, b"later");
    assert_eq!(server.seen().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_reused_connection_that_closes_after_the_request_is_not_replaced() {
    let server = Server::start(|request| match request.path() {
        "/first" => Act::Answer(answer(200, &[], b"ok")),
        _ => Act::Close(Vec::new()),
    })
    .await;
    let transport = transport();
    for method in [Method::Get, Method::Post, Method::Put, Method::Delete] {
        transport
            .send(request(Method::Get, &server.url("/first")))
            .await
            .unwrap();
        let before = server.seen().len();
        no_answer(
            &transport
                .send(request(method, &server.url("/second")))
                .await,
        );
        assert_eq!(server.seen().len(), before + 1, "sent once");
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = echo_server().await;
    let transport = transport();
    for _ in 0..5 {
        transport
            .send(request(Method::Get, &server.url("/echo")))
            .await
            .unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let server = echo_server().await;
    post(&server.url("/echo"), b"").await.unwrap();
    assert_eq!(server.seen()[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn a_body_goes_with_its_length_and_never_with_another() {
    let server = echo_server().await;
    let send = async |name: &str, value: &str| {
        let mut request = request(Method::Post, &server.url("/echo"));
        request.body = b"four".to_vec();
        request.headers.push(header(name, value));
        transport().send(request).await
    };
    send("content-length", "4").await.unwrap();
    let lengths: Vec<_> = server.seen()[0]
        .headers
        .iter()
        .filter(|(name, _)| name == "content-length")
        .map(|(_, value)| value.clone())
        .collect();
    assert_eq!(lengths, ["4"]);
    assert_eq!(server.seen()[0].header("transfer-encoding"), None);
    not_sent(&send("content-length", "3").await);
    not_sent(&send("transfer-encoding", "chunked").await);
    not_sent(&send("bad name", "x").await);
    let answer = send("authorization", "Bearer SECRET\r\nx: y").await;
    assert!(!not_sent(&answer).contains("SECRET"));
    assert_eq!(server.seen().len(), 1);
}
