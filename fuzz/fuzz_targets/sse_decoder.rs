//! However a stream is cut, it says the same.
#![no_main]

use calendar_publish::generation::{SseDecoder, SseEvent};
use libfuzzer_sys::fuzz_target;

/// What the stream says in these chunks, its failure and what is left over at its end.
fn read<'a>(bound: usize, chunks: impl Iterator<Item = &'a [u8]>) -> (Vec<String>, String) {
    let mut decoder = SseDecoder::with_max_event_bytes(bound);
    let mut seen = Vec::new();
    for mut chunk in chunks {
        loop {
            match decoder.next(&mut chunk) {
                Ok(None) => break,
                Ok(Some(SseEvent::Comment(text))) => seen.push(format!(":{text}")),
                Ok(Some(SseEvent::Message(message))) => seen.push(format!("{message:?}")),
                Err(error) => {
                    seen.push(error.to_string());
                    return (seen, String::new());
                }
            }
        }
    }
    let incomplete = decoder.finish();
    let rest = format!(
        "{incomplete} {} {:?}",
        decoder.last_event_id(),
        decoder.retry_millis()
    );
    (seen, rest)
}

// The first byte is the bound, the second the length of the cuts.
fuzz_target!(|input: &[u8]| {
    let [bound, cut, stream @ ..] = input else {
        return;
    };
    let bound = match bound {
        0 => 1 << 20,
        bound => usize::from(*bound),
    };
    let whole = read(bound, std::iter::once(stream));
    let chunks = read(bound, stream.chunks(usize::from(*cut % 16) + 1));
    assert_eq!(whole, chunks);
});
