//! Media files from servers of every kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};
use calendar_publish_adapters::http::HttpMedia;

use crate::local;
use crate::server::{Act, Seen, Server, answer};

const TOTAL: usize = 100_000;

fn file() -> Vec<u8> {
    (0..TOTAL).map(|place| (place % 251) as u8).collect()
}

/// The `Range` header's first and last byte.
fn wanted(request: &Seen) -> (usize, usize) {
    let range = request
        .header("range")
        .unwrap()
        .strip_prefix("bytes=")
        .unwrap();
    let (first, last) = range.split_once('-').unwrap();
    (first.parse().unwrap(), last.parse().unwrap())
}

/// Answers ranges as RFC 9110 says, with more header lines.
fn part(request: &Seen, file: &[u8], headers: &[&str]) -> Act {
    let (first, last) = wanted(request);
    if first >= file.len() {
        let range = format!("content-range: bytes */{}", file.len());
        return Act::Answer(answer(416, &[&range], b""));
    }
    let last = last.min(file.len() - 1);
    let range = format!("content-range: bytes {first}-{last}/{}", file.len());
    Act::Answer(answer(
        206,
        &[&[&*range], headers].concat(),
        &file[first..=last],
    ))
}

async fn read(server: &Server, offset: u64, length: u64) -> Result<MediaChunk, MediaError> {
    let media = HttpMedia::new(&local()).unwrap();
    read_with(&media, server, offset, length).await
}

async fn read_with(
    media: &HttpMedia,
    server: &Server,
    offset: u64,
    length: u64,
) -> Result<MediaChunk, MediaError> {
    let url = server.url("/v.mp4?sig=SECRET");
    media
        .read(MediaRange {
            url,
            offset,
            length,
        })
        .await
}

#[track_caller]
fn unavailable(read: Result<MediaChunk, MediaError>) -> String {
    match read {
        Err(MediaError::Unavailable { reason }) => {
            assert!(!reason.contains("SECRET"), "{reason}");
            reason
        }
        other => panic!("expected `Unavailable`, got {other:?}"),
    }
}

/// What every kind of server must come to.
async fn reads_right(server: &Server) {
    let file = file();
    for (offset, length) in [
        (0, 1),
        (0, 4096),
        (17, 1000),
        (99_000, 1000),
        (99_999, 5),
        (0, 200_000),
    ] {
        let chunk = read(server, offset as u64, length as u64).await.unwrap();
        let end = (offset + length).min(TOTAL);
        assert_eq!(chunk.bytes, file[offset..end], "{offset}+{length}");
        assert_eq!(chunk.total_bytes, TOTAL as u64);
        assert_eq!(chunk.mime_type.as_deref(), Some("video/mp4"));
    }
    // Behind the end, and nothing at all.
    for (offset, length) in [(100_000, 10), (500_000, 10), (5, 0), (u64::MAX, u64::MAX)] {
        let chunk = read(server, offset, length).await.unwrap();
        assert_eq!(chunk.bytes, b"", "{offset}+{length}");
        assert_eq!(chunk.total_bytes, TOTAL as u64);
    }
}

#[tokio::test]
async fn a_server_that_knows_ranges() {
    let file = file();
    let server =
        Server::start(move |request| part(request, &file, &["content-type: Video/MP4; x=y"])).await;
    reads_right(&server).await;
    let sent = &server.seen()[2];
    assert_eq!(sent.method, "GET");
    assert_eq!(sent.header("range"), Some("bytes=17-1016"));
    assert_eq!(sent.header("accept-encoding"), Some("identity"));
    assert_eq!(sent.query(), "sig=SECRET");
}

#[tokio::test]
async fn a_server_that_gives_less_than_asked_for_is_asked_again() {
    let file = file();
    let server = Server::start(move |request| {
        let (first, last) = wanted(request);
        if first >= TOTAL {
            return part(request, &file, &["content-type: video/mp4"]);
        }
        let last = last.min(first + 699).min(TOTAL - 1);
        let range = format!("content-range: bytes {first}-{last}/{TOTAL}");
        Act::Answer(answer(
            206,
            &[&range, "content-type: video/mp4"],
            &file[first..=last],
        ))
    })
    .await;
    let chunk = read(&server, 17, 1500).await.unwrap();
    assert_eq!(chunk.bytes, self::file()[17..1517]);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_server_that_knows_no_ranges() {
    let file = file();
    let server =
        Server::start(move |_| Act::Answer(answer(200, &["content-type: video/mp4"], &file))).await;
    // Of what lies behind the end, the 416 is missing here: the size alone tells.
    reads_right(&server).await;
}

#[tokio::test]
async fn a_server_that_says_neither_ranges_nor_size() {
    let file = file();
    let server = Server::start(move |_| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\n\r\n";
        Act::Close([&head[..], &file].concat())
    })
    .await;
    reads_right(&server).await;
}

#[tokio::test]
async fn of_a_whole_file_no_more_is_read_than_wanted() {
    // A file of a terabyte that comes from its start.
    let server = Server::start(|_| {
        Act::Flood(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n".to_vec())
    })
    .await;
    let chunk = read(&server, 1_000_000, 10).await.unwrap();
    assert_eq!(chunk.bytes, [7; 10]);
    assert!(chunk.bytes.capacity() < 1000);
    assert_eq!(chunk.total_bytes, 1_000_000_000_000);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let flooded = server.flooded();
    // What the system's buffers hold comes on top.
    assert!(flooded < 64 * 1024 * 1024, "{flooded}");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.flooded(), flooded, "the connection was closed");
}

#[tokio::test]
async fn the_memory_is_that_of_the_range() {
    let file = file();
    let server = Server::start(move |request| part(request, &file, &[])).await;
    let chunk = read(&server, 0, 50_000).await.unwrap();
    assert_eq!(chunk.bytes.capacity(), 50_000);
    assert_eq!(chunk.mime_type, None);
}

#[tokio::test]
async fn an_empty_file() {
    let server = Server::start(|request| part(request, b"", &[])).await;
    let chunk = read(&server, 0, 10).await.unwrap();
    assert_eq!((chunk.bytes.len(), chunk.total_bytes), (0, 0));
}

#[tokio::test]
async fn what_a_status_means() {
    let server = Server::start(|request| {
        let status: u16 = request.path()[1..].parse().unwrap();
        Act::Answer(answer(status, &["location: /200"], b"x"))
    })
    .await;
    let media = HttpMedia::new(&local()).unwrap();
    let read = async |status: u16| {
        let url = server.url(&format!("/{status}"));
        let range = MediaRange {
            url,
            offset: 0,
            length: 1,
        };
        media.read(range).await.unwrap_err()
    };
    for status in [401, 403, 404, 410] {
        assert_eq!(read(status).await, MediaError::Missing, "{status}");
    }
    for status in [301, 302, 303, 307, 308] {
        let error = read(status).await;
        assert!(
            matches!(error, MediaError::AddressForbidden { .. }),
            "{status}: {error}"
        );
    }
    for status in [400, 408, 416, 429, 500, 502, 503, 504] {
        let error = read(status).await;
        assert!(
            matches!(error, MediaError::Unavailable { .. }),
            "{status}: {error}"
        );
    }
    let redirected = server.seen().iter().any(|seen| seen.path() == "/200");
    assert!(!redirected);
}

#[tokio::test]
async fn another_part_than_asked_for_is_refused() {
    for range in [
        "content-range: bytes 1-4/100",
        "content-range: bytes 0-100/101",
        "content-range: bytes 0-4/*",
        "content-range: bytes 0-4",
        "content-range: bytes 4-0/100",
        "content-range: nonsense",
        "x-none: 1",
    ] {
        let server = Server::start(move |_| Act::Answer(answer(206, &[range], b"01234"))).await;
        unavailable(read(&server, 0, 5).await);
    }
    // More than was promised is cut off, less isn't enough.
    let short =
        Server::start(|_| Act::Close(answer(206, &["content-range: bytes 0-4/100"], b"0123")))
            .await;
    unavailable(read(&short, 0, 5).await);
}

#[tokio::test]
async fn a_compressed_file_is_refused() {
    let server =
        Server::start(|_| Act::Answer(answer(200, &["content-encoding: gzip"], b"\x1f\x8b"))).await;
    unavailable(read(&server, 0, 5).await);
}

#[tokio::test]
async fn a_server_that_is_not_there_or_slow_or_breaks_off() {
    let media = HttpMedia::new(&local().with_read_deadline(Duration::from_millis(300))).unwrap();
    let hangs = Server::start(|_| Act::Hang).await;
    let stalls = Server::start(|_| {
        Act::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec())
    })
    .await;
    let breaks = Server::start(|_| {
        Act::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec())
    })
    .await;
    for server in [&hangs, &stalls, &breaks] {
        unavailable(read_with(&media, server, 0, 50).await);
    }
    let url = format!("{}/?sig=SECRET", crate::echo::closed_address());
    let range = MediaRange {
        url,
        offset: 0,
        length: 1,
    };
    unavailable(media.read(range).await);
}

/// A server whose file changes from the second request on.
async fn changing(before: &'static [&'static str], after: &'static [&'static str]) -> Server {
    let count = AtomicUsize::new(0);
    let file = file();
    Server::start(move |request| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        part(request, &file, if first { before } else { after })
    })
    .await
}

#[tokio::test]
async fn a_file_that_changes_between_two_reads_is_noticed() {
    const OLD: &str = "last-modified: Wed, 21 Oct 2026 07:28:00 GMT";
    const NEW: &str = "last-modified: Thu, 22 Oct 2026 07:28:00 GMT";
    let same: [(&[&str], &[&str]); 4] = [
        (&["etag: \"a\""], &["etag: \"a\""]),
        (&["etag: \"a\""], &[]),
        // Weak, or outvoted by a strong one.
        (&["etag: W/\"a\""], &["etag: W/\"b\""]),
        (&["etag: \"a\"", OLD], &["etag: \"a\"", NEW]),
    ];
    for (before, after) in same {
        let server = changing(before, after).await;
        let media = HttpMedia::new(&local()).unwrap();
        read_with(&media, &server, 0, 10).await.unwrap();
        read_with(&media, &server, 10, 10).await.unwrap();
    }
    let other: [(&[&str], &[&str]); 2] = [(&["etag: \"a\""], &["etag: \"b\""]), (&[OLD], &[NEW])];
    for (before, after) in other {
        let server = changing(before, after).await;
        let media = HttpMedia::new(&local()).unwrap();
        read_with(&media, &server, 0, 10).await.unwrap();
        assert!(unavailable(read_with(&media, &server, 10, 10).await).contains("changed"));
        // From its start it is a file like any other.
        read_with(&media, &server, 0, 10).await.unwrap();
        read_with(&media, &server, 10, 10).await.unwrap();
    }
}

#[tokio::test]
async fn a_size_that_changes_is_noticed() {
    let size = Arc::new(AtomicUsize::new(500));
    let now = Arc::clone(&size);
    let server =
        Server::start(move |request| part(request, &file()[..now.load(Ordering::SeqCst)], &[]))
            .await;
    let media = HttpMedia::new(&local()).unwrap();
    read_with(&media, &server, 0, 10).await.unwrap();
    size.store(600, Ordering::SeqCst);
    assert!(unavailable(read_with(&media, &server, 10, 10).await).contains("changed"));
}
