//! Files that were cut off, bent, or made to do harm: an answer or an error, soon, and never a panic.

use std::time::{Duration, Instant};

use calendar_publish_adapters::probe::{ProbeError, probe, probe_bytes};
use futures_executor::block_on;

use super::sparse::Sparse;
use super::tools::{convert, ffmpeg, make};

fn files() -> Vec<Vec<u8>> {
    vec![
        make(
            "bend.mp4",
            "{picture} {sound} -c:v libx264 -c:a aac -movflags +faststart",
        ),
        make("bend.mov", "{picture} {sound} -c:v libx264 -c:a aac"),
        make(
            "bend_fragments.mp4",
            "{picture} -c:v libx264 -g 9 -movflags frag_keyframe+empty_moov",
        ),
        convert("bend.jpg", "-size 120x90 plasma:red-blue"),
        convert("bend.png", "-size 12x9 plasma:red-blue"),
        convert("bend.webp", "-size 120x90 plasma:red-blue"),
        convert("bend.gif", "-size 120x90 plasma:red-blue"),
        convert("bend.heic", "-size 64x64 plasma:red-blue"),
        ffmpeg(
            "bend.webm",
            "-f lavfi -i testsrc=size=64x64:rate=5:duration=1 -c:v libvpx",
        ),
    ]
}

#[test]
fn a_file_cut_off_anywhere_is_an_answer_or_an_error() {
    for file in files() {
        let total = file.len() as u64;
        let whole = probe_bytes(&file, Some(total)).unwrap();
        let step = 1 + file.len() / 1_500;
        for length in (0..file.len().min(400)).chain((400..file.len()).step_by(step)) {
            let head = &file[..length];
            for total in [None, Some(length as u64), Some(total)] {
                if let Ok(facts) = probe_bytes(head, total) {
                    assert_eq!(facts.mime_type, whole.mime_type, "{length} bytes");
                }
            }
            // With the true size, more bytes are asked for, or what is told is true.
            match probe_bytes(head, Some(total)) {
                Ok(facts) => assert_eq!(facts.width, whole.width),
                Err(ProbeError::NeedsMore {
                    offset,
                    length: more,
                }) => {
                    assert!(offset + more > length as u64 && offset < total);
                }
                Err(error) => panic!("{length} bytes of {total}: {error}"),
            }
        }
    }
}

#[test]
fn bent_files_never_panic_nor_hang() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let started = Instant::now();
    for file in files() {
        for _ in 0..1_500 {
            let mut bent = file.clone();
            for _ in 0..1 + next() % 8 {
                // Headers stand at the beginning and at the end.
                let near = (next() % 4_096).min(bent.len() as u64 - 1) as usize;
                let at = if next().is_multiple_of(2) {
                    near
                } else {
                    bent.len() - 1 - near
                };
                bent[at] = match next() % 4 {
                    0 => 0xff,
                    1 => 0,
                    2 => bent[at] ^ 1 << (next() % 8),
                    _ => next() as u8,
                };
            }
            let length = bent.len() as u64;
            let direct = probe_bytes(&bent, Some(length));
            // The same bytes by ranges give the same answer.
            let by_ranges = block_on(probe(&Sparse::new(vec![(0, bent)], length), ""));
            assert_eq!(by_ranges, direct);
        }
    }
    assert!(started.elapsed() < Duration::from_secs(120));
}

#[test]
fn claims_without_bytes_are_no_trap() {
    let boxed = |kind: &[u8; 4], content: Vec<u8>| {
        let mut bytes = (content.len() as u32 + 8).to_be_bytes().to_vec();
        bytes.extend(kind);
        bytes.extend(content);
        bytes
    };
    let brand = boxed(b"ftyp", b"isom\0\0\0\0isom".to_vec());
    // A million boxes without content.
    let mut film = brand.clone();
    for _ in 0..1_000_000 {
        film.extend(boxed(b"free", Vec::new()));
    }
    assert!(probe_bytes(&film, Some(film.len() as u64)).is_err());
    // A box inside a box inside a box, and so on.
    let mut nest = Vec::new();
    for depth in 0..5_000 {
        let kind = [b"stbl", b"minf", b"mdia", b"trak"][depth % 4];
        nest = boxed(kind, nest);
    }
    let film = [brand.clone(), boxed(b"moov", nest)].concat();
    assert!(probe_bytes(&film, Some(film.len() as u64)).is_ok());
    // Tables that claim four billion rows, and descriptors inside descriptors.
    let many = |kind| boxed(kind, [[0; 4], [0xff; 4]].concat());
    let mut descriptor = Vec::new();
    for _ in 0..20_000 {
        let mut outer = vec![3, 0x83, 0xff, 0x7f, 0, 0, 0];
        outer.append(&mut descriptor);
        descriptor = outer;
        if descriptor.len() > 60_000 {
            break;
        }
    }
    let mut entry = vec![0; 28];
    entry.extend(boxed(b"esds", [vec![0; 4], descriptor].concat()));
    let entries = [vec![0, 0, 0, 0, 0, 0, 0, 1], boxed(b"mp4a", entry)].concat();
    let table = [
        many(b"stts"),
        many(b"ctts"),
        boxed(b"stsd", entries),
        many(b"stsz"),
    ]
    .concat();
    let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0soun\0\0\0\0".to_vec());
    let media = [handler, boxed(b"minf", boxed(b"stbl", table))].concat();
    let track = [boxed(b"edts", many(b"elst")), boxed(b"mdia", media)].concat();
    let film = [brand, boxed(b"moov", boxed(b"trak", track))].concat();
    assert_eq!(
        probe_bytes(&film, Some(film.len() as u64))
            .unwrap()
            .mime_type,
        "audio/mp4"
    );
    // A box as long as a number can say, in a file of unknown length.
    let endless = [&1_u32.to_be_bytes()[..], b"free", &[0xff; 8]].concat();
    let film = [boxed(b"ftyp", b"isom\0\0\0\0isom".to_vec()), endless].concat();
    assert!(probe_bytes(&film, None).is_err());
    // A JPEG of nothing but filling.
    let filling = [&[0xff, 0xd8][..], &[0xff; 1_000_000]].concat();
    assert!(probe_bytes(&filling, Some(filling.len() as u64)).is_err());
}
