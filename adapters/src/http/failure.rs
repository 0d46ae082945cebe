//! What an error of the client means for the request.

use std::error::Error;

use calendar_publish::ports::TransportError;

use super::address::Forbidden;
use super::tracked_body::Departure;

/// The error of a request of which nothing, or nothing whole, came back.
///
/// When in doubt the request counts as sent: that costs a look, the contrary could cost a second post.
pub(super) fn transport_error(error: reqwest::Error, departure: &Departure) -> TransportError {
    if let Some(forbidden) = forbidden(&error) {
        return TransportError::AddressForbidden {
            reason: forbidden.to_string(),
        };
    }
    let reason = reason(error);
    if departure.prevent() {
        TransportError::NotSent { reason }
    } else {
        TransportError::NoAnswer { reason }
    }
}

/// The address that was refused after resolution, if that is what the error is about.
pub(super) fn forbidden(error: &reqwest::Error) -> Option<Forbidden> {
    chain(error).find_map(|error| error.downcast_ref().copied())
}

/// Why, in words, without the address: what happened, and the innermost cause.
pub(super) fn reason(error: reqwest::Error) -> String {
    let what = if error.is_dns() {
        "resolving the name"
    } else if error.is_connect() {
        "connecting"
    } else if error.is_builder() {
        "making the request"
    } else if error.is_body() || error.is_decode() {
        "reading the answer"
    } else {
        "waiting for the answer"
    };
    let error = error.without_url();
    // A cause that is an error of `reqwest` again could name the address.
    let cause = chain(&error)
        .skip(1)
        .filter(|cause| !cause.is::<reqwest::Error>())
        .last();
    match cause {
        Some(_) if error.is_timeout() => format!("{what}: it took too long"),
        Some(cause) => format!("{what}: {cause}"),
        None => what.to_owned(),
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}
