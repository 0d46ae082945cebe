//! The dry-run publisher over stores that work and stores that don't.

use std::sync::Mutex;

use calendar_publish::Code;
use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, Channel, ChannelAccount, EntryId, Finding,
    IntentStatus, RunId, RunRef, RunStatus, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{SaveCalendar, Store, Telemetry};
use calendar_publish::publish::{
    DryRunPublisher, EntryFindings, Outbox, OutcomeStatus, PublishAnswer, PublishMode,
    PublishRequest, PublishStatus,
};
use calendar_publish::telemetry::{Event, EventKind, OutboxStatus, SetupStatus};
use futures_executor::block_on;

use crate::faulty::{Fault, FaultyStore};

const NOW: Timestamp = Timestamp::from_millis(1_775_000_000_000);

fn user(name: &str) -> UserId {
    UserId::new(deterministic_uuid(&["user", name]))
}

fn calendar() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

fn run_id(name: &str) -> RunId {
    RunId::new(deterministic_uuid(&["run", name]))
}

fn entry(name: &str, channel: &str) -> CalendarEntry {
    let piece = serde_json::from_str(&format!(
        r#"{{"title":"{name}","channel":"{channel}","date":"2026-04-02"}}"#
    ))
    .unwrap();
    let id = EntryId::new(deterministic_uuid(&["entry", name]));
    CalendarEntry::new(id, calendar(), piece)
}

fn account(channel: &str) -> ChannelAccount {
    serde_json::from_str(&format!(
        r#"{{"id":"{}","userId":"{}","channel":"{channel}","externalAccountId":"1","displayName":"Pan",
            "timezone":"Europe/Madrid","status":"ok"}}"#,
        deterministic_uuid(&["account", channel]),
        user("ana"),
    ))
    .unwrap()
}

fn request(key: Option<&str>) -> PublishRequest {
    PublishRequest {
        request_id: "r-1".parse().unwrap(),
        user_id: user("ana"),
        calendar_id: calendar(),
        run_id: None,
        idempotency_key: key.map(str::to_owned),
    }
}

fn save(store: &FaultyStore, name: &str, revision: i64, entries: Vec<CalendarEntry>) {
    let run = CalendarRun {
        id: run_id(name),
        calendar_id: calendar(),
        user_id: user("ana"),
        plan_id: None,
        status: RunStatus::Completed,
        started_at: NOW,
        completed_at: NOW,
        piece_count: 0,
        cadence: Cadence::Weekly,
        channels: Vec::new(),
        start_date: None,
        end_date: None,
    };
    block_on(store.save_calendar(SaveCalendar::new(run, revision, entries))).unwrap();
}

/// A calendar of three with a linked TikTok account and none on Instagram.
fn three() -> FaultyStore {
    let store = FaultyStore::default();
    let entries = vec![
        entry("uno", "tiktok"),
        entry("dos", "instagram"),
        entry("tres", "tiktok"),
    ];
    save(&store, "one", 0, entries);
    block_on(store.put_account(account("tiktok"))).unwrap();
    store
}

fn nothing(
    _: &[CalendarEntry],
    _: &[ChannelAccount],
    _: Timestamp,
) -> Result<Vec<EntryFindings>, calendar_publish::Error> {
    Ok(Vec::new())
}

fn publish(
    store: &FaultyStore,
    outbox: &Outbox,
    request: &PublishRequest,
) -> Result<PublishAnswer, calendar_publish::Error> {
    let publisher = DryRunPublisher::new(store, outbox, &(), &nothing);
    block_on(publisher.publish_calendar(request, PublishMode::DryRun, NOW))
}

fn intents(store: &FaultyStore) -> usize {
    block_on(store.inner.intents(user("ana"), calendar()))
        .unwrap()
        .len()
}

#[test]
fn switched_off_it_touches_no_store() {
    let store = FaultyStore::with(Fault::Down);
    let outbox = Outbox::default();
    let publisher = DryRunPublisher::new(&store, &outbox, &(), &nothing);
    let answer =
        block_on(publisher.publish_calendar(&request(None), PublishMode::Off, NOW)).unwrap();
    assert_eq!(answer.status, PublishStatus::Disabled);
    assert_eq!(outbox.count(), 0);
}

#[test]
fn one_entry_without_an_account_does_not_block_the_others() {
    let store = three();
    let answer = publish(&store, &Outbox::default(), &request(None)).unwrap();
    assert_eq!(answer.status, PublishStatus::DryRun);
    assert_eq!(answer.channels, [Channel::Tiktok]);
    assert_eq!(answer.entries, 2);
    assert_eq!(answer.run_id, RunRef::Stored(run_id("one")));
    let reasons: Vec<_> = answer.outcomes.iter().map(|o| o.reason).collect();
    assert_eq!(reasons, [None, Some(Code::ChannelAuthMissing), None]);
    let stored = block_on(store.intents(user("ana"), calendar())).unwrap();
    assert_eq!(stored.len(), 3);
    assert_eq!(stored[1].status, IntentStatus::Refused);
    let error = stored[1].error.as_ref().unwrap();
    assert_eq!(
        error.to_string(),
        "CHANNEL_AUTH_MISSING at `account`: measured `instagram`"
    );
}

#[test]
fn a_calendar_that_cannot_be_judged_is_not_published() {
    let store = three();
    let outbox = Outbox::default();
    let judge = |_: &[CalendarEntry], _: &[ChannelAccount], _: Timestamp| {
        Err(calendar_publish::Error::new(Code::IdDuplicate))
    };
    let publisher = DryRunPublisher::new(&store, &outbox, &(), &judge);
    let answer = block_on(publisher.publish_calendar(&request(None), PublishMode::DryRun, NOW));
    assert_eq!(answer.unwrap_err().code, Code::IdDuplicate);
    assert_eq!((intents(&store), outbox.count()), (0, 0));
}

#[test]
fn what_the_judge_finds_decides_and_warnings_do_not() {
    let store = three();
    let judge = |entries: &[CalendarEntry], accounts: &[ChannelAccount], now: Timestamp| {
        assert_eq!((entries.len(), accounts.len(), now), (3, 1, NOW));
        Ok(vec![
            EntryFindings {
                entry_id: entries[0].id,
                findings: vec![Finding::warning(Code::CaptionTooLong, "piece.copy")],
            },
            EntryFindings {
                entry_id: entries[2].id,
                findings: vec![
                    Finding::blocking(Code::TokenExpired, "account.expiresAt").at_schedule(),
                ],
            },
        ])
    };
    let outbox = Outbox::default();
    let publisher = DryRunPublisher::new(&store, &outbox, &(), &judge);
    let answer =
        block_on(publisher.publish_calendar(&request(None), PublishMode::DryRun, NOW)).unwrap();
    let statuses: Vec<_> = answer.outcomes.iter().map(|o| o.status).collect();
    use OutcomeStatus::{DryRun, Refused};
    assert_eq!(statuses, [DryRun, Refused, Refused]);
    assert_eq!(answer.outcomes[0].findings.len(), 1);
    assert_eq!(answer.outcomes[2].reason, Some(Code::TokenExpired));
}

#[test]
fn the_same_request_twice_changes_nothing_twice_and_is_answered_the_same() {
    let store = three();
    let outbox = Outbox::default();
    let first = publish(&store, &outbox, &request(None)).unwrap();
    let again = publish(&store, &outbox, &request(None)).unwrap();
    assert_eq!(first, again);
    assert_eq!(intents(&store), 3);
}

#[test]
fn a_mended_cause_makes_another_intent() {
    let store = three();
    let outbox = Outbox::default();
    let first = publish(&store, &outbox, &request(None)).unwrap();
    block_on(store.put_account(account("instagram"))).unwrap();
    let second = publish(&store, &outbox, &request(None)).unwrap();
    assert_eq!(second.entries, 3);
    assert_eq!(
        first.outcomes[0].intent_id, second.outcomes[0].intent_id,
        "unchanged"
    );
    assert_ne!(first.outcomes[1].intent_id, second.outcomes[1].intent_id);
    assert_eq!(intents(&store), 4);
}

#[test]
fn with_a_key_the_first_answer_stands_whatever_has_changed() {
    let store = three();
    let outbox = Outbox::default();
    let first = publish(&store, &outbox, &request(Some("k"))).unwrap();
    save(&store, "two", 1, vec![entry("cuatro", "tiktok")]);
    let again = publish(&store, &outbox, &request(Some("k"))).unwrap();
    assert_eq!(first, again);
    let other = PublishRequest {
        run_id: Some(RunRef::Stored(run_id("two"))),
        ..request(Some("k"))
    };
    let error = publish(&store, &outbox, &other).unwrap_err();
    assert_eq!(error.code, Code::IdempotencyConflict);
    assert_eq!(intents(&store), 3);
}

#[test]
fn the_latest_save_is_published_and_named() {
    let store = three();
    save(&store, "two", 1, vec![entry("cuatro", "tiktok")]);
    let of_first = PublishRequest {
        run_id: Some(RunRef::Stored(run_id("one"))),
        ..request(None)
    };
    let answer = publish(&store, &Outbox::default(), &of_first).unwrap();
    assert_eq!(answer.run_id, RunRef::Stored(run_id("two")));
    assert_eq!(answer.outcomes[0].title, "cuatro");
}

#[test]
fn unknown_calendars_and_runs_and_those_of_others_are_not_found() {
    let store = three();
    let outbox = Outbox::default();
    let luis = PublishRequest {
        user_id: user("luis"),
        ..request(None)
    };
    let unknown = PublishRequest {
        run_id: Some(RunRef::Stored(run_id("never"))),
        ..request(None)
    };
    for (request, path) in [(luis, "calendarId"), (unknown, "runId")] {
        let error = publish(&store, &outbox, &request).unwrap_err();
        assert_eq!(
            (error.code, error.path.as_str()),
            (Code::CalendarNotFound, path)
        );
    }
}

#[test]
fn while_the_store_is_down_intents_wait_and_are_written_once() {
    let store = three();
    let outbox = Outbox::default();
    store.becomes(Fault::ReadOnly);
    let queued = publish(&store, &outbox, &request(Some("k"))).unwrap();
    assert_eq!(queued.status, PublishStatus::Queued);
    assert_eq!(outbox.count(), 3);
    let again = publish(&store, &outbox, &request(Some("k"))).unwrap();
    assert_eq!(again, queued);
    publish(&store, &outbox, &request(None)).unwrap();
    assert_eq!((outbox.count(), intents(&store)), (3, 0));

    store.becomes(Fault::None);
    let back = publish(&store, &outbox, &request(Some("k"))).unwrap();
    assert_eq!(back.status, PublishStatus::DryRun);
    assert_eq!(back.outcomes, queued.outcomes);
    assert_eq!((outbox.count(), intents(&store)), (0, 3));
}

#[test]
fn a_write_whose_answer_was_lost_is_not_written_twice() {
    let store = three();
    let outbox = Outbox::default();
    store.becomes(Fault::AnswerLost);
    let answer = publish(&store, &outbox, &request(Some("k"))).unwrap();
    assert_eq!(answer.status, PublishStatus::Queued);
    store.becomes(Fault::None);
    let publisher = DryRunPublisher::new(&store, &outbox, &(), &nothing);
    let report = block_on(publisher.flush_outbox());
    assert_eq!((report.waiting, report.error), (0, None));
    assert_eq!(intents(&store), 3);
}

#[test]
fn a_full_outbox_refuses_and_takes_nothing() {
    let store = three();
    let outbox = Outbox::new(2);
    store.becomes(Fault::ReadOnly);
    let error = publish(&store, &outbox, &request(None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "OUTBOX_FULL: measured 3 entries, allowed at most 2 entries"
    );
    assert_eq!(outbox.count(), 0);
}

#[test]
fn a_calendar_that_cannot_be_read_is_an_error_and_not_an_answer() {
    let store = three();
    store.becomes(Fault::Down);
    let outbox = Outbox::default();
    let error = publish(&store, &outbox, &request(None)).unwrap_err();
    assert_eq!(error.code, Code::StoreUnavailable);
    assert_eq!(outbox.count(), 0);
}

#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl Telemetry for Heard {
    fn record(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

#[test]
fn every_entry_and_every_request_is_reported() {
    let store = three();
    store.becomes(Fault::ReadOnly);
    let (outbox, heard) = (Outbox::default(), Heard::default());
    let publisher = DryRunPublisher::new(&store, &outbox, &heard, &nothing);
    let answer = block_on(publisher.publish_calendar(&request(None), PublishMode::DryRun, NOW));
    let ids: Vec<_> = answer
        .unwrap()
        .outcomes
        .iter()
        .map(|outcome| outcome.entry_id)
        .collect();
    let events = heard.0.into_inner().unwrap();
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.context.channel, &event.kind))
        .collect();
    let (tiktok, instagram) = (Some(Channel::Tiktok), Some(Channel::Instagram));
    let entry = |number, error_code: Option<Code>| EventKind::Publish {
        status: match error_code {
            None => IntentStatus::DryRun,
            Some(_) => IntentStatus::Refused,
        },
        entry_id: ids[number],
        error_code,
    };
    let auth = Code::ChannelAuthMissing;
    assert_eq!(
        told,
        [
            (tiktok, &entry(0, None)),
            (instagram, &entry(1, Some(auth))),
            (tiktok, &entry(2, None)),
            (
                instagram,
                &EventKind::Setup {
                    status: SetupStatus::AuthMissing,
                    error_code: auth,
                }
            ),
            (
                None,
                &EventKind::Outbox {
                    status: OutboxStatus::Queued,
                    intent_count: 3,
                    error_code: Some(Code::StoreUnavailable),
                }
            ),
        ]
    );
    assert!(
        events
            .iter()
            .all(|event| event.context.request_id.as_str() == "r-1")
    );
}

#[test]
fn a_row_that_cannot_be_read_is_named_in_its_place() {
    let store = FaultyStore::default();
    let run = CalendarRun {
        id: run_id("one"),
        calendar_id: calendar(),
        user_id: user("ana"),
        plan_id: None,
        status: RunStatus::Completed,
        started_at: NOW,
        completed_at: NOW,
        piece_count: 2,
        cadence: Cadence::Weekly,
        channels: Vec::new(),
        start_date: None,
        end_date: None,
    };
    let entries = vec![entry("uno", "tiktok"), entry("dos", "tiktok")];
    let mut save = SaveCalendar::new(run, 0, entries);
    save.refused = vec![calendar_publish::ports::RefusedEntry {
        id: EntryId::new(deterministic_uuid(&["hilo"])),
        position: 1,
        payload: r#"{"title":"Hilo","channel":"threads"}"#.to_owned(),
        error: calendar_publish::Error::new(Code::ChannelUnsupported).at("channel"),
    }];
    block_on(store.save_calendar(save)).unwrap();
    block_on(store.put_account(account("tiktok"))).unwrap();
    let answer = publish(&store, &Outbox::default(), &request(None)).unwrap();
    let told: Vec<_> = answer
        .outcomes
        .iter()
        .map(|outcome| (outcome.title.as_str(), outcome.reason))
        .collect();
    assert_eq!(
        told,
        [
            ("uno", None),
            ("Hilo", Some(Code::ChannelUnsupported)),
            ("dos", None)
        ]
    );
    assert_eq!((answer.entries, intents(&store)), (2, 2));
}

#[test]
fn the_publishers_future_can_be_sent_between_threads() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let store = three();
    let outbox = Outbox::default();
    let publisher = DryRunPublisher::new(&store, &outbox, &(), &nothing);
    let request = request(None);
    let future = sendable(publisher.publish_calendar(&request, PublishMode::DryRun, NOW));
    assert!(block_on(future).is_ok());
}
