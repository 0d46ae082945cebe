//! The event-stream decoder beside its peers: 10 MB of 110,000 events, whole and in small chunks.
//!
//! Every reader adds up the lengths of the data it was handed, and the sums must agree. The two
//! async peers are polled by hand over chunks that are there already, so that no runtime is measured.

use std::convert::Infallible;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use calendar_publish::generation::{SseDecoder, SseEvent};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use eventsource_stream::Eventsource;
use futures_util::stream::{self, Stream};

const EVENTS: usize = 110_000;

/// Events as the host sends them (or without names, as most of its peers do), a keep-alive after
/// every hundredth.
fn recording(name: &str) -> Vec<u8> {
    let mut stream = Vec::new();
    for index in 0..EVENTS {
        let copy = if index % 4 == 0 {
            "Pan de ayer, ¡mañana no!"
        } else {
            "Pan de hoy, receta nueva"
        };
        stream.extend_from_slice(
            format!(
                "{name}data: {{\"type\":\"calendar_piece\",\"index\":{index:06},\"copy\":\"{copy}\"}}\n\n"
            )
            .as_bytes(),
        );
        if index % 100 == 0 {
            stream.extend_from_slice(b": keep-alive\n\n");
        }
    }
    stream
}

/// Cuts `stream` into chunks of 8 to 220 bytes; the lengths come from a fixed generator.
fn cut(stream: &[u8]) -> Vec<&[u8]> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut rest = stream;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let length = 8 + (state % 213) as usize;
        let (chunk, after) = rest.split_at(length.min(rest.len()));
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

fn ours(chunks: &[&[u8]]) -> usize {
    let mut decoder = SseDecoder::new();
    let mut sum = 0;
    for chunk in chunks {
        let mut rest = *chunk;
        while let Some(event) = decoder.next(&mut rest).unwrap() {
            if let SseEvent::Message(message) = event {
                sum += black_box(&message.data).len();
            }
        }
    }
    sum
}

fn sse_core(chunks: &[&[u8]]) -> usize {
    let mut decoder = sse_core::SseDecoder::new();
    let mut sum = 0;
    for chunk in chunks {
        let mut rest = *chunk;
        while let Some(event) = decoder.next(&mut rest) {
            if let sse_core::SseEvent::Message(message) = event.unwrap() {
                sum += black_box(&message.data).len();
            }
        }
    }
    sum
}

fn sse_parse(chunks: &[&[u8]]) -> usize {
    let mut parser = sse_parse::SseParser::new();
    let mut sum = 0;
    for chunk in chunks {
        parser.feed(chunk);
        while let Some(event) = parser.next_event() {
            sum += black_box(&event.data).len();
        }
    }
    sum
}

fn sse_stream(chunks: &'static [&'static [u8]]) -> usize {
    let source = stream::iter(chunks.iter().map(|chunk| Ok::<_, Infallible>(*chunk)));
    drain(sse_stream::SseByteStream::new(source), |event| {
        event.unwrap().data.map_or(0, |data| black_box(data).len())
    })
}

fn eventsource_stream(chunks: &'static [&'static [u8]]) -> usize {
    let source = stream::iter(chunks.iter().map(|chunk| Ok::<_, Infallible>(*chunk)));
    drain(source.eventsource(), |event| {
        black_box(event.unwrap().data).len()
    })
}

fn drain<S: Stream>(stream: S, length: impl Fn(S::Item) -> usize) -> usize {
    let mut stream = pin!(stream);
    let mut context = Context::from_waker(Waker::noop());
    let mut sum = 0;
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut context) {
        sum += length(item);
    }
    sum
}

type Reader = (&'static str, fn(&'static [&'static [u8]]) -> usize);

fn bench(c: &mut Criterion) {
    let named: &'static [u8] = recording("event: data\n").leak();
    let plain: &'static [u8] = recording("").leak();
    let inputs: [(&str, &'static [&'static [u8]]); 4] = [
        ("sse_whole", vec![named].leak()),
        ("sse_chunks", cut(named).leak()),
        ("sse_plain_whole", vec![plain].leak()),
        ("sse_plain_chunks", cut(plain).leak()),
    ];
    for (name, input) in inputs {
        let expected = ours(input);
        let mut group = c.benchmark_group(name);
        group.sample_size(20);
        group.throughput(Throughput::Elements(EVENTS as u64));
        let mut readers: Vec<Reader> = vec![
            ("calendar-publish", |input| ours(input)),
            ("peer: sse-core", |input| sse_core(input)),
            ("peer: sse-parse", |input| sse_parse(input)),
            ("peer: sse-stream", sse_stream),
        ];
        // Its time grows with the square of a chunk's length: 10 MB at once take it half a minute.
        if name.ends_with("chunks") {
            readers.push(("peer: eventsource-stream", eventsource_stream));
        }
        for (reader, read) in readers {
            assert_eq!(read(input), expected, "{reader} reads something else");
            group.bench_function(reader, |b| b.iter(|| read(black_box(input))));
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
