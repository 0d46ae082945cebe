use super::*;
use crate::job::{Admission, Known, PostReceipt, SavedEntry, admit};
use crate::model::{AccountId, ChannelAccount, JobId};
use crate::ports::StepKind;

fn id<T: TryFrom<String>>(number: u32) -> T
where
    T::Error: std::fmt::Debug,
{
    format!("018f0000-0000-7000-8000-{number:012}")
        .try_into()
        .unwrap()
}

fn due() -> Timestamp {
    "2026-04-10T07:00:00Z".parse().unwrap()
}

fn minute(minutes: i64) -> Timestamp {
    due().plus(TimeDelta::minutes(minutes))
}

fn entry(copy: &str) -> CalendarEntry {
    let piece = format!(
        r#"{{"title":"Pan","channel":"instagram","format":"reel","copy":"{copy}","date":"2026-04-10"}}"#
    );
    CalendarEntry::new(id(1), id(2), serde_json::from_str(&piece).unwrap())
}

fn new_job() -> NewJob {
    NewJob {
        id: id(3),
        entry: entry("Hoy"),
        account_id: id(4),
        scheduled_at: due(),
    }
}

fn record() -> JobRecord {
    JobRecord::new(new_job(), id(5), minute(-60))
}

fn progress() -> Progress {
    Progress {
        stage: "publish".to_owned(),
        kind: StepKind::Decisive,
        state: "{}".to_owned(),
    }
}

fn claimed(record: &JobRecord, now: Timestamp) -> JobRecord {
    match record.claim(&RetryPolicy::default(), 300, None, now) {
        Ok(Claiming::Claimed(record)) => *record,
        other => panic!("{other:?}"),
    }
}

fn apply(record: &JobRecord, event: JobEvent, now: Timestamp) -> AppliedWrite {
    let write = JobWrite::new(record.job.id, event);
    record
        .apply(&RetryPolicy::default(), None, &write, now)
        .unwrap()
}

fn begun(record: &JobRecord) -> JobRecord {
    let record = claimed(record, due());
    let token = record.last_token;
    let write = JobWrite {
        progress: ProgressChange::Set {
            progress: progress(),
        },
        ..JobWrite::new(record.job.id, JobEvent::WriteStarted { token })
    };
    let policy = RetryPolicy::default();
    record.apply(&policy, None, &write, due()).unwrap().record
}

#[test]
fn a_claim_freezes_the_content_and_counts_the_token_up() {
    let first = claimed(&record(), due());
    let frozen = first.frozen.clone().unwrap();
    assert_eq!(frozen.entry, entry("Hoy"));
    assert_eq!(frozen.hash, content_hash(&entry("Hoy")).unwrap());
    assert_eq!(first.job.lease.unwrap().token, 1);
    assert_eq!(first.job.lease.unwrap().expires_at, minute(5));
    assert_eq!(first.claimable_at(), Some(minute(5)));

    let second = claimed(&first, minute(5));
    assert_eq!((second.last_token, second.job.lease.unwrap().token), (2, 2));
}

#[test]
fn progress_lasts_as_long_as_the_content_it_was_made_with() {
    let policy = RetryPolicy::default();
    let mut record = claimed(&record(), due());
    record.progress = Some(progress());
    for (copy, kept) in [("Hoy", Some(progress())), ("Mañana", None)] {
        let saved = entry(copy);
        let next = JobRecord {
            entry: saved.clone(),
            ..record.clone()
        };
        let Ok(Claiming::Claimed(next)) = next.claim(&policy, 300, None, minute(5)) else {
            panic!("it isn't claimed");
        };
        assert_eq!(next.progress, kept, "{copy}");
        assert_eq!(next.frozen.unwrap().entry, saved);
    }
}

#[test]
fn a_take_over_keeps_progress_and_content_whatever_was_saved() {
    let mut begun = begun(&record());
    begun.entry = entry("Mañana");
    let taken = claimed(&begun, minute(5));
    assert!(taken.job.lease.unwrap().write_started);
    assert_eq!(taken.progress, Some(progress()));
    assert_eq!(taken.frozen.unwrap().entry, entry("Hoy"));
}

#[test]
fn a_job_that_is_too_late_is_stopped_with_the_accounts_grace() {
    let policy = RetryPolicy::default();
    let late = minute(10).plus(TimeDelta::milliseconds(1));
    assert!(matches!(
        record().claim(&policy, 300, Some(10), minute(10)),
        Ok(Claiming::Claimed(_))
    ));
    let Ok(Claiming::Missed(missed)) = record().claim(&policy, 300, Some(10), late) else {
        panic!("it isn't stopped");
    };
    assert_eq!(missed.job.status, JobStatus::NeedsAttention);
    assert_eq!(missed.job.last_error, Some(Code::MissedSchedule));
    assert_eq!((missed.last_token, missed.claimable_at()), (0, None));
    let early = record().claim(&policy, 300, None, minute(-1)).unwrap_err();
    assert_eq!(early.code, Code::JobTransitionIllegal);
}

#[test]
fn an_attempt_opens_closes_and_is_corrected_in_one_row() {
    let opened = begun(&record());
    let attempt = opened.attempt.clone().unwrap();
    assert_eq!((attempt.number, attempt.status), (1, AttemptStatus::Open));

    let unknown = apply(&opened, JobEvent::OutcomeUnknown { token: 1 }, minute(1));
    let closed = unknown.record.attempt.clone().unwrap();
    assert_eq!(
        (closed.id, closed.status),
        (attempt.id, AttemptStatus::Unknown)
    );
    assert_eq!(unknown.ledger[0].token, Some(1));

    let confirmed = apply(&unknown.record, JobEvent::ConfirmedPublished, minute(9));
    let corrected = confirmed.record.attempt.clone().unwrap();
    assert_eq!(
        (corrected.id, corrected.status),
        (attempt.id, AttemptStatus::Ok)
    );
    assert_eq!(corrected.finished_at, Some(minute(9)));
    assert_eq!(
        (confirmed.ledger.len(), confirmed.ledger[0].token),
        (1, None)
    );
}

#[test]
fn the_ledger_names_the_post_that_is_out() {
    let receipt = PostReceipt {
        post_id: Some("17900".to_owned()),
        permalink: None,
    };
    let published = JobEvent::Published {
        token: 1,
        receipt: receipt.clone(),
    };
    let applied = apply(&begun(&record()), published, minute(1));
    assert_eq!(applied.record.receipt, Some(receipt));
    assert_eq!(applied.ledger.len(), 1);
    let row = &applied.ledger[0];
    assert_eq!(row.post_id.as_deref(), Some("17900"));
    assert_eq!(row.content_hash, content_hash(&entry("Hoy")).unwrap());
    assert_eq!((row.attempt, row.at), (1, minute(1)));
}

#[test]
fn a_limit_names_the_accounts_cool_down() {
    let limited = JobEvent::AccountLimited {
        token: 1,
        code: Code::RateLimited,
        until: minute(30),
    };
    let applied = apply(&begun(&record()), limited, minute(1));
    assert_eq!(applied.cool_down_until, Some(minute(30)));
    assert_eq!(applied.record.claimable_at(), Some(minute(30)));
}

#[test]
fn a_write_with_the_last_stamp_changes_nothing() {
    let record = claimed(&record(), due());
    let write = |sequence| JobWrite {
        stamp: Some(WriteStamp { token: 1, sequence }),
        ..JobWrite::new(record.job.id, JobEvent::WriteStarted { token: 1 })
    };
    let policy = RetryPolicy::default();
    let first = record.apply(&policy, None, &write(1), due()).unwrap();
    let again = first
        .record
        .apply(&policy, None, &write(1), minute(1))
        .unwrap();
    assert_eq!(again.record, first.record);
    assert_eq!((again.effects, again.ledger), (vec![], vec![]));
    // The same event under another number is another write, and there is one a claim.
    let other = first.record.apply(&policy, None, &write(2), minute(1));
    assert_eq!(other.unwrap_err().code, Code::JobTransitionIllegal);
}

#[test]
fn a_grace_that_the_event_leaves_open_is_the_accounts() {
    let record = claimed(&record(), due());
    let deferred = |grace_minutes| {
        JobWrite::new(
            record.job.id,
            JobEvent::Deferred {
                token: 1,
                code: Code::PlatformTemporary,
                until: minute(3),
                grace_minutes,
            },
        )
    };
    let status = |account, event| {
        let policy = RetryPolicy::default();
        let applied = record.apply(&policy, account, &deferred(event), due());
        applied.unwrap().record.job.status
    };
    assert_eq!(status(None, None), JobStatus::Scheduled);
    assert_eq!(status(Some(2), None), JobStatus::NeedsAttention);
    assert_eq!(status(Some(2), Some(3)), JobStatus::Scheduled);
}

#[test]
fn when_it_is_due_and_how_it_stands_is_no_content() {
    let hash = content_hash(&entry("Hoy")).unwrap();
    let mut moved = entry("Hoy");
    moved.scheduled_at = Some(minute(60));
    moved.reviewed = true;
    moved.revision = 7;
    assert_eq!(content_hash(&moved).unwrap(), hash);
    assert_ne!(content_hash(&entry("Mañana")).unwrap(), hash);
    assert_eq!(hash.len(), 64);
}

fn account() -> ChannelAccount {
    serde_json::from_str(
        r#"{"id":"018f0000-0000-7000-8000-000000000004","userId":"018f0000-0000-7000-8000-000000000005",
        "channel":"instagram","externalAccountId":"178","displayName":"@pan","timezone":"Europe/Madrid","status":"ok"}"#,
    )
    .unwrap()
}

#[test]
fn a_job_is_admitted_or_refused_for_the_first_thing_that_is_wrong() {
    let instagram = account();
    let tiktok = ChannelAccount {
        channel: crate::model::Channel::Tiktok,
        ..account()
    };
    let good = Known {
        same_id: None,
        account: Some(&instagram),
        live: None,
        published: None,
        now: due(),
    };
    let code = |known: Known<'_>| admit(new_job(), id(5), &known).map_err(|error| error.code);
    let other: JobId = id(33);
    assert!(matches!(code(good), Ok(Admission::Made(_))));
    let after = due().plus(TimeDelta::milliseconds(1));
    for (known, expected) in [
        (Known { now: after, ..good }, Code::ScheduleInPast),
        (
            Known {
                live: Some(other),
                now: after,
                ..good
            },
            Code::JobExists,
        ),
        (
            Known {
                published: Some(other),
                live: Some(other),
                ..good
            },
            Code::EntryPublished,
        ),
        (
            Known {
                account: Some(&tiktok),
                published: Some(other),
                ..good
            },
            Code::AccountChannelMismatch,
        ),
        (
            Known {
                account: None,
                ..good
            },
            Code::AccountNotFound,
        ),
    ] {
        assert_eq!(code(known), Err(expected), "{known:?}");
    }
    let made = record().job;
    let same = Known {
        same_id: Some(&made),
        now: after,
        ..good
    };
    assert_eq!(code(same), Ok(Admission::Before(Box::new(made.clone()))));
    let elsewhere = PublishJob {
        account_id: AccountId::new(uuid::Uuid::nil()),
        ..made
    };
    let taken = Known {
        same_id: Some(&elsewhere),
        ..good
    };
    assert_eq!(code(taken), Err(Code::JobExists));
}

#[test]
fn a_save_hands_over_content_and_cancels_what_was_removed() {
    let saved = entry("Mañana");
    let waiting = record();
    let handed = waiting
        .after_save(SavedEntry::Content(&saved), due())
        .unwrap();
    assert_eq!(handed.record.entry, saved);
    assert_eq!(handed.record.job, waiting.job);
    let same = waiting.entry.clone();
    assert_eq!(waiting.after_save(SavedEntry::Content(&same), due()), None);
    assert_eq!(waiting.after_save(SavedEntry::Unreadable, due()), None);
    let removed = waiting.after_save(SavedEntry::Removed, due()).unwrap();
    assert_eq!(removed.record.job.status, JobStatus::Cancelled);

    let writing = begun(&record());
    let handed = writing
        .after_save(SavedEntry::Content(&saved), due())
        .unwrap();
    assert_eq!(handed.record.frozen, writing.frozen);
    let removed = writing.after_save(SavedEntry::Removed, due()).unwrap();
    assert_eq!(removed.record.job.status, JobStatus::Publishing);
    assert!(removed.record.job.cancel_requested);

    let unknown = apply(&writing, JobEvent::OutcomeUnknown { token: 1 }, due()).record;
    assert_eq!(unknown.after_save(SavedEntry::Removed, due()), None);
    let out = apply(&unknown, JobEvent::ConfirmedPublished, due()).record;
    assert_eq!(out.after_save(SavedEntry::Content(&saved), due()), None);
}
