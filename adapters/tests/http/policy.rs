//! Which addresses are called.

use std::time::Duration;

use calendar_publish::ports::{
    HttpTransport, MediaError, MediaRange, MediaSource, Method, TransportError,
};
use calendar_publish_adapters::http::{HttpMedia, HttpSettings, ReqwestTransport};

use crate::echo::echo_server;
use crate::request;

/// Names on this machine that lead into it: resolved, unlike literal addresses, when it is connected.
const INNER_NAMES: [&str; 3] = ["localhost", "LOCALHOST.", "localhost.localdomain"];

#[tokio::test]
async fn by_default_nothing_inside_is_called() {
    let server = echo_server().await;
    let port = server.address.port();
    let transport = ReqwestTransport::new(&HttpSettings::default()).unwrap();
    let urls = [
        format!("http://127.0.0.1:{port}/echo"),
        format!("https://127.0.0.1:{port}/echo?token=SECRET"),
        format!("https://localhost:{port}/echo?token=SECRET"),
        format!("https://[::ffff:127.0.0.1]:{port}/echo"),
        format!("https://0x7f000001:{port}/echo"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://[fd00:ec2::254]/latest/meta-data".to_owned(),
        "https://user:SECRET@example.com/".to_owned(),
        "ftp://example.com/".to_owned(),
    ];
    for url in urls {
        let answer = transport.send(request(Method::Post, &url)).await;
        let Err(TransportError::AddressForbidden { reason }) = answer else {
            panic!("{url}: {answer:?}");
        };
        assert!(!reason.contains("SECRET"), "{reason}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_is_checked_by_what_it_resolves_to() {
    let server = echo_server().await;
    let transport = ReqwestTransport::new(&HttpSettings::default()).unwrap();
    let media = HttpMedia::new(&HttpSettings::default()).unwrap();
    let mut resolved = 0;
    for name in INNER_NAMES {
        let url = format!("https://{name}:{}/echo", server.address.port());
        let mut request = request(Method::Post, &url);
        request.deadline = Duration::from_secs(10);
        match transport.send(request).await {
            Err(TransportError::AddressForbidden { reason }) => {
                assert_eq!(reason, "it doesn't lie on the public internet");
                resolved += 1;
                let range = MediaRange {
                    url,
                    offset: 0,
                    length: 1,
                };
                let read = media.read(range).await;
                assert!(
                    matches!(read, Err(MediaError::AddressForbidden { .. })),
                    "{read:?}"
                );
            }
            // Not every machine knows every one of these names.
            Err(TransportError::NotSent { .. }) => {}
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(resolved > 0, "not even `localhost` was resolved");
    assert_eq!(server.connections(), 0);
}
