//! A single line of an event stream.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// What a line sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Data,
    Event,
    Id,
    Retry,
    Comment,
    Unknown,
}

/// The field a line sets, and where its value begins.
#[inline]
pub(super) fn field(line: &[u8]) -> (Field, usize) {
    // Nearly every line begins like one of the first two: they are told without a search.
    let (field, colon) = if line.starts_with(b"data:") {
        (Field::Data, 4)
    } else if line.starts_with(b"event:") {
        (Field::Event, 5)
    } else {
        let colon = memchr(b':', line).unwrap_or(line.len());
        let field = match line.get(..colon) {
            Some(b"data") => Field::Data,
            Some(b"event") => Field::Event,
            Some(b"id") => Field::Id,
            Some(b"retry") => Field::Retry,
            // A line of nothing but a byte order mark is no comment, and no field either.
            Some(b"") if colon < line.len() => Field::Comment,
            _ => Field::Unknown,
        };
        (field, colon)
    };
    let value = (colon + 1).min(line.len());
    let space = usize::from(line.get(value) == Some(&b' '));
    (field, value + space)
}

/// A comment line without its colon.
pub(super) fn comment_text(line: &[u8]) -> &[u8] {
    memchr(b':', line)
        .and_then(|colon| line.get(colon + 1..))
        .unwrap_or_default()
}

/// The end of the line at the front of `bytes`. Blank lines are common enough not to be searched for.
#[inline]
pub(super) fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes.first() {
        Some(b'\n' | b'\r') => Some(0),
        _ => memchr2(b'\n', b'\r', bytes),
    }
}

/// The number that ASCII digits spell, or the largest there is; `None` where there is anything else.
pub(super) fn milliseconds(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        digit.is_ascii_digit().then(|| {
            number
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'))
        })
    })
}

#[inline]
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}
