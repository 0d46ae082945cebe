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
    departure: Departure,
}

impl TrackedBody {
    /// The body, moved, and the caller's end.
    pub(super) fn new(bytes: Vec<u8>) -> (Self, Departure) {
        let departure = Departure(Arc::new(AtomicU8::new(WAITING)));
        let body = Self {
            bytes: bytes.into(),
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

    /// One that was given up claims to have an end to come, which then fails: what is written of the request
    /// stays incomplete.
    fn is_end_stream(&self) -> bool {
        self.departure.begin() && self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.departure.0.load(Ordering::SeqCst) == GIVEN_UP {
            SizeHint::new()
        } else {
            SizeHint::with_exact(self.bytes.len() as u64)
        }
    }
}
