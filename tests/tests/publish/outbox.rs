//! The outbox by itself.

use calendar_publish::Code;
use calendar_publish::model::{
    CalendarId, Channel, EntryId, IntentId, IntentStatus, PublishIntent, Timestamp, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{Command, RecordIntents, Store, StoreError};
use calendar_publish::publish::Outbox;
use futures_executor::block_on;

use crate::faulty::{Fault, FaultyStore};

fn user() -> UserId {
    UserId::new(deterministic_uuid(&["user"]))
}

fn calendar() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

fn intent(number: usize) -> PublishIntent {
    let number = number.to_string();
    PublishIntent {
        id: IntentId::new(deterministic_uuid(&["intent", &number])),
        calendar_id: calendar(),
        run_id: None,
        user_id: user(),
        entry_id: EntryId::new(deterministic_uuid(&["entry", &number])),
        channel: Channel::Tiktok,
        payload: "{}".to_owned(),
        status: IntentStatus::DryRun,
        error: None,
        created_at: Timestamp::from_millis(0),
    }
}

fn batch(intents: std::ops::Range<usize>) -> RecordIntents {
    RecordIntents {
        user_id: user(),
        command: None,
        intents: intents.map(intent).collect(),
    }
}

fn with_key(fingerprint: &str, intents: std::ops::Range<usize>) -> RecordIntents {
    RecordIntents {
        command: Some(Command {
            key: "k".to_owned(),
            fingerprint: fingerprint.to_owned(),
            answer: "{}".to_owned(),
        }),
        ..batch(intents)
    }
}

fn stored(store: &FaultyStore) -> Vec<IntentId> {
    block_on(store.inner.intents(user(), calendar()))
        .unwrap()
        .iter()
        .map(|intent| intent.id)
        .collect()
}

fn ids(intents: std::ops::Range<usize>) -> Vec<IntentId> {
    intents.map(|number| intent(number).id).collect()
}

#[test]
fn it_holds_a_thousand_and_not_one_more() {
    let outbox = Outbox::default();
    outbox.push(batch(0..999)).unwrap();
    outbox.push(batch(999..1000)).unwrap();
    let error = outbox.push(batch(1000..1001)).unwrap_err();
    assert_eq!(error.code, Code::OutboxFull);
    assert_eq!(outbox.count(), 1_000);
}

#[test]
fn what_waits_already_takes_no_room() {
    let outbox = Outbox::new(3);
    outbox.push(batch(0..3)).unwrap();
    outbox.push(batch(0..3)).unwrap();
    assert_eq!(outbox.count(), 3);
}

#[test]
fn it_is_flushed_in_order_and_once() {
    let store = FaultyStore::default();
    let outbox = Outbox::default();
    outbox.push(batch(0..2)).unwrap();
    outbox.push(batch(1..4)).unwrap();
    let (one, other) = block_on(async {
        let one = outbox.flush(&store).await;
        (one, outbox.flush(&store).await)
    });
    assert_eq!((one.flushed, one.waiting), (4, 0));
    assert_eq!((other.flushed, other.waiting), (0, 0));
    assert_eq!(stored(&store), ids(0..4));
}

#[test]
fn many_flushes_at_once_write_nothing_twice() {
    let store = FaultyStore::default();
    let outbox = Outbox::default();
    for number in 0..200 {
        outbox.push(batch(number..number + 1)).unwrap();
    }
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| block_on(outbox.flush(&store)));
        }
    });
    assert_eq!(outbox.count(), 0);
    let mut stored = stored(&store);
    stored.sort();
    let mut expected = ids(0..200);
    expected.sort();
    assert_eq!(stored, expected);
}

#[test]
fn while_the_store_stays_down_everything_stays() {
    let store = FaultyStore::with(Fault::ReadOnly);
    let outbox = Outbox::default();
    outbox.push(batch(0..2)).unwrap();
    let report = block_on(outbox.flush(&store));
    assert_eq!((report.flushed, report.waiting), (0, 2));
    assert!(matches!(report.error, Some(StoreError::Unavailable { .. })));
    store.becomes(Fault::None);
    assert_eq!(block_on(outbox.flush(&store)).flushed, 2);
}

#[test]
fn a_key_that_waits_with_other_content_is_a_conflict() {
    let outbox = Outbox::default();
    outbox.push(with_key("a", 0..1)).unwrap();
    outbox.push(with_key("a", 0..1)).unwrap();
    let error = outbox.push(with_key("b", 1..2)).unwrap_err();
    assert_eq!(error.code, Code::IdempotencyConflict);
    assert_eq!(outbox.count(), 1);
}

#[test]
fn a_key_that_was_taken_meanwhile_does_not_lose_the_intents() {
    let store = FaultyStore::default();
    let outbox = Outbox::default();
    outbox.push(with_key("a", 0..2)).unwrap();
    block_on(store.record_intents(with_key("b", 5..6))).unwrap();
    let report = block_on(outbox.flush(&store));
    assert_eq!((report.flushed, report.waiting, report.error), (2, 0, None));
    assert_eq!(stored(&store).len(), 3);
}
