//! The documents of the ports, as a store that is spoken to in JSON meets them.

use serde_json::{Value, from_str, json, to_value};

use super::{
    AdapterError, JobFilter, Missing, Recorded, SaveCalendar, ScheduleJobs, Step, StoreError,
    TransportError,
};
use crate::error::{Code, Error};

fn round_trip(error: &StoreError, document: Value) {
    assert_eq!(to_value(error).unwrap(), document);
    assert_eq!(
        serde_json::from_value::<StoreError>(document).unwrap(),
        *error
    );
}

#[test]
fn a_store_error_is_a_tagged_document() {
    round_trip(
        &StoreError::unavailable("no route"),
        json!({ "type": "unavailable", "reason": "no route" }),
    );
    round_trip(
        &StoreError::RevisionConflict {
            expected: 3,
            found: 4,
        },
        json!({ "type": "revision_conflict", "expected": 3, "found": 4 }),
    );
    round_trip(
        &StoreError::NotFound { what: Missing::Run },
        json!({ "type": "not_found", "what": "run" }),
    );
    // The error's own fields stand beside the tag.
    round_trip(
        &StoreError::Invalid(Error::new(Code::IdDuplicate).at("entries[1].id")),
        json!({ "type": "invalid", "code": "ID_DUPLICATE", "path": "entries[1].id" }),
    );
}

#[test]
fn an_unanswered_request_is_told_from_one_that_was_not_sent() {
    let sent = json!({ "type": "no_answer", "reason": "timeout" });
    assert!(matches!(
        serde_json::from_value(sent).unwrap(),
        TransportError::NoAnswer { .. }
    ));
    let kept = json!({ "type": "not_sent", "reason": "refused" });
    assert!(matches!(
        serde_json::from_value(kept).unwrap(),
        TransportError::NotSent { .. }
    ));
}

#[test]
fn what_was_recorded_says_when() {
    assert_eq!(
        to_value(Recorded::Now { new: 2 }).unwrap(),
        json!({ "type": "now", "new": 2 })
    );
}

#[test]
fn an_empty_filter_means_every_job_and_a_wrong_word_is_refused() {
    assert_eq!(from_str::<JobFilter>("{}").unwrap(), JobFilter::default());
    assert!(from_str::<JobFilter>(r#"{"calendar":"x"}"#).is_err());
}

#[test]
fn requests_are_read_without_what_may_be_left_out() {
    let user = "00000000-0000-4000-8000-000000000001";
    let schedule: ScheduleJobs =
        serde_json::from_value(json!({ "userId": user, "jobs": [] })).unwrap();
    assert_eq!(schedule.command, None);

    let calendar = "00000000-0000-4000-8000-000000000002";
    let run = "00000000-0000-4000-8000-000000000003";
    let document = json!({
        "userId": user,
        "calendarId": calendar,
        "expectedRevision": 0,
        "run": {
            "id": run,
            "calendarId": calendar,
            "userId": user,
            "status": "completed",
            "startedAt": "2026-03-01T00:00:00Z",
            "completedAt": "2026-03-01T00:01:00Z",
            "pieceCount": 0,
            "cadence": "weekly",
            "channels": ["tiktok"],
        },
        "entries": [],
    });
    let save: SaveCalendar = serde_json::from_value(document).unwrap();
    assert_eq!(save.plan_id, None);
    assert!(save.refused.is_empty());
    assert_eq!(save.generated, None);
}

#[test]
fn a_step_says_its_wait_in_milliseconds() {
    let pending = json!({
        "type": "pending",
        "progress": { "stage": "poll", "kind": "read", "state": "{}" },
        "pollAfterMillis": 1500,
    });
    let step: Step = serde_json::from_value(pending.clone()).unwrap();
    assert!(
        matches!(&step, Step::Pending { poll_after, .. } if poll_after.as_secs_f64() == 1.5),
        "{step:?}"
    );
    assert_eq!(to_value(&step).unwrap(), pending);

    let done = json!({
        "type": "done",
        "kind": "published",
        "externalId": "7",
        "permalink": null,
        "at": "2026-03-01T00:00:00Z",
    });
    let step: Step = serde_json::from_value(done.clone()).unwrap();
    assert_eq!(to_value(&step).unwrap(), done);
}

#[test]
fn a_failed_step_may_say_no_wait() {
    let failure = json!({ "type": "not_published", "error": { "code": "RATE_LIMITED" } });
    let error: AdapterError = serde_json::from_value(failure.clone()).unwrap();
    assert_eq!(to_value(&error).unwrap(), failure);
    let waits = json!({
        "type": "not_published",
        "error": { "code": "RATE_LIMITED" },
        "retryAfterMillis": 60_000,
    });
    let error: AdapterError = serde_json::from_value(waits.clone()).unwrap();
    assert_eq!(to_value(&error).unwrap(), waits);
}
