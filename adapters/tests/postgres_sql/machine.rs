//! `calendar_publish.advance_job` against `job::advance_with`: every stand, every event, every condition.

use calendar_publish::error::Code;
use calendar_publish::job::{JobEffect, JobEvent, PostReceipt, Reconciliation, advance_with};
use calendar_publish::model::{Channel, JobStatus, Lease, PublishJob, Timestamp};
use calendar_publish::retry::RetryPolicy;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::support::{at, connect, database};

struct Case {
    job: PublishJob,
    event: JobEvent,
    now: Timestamp,
}

fn due() -> Timestamp {
    at("2026-04-10T07:00:00Z")
}

fn after(seconds: i64) -> Timestamp {
    due().plus(TimeDelta::seconds(seconds))
}

const STANDS: [&str; 10] = [
    "scheduled",
    "claimed",
    "writing",
    "without lease",
    "published",
    "delivered_to_inbox",
    "failed",
    "attention",
    "unknown",
    "cancelled",
];

fn job(stand: &str) -> PublishJob {
    let (status, last_error) = match stand {
        "scheduled" => (JobStatus::Scheduled, None),
        "claimed" | "writing" | "without lease" => (JobStatus::Publishing, None),
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
        channel: Channel::Tiktok,
        scheduled_at: due(),
        status,
        attempt_count: 1,
        last_error,
        next_attempt_at: (stand == "failed").then(|| after(120)),
        lease: matches!(stand, "claimed" | "writing").then(|| Lease {
            token: 3,
            expires_at: after(600),
            write_started: stand == "writing",
        }),
        held_until: None,
        cancel_requested: false,
        created_at: at("2026-03-20T10:00:00.001Z"),
        updated_at: at("2026-03-20T10:00:00Z"),
    }
}

/// The job as a row of `publish_jobs`.
fn row(job: &PublishJob) -> Value {
    json!({
        "id": job.id, "calendar_entry_id": job.calendar_entry_id, "user_id": job.user_id,
        "account_id": job.account_id, "channel": job.channel, "scheduled_at": job.scheduled_at,
        "status": job.status, "attempt_count": job.attempt_count, "last_error": job.last_error,
        "next_attempt_at": job.next_attempt_at, "held_until": job.held_until,
        "lease_token": job.lease.map(|lease| lease.token),
        "lease_expires_at": job.lease.map(|lease| lease.expires_at),
        "write_started": job.lease.is_some_and(|lease| lease.write_started),
        "cancel_requested": job.cancel_requested, "created_at": job.created_at,
        "updated_at": job.updated_at,
    })
}

/// Every event, in every shape that matters at `now`.
fn events(now: Timestamp) -> Vec<JobEvent> {
    let later = |seconds: i64| now.plus(TimeDelta::seconds(seconds));
    let lease = |token, seconds| Lease {
        token,
        expires_at: later(seconds),
        write_started: false,
    };
    let receipt = PostReceipt {
        post_id: Some("18000000000000001".to_owned()),
        permalink: None,
    };
    let code = Code::PlatformTemporary;
    let mut events = vec![
        JobEvent::LeaseExpired,
        JobEvent::CancelRequested,
        JobEvent::RetryNow,
        JobEvent::ConfirmedPublished,
    ];
    for token in [3, 2] {
        events.extend([
            JobEvent::PreflightFailed {
                token,
                code: Code::MediaMissing,
            },
            JobEvent::WriteStarted { token },
            JobEvent::Published {
                token,
                receipt: receipt.clone(),
            },
            JobEvent::DeliveredToInbox { token },
            JobEvent::RejectedPermanently {
                token,
                code: Code::ContentRejected,
            },
            JobEvent::OutcomeUnknown { token },
        ]);
        events.extend([-1, 0, 60].map(|seconds| JobEvent::LeaseMoved {
            token,
            until: later(seconds),
        }));
        events.extend([None, Some(30), Some(86_400), Some(86_401)].map(|wait| {
            JobEvent::FailedForCertain {
                token,
                code,
                retry_after_seconds: wait,
            }
        }));
        for seconds in [-60, 180, 86_400, 86_401] {
            events.push(JobEvent::AccountLimited {
                token,
                code: Code::RateLimited,
                until: later(seconds),
            });
        }
    }
    for (token, seconds) in [(4, 600), (4, 0), (3, 600)] {
        for grace_minutes in [None, Some(0), Some(5_000)] {
            events.push(JobEvent::Claim {
                lease: lease(token, seconds),
                grace_minutes,
            });
        }
    }
    for grace_minutes in [None, Some(0), Some(5_000)] {
        events.extend([
            JobEvent::MissedSchedule { grace_minutes },
            JobEvent::ConfirmedNotPublished { grace_minutes },
            JobEvent::Resumed { grace_minutes },
            JobEvent::Deferred {
                token: 3,
                code,
                until: later(-60),
                grace_minutes,
            },
            JobEvent::Deferred {
                token: 3,
                code,
                until: later(600),
                grace_minutes,
            },
        ]);
        for token in [Some(3), Some(2), None] {
            for outcome in [
                Reconciliation::Published {
                    receipt: receipt.clone(),
                },
                Reconciliation::DeliveredToInbox,
                Reconciliation::NotPublished,
                Reconciliation::StillUnknown,
            ] {
                events.push(JobEvent::Reconciled {
                    token,
                    outcome,
                    grace_minutes,
                });
            }
        }
    }
    events.extend([-1, 0, 1, 86_400].map(|seconds| JobEvent::Rescheduled { at: later(seconds) }));
    events
}

/// What the SQL machine makes of the cases, in their order: refusals as code and path, else the job
/// and its effects.
async fn decided(
    client: &Client,
    policy: &[i32],
    cases: &[Case],
) -> Vec<Result<(PublishJob, Vec<JobEffect>), (String, String)>> {
    let body: Vec<Value> = cases
        .iter()
        .map(|case| json!({"row": row(&case.job), "event": case.event, "now": case.now}))
        .collect();
    client
        .query(
            "select s.code, s.path, calendar_publish.job_json(s.job)::text, s.effects::text
             from jsonb_array_elements($2::text::jsonb) with ordinality as c (body, place)
             cross join lateral calendar_publish.advance_job($1,
               jsonb_populate_record(null::public.publish_jobs, c.body -> 'row'), c.body -> 'event', null,
               (c.body ->> 'now')::timestamptz) s
             order by c.place",
            &[&policy, &Value::from(body).to_string()],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| match row.get::<_, Option<String>>(0) {
            Some(code) => Err((code, row.get(1))),
            None => Ok((
                serde_json::from_str(row.get(2)).unwrap(),
                serde_json::from_str(row.get(3)).unwrap(),
            )),
        })
        .collect()
}

async fn hold_against_the_core(client: &Client, delays: &[u32], cases: &[Case]) {
    let policy = RetryPolicy::new(delays.to_vec()).unwrap();
    let delays: Vec<i32> = delays.iter().map(|delay| *delay as i32).collect();
    for chunk in cases.chunks(4_000) {
        let decided = decided(client, &delays, chunk).await;
        assert_eq!(decided.len(), chunk.len());
        for (case, got) in chunk.iter().zip(decided) {
            let expected = advance_with(&policy, &case.job, case.event.clone(), case.now)
                .map_err(|error| (error.code.to_string(), error.path));
            assert_eq!(
                got, expected,
                "{:?} at {} of {:?}",
                case.event, case.now, case.job
            );
        }
    }
}

#[tokio::test]
async fn every_event_in_every_stand_is_decided_as_the_core_decides() {
    let client = connect(&database().await).await;
    // Before it is due, in time, exactly at a lease's end, exactly at the grace, later, much later.
    let moments = [-60_000, 5_000, 600_000, 3_600_000, 3_600_001, 260_000_000];
    let mut cases = Vec::new();
    for stand in STANDS {
        for attempts in [0, 1, 3, 4, 5] {
            for cancel_requested in [false, true] {
                for moment in moments {
                    let now = due().plus(TimeDelta::milliseconds(moment));
                    let job = PublishJob {
                        attempt_count: attempts,
                        cancel_requested,
                        ..job(stand)
                    };
                    cases.extend(events(now).into_iter().map(|event| Case {
                        job: job.clone(),
                        event,
                        now,
                    }));
                }
            }
        }
    }
    assert!(cases.len() > 50_000, "{}", cases.len());
    hold_against_the_core(&client, &[5, 15, 30], &cases).await;
}

#[tokio::test]
async fn waits_and_ladders_are_the_cores() {
    let client = connect(&database().await).await;
    let mut cases = Vec::new();
    for stand in [
        "scheduled",
        "failed",
        "claimed",
        "writing",
        "unknown",
        "attention",
    ] {
        for (next, held) in [
            (None, Some(900)),
            (Some(300), Some(900)),
            (Some(300), Some(60)),
        ] {
            for moment in [0, 200, 300, 899, 900, 3_600, 3_901] {
                let now = after(moment);
                let job = PublishJob {
                    next_attempt_at: next.map(after),
                    held_until: held.map(after),
                    ..job(stand)
                };
                cases.extend(events(now).into_iter().map(|event| Case {
                    job: job.clone(),
                    event,
                    now,
                }));
            }
        }
    }
    for policy in [&[][..], &[1], &[1_440, 2], &[5, 15, 30]] {
        hold_against_the_core(&client, policy, &cases).await;
    }
}

#[tokio::test]
async fn codes_are_temporary_or_not_as_the_core_says() {
    let client = connect(&database().await).await;
    let token = 3;
    let until = after(600);
    let cases: Vec<Case> = Code::ALL
        .into_iter()
        .flat_map(|code| {
            ["claimed", "writing"].into_iter().flat_map(move |stand| {
                [
                    JobEvent::PreflightFailed { token, code },
                    JobEvent::Deferred {
                        token,
                        code,
                        until,
                        grace_minutes: None,
                    },
                    JobEvent::FailedForCertain {
                        token,
                        code,
                        retry_after_seconds: None,
                    },
                    JobEvent::RejectedPermanently { token, code },
                    JobEvent::AccountLimited { token, code, until },
                ]
                .map(|event| Case {
                    job: job(stand),
                    event,
                    now: after(5),
                })
            })
        })
        .collect();
    hold_against_the_core(&client, &[5, 15, 30], &cases).await;
}
