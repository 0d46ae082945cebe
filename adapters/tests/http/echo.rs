//! The server that `calendar_publish::conformance::transport_suite` asks for, and the suite on it.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Mutex;

use calendar_publish::conformance::{TransportTarget, transport_suite};
use calendar_publish_adapters::http::{AddressPolicy, HttpSettings, ReqwestTransport};

use crate::server::{Act, Seen, Server, answer};

pub(crate) async fn echo_server() -> Server {
    let taken: Mutex<HashMap<String, u32>> = Mutex::default();
    Server::start(move |request| {
        let mut parts = request.path().splitn(3, '/').skip(1);
        let what = parts.next().unwrap();
        let key = parts.next().unwrap_or_default();
        let mut taken = taken.lock().unwrap();
        if ["take", "drop", "cut", "hang"].contains(&what) {
            *taken.entry(key.to_owned()).or_default() += 1;
        }
        match what {
            "echo" => Act::Answer(echo(request)),
            "status" if key == "204" => Act::Answer(b"HTTP/1.1 204 None\r\n\r\n".to_vec()),
            "status" => {
                let body = format!("status {key}");
                Act::Answer(answer(key.parse().unwrap(), &[], body.as_bytes()))
            }
            "redirect" => {
                let host = request.header("host").unwrap();
                let location = format!("location: http://{host}/take/redirected");
                Act::Answer(answer(key.parse().unwrap(), &[&location], b""))
            }
            "take" => Act::Answer(answer(200, &[], b"taken")),
            "drop" => Act::Close(Vec::new()),
            "cut" => {
                Act::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n0123456789".to_vec())
            }
            "hang" => Act::Hang,
            "taken" => {
                let count = taken.get(key).copied().unwrap_or_default();
                Act::Answer(answer(200, &[], count.to_string().as_bytes()))
            }
            _ => Act::Answer(answer(404, &[], b"")),
        }
    })
    .await
}

fn echo(request: &Seen) -> Vec<u8> {
    let method = format!("x-method: {}", request.method);
    let query = format!("x-query: {}", request.query());
    let probe = format!("x-probe: {}", request.header("x-probe").unwrap_or_default());
    let cookie = format!("x-cookie: {}", request.header("cookie").unwrap_or_default());
    let headers = [
        &method,
        &query,
        &probe,
        &cookie,
        "X-Twice: 1",
        "X-Twice: 2",
        "set-cookie: kept=1",
    ];
    answer(200, &headers, &request.body)
}

/// An address at which nobody listens (any more).
pub(crate) fn closed_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn the_transport_conforms() {
    let server = echo_server().await;
    let settings = HttpSettings::default().with_addresses(AddressPolicy::Any);
    let transport = ReqwestTransport::new(&settings).unwrap();
    let target = TransportTarget {
        base: format!("http://{}", server.address),
        closed: closed_address(),
    };
    let passed = transport_suite(&transport, &target).await.unwrap();
    assert_eq!(passed, 12);
}
