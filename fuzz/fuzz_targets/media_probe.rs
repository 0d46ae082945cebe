//! Any bytes are measured or refused: no panic, no end that doesn't come, and no measurement that can't be.
#![no_main]

use calendar_publish_adapters::probe::{MediaFacts, ProbeError, probe_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    // The first byte puts the others where they matter, so that the fuzzer needn't find the way there.
    let Some((way, rest)) = bytes.split_first() else {
        return;
    };
    match way % 6 {
        0 => check(&[b"\xff\xd8\xff\xe1\x00\x20Exif\0\0MM\0\x2a\0\0\0\x08", rest].concat()),
        1 => check(&[b"RIFF\xff\xff\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0", rest].concat()),
        2 => check(&[b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", rest].concat()),
        3 => film(&[b"moov"], rest),
        4 => film(&[b"moov", b"trak", b"mdia", b"minf", b"stbl"], rest),
        // Fragments follow an index that announces them.
        _ => {
            let index = boxed(b"moov", &boxed(b"mvex", &[]));
            check(&[brand(), index, boxed(b"moof", rest)].concat());
        }
    }
});

/// A film that holds `content` below these boxes.
fn film(path: &[&[u8; 4]], content: &[u8]) {
    let inner = path
        .iter()
        .rev()
        .fold(content.to_vec(), |inner, kind| boxed(kind, &inner));
    check(&[brand(), inner].concat());
}

fn brand() -> Vec<u8> {
    boxed(b"ftyp", b"isom\0\0\0\0isom")
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = content.len() as u32 + 8;
    [&size.to_be_bytes()[..], kind, content].concat()
}

fn check(bytes: &[u8]) {
    let length = bytes.len() as u64;
    for total in [None, Some(length), Some(length.saturating_mul(3))] {
        match probe_bytes(bytes, total) {
            Ok(facts) => plausible(&facts, total),
            // What is asked for isn't in hand yet.
            Err(ProbeError::NeedsMore {
                offset,
                length: more,
            }) => assert!(offset.saturating_add(more) > length),
            Err(ProbeError::CutOff { expected, actual }) => assert!(expected > actual),
            Err(_) => {}
        }
    }
}

fn plausible(facts: &MediaFacts, total: Option<u64>) {
    assert!(matches!(facts.rotation, 0 | 90 | 180 | 270));
    assert!(!facts.mime_type.is_empty());
    assert_eq!(facts.size_bytes, total);
    assert!(facts.width != Some(0) && facts.height != Some(0));
    assert!(facts.audio_sample_rate != Some(0) && facts.audio_channels != Some(0));
    assert!(facts.frame_rate.is_none_or(|rate| rate.is_finite() && rate > 0.0));
    assert!(facts.duration_ms.is_none_or(|ms| ms > 0));
    assert!(facts.bit_rate.is_none_or(|rate| rate >= 0));
}
