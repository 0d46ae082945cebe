//! The header that says which part of a file an answer holds.

use reqwest::header::{CONTENT_RANGE, HeaderMap};

/// `Content-Range: bytes FIRST-LAST/TOTAL` (RFC 9110, 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// The first byte, from 0.
    pub(super) first: u64,
    /// The last byte, at least `first`.
    pub(super) last: u64,
    /// The size of the whole file, more than `last`.
    pub(super) total_bytes: u64,
}

impl ContentRange {
    /// The part, if the header is there and names one of a file of known size.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(value(headers)?)
    }

    /// The size that an answer without a part tells: `bytes */TOTAL`.
    pub(super) fn total_of(headers: &HeaderMap) -> Option<u64> {
        number(bytes(value(headers)?)?.strip_prefix("*/")?)
    }

    fn parse(value: &str) -> Option<Self> {
        let (part, total) = bytes(value)?.split_once('/')?;
        let (first, last) = part.split_once('-')?;
        let range = Self {
            first: number(first)?,
            last: number(last)?,
            total_bytes: number(total)?,
        };
        (range.first <= range.last && range.last < range.total_bytes).then_some(range)
    }
}

fn value(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_RANGE)?.to_str().ok()
}

fn bytes(value: &str) -> Option<&str> {
    let (unit, range) = value.trim().split_once(' ')?;
    unit.eq_ignore_ascii_case("bytes").then(|| range.trim())
}

/// Digits only: `u64` would read a sign too.
fn number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_file_of_known_size_is_read() {
        // The examples of RFC 9110, 14.4.
        let range = ContentRange::parse("bytes 42-1233/1234").unwrap();
        assert_eq!(
            (range.first, range.last, range.total_bytes),
            (42, 1233, 1234)
        );
        for bad in [
            "bytes 42-1233/*",
            "bytes */1234",
            "bytes 5-4/10",
            "bytes 0-10/10",
            "bytes +0-1/10",
            "bytes -1/10",
            "bytes 0-1",
            "items 0-1/10",
            "bytes=0-1/10",
            "bytes 0-99999999999999999999/999999999999999999999",
            "",
        ] {
            assert_eq!(ContentRange::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_size_alone_is_read() {
        let headers = |text: &'static str| {
            HeaderMap::from_iter([(
                CONTENT_RANGE,
                reqwest::header::HeaderValue::from_static(text),
            )])
        };
        assert_eq!(ContentRange::total_of(&headers("bytes */1234")), Some(1234));
        assert_eq!(ContentRange::total_of(&headers("bytes */*")), None);
        assert_eq!(ContentRange::total_of(&headers("bytes 0-1/2")), None);
        assert_eq!(ContentRange::total_of(&HeaderMap::new()), None);
    }
}
