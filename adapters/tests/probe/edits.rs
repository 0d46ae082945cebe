//! Edit lists: what a player that ignores them would show, not whether they are there.

use calendar_publish_adapters::probe::probe_bytes;

use super::tools::{ffmpeg, find, make, path};

fn edited(film: &[u8]) -> Option<bool> {
    probe_bytes(film, Some(film.len() as u64))
        .unwrap()
        .edit_list
}

/// How many edit lists a film has.
fn lists(film: &[u8]) -> usize {
    film.windows(4).filter(|word| word == b"elst").count()
}

#[test]
fn what_every_encoder_writes_is_no_edit() {
    // B-frames and AAC each bring a list that says when the first frame is due.
    let film = make("usual.mp4", "{picture} {sound} -c:v libx264 -bf 2 -c:a aac");
    assert_eq!(lists(&film), 2);
    assert_eq!(edited(&film), Some(false));
    let film = make(
        "usual.mov",
        "{picture} {sound} -c:v libx265 -x265-params log-level=error -c:a aac",
    );
    assert!(lists(&film) > 0);
    assert_eq!(edited(&film), Some(false));
}

#[test]
fn a_film_without_lists_has_no_edits() {
    let film = make(
        "no_list.mp4",
        "{picture} {sound} -c:v libx264 -bf 0 -c:a aac -use_editlist 0",
    );
    assert_eq!(lists(&film), 0);
    assert_eq!(edited(&film), Some(false));
}

#[test]
fn a_beginning_that_was_cut_without_encoding_again_is_an_edit() {
    make("long.mp4", "{picture} {sound} -c:v libx264 -g 250 -c:a aac");
    let long = path("long.mp4");
    let film = ffmpeg("cut.mp4", &format!("-ss 0.7 -i {} -c copy", long.display()));
    assert_eq!(edited(&film), Some(true));
}

#[test]
fn a_sound_that_begins_late_is_an_edit() {
    make("both.mp4", "{picture} {sound} -c:v libx264 -c:a aac");
    let both = path("both.mp4");
    let both = both.display();
    let film = ffmpeg(
        "late.mp4",
        &format!("-i {both} -itsoffset 0.5 -i {both} -map 0:v -map 1:a -c copy"),
    );
    assert_eq!(edited(&film), Some(true));
}

#[test]
fn a_film_that_ends_early_runs_faster_or_is_repeated_is_an_edit() {
    let film = make("bent.mp4", "{picture} -c:v libx264");
    assert_eq!(edited(&film), Some(false));
    // After the kind: version and flags, a count, then duration, beginning and rate (ISO/IEC 14496-12, 8.6.6).
    let list = find(&film, b"elst") + 4;
    let bent = |at: usize, value: [u8; 4]| {
        let mut film = film.clone();
        film[list + at..list + at + 4].copy_from_slice(&value);
        edited(&film)
    };
    let duration = u32::from_be_bytes(film[list + 8..list + 12].try_into().unwrap());
    assert_eq!(bent(8, (duration / 2).to_be_bytes()), Some(true));
    assert_eq!(bent(16, [0, 2, 0, 0]), Some(true));
    assert_eq!(bent(16, [0, 0, 0, 0]), Some(true));
    // A list that can't be read isn't judged.
    assert_eq!(bent(12, (-7_i32).to_be_bytes()), None);
    assert_eq!(bent(4, 9_u32.to_be_bytes()), None);
}
