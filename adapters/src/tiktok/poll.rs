//! How often TikTok is asked what became of a post.

use std::time::Duration;

/// The first waits, in seconds.
const FIRST: [u64; 3] = [3, 5, 10];

/// What a wait grows to, in seconds, while a post is young.
const LONGEST: u64 = 60;

/// How long a post counts as young.
const YOUNG: Duration = Duration::from_secs(30 * 60);

/// The wait once it isn't.
const OLD: Duration = Duration::from_secs(15 * 60);

/// How long to wait before the question number `asked` (from 0), when the post was handed over `age` ago:
/// 3, 5 and 10 seconds, then half as long again up to a minute; after half an hour, a quarter of one.
///
/// That stays far under TikTok's 30 questions a minute and token (TikTok, Content Posting API, Get Post
/// Status, read 2026-11-20). Processing takes seconds to minutes there, moderation sometimes hours.
pub(super) fn wait(asked: u32, age: Duration) -> Duration {
    if age >= YOUNG {
        return OLD;
    }
    let index = asked as usize;
    if let Some(seconds) = FIRST.get(index) {
        return Duration::from_secs(*seconds);
    }
    let mut millis = FIRST[FIRST.len() - 1] * 1_000;
    for _ in FIRST.len()..=index {
        millis = (millis * 3 / 2).min(LONGEST * 1_000);
        if millis == LONGEST * 1_000 {
            break;
        }
    }
    Duration::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_then_to_a_quarter_of_an_hour() {
        let young = Duration::from_secs(60);
        let waits: Vec<f64> = (0..9).map(|n| wait(n, young).as_secs_f64()).collect();
        assert_eq!(
            waits,
            [3.0, 5.0, 10.0, 15.0, 22.5, 33.75, 50.625, 60.0, 60.0]
        );
        assert_eq!(wait(u32::MAX, young), Duration::from_secs(60));
        assert_eq!(
            wait(40, Duration::from_secs(1_800)),
            Duration::from_secs(900)
        );
    }
}
