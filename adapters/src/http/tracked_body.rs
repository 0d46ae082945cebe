//! Knowing whether a request has begun to leave.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const GIVEN_UP: u8 = 2;

/// The caller's end of a [`TrackedBody`].
#[derive(Clone, Debug)]
pub(super) struct Departure(Arc<AtomicU8>);

impl Departure {
    /// Gives the request up if it hasn't begun to leave, and says whether that was so. Afterwards it can't
    /// leave any more, even where a connection's task holds it already.
    pub(super) fn prevent(&self) -> bool {
        self.0
            .compare_exchange(WAITING, GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst)
            .map_or_else(|state| state == GIVEN_UP, |_| true)
    }

    /// Whether the request may leave.
    fn begin(&self) -> bool {
        self.0
            .compare_exchange(WAITING, BEGUN, Ordering::SeqCst, Ordering::SeqCst)
            .map_or_else(|state| state == BEGUN, |_| true)
    }
}

/// A request's body that notes when a connection begins to write the request.
///
/// The client doesn't tell a request that waited for a connection in vain from one that wasn't
/// answered, yet the one certainly had no effect and the other may have. But before a connection can
/// write the head of a request, which says how long the body is, it has to ask the body whether there
/// is any; and without a connection nobody asks.
#[derive(Debug)]
pub(super) struct TrackedBody {
    bytes: Bytes,
    is_announced: bool,
    departure: Departure,
}

impl TrackedBody {
    /// The body, moved, and the caller's end. An announced body says how long it is even if it is empty:
    /// some servers answer 411 to a POST that doesn't (RFC 9110, 8.6).
    pub(super) fn new(bytes: Vec<u8>, is_announced: bool) -> (Self, Departure) {
        let departure = Departure(Arc::new(AtomicU8::new(WAITING)));
        let body = Self {
            bytes: bytes.into(),
            is_announced,
            departure: departure.clone(),
        };
        (body, departure)
    }
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.departure.begin() {
            return Poll::Ready(Some(Err(io::Error::other("the request was given up"))));
        }
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.departure.begin() && self.bytes.is_empty() && !self.is_announced
    }

    /// One that was given up announces more than will come, and then fails: the connection ends before
    /// the request is whole.
    fn size_hint(&self) -> SizeHint {
        let is_given_up = self.departure.0.load(Ordering::SeqCst) == GIVEN_UP;
        SizeHint::with_exact(self.bytes.len() as u64 + u64::from(is_given_up))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::thread;

    use reqwest::{Client, Method, Request};

    use super::*;
    use crate::http::{AddressPolicy, HttpSettings, client};

    fn client() -> Client {
        client::build(&HttpSettings::default().with_addresses(AddressPolicy::Any)).unwrap()
    }

    #[test]
    fn what_has_begun_cant_be_prevented_and_the_other_way_round() {
        let (body, departure) = TrackedBody::new(Vec::new(), true);
        assert_eq!(
            body.size_hint().exact(),
            Some(0),
            "asking for the size begins nothing"
        );
        assert!(departure.prevent());
        assert!(departure.prevent(), "twice is once");
        assert!(!body.is_end_stream());
        assert!(departure.prevent(), "it can't begin any more");

        let (body, departure) = TrackedBody::new(Vec::new(), false);
        assert!(body.is_end_stream());
        assert!(!departure.prevent());
    }

    /// The narrowest place: a connection has taken the request over when it is given up.
    #[tokio::test]
    async fn what_was_given_up_never_leaves() {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            for bytes in [&b""[..], b"body"] {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let url = format!("http://{}/", listener.local_addr().unwrap());
                let server = thread::spawn(move || {
                    let mut came = Vec::new();
                    listener.accept().unwrap().0.read_to_end(&mut came).unwrap();
                    came
                });
                let is_announced = method == Method::POST || method == Method::PUT;
                let (body, departure) = TrackedBody::new(bytes.to_vec(), is_announced);
                let mut request = Request::new(method.clone(), url.parse().unwrap());
                *request.body_mut() = Some(reqwest::Body::wrap(body));
                assert!(departure.prevent());
                client().execute(request).await.unwrap_err();
                let came = server.join().unwrap();
                assert_eq!(came, b"", "{method} with {} bytes", bytes.len());
            }
        }
    }
}
