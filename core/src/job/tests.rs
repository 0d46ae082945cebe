//! The table in the documentation is the expectation; the machine is held against all of it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::error::{Code, Persistence};
use crate::model::{JobStatus, Lease, PublishJob, Timestamp};
use crate::retry::RetryPolicy;

const TABLE: &str = include_str!("transitions.md");

const STANDS: [&str; 9] = [
    "scheduled",
    "claimed",
    "writing",
    "published",
    "delivered_to_inbox",
    "failed",
    "attention",
    "unknown",
    "cancelled",
];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn due() -> Timestamp {
    at("2026-04-10T07:00:00Z")
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

fn job(stand: &str) -> PublishJob {
    let (status, last_error) = match stand {
        "scheduled" => (JobStatus::Scheduled, None),
        "claimed" | "writing" => (JobStatus::Publishing, None),
        "published" => (JobStatus::Published, None),
        "delivered_to_inbox" => (JobStatus::DeliveredToInbox, None),
        "failed" => (JobStatus::Failed, Some(Code::PlatformTemporary)),
        "attention" => (JobStatus::NeedsAttention, Some(Code::ContentRejected)),
        "unknown" => (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown)),
        "cancelled" => (JobStatus::Cancelled, Some(Code::Cancelled)),
        other => panic!("no stand {other}"),
    };
    let id = "018f0000-0000-7000-8000-000000000001";
    PublishJob {
        id: id.parse().unwrap(),
        calendar_entry_id: id.parse().unwrap(),
        user_id: id.parse().unwrap(),
        account_id: id.parse().unwrap(),
        channel: crate::model::Channel::Tiktok,
        scheduled_at: due(),
        status,
        attempt_count: 1,
        last_error,
        next_attempt_at: (stand == "failed").then(due),
        lease: (status == JobStatus::Publishing).then(|| Lease {
            token: 1,
            expires_at: due().plus(minutes(10)),
            write_started: stand == "writing",
        }),
        held_until: None,
        cancel_requested: false,
        created_at: at("2026-03-20T10:00:00Z"),
        updated_at: at("2026-03-20T10:00:00Z"),
    }
}

fn stand_of(job: &PublishJob) -> &'static str {
    match (job.status, job.last_error, job.lease) {
        (JobStatus::Publishing, _, Some(lease)) if lease.write_started => "writing",
        (JobStatus::Publishing, ..) => "claimed",
        (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown), _) => "unknown",
        (JobStatus::NeedsAttention, ..) => "attention",
        (status, ..) => status.as_str(),
    }
}

fn event(name: &str) -> JobEvent {
    let token = 1;
    let code = Code::PlatformTemporary;
    match name {
        "Claim" => JobEvent::Claim {
            lease: Lease {
                token: 2,
                expires_at: due().plus(minutes(30)),
                write_started: false,
            },
            grace_minutes: None,
        },
        "PreflightFailed" => JobEvent::PreflightFailed { token, code },
        "WriteStarted" => JobEvent::WriteStarted { token },
        "LeaseMoved" => JobEvent::LeaseMoved {
            token,
            until: due().plus(minutes(40)),
        },
        "Deferred" => JobEvent::Deferred {
            token,
            code,
            until: due().plus(minutes(2)),
            grace_minutes: None,
        },
        "Published" => JobEvent::Published {
            token,
            receipt: PostReceipt::default(),
        },
        "DeliveredToInbox" => JobEvent::DeliveredToInbox { token },
        "FailedForCertain" => JobEvent::FailedForCertain {
            token,
            code,
            retry_after_seconds: None,
        },
        "RejectedPermanently" => JobEvent::RejectedPermanently { token, code },
        "AccountLimited" => JobEvent::AccountLimited {
            token,
            code: Code::RateLimited,
            until: due().plus(minutes(90)),
        },
        "OutcomeUnknown" => JobEvent::OutcomeUnknown { token },
        "Reconciled published" => reconciled(Reconciliation::Published {
            receipt: PostReceipt::default(),
        }),
        "Reconciled delivered to the inbox" => reconciled(Reconciliation::DeliveredToInbox),
        "Reconciled not published" => reconciled(Reconciliation::NotPublished),
        "Reconciled still unknown" => reconciled(Reconciliation::StillUnknown),
        "LeaseExpired" => JobEvent::LeaseExpired,
        "MissedSchedule" => JobEvent::MissedSchedule {
            grace_minutes: None,
        },
        "CancelRequested" => JobEvent::CancelRequested,
        "Rescheduled" => JobEvent::Rescheduled {
            at: due().plus(TimeDelta::days(1)),
        },
        "RetryNow" => JobEvent::RetryNow,
        "ConfirmedPublished" => JobEvent::ConfirmedPublished,
        "ConfirmedNotPublished" => JobEvent::ConfirmedNotPublished {
            grace_minutes: None,
        },
        "Resumed" => JobEvent::Resumed {
            grace_minutes: None,
        },
        other => panic!("no event {other}"),
    }
}

fn reconciled(outcome: Reconciliation) -> JobEvent {
    JobEvent::Reconciled {
        token: Some(1),
        outcome,
        grace_minutes: None,
    }
}

/// The rows of the table: event with condition, from, to.
fn rows() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let rows: Vec<_> = TABLE
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            match cells[..] {
                ["", event, from, to, ""] if event != "event" && !event.starts_with('-') => {
                    Some(((event, from), to))
                }
                _ => None,
            }
        })
        .collect();
    let count = rows.len();
    let rows: BTreeMap<_, _> = rows.into_iter().collect();
    assert_eq!(rows.len(), count, "a row stands twice");
    rows
}

fn ask_for_more_than_a_day(event: &mut JobEvent, now: Timestamp) {
    match event {
        JobEvent::FailedForCertain {
            retry_after_seconds,
            ..
        } => *retry_after_seconds = Some(86_401),
        JobEvent::AccountLimited { until, .. } => *until = now.plus(TimeDelta::seconds(86_401)),
        other => panic!("{other:?} asks for no wait"),
    }
}

/// Whether a condition can hold in a stand at all.
fn applies(condition: &str, stand: &str) -> bool {
    match condition {
        "lease expired" => matches!(stand, "claimed" | "writing"),
        "cancel requested" => matches!(stand, "writing" | "unknown"),
        _ => true,
    }
}

#[test]
fn the_machine_is_the_table() {
    let rows = rows();
    let mut labels: Vec<&str> = rows.keys().map(|(label, _)| *label).collect();
    labels.dedup();
    let mut cases = 0;
    for label in labels {
        let (name, condition) = label.split_once(", ").unwrap_or((label, ""));
        for stand in STANDS.into_iter().filter(|stand| applies(condition, stand)) {
            let mut before = job(stand);
            let mut now = due().plus(TimeDelta::seconds(5));
            match condition {
                "attempts spent" => before.attempt_count = 4,
                "cancel requested" => before.cancel_requested = true,
                "lease expired" => now = due().plus(minutes(10)),
                "too late" => now = due().plus(minutes(61)),
                "no attempt yet" => before.attempt_count = 0,
                _ => {}
            }
            match name {
                "LeaseExpired" => now = due().plus(minutes(10)),
                "MissedSchedule" => now = due().plus(minutes(61)),
                _ => {}
            }
            if label == "MissedSchedule"
                && let Some(lease) = &mut before.lease
            {
                lease.expires_at = now.plus(minutes(10));
            }
            let mut event = event(name);
            if condition == "beyond a day" {
                ask_for_more_than_a_day(&mut event, now);
            }
            let after = advance(&before, event, now);
            match (rows.get(&(label, stand)), after) {
                (Some(to), Ok((after, _))) => {
                    assert_eq!(stand_of(&after), *to, "{label} from {stand}");
                }
                (None, Err(error)) => {
                    assert_eq!(
                        error.code,
                        Code::JobTransitionIllegal,
                        "{label} from {stand}"
                    );
                    let text = error.to_string();
                    assert!(
                        text.contains(before.status.as_str()) && text.contains('→'),
                        "{text}"
                    );
                }
                (expected, got) => panic!("{label} from {stand}: {expected:?}, got {got:?}"),
            }
            cases += 1;
        }
    }
    assert!(cases > 200, "{cases} cases");
}

#[test]
fn every_event_stands_in_the_table() {
    let rows = rows();
    for name in NAMES {
        assert!(name.starts_with(variant(&event(name))), "{name}");
        let stands = |(label, _): &(&str, &str)| label.split(", ").next() == Some(name);
        assert!(rows.keys().any(stands), "{name}");
    }
    // A new event doesn't compile here; once it is named, it must be in the table too.
    let variants: std::collections::BTreeSet<&str> =
        NAMES.iter().map(|name| variant(&event(name))).collect();
    assert_eq!(variants.len(), 20);
}

fn variant(event: &JobEvent) -> &'static str {
    match event {
        JobEvent::Claim { .. } => "Claim",
        JobEvent::PreflightFailed { .. } => "PreflightFailed",
        JobEvent::WriteStarted { .. } => "WriteStarted",
        JobEvent::LeaseMoved { .. } => "LeaseMoved",
        JobEvent::Deferred { .. } => "Deferred",
        JobEvent::Published { .. } => "Published",
        JobEvent::DeliveredToInbox { .. } => "DeliveredToInbox",
        JobEvent::FailedForCertain { .. } => "FailedForCertain",
        JobEvent::RejectedPermanently { .. } => "RejectedPermanently",
        JobEvent::AccountLimited { .. } => "AccountLimited",
        JobEvent::OutcomeUnknown { .. } => "OutcomeUnknown",
        JobEvent::Reconciled { .. } => "Reconciled",
        JobEvent::LeaseExpired => "LeaseExpired",
        JobEvent::MissedSchedule { .. } => "MissedSchedule",
        JobEvent::CancelRequested => "CancelRequested",
        JobEvent::Rescheduled { .. } => "Rescheduled",
        JobEvent::RetryNow => "RetryNow",
        JobEvent::ConfirmedPublished => "ConfirmedPublished",
        JobEvent::ConfirmedNotPublished { .. } => "ConfirmedNotPublished",
        JobEvent::Resumed { .. } => "Resumed",
    }
}

#[test]
fn failing_the_gate_costs_no_attempt() {
    use crate::preflight::PreflightReport;
    for until in [None, Some(due().plus(minutes(20)))] {
        let report = PreflightReport::Hold {
            stage: crate::preflight::PreflightStage::CoolDown,
            findings: vec![crate::model::Finding::blocking(
                Code::AccountCoolingDown,
                "account",
            )],
            until,
        };
        let claimed = PublishJob {
            attempt_count: 0,
            ..job("claimed")
        };
        let event = report.job_event(1).unwrap();
        let (after, effects) = advance(&claimed, event, due()).unwrap();
        assert_eq!(after.attempt_count, 0);
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, JobEffect::OpenAttempt { .. }))
        );
    }
    assert_eq!(PreflightReport::Pass.job_event(1), None);
}

#[test]
fn an_outage_after_a_claim_does_not_publish_late() {
    let claimed = PublishJob {
        attempt_count: 0,
        ..job("claimed")
    };
    let hours_later = due().plus(TimeDelta::hours(5));
    let (after, _) = advance(&claimed, JobEvent::LeaseExpired, hours_later).unwrap();
    let lease = Lease {
        token: 2,
        expires_at: hours_later.plus(minutes(10)),
        write_started: false,
    };
    let claim = JobEvent::Claim {
        lease,
        grace_minutes: None,
    };
    let error = advance(&after, claim, hours_later).unwrap_err();
    assert_eq!(error.code, Code::MissedSchedule);
}

#[test]
fn a_take_over_is_as_late_as_a_claim_unless_a_write_began() {
    let claimed = PublishJob {
        attempt_count: 0,
        ..job("claimed")
    };
    let claim = |now: Timestamp, grace_minutes| JobEvent::Claim {
        lease: Lease {
            token: 2,
            expires_at: now.plus(minutes(10)),
            write_started: false,
        },
        grace_minutes,
    };
    let in_time = due().plus(minutes(60));
    assert!(advance(&claimed, claim(in_time, None), in_time).is_ok());
    let days_later = due().plus(TimeDelta::days(3));
    let error = advance(&claimed, claim(days_later, None), days_later).unwrap_err();
    assert_eq!(error.code, Code::MissedSchedule);
    assert!(advance(&claimed, claim(days_later, Some(5_000)), days_later).is_ok());
    let missed = JobEvent::MissedSchedule {
        grace_minutes: None,
    };
    let (after, _) = advance(&claimed, missed, days_later).unwrap();
    assert_eq!(after.status, JobStatus::NeedsAttention);
    assert_eq!(after.last_error, Some(Code::MissedSchedule));

    // A write that began is looked after, however late.
    let (taken, effects) = advance(&job("writing"), claim(days_later, None), days_later).unwrap();
    assert_eq!(effects, [JobEffect::Reconcile]);
    let looked = JobEvent::Reconciled {
        token: Some(2),
        outcome: Reconciliation::NotPublished,
        grace_minutes: None,
    };
    let (after, _) = advance(&taken, looked, days_later).unwrap();
    assert_eq!(after.last_error, Some(Code::MissedSchedule));
    assert_eq!(after.next_attempt_at, None);
}

#[test]
fn a_code_that_contradicts_its_event_is_refused() {
    let refused = |stand, event| {
        let error = advance(&job(stand), event, due()).unwrap_err();
        assert_eq!(error.code, Code::FieldValueInvalid);
        assert_eq!(error.path, "event.code");
    };
    let token = 1;
    for code in Code::ALL {
        let failed = JobEvent::FailedForCertain {
            token,
            code,
            retry_after_seconds: None,
        };
        let limited = JobEvent::AccountLimited {
            token,
            code,
            until: due().plus(minutes(90)),
        };
        if code.persistence() == Persistence::Temporary {
            assert!(advance(&job("writing"), failed, due()).is_ok(), "{code}");
        } else {
            refused("writing", failed);
        }
        if !matches!(code, Code::RateLimited | Code::QuotaExhausted) {
            refused("writing", limited);
        }
    }
    let code = Code::OutcomeUnknown;
    refused("writing", JobEvent::RejectedPermanently { token, code });
}

#[test]
fn what_is_found_unpublished_too_late_waits_for_the_person() {
    let days_later = due().plus(TimeDelta::days(3));
    let say = |grace_minutes| {
        [
            JobEvent::ConfirmedNotPublished { grace_minutes },
            JobEvent::Reconciled {
                token: None,
                outcome: Reconciliation::NotPublished,
                grace_minutes,
            },
        ]
    };
    for event in say(None) {
        let (after, _) = advance(&job("unknown"), event, days_later).unwrap();
        assert_eq!(after.status, JobStatus::NeedsAttention);
        assert_eq!(after.last_error, Some(Code::MissedSchedule));
        assert_eq!(after.next_attempt_at, None);
    }
    for event in say(Some(5_000)) {
        let (after, _) = advance(&job("unknown"), event, days_later).unwrap();
        assert_eq!(after.status, JobStatus::Failed);
    }
}

#[test]
fn a_stored_job_without_its_lease_counts_as_written() {
    let corrupt = PublishJob {
        lease: None,
        ..job("claimed")
    };
    let (after, _) = advance(&corrupt, JobEvent::LeaseExpired, due()).unwrap();
    assert_eq!(stand_of(&after), "unknown");
}

const NAMES: [&str; 23] = [
    "Claim",
    "PreflightFailed",
    "WriteStarted",
    "LeaseMoved",
    "Deferred",
    "Reconciled delivered to the inbox",
    "Published",
    "DeliveredToInbox",
    "FailedForCertain",
    "RejectedPermanently",
    "AccountLimited",
    "OutcomeUnknown",
    "Reconciled published",
    "Reconciled not published",
    "Reconciled still unknown",
    "LeaseExpired",
    "MissedSchedule",
    "CancelRequested",
    "Rescheduled",
    "RetryNow",
    "ConfirmedPublished",
    "ConfirmedNotPublished",
    "Resumed",
];

/// An event as it fits the moment: tokens grow, leases and moves lie ahead. One in eight shows a
/// stale token.
fn live_event(name: &str, job: &PublishJob, now: Timestamp, serial: i64, stale: bool) -> JobEvent {
    let mut event = event(name);
    let held = job.lease.map_or(0, |lease| lease.token) - i64::from(stale);
    match &mut event {
        JobEvent::Claim { lease, .. } => {
            lease.token = serial;
            lease.expires_at = now.plus(minutes(10));
        }
        JobEvent::Rescheduled { at } => *at = now.plus(minutes(7)),
        JobEvent::AccountLimited { token, until, .. } => {
            *token = held;
            *until = now.plus(minutes(3));
        }
        JobEvent::Reconciled { token, .. } => *token = Some(held),
        JobEvent::PreflightFailed { token, .. }
        | JobEvent::WriteStarted { token }
        | JobEvent::Published { token, .. }
        | JobEvent::DeliveredToInbox { token }
        | JobEvent::FailedForCertain { token, .. }
        | JobEvent::RejectedPermanently { token, .. }
        | JobEvent::OutcomeUnknown { token } => *token = held,
        _ => {}
    }
    event
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_the_promises_hold(
        steps in prop::collection::vec((0..NAMES.len(), 0_i64..20, 0..8_u8), 1..120),
    ) {
        let policy = RetryPolicy::default();
        let mut job = PublishJob { attempt_count: 0, ..job("scheduled") };
        let mut now = due();
        let (mut attempts, mut asked_for, mut writes_open) = (0_u32, 0_u32, false);
        for (serial, (pick, wait, luck)) in steps.into_iter().enumerate() {
            now = now.plus(minutes(wait));
            let name = NAMES[pick];
            let stale = luck == 0;
            let event = live_event(name, &job, now, serial as i64 + 1, stale);
            let before = stand_of(&job);
            let Ok((after, effects)) = advance_with(&policy, &job, event, now) else {
                continue;
            };
            prop_assert!(!job.status.is_terminal(), "{name} moved a job out of {before}");
            prop_assert_eq!(after.lease.is_some(), after.status == JobStatus::Publishing);
            if before == "unknown" {
                prop_assert!(name.starts_with("Reconciled") || name.starts_with("Confirmed"), "{}", name);
            }
            if before == "attention" && matches!(name, "RetryNow" | "Rescheduled") {
                asked_for += 1;
            }
            for effect in &effects {
                match effect {
                    JobEffect::OpenAttempt { number, .. } => {
                        prop_assert!(!writes_open, "a second write before the first was settled");
                        writes_open = true;
                        attempts += 1;
                        prop_assert_eq!(*number, after.attempt_count);
                    }
                    JobEffect::FinishAttempt { .. } => writes_open = false,
                    _ => {}
                }
            }
            if name == "AccountLimited" && before == "writing" {
                attempts -= 1;
            }
            prop_assert_eq!(attempts, after.attempt_count);
            prop_assert!(attempts <= 4 + asked_for, "{} attempts, {} asked for", attempts, asked_for);
            prop_assert_eq!(after.updated_at, now);
            job = after;
        }
    }
}
