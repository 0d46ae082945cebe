//! Whatever is done to a calendar, it is as if it had been loaded like this.

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;

use super::{Calendar, CalendarDocument, PageRequest};
use crate::error::Code;
use crate::merge::MergeChoices;
use crate::model::{CalendarEntry, Channel, ChannelAccount, EntryId, PublishJob, Tile, Timestamp};
use crate::schedule::{RescheduleRequest, ShiftOffset, ShiftRequest};

const ACCOUNTS: u32 = 3;

fn id(kind: u32, number: u32) -> String {
    format!("018f0000-0000-7000-80{kind:02x}-{number:012x}")
}

fn entry_id(number: u32) -> EntryId {
    id(3, number).parse().unwrap()
}

fn start() -> Timestamp {
    "2026-04-01T08:00:00Z".parse().unwrap()
}

/// One on TikTok and two on Instagram, the last of which may publish two posts a day.
fn account(number: u32, alive: bool) -> ChannelAccount {
    serde_json::from_value(json!({
        "id": id(1, number), "userId": id(2, 0), "externalAccountId": "1", "displayName": "Pan",
        "channel": if number == 0 { "tiktok" } else { "instagram" },
        "timezone": if number == 1 { "America/Mexico_City" } else { "Europe/Madrid" },
        "status": if alive { "ok" } else { "expired" },
        "quota": if number == 2 {
            json!({ "total": 2, "used": 0, "windowSeconds": 86_400, "readAt": "2026-03-01T00:00:00Z" })
        } else {
            json!(null)
        },
    }))
    .unwrap()
}

/// An entry `minutes` after the first of April.
fn entry(number: u32, choice: u32, minutes: u32) -> CalendarEntry {
    let account = choice % (ACCOUNTS + 2);
    let (day, minute) = (minutes / 1440 + 1, minutes % 1440);
    serde_json::from_value(json!({
        "id": id(3, number), "calendarId": id(4, 0),
        // The last two leave the account to be found, or name one that isn't there.
        "accountId": match account {
            0..ACCOUNTS => json!(id(1, account)),
            ACCOUNTS => json!(null),
            _ => json!(id(1, 99)),
        },
        "piece": {
            "title": format!("Pan {number}"), "format": "post", "copy": "Pan",
            "channel": if account == 0 { "tiktok" } else { "instagram" },
            "date": format!("2026-04-{day:02}"),
            "time": format!("{:02}:{:02}", minute / 60, minute % 60),
        },
        "media": if choice.is_multiple_of(7) { json!([]) } else { json!([{
            "kind": "image", "url": "https://cdn.example/a.jpg", "mimeType": "image/jpeg",
            "sizeBytes": 1000, "width": 1080, "height": 1080,
        }]) },
        "tiktok": { "privacy": "PUBLIC_TO_EVERYONE",
                    "consent": { "givenAt": "2026-03-01T00:00:00Z", "text": "Acepto." } },
        "draft": choice.is_multiple_of(11),
        "reviewed": choice.is_multiple_of(2),
        "readiness": if choice.is_multiple_of(13) { json!("published") } else { json!(null) },
    }))
    .unwrap()
}

fn job(number: u32, entry: u32, status: &str) -> PublishJob {
    serde_json::from_value(json!({
        "id": id(5, number), "calendarEntryId": id(3, entry), "userId": id(2, 0),
        "accountId": id(1, 0), "channel": "tiktok", "scheduledAt": "2026-04-09T00:00:00Z",
        "status": status, "attemptCount": number % 3,
        "createdAt": "2026-03-20T10:00:00Z", "updatedAt": "2026-03-20T10:00:00Z",
    }))
    .unwrap()
}

/// What is done to a calendar. Entries are chosen among the first forty, whether they are there or not.
#[derive(Clone, Debug)]
enum Step {
    Put(u32, u32, u32),
    PutMany(Vec<(u32, u32, u32)>),
    Remove(u32),
    PutJob(u32, u32, &'static str),
    PutAccounts(u32, bool),
    SetNow(i64),
    Shift(Vec<u32>, ShiftOffset),
    Reschedule(u32, u32),
    Undo,
    Regenerate(u32, u32),
}

fn step() -> impl Strategy<Value = Step> {
    let content = || (0..40_u32, 0..200_u32, 0..8_640_u32);
    let status = prop::sample::select(vec![
        "scheduled",
        "publishing",
        "published",
        "failed",
        "needs_attention",
        "delivered_to_inbox",
        "cancelled",
    ]);
    let offset = prop_oneof![
        (-2..4_i64).prop_map(|days| ShiftOffset::Days { days }),
        (-300..900_i64).prop_map(|minutes| ShiftOffset::Minutes { minutes }),
    ];
    prop_oneof![
        6 => content().prop_map(|(number, choice, minutes)| Step::Put(number, choice, minutes)),
        1 => prop::collection::vec(content(), 0..30).prop_map(Step::PutMany),
        3 => (0..40_u32).prop_map(Step::Remove),
        3 => (0..12_u32, 0..40_u32, status).prop_map(|(job, entry, is)| Step::PutJob(job, entry, is)),
        1 => (1..=ACCOUNTS, any::<bool>()).prop_map(|(count, alive)| Step::PutAccounts(count, alive)),
        1 => (-2_000..6_000_i64).prop_map(Step::SetNow),
        2 => (prop::collection::vec(0..40_u32, 1..30), offset)
            .prop_map(|(entries, offset)| Step::Shift(entries, offset)),
        2 => (0..40_u32, 0..8_640_u32).prop_map(|(entry, minutes)| Step::Reschedule(entry, minutes)),
        3 => Just(Step::Undo),
        1 => (0..30_u32, 0..30_u32).prop_map(|(from, count)| Step::Regenerate(from, count)),
    ]
}

/// Does a step; a refused one says whether it may be.
fn take(calendar: &mut Calendar, step: Step) -> Result<(), Code> {
    let refused = |error: crate::Error| error.code;
    match step {
        Step::Put(number, choice, minutes) => {
            calendar.put(entry(number, choice, minutes)).map(|_| ())
        }
        Step::PutMany(entries) => {
            let entries = entries
                .into_iter()
                .map(|(n, choice, at)| entry(n, choice, at));
            calendar.put_many(entries.collect()).map(|_| ())
        }
        Step::Remove(number) => calendar.remove(entry_id(number)).map(|_| ()),
        Step::PutJob(number, entry, status) => {
            calendar.put_job(job(number, entry, status)).map(|_| ())
        }
        Step::PutAccounts(count, alive) => {
            let accounts = (0..count).map(|number| account(number, alive)).collect();
            calendar.put_accounts(accounts).map(|_| ())
        }
        Step::SetNow(minutes) => {
            let now = start().plus(TimeDelta::minutes(minutes));
            calendar.set_now(now).map(|_| ())
        }
        Step::Shift(mut numbers, offset) => {
            numbers.retain(|number| calendar.entry(entry_id(*number)).is_ok());
            let entry_ids = numbers.into_iter().map(entry_id).collect();
            calendar
                .shift(&ShiftRequest { entry_ids, offset })
                .map(|_| ())
        }
        Step::Reschedule(number, minutes) => {
            let target = entry(number, 1, minutes).piece;
            let request = RescheduleRequest {
                entry_id: entry_id(number),
                date: target.date,
                time: target.time,
                snap_minutes: None,
            };
            calendar.reschedule(&request).map(|_| ())
        }
        Step::Undo => calendar.undo().map(|_| ()),
        Step::Regenerate(from, count) => {
            let theirs: Vec<_> = (from..from + count)
                .map(|number| json!({ "piece": entry(number, 1, number * 100).piece }))
                .collect();
            let regeneration = serde_json::from_value(json!({
                "calendarId": id(4, 0), "theirs": theirs, "complete": true,
            }));
            calendar
                .plan_merge(regeneration.unwrap())
                .and_then(|_| calendar.apply_merge(&MergeChoices::ALL))
                .map(|_| ())
        }
    }
    .map_err(refused)
}

/// Everything that can be seen of a calendar.
fn seen(calendar: &mut Calendar) -> Vec<String> {
    let document = calendar.document();
    let mut seen = Vec::new();
    for entry in &document.entries {
        seen.push(format!("{:?}", calendar.readiness(entry.id).unwrap()));
        seen.push(format!("{:?}", calendar.explain(entry.id).unwrap()));
    }
    let days = ["2026-04-02", "2026-04-04"].map(|day| day.parse().unwrap());
    for (offset, limit) in [(0, 1000), (3, 5), (0, 1)] {
        for channel in [None, Some(Channel::Tiktok)] {
            for tile in std::iter::once(None).chain(Tile::ALL.map(Some)) {
                for (from, to) in [
                    (None, None),
                    (Some(days[0]), Some(days[1])),
                    (Some(days[1]), None),
                ] {
                    let request = PageRequest {
                        offset,
                        limit,
                        channel,
                        tile,
                        from,
                        to,
                    };
                    seen.push(format!(
                        "{request:?} {:?}",
                        calendar.page(&request).unwrap()
                    ));
                }
            }
        }
    }
    seen.push(format!("{:?}", calendar.summary()));
    for operation in ["entries", "findClashes", "evaluateCaps"] {
        seen.push(calendar.call(operation, "{}").unwrap());
    }
    for request in [
        r#"{"format":"csv","options":{"columns":"extended"}}"#.to_owned(),
        format!(r#"{{"format":"json","calendarId":"{}"}}"#, id(4, 0)),
        r#"{"format":"ical","stamp":"2026-04-01T00:00:00Z"}"#.to_owned(),
    ] {
        let bytes = calendar.export_document(&request).unwrap();
        seen.push(String::from_utf8(bytes).unwrap());
    }
    seen
}

fn loaded(count: u32) -> Calendar {
    let document = CalendarDocument {
        entries: (0..count)
            .map(|number| entry(number, number * 5, number * 97))
            .collect(),
        accounts: (0..ACCOUNTS).map(|number| account(number, true)).collect(),
        jobs: (0..4)
            .map(|number| job(number, number / 2, "scheduled"))
            .collect(),
        ..CalendarDocument::default()
    };
    Calendar::new(document, start()).unwrap()
}

/// The same calendar, read from its own document.
fn afresh(calendar: &Calendar) -> Calendar {
    let document = serde_json::to_vec(&calendar.document()).unwrap();
    Calendar::load(&document, calendar.now()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// After each step the calendar is what it would be, had it been loaded like this; a refused step has
    /// changed nothing; and whatever tile looks different is told.
    #[test]
    fn a_calendar_is_as_if_loaded_afresh(
        count in 0..30_u32,
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let mut calendar = loaded(count);
        for step in steps {
            let before = (calendar.document(), calendar.now());
            let taken = take(&mut calendar, step.clone());
            if taken.is_err() {
                prop_assert_eq!(&before, &(calendar.document(), calendar.now()), "{:?}", step);
            }
            let mut fresh = afresh(&calendar);
            prop_assert_eq!(seen(&mut calendar), seen(&mut fresh), "after {:?}: {:?}", step, taken);
        }
    }

    /// Tiles kept by a host that applies every answer are those that a fresh page shows.
    #[test]
    fn a_host_that_applies_the_changes_shows_the_same(
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let mut calendar = loaded(20);
        let shown = |calendar: &Calendar| {
            let page = calendar.page(&PageRequest::first(1000)).unwrap();
            let tiles = page.tiles.into_iter().map(|tile| (tile.entry_id, tile));
            tiles.collect::<std::collections::BTreeMap<_, _>>()
        };
        let mut host = shown(&calendar);
        for step in steps {
            let changes = match step {
                Step::Put(number, choice, minutes) => calendar.put(entry(number, choice, minutes)),
                Step::Remove(number) => calendar.remove(entry_id(number)),
                Step::PutJob(number, entry, status) => calendar.put_job(job(number, entry, status)),
                Step::SetNow(minutes) => calendar.set_now(start().plus(TimeDelta::minutes(minutes))),
                Step::Undo => calendar.undo().map(Option::unwrap_or_default),
                _ => continue,
            };
            for tile in changes.as_ref().map(|changes| changes.tiles.clone()).unwrap_or_default() {
                host.insert(tile.entry_id, tile);
            }
            for id in changes.map(|changes| changes.removed).unwrap_or_default() {
                host.remove(&id);
            }
            prop_assert_eq!(&host, &shown(&calendar));
        }
    }

    /// Pages of any size, put together, are the whole, each entry once and in chronological order.
    #[test]
    fn pages_partition_the_calendar(count in 0..80_u32, limit in 1..100_u32) {
        let calendar = loaded(count);
        let mut tiles = Vec::new();
        loop {
            let offset = tiles.len() as u32;
            let page = calendar.page(&PageRequest { offset, ..PageRequest::first(limit) }).unwrap();
            prop_assert_eq!(page.total as usize, calendar.len());
            if page.tiles.is_empty() {
                break;
            }
            tiles.extend(page.tiles);
        }
        prop_assert_eq!(tiles.len(), calendar.len());
        prop_assert!(tiles.is_sorted_by_key(|tile| (tile.date, tile.time)));
    }
}

/// More entries than a chunk of the order holds, put in backwards and taken out from the middle.
#[test]
fn a_large_calendar_stays_in_order() {
    let mut calendar = Calendar::new(CalendarDocument::default(), start()).unwrap();
    for number in (0..2_000).rev() {
        calendar.put(entry(number, 1, number * 4)).unwrap();
    }
    for number in (0..2_000).filter(|number| number % 3 > 0) {
        calendar.remove(entry_id(number)).unwrap();
    }
    let page = calendar
        .page(&PageRequest {
            offset: 600,
            ..PageRequest::first(50)
        })
        .unwrap();
    assert_eq!(page.total, 667);
    let shown: Vec<EntryId> = page.tiles.iter().map(|tile| tile.entry_id).collect();
    let expected: Vec<EntryId> = (600..650).map(|number| entry_id(number * 3)).collect();
    assert_eq!(shown, expected);
    // Removed entries don't stay in memory for good.
    assert!(calendar.entries.len() < 2_000, "{}", calendar.entries.len());
}

#[test]
fn a_shift_of_all_is_told_in_counts_and_taken_back() {
    let mut calendar = loaded(0);
    let entries = (0..300)
        .map(|number| entry(number, 1, 2_000 + number * 20))
        .collect();
    assert!(calendar.put_many(entries).unwrap().reload);
    let before = calendar.document();
    let entry_ids = (0..300).map(entry_id).collect();
    let request = ShiftRequest {
        entry_ids,
        offset: ShiftOffset::Days { days: 3 },
    };
    let moved = calendar.shift(&request).unwrap();
    assert_eq!((moved.moved, moved.changes.reload), (300, true));
    assert_eq!(
        calendar.entry(entry_id(0)).unwrap().piece.date.to_string(),
        "2026-04-05"
    );
    assert!(calendar.undo().unwrap().unwrap().reload);
    let mut after = calendar.document();
    for entry in &mut after.entries {
        entry.revision = 0;
    }
    assert_eq!(after.entries, before.entries);
    assert!(calendar.undo().unwrap().is_none());
}

/// Two entries are moved three times, and each move is taken back.
#[test]
fn moves_are_taken_back_one_after_the_other() {
    let mut calendar = loaded(0);
    let original = entry(1, 1, 3_000);
    calendar.put(original.clone()).unwrap();
    calendar.put(entry(2, 1, 5_000)).unwrap();
    for days in [1, -1, 2] {
        let offset = ShiftOffset::Days { days };
        let entry_ids = vec![original.id, entry_id(2)];
        calendar.shift(&ShiftRequest { entry_ids, offset }).unwrap();
    }
    let dates = ["2026-04-03", "2026-04-04", "2026-04-03"];
    for date in dates {
        calendar.undo().unwrap().unwrap();
        let shown = calendar.entry(original.id).unwrap().piece.date;
        assert_eq!(shown.to_string(), date);
    }
    assert_eq!(calendar.entry(original.id).unwrap().scheduled_at, None);
    assert!(calendar.undo().unwrap().is_none());
}

#[test]
fn an_undo_that_is_refused_can_be_tried_again() {
    let mut calendar = loaded(0);
    let original = entry(1, 1, 3_000);
    calendar.put(original.clone()).unwrap();
    let offset = ShiftOffset::Days { days: 1 };
    let request = ShiftRequest {
        entry_ids: vec![original.id],
        offset,
    };
    calendar.shift(&request).unwrap();
    let moved = calendar.entry(original.id).unwrap().clone();
    let mut touched = moved.clone();
    touched.revision += 1;
    calendar.put(touched).unwrap();
    assert_eq!(calendar.undo().unwrap_err().code, Code::ScheduleStale);
    calendar.put(moved).unwrap();
    assert!(calendar.undo().unwrap().is_some());
    assert_eq!(
        calendar.entry(original.id).unwrap().piece.date,
        original.piece.date
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let load = |text: &[u8]| Calendar::load(text, start()).map(|_| ()).unwrap_err();
    let error = load(b"{\n \"entries\": [{}]}");
    assert_eq!(
        (error.path.as_str(), error.position.unwrap().line),
        ("entries[0].id", 2)
    );
    assert_eq!(load(b"{\"entries\":[]").code, Code::InputInvalid);
    assert_eq!(load(b"\xff").code, Code::InputNotUtf8);
    assert_eq!(load(b"{\"entries\":[],\"entires\":[]}").path, "entires");
    let two = serde_json::to_vec(&json!({ "entries": [entry(1, 1, 0), entry(1, 2, 9)] })).unwrap();
    let error = load(&two);
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::IdDuplicate, "entries[1].id")
    );
    let error = load(br#"{"entries":[],"settings":{"minDistanceMinutes":0}}"#);
    assert_eq!(error.path, "settings.minDistanceMinutes");
    let large = vec![b' '; 64 * 1024 * 1024 + 1];
    assert_eq!(load(&large).code, Code::InputTooLarge);
    let nested = format!("{{\"entries\":{}", "[".repeat(100_000));
    assert_eq!(load(nested.as_bytes()).code, Code::InputInvalid);
}

#[test]
fn nesting_does_not_reach_into_a_call() {
    let mut calendar = loaded(3);
    let text = "[".repeat(100_000);
    for operation in super::CALENDAR_OPERATIONS {
        for input in ["", "null", "{\"x\":1}", "\u{0}", text.as_str()] {
            let before = calendar.document();
            assert!(
                calendar.call(operation.name, input).is_err(),
                "{}",
                operation.name
            );
            assert_eq!(calendar.document(), before);
        }
    }
    assert_eq!(
        calendar.call("nothing", "{}").unwrap_err().code,
        Code::OperationUnknown
    );
}

#[test]
fn a_merge_is_carried_out_only_on_what_it_was_planned_for() {
    let mut calendar = loaded(5);
    let regeneration = || {
        let value = json!({ "calendarId": id(4, 0), "theirs": [], "complete": true });
        serde_json::from_value(value).unwrap()
    };
    calendar.plan_merge(regeneration()).unwrap();
    calendar.put(entry(30, 1, 100)).unwrap();
    let before = calendar.document();
    let refused = calendar.apply_merge(&MergeChoices::ALL).unwrap_err();
    assert_eq!(refused.code, Code::ScheduleStale);
    assert_eq!(calendar.document(), before);
}
