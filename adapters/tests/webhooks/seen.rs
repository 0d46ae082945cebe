//! What was handled is remembered for as long as platforms send it again, and no longer.

use calendar_publish::model::Timestamp;
use calendar_publish_adapters::webhooks::{KEEP_SEEN, MemorySeen, SeenWebhooks};
use futures_executor::block_on;

use crate::fixture::seconds;

#[test]
fn a_key_is_remembered_until_then_and_room_is_made_by_what_expires_first() {
    let seen = MemorySeen::default();
    let is_seen = |key: &str, now: Timestamp| block_on(seen.seen(key, now)).unwrap();
    let remember = |key: &str, now, until| block_on(seen.remember(key, now, until)).unwrap();
    assert!(!is_seen("a", seconds(0)));
    remember("a", seconds(0), seconds(100));
    assert!(is_seen("a", seconds(99)));
    assert!(!is_seen("a", seconds(100)));
    remember("a", seconds(50), seconds(200));
    assert!(is_seen("a", seconds(150)));
    for n in 0..MemorySeen::MAX_KEYS {
        remember(&format!("b{n}"), seconds(60), seconds(300));
    }
    assert!(!is_seen("a", seconds(150)), "it would have expired first");
    assert!(is_seen("b7", seconds(150)));
    remember("c", seconds(300), seconds(400));
    assert_eq!(format!("{seen:?}"), "MemorySeen { keys: 1 }");
}

#[test]
fn it_outlasts_the_72_hours_in_which_tiktok_sends_again() {
    assert!(KEEP_SEEN.as_secs() >= 72 * 60 * 60);
}
