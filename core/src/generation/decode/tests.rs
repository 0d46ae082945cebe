//! Expectations from the WHATWG HTML Living Standard, sections 9.2.5 and 9.2.6, unless a case says
//! otherwise.

use proptest::prelude::*;

use super::{SseDecoder, SseEvent};
use crate::error::Code;

/// What a stream says when it comes in these chunks: messages as `name|data|id`, comments as `:text`,
/// the failure as its code and place.
fn read_chunks<'a>(
    decoder: &mut SseDecoder,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<String> {
    let mut seen = Vec::new();
    for mut chunk in chunks {
        loop {
            match decoder.next(&mut chunk) {
                Ok(None) => break,
                Ok(Some(SseEvent::Comment(text))) => seen.push(format!(":{text}")),
                Ok(Some(SseEvent::Message(message))) => seen.push(format!(
                    "{}|{}|{}",
                    message.event, message.data, message.last_event_id
                )),
                Err(error) => {
                    let place = error.position.unwrap();
                    seen.push(format!("{}@{}:{}", error.code, place.line, place.column));
                    return seen;
                }
            }
        }
    }
    seen
}

fn read(stream: impl AsRef<[u8]>) -> Vec<String> {
    read_chunks(&mut SseDecoder::new(), [stream.as_ref()])
}

#[test]
fn the_standards_own_examples() {
    assert_eq!(
        read(
            "data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\ndata: This is the third message.\n\n"
        ),
        [
            "message|This is the first message.|",
            "message|This is the second message, it\nhas two lines.|",
            "message|This is the third message.|",
        ]
    );
    assert_eq!(
        read(
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n"
        ),
        [
            ": test stream",
            "message|first event|1",
            "message|second event|"
        ]
    );
    assert_eq!(
        read("data\n\ndata\ndata\n\ndata:"),
        ["message||", "message|\n|"]
    );
    assert_eq!(
        read("data:test\n\ndata: test\n\n"),
        ["message|test|", "message|test|"]
    );
}

#[test]
fn a_comment_inside_an_event_leaves_the_event_whole() {
    for stream in [
        "data: a\n: x\nevent: e\ndata: b\n\n",
        "data: a\r\n: x\r\nevent: e\r\ndata: b\r\n\r\n",
    ] {
        assert_eq!(read(stream), [": x", "e|a\nb|"]);
    }
}

#[test]
fn an_id_counts_from_its_blank_line_even_without_data() {
    let mut decoder = SseDecoder::new();
    assert!(read_chunks(&mut decoder, [b"id: 7\n".as_slice()]).is_empty());
    assert_eq!(decoder.last_event_id(), "");
    read_chunks(&mut decoder, [b"\nid: a\0b\n\n".as_slice()]);
    assert_eq!(decoder.last_event_id(), "7");
}

#[test]
fn only_digits_set_the_reconnection_time() {
    let mut decoder = SseDecoder::new();
    for (stream, expected) in [
        ("retry: 10s\n", None),
        ("retry: 3000\n", Some(3000)),
        ("retry: -1\nretry:\nretry: 1.5\nretry: ٣\n", Some(3000)),
        ("retry: 99999999999999999999999\n", Some(u64::MAX)),
    ] {
        read_chunks(&mut decoder, [stream.as_bytes()]);
        assert_eq!(decoder.retry_millis(), expected, "{stream}");
    }
}

#[test]
fn the_end_discards_what_is_incomplete_and_keeps_the_id() {
    let mut decoder = SseDecoder::new();
    read_chunks(
        &mut decoder,
        [b"id: 1\nretry: 5\ndata: a\n\nid: 2\ndata: b\n".as_slice()],
    );
    assert!(decoder.finish());
    assert_eq!(
        (decoder.last_event_id(), decoder.retry_millis()),
        ("1", Some(5))
    );
    let again = read_chunks(
        &mut decoder,
        [b"\n\n\xEF\xBB\xBFdata: c\n\n\ndata: d\n\n".as_slice()],
    );
    assert_eq!(
        again,
        ["message|d|1"],
        "a byte order mark is one only at the very start"
    );
    assert!(!decoder.finish());
}

#[test]
fn bytes_that_are_not_utf8_become_replacement_characters() {
    // The Encoding Standard's "maximal subpart" practice: one U+FFFD for a cut sequence.
    assert_eq!(
        read(b"data: \xE2\x82x\xFF\n\n"),
        ["message|\u{FFFD}x\u{FFFD}|"]
    );
    assert_eq!(read(b"ev\xFFent: a\ndata: b\n\n"), ["message|b|"]);
}

#[test]
fn an_event_of_the_bound_passes_and_one_byte_more_is_refused_with_its_place() {
    let read_bounded = |stream: &str| {
        read_chunks(
            &mut SseDecoder::with_max_event_bytes(16),
            [stream.as_bytes()],
        )
    };
    assert_eq!(
        read_bounded("data: 0123456789\n\n"),
        ["message|0123456789|"]
    );
    assert_eq!(
        read_bounded("\ndata: 0123456789a\n\n"),
        ["STREAM_EVENT_TOO_LARGE@2:17"]
    );
    // "data: 012345" and its end are 13 bytes: three more fit.
    assert_eq!(
        read_bounded("data: 012345\ndata: 0\n\n"),
        ["STREAM_EVENT_TOO_LARGE@2:4"]
    );
    assert_eq!(
        read_bounded("data: 012345\n: 0123456789abc\n\n"),
        [": 0123456789abc", "message|012345|"],
        "a comment is measured by itself"
    );
    assert_eq!(
        read_bounded(": 0123456789abcde\n"),
        ["STREAM_EVENT_TOO_LARGE@1:17"]
    );
}

#[test]
fn a_hundred_megabytes_without_a_line_end_are_refused_in_bounded_memory() {
    let chunk = vec![b'x'; 1 << 16];
    for start in [b"data: ".as_slice(), b": ", b"", b"id: "] {
        let mut decoder = SseDecoder::new();
        assert_eq!(decoder.next(&mut &*start), Ok(None));
        let refused_after = (0..1600).find(|_| decoder.next(&mut chunk.as_slice()).is_err());
        assert_eq!(refused_after, Some(15 + usize::from(start.is_empty())));
        let held = decoder.line.capacity() + decoder.data.capacity() + decoder.name.capacity();
        assert!(held <= 4 << 20, "{held} bytes held");
        let error = decoder
            .next(&mut b"\n\ndata: a\n\n".as_slice())
            .unwrap_err();
        assert_eq!(
            error.code,
            Code::StreamEventTooLarge,
            "the refusal ends the stream"
        );
    }
    let mut whole = vec![b'x'; 100 << 20];
    whole[..6].copy_from_slice(b"data: ");
    assert_eq!(read(&whole), ["STREAM_EVENT_TOO_LARGE@1:1048577"]);
}

#[test]
fn endless_short_lines_are_bounded_too() {
    let lines = b"data\n".repeat(1 << 18);
    assert_eq!(read(&lines), ["STREAM_EVENT_TOO_LARGE@209716:2"]);
}

/// Streams made of the pieces that matter, and of any bytes.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just(b"data: ".to_vec()),
        Just(b"data".to_vec()),
        Just(b"event: ".to_vec()),
        Just(b"id: ".to_vec()),
        Just(b"retry: 12".to_vec()),
        Just(b": c".to_vec()),
        Just(b":".to_vec()),
        Just(b" ".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just("á🎉".as_bytes().to_vec()),
        Just(b"\0".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// The standard's algorithm at its plainest: decode everything, split into lines, interpret. No
/// bound, no chunks, no borrowing.
fn by_the_book(stream: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(stream).into_owned();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.pop(); // What follows the last line end is incomplete.
    let (mut data, mut event, mut id, mut last_id) =
        (String::new(), String::new(), String::new(), String::new());
    let mut seen = Vec::new();
    for line in lines {
        if line.is_empty() {
            last_id.clone_from(&id);
            if !data.is_empty() {
                data.pop();
                let name = if event.is_empty() { "message" } else { &event };
                seen.push(format!("{name}|{data}|{last_id}"));
            }
            data.clear();
            event.clear();
        } else if let Some(comment) = line.strip_prefix(':') {
            seen.push(format!(":{comment}"));
        } else {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => event = value.to_owned(),
                "data" => data = format!("{data}{value}\n"),
                "id" if !value.contains('\0') => id = value.to_owned(),
                _ => {}
            }
        }
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_decoder_reads_what_the_book_reads(stream in stream()) {
        prop_assert_eq!(read(&stream), by_the_book(&stream));
    }

    #[test]
    fn any_cut_gives_the_same_events(
        stream in stream(),
        cuts in proptest::collection::vec(1_usize..9, 1..60),
        bound in prop_oneof![Just(1 << 20), 1_usize..40],
    ) {
        let whole = read_chunks(&mut SseDecoder::with_max_event_bytes(bound), [stream.as_slice()]);
        let mut rest = stream.as_slice();
        let mut chunks = Vec::new();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, after) = rest.split_at((*cut).min(rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        let cut = read_chunks(&mut SseDecoder::with_max_event_bytes(bound), chunks);
        prop_assert_eq!(cut, whole);
    }
}
