//! Chunk plans: which are taken, and what the others are told.

use calendar_publish_simulators::tiktok::Megabyte;

use crate::desk::{Desk, file};

const SIZE: &str = "The chunk size is invalid";
const COUNT: &str = "The total chunk count is invalid";
const SOURCE: &str = "The request source info is empty or incorrect";

/// What an init with this plan is told; empty where it is taken.
fn told(desk: &Desk, video_size: usize, chunk_size: usize, count: usize) -> String {
    desk.pass(60);
    let reply = desk.video_init(file(video_size, chunk_size, count));
    let (status, code, message) = reply.told();
    match message {
        "" => assert_eq!((status, code), (200, "ok")),
        _ => assert_eq!((status, code), (400, "invalid_params")),
    }
    message.to_owned()
}

#[test]
fn plans_that_are_valid_under_every_reading_are_taken() {
    let desk = Desk::new();
    for (video_size, chunk_size, count) in [
        (4_194_304, 4_194_304, 1),
        (64_000_000, 64_000_000, 1),
        (64_000_001, 10_000_000, 6),
        (66_259_900, 10_000_000, 6),
        (84_539_038, 10_000_000, 8),
        (158_008_374, 10_000_000, 15),
        // Taken in practice: chunks of 5 MiB, and of 10 MiB.
        (158_008_374, 5_242_880, 30),
        (80_000_000, 10_485_760, 7),
        (4_000_000_000, 10_000_000, 400),
    ] {
        assert_eq!(
            told(&desk, video_size, chunk_size, count),
            "",
            "{video_size}"
        );
    }
}

#[test]
fn other_plans_are_told_which_number_is_wrong() {
    let desk = Desk::new();
    for (video_size, chunk_size, count, expected) in [
        // One chunk must be the whole file, since August 2026.
        (66_259_900, 64_000_000, 1, SIZE),
        (121_000_000, 67_108_864, 1, SIZE),
        (70_000_000, 70_000_000, 1, SIZE),
        // Rounded up instead of down.
        (66_259_900, 10_000_000, 7, COUNT),
        (66_259_900, 10_000_000, 5, COUNT),
        (66_259_900, 10_000_000, 0, COUNT),
        // More than a thousand.
        (10_000_000_000, 5_242_880, 1907, SOURCE),
        // Chunks under 5 MB, and over 64 MB.
        (66_259_900, 4_999_999, 13, SIZE),
        (200_000_000, 65_000_000, 3, SIZE),
        // A file under 5 MB is one chunk.
        (4_000_000, 2_000_000, 2, SIZE),
        (4_000_000, 5_242_880, 1, SIZE),
        (4_000_000, 0, 1, SIZE),
        (0, 0, 1, SOURCE),
        (4_000_000_001, 10_000_000, 400, SOURCE),
    ] {
        let message = told(&desk, video_size, chunk_size, count);
        assert_eq!(message, expected, "{video_size} in {count} of {chunk_size}");
    }
}

#[test]
fn what_a_megabyte_is_can_be_chosen() {
    let desk = Desk::new();
    let takes = |megabyte, size, chunk, count| {
        desk.tiktok.knobs(|knobs| knobs.megabyte = megabyte);
        told(&desk, size, chunk, count).is_empty()
    };
    let five_million = (66_259_900, 5_000_000, 13);
    let sixty_four_mebibytes = (67_108_864, 67_108_864, 1);
    let four_gibibytes = (4_294_967_296, 10_000_000, 429);
    for ((size, chunk, count), decimal, binary) in [
        (five_million, true, false),
        (sixty_four_mebibytes, false, true),
        (four_gibibytes, false, true),
    ] {
        assert_eq!(takes(Megabyte::Decimal, size, chunk, count), decimal);
        assert_eq!(takes(Megabyte::Binary, size, chunk, count), binary);
        assert!(!takes(Megabyte::Both, size, chunk, count));
    }
}
