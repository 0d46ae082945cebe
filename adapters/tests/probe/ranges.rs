//! Reading by ranges: how little of a file is read, and in how small pieces.

use calendar_publish::ports::MediaError;
use calendar_publish_adapters::probe::{MAX_READ, ProbeError, probe, probe_bytes};
use calendar_publish_simulators::{MediaShelf, ShelvedFile};
use futures_executor::block_on;

use super::pictures::with_segment;
use super::sparse::{GIB, Sparse, huge};
use super::tools::{convert, find, make};

#[test]
fn the_index_at_the_end_of_4_gb_is_found_with_few_small_reads() {
    let film = make("to_stretch.mp4", "{picture} {sound} -c:v libx264 -c:a aac");
    let small = probe_bytes(&film, Some(film.len() as u64)).unwrap();
    let file = huge(&film);
    let facts = block_on(probe(&file, "https://cdn.example/huge.mp4")).unwrap();
    assert_eq!(facts.size_bytes, Some(file.total));
    assert_eq!(facts.moov_first, Some(false));
    let mut same = facts.clone();
    (same.size_bytes, same.bit_rate) = (small.size_bytes, small.bit_rate);
    assert_eq!(same, small);
    let (reads, largest, bytes) = file.counted();
    assert!(reads <= 4, "{reads} reads");
    assert!(largest <= MAX_READ, "a read of {largest} bytes");
    assert!(bytes < 512 * 1_024, "{bytes} bytes read");
}

#[test]
fn first_bytes_that_lack_the_index_say_where_it_is() {
    let film = make("to_cut.mp4", "{picture} {sound} -c:v libx264 -c:a aac");
    let index = find(&film, b"moov") as u64 - 4;
    let head = &film[..film.len() / 4];
    let Err(ProbeError::NeedsMore { offset, .. }) = probe_bytes(head, Some(film.len() as u64))
    else {
        panic!("the index isn't in the first quarter");
    };
    assert_eq!(offset, index);
    assert!(matches!(
        probe_bytes(head, Some(head.len() as u64)),
        Err(ProbeError::CutOff { .. })
    ));
}

#[test]
fn the_index_at_the_beginning_suffices() {
    let film = make(
        "first.mp4",
        "{picture} {sound} -c:v libx264 -c:a aac -movflags +faststart",
    );
    let data = find(&film, b"mdat") + 4;
    let whole = probe_bytes(&film, Some(film.len() as u64)).unwrap();
    let head = probe_bytes(&film[..data], Some(film.len() as u64)).unwrap();
    assert_eq!(head, whole);
    assert_eq!(head.moov_first, Some(true));
    // A file that was cut off later is told from one of which more isn't in hand.
    assert!(matches!(
        probe_bytes(&film[..data], Some(data as u64)),
        Err(ProbeError::CutOff { .. })
    ));
    let shelf = MediaShelf::default();
    let url = "https://cdn.example/first.mp4";
    shelf.put(
        url,
        ShelvedFile::new("video/mp4", film.clone()).padded_to(4 * GIB),
    );
    let facts = block_on(probe(&shelf, url)).unwrap();
    assert_eq!(facts.size_bytes, Some(4 * GIB));
    assert_eq!(facts.duration_ms, whole.duration_ms);
    assert!(shelf.fetches().iter().all(|fetch| fetch.length <= MAX_READ));
    assert!(shelf.fetches().len() <= 2);
}

#[test]
fn junk_inside_the_index_is_skipped() {
    let film = make("junk.mp4", "{picture} -c:v libx264");
    let (index, track) = (find(&film, b"moov") - 4, find(&film, b"trak") - 4);
    let junk = GIB as u32;
    let mut head = film[..track].to_vec();
    let size = (film.len() - index) as u32 + junk;
    head[index..index + 4].copy_from_slice(&size.to_be_bytes());
    head.extend(junk.to_be_bytes());
    head.extend(b"free");
    let rest = track as u64 + u64::from(junk);
    let total = film.len() as u64 + u64::from(junk);
    let file = Sparse::new(vec![(0, head), (rest, film[track..].to_vec())], total);
    let facts = block_on(probe(&file, "https://cdn.example/junk.mp4")).unwrap();
    assert_eq!(facts.video_codec.as_deref(), Some("h264"));
    assert_eq!(facts.frame_rate, Some(25.0));
    let (_, largest, bytes) = file.counted();
    assert!(largest <= MAX_READ && bytes < 1_024 * 1_024);
}

#[test]
fn films_in_fragments_are_added_up() {
    let arguments = "{picture} {sound} -c:v libx264 -g 25 -c:a aac -movflags";
    for flags in [
        "frag_keyframe+empty_moov+default_base_moof",
        "frag_keyframe",
    ] {
        let film = make("fragments.mp4", &format!("{arguments} {flags}"));
        let facts = probe_bytes(&film, Some(film.len() as u64)).unwrap();
        // Two seconds with 25 frames each, and the little that a sound codec adds.
        let duration = facts.duration_ms.unwrap();
        assert!((2_000..2_100).contains(&duration), "{flags}: {duration} ms");
        assert_eq!(facts.frame_rate.map(f64::round), Some(25.0), "{flags}");
        assert_eq!(facts.edit_list, Some(false), "{flags}");
        assert_eq!(facts.moov_first, Some(true), "{flags}");
        assert_eq!(facts.audio_sample_rate, Some(48_000), "{flags}");
        // With less than the whole in hand the duration isn't known, and isn't guessed.
        let head = probe_bytes(&film[..film.len() / 2], Some(film.len() as u64)).unwrap();
        assert_eq!(head.duration_ms, None, "{flags}");
        assert_eq!(head.video_codec.as_deref(), Some("h264"), "{flags}");
    }
}

#[test]
fn a_picture_with_much_before_it_is_read_in_small_pieces() {
    let mut picture = convert("far.jpg", "-size 120x90 plasma:red-blue");
    for _ in 0..50 {
        picture = with_segment(&picture, 0xed, &[7; 65_000]);
    }
    let total = picture.len() as u64;
    let file = Sparse::new(vec![(0, picture)], total);
    let facts = block_on(probe(&file, "https://cdn.example/far.jpg")).unwrap();
    assert_eq!((facts.width, facts.height), (Some(120), Some(90)));
    assert!(file.counted().1 <= MAX_READ);
}

#[test]
fn a_source_that_fails_or_changes_is_no_fault_of_the_file() {
    let shelf = MediaShelf::default();
    let missing = block_on(probe(&shelf, "https://cdn.example/none.mp4"));
    assert_eq!(missing, Err(ProbeError::Source(MediaError::Missing)));
}
