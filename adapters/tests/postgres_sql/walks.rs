//! Thousands of jobs on random walks through the stored functions, each step held against what the
//! core's `JobRecord` makes of it: jobs, effects, refusals, progress, attempts and the ledger.

use std::collections::HashMap;

use calendar_publish::error::Code;
use calendar_publish::job::{Claiming, JobEvent, JobRecord, PostReceipt, Reconciliation};
use calendar_publish::ledger::{LedgerHead, LedgerRecord, LedgerRow, chain};
use calendar_publish::model::{JobId, PublishAttempt, PublishJob, Timestamp};
use calendar_publish::ports::{
    AttemptNote, JobOutcome, JobResult, JobWrite, NewJob, Progress, ProgressChange, StepKind,
    WriteStamp,
};
use calendar_publish::retry::RetryPolicy;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::support::{
    account, advance, at, calendar, claim, connect, database, entry, job_id, json_of,
    link_accounts, new_job, schedule, user,
};

const WALKS: usize = 2_000;
const STEPS: usize = 30;
const LEASE: u32 = 300;

/// A small generator of numbers: the same seed, the same walk.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }
}

/// A job as it should be, with what was written about it.
struct Walk {
    record: JobRecord,
    attempts: Vec<PublishAttempt>,
    ledger: Vec<LedgerRecord>,
    cooling_until: Option<Timestamp>,
}

impl Walk {
    fn new(number: usize, due: Timestamp, now: Timestamp) -> Self {
        let new = NewJob {
            id: job_id(number),
            entry: entry(number, "Hola"),
            account_id: account(number),
            scheduled_at: due,
        };
        Self {
            record: JobRecord::new(new, user(0), now),
            attempts: Vec::new(),
            ledger: Vec::new(),
            cooling_until: None,
        }
    }

    /// What a claim of everything that is due comes to for this job.
    fn claim(&mut self, now: Timestamp) -> Option<Claiming> {
        let begun = self
            .record
            .job
            .lease
            .is_some_and(|lease| lease.write_started);
        let cooling = self.cooling_until.is_some_and(|until| until > now);
        if self.record.claimable_at().is_none_or(|from| from > now) || cooling && !begun {
            return None;
        }
        let claiming = self
            .record
            .claim(&RetryPolicy::default(), LEASE, None, now)
            .unwrap();
        match &claiming {
            Claiming::Claimed(record) | Claiming::Missed(record) => {
                self.record = (**record).clone();
            }
        }
        Some(claiming)
    }

    fn apply(&mut self, policy: &RetryPolicy, write: &JobWrite, now: Timestamp) -> JobResult {
        match self.record.apply(policy, None, write, now) {
            Err(error) => JobResult::Refused { error },
            Ok(applied) => {
                self.record = applied.record;
                self.ledger.extend(applied.ledger);
                self.cooling_until = self.cooling_until.max(applied.cool_down_until);
                if let Some(attempt) = &self.record.attempt {
                    self.attempts.retain(|kept| kept.number != attempt.number);
                    self.attempts.push(attempt.clone());
                }
                JobResult::Done {
                    job: Box::new(self.record.job.clone()),
                    effects: applied.effects,
                }
            }
        }
    }
}

fn worker_write(dice: &mut Dice, record: &JobRecord, now: Timestamp) -> JobWrite {
    let held = record.job.lease.map_or(0, |lease| lease.token);
    let token = held - i64::from(dice.below(12) == 0);
    let later = |seconds: usize| now.plus(TimeDelta::seconds(seconds as i64));
    let receipt = PostReceipt {
        post_id: Some("18000000000000001".to_owned()),
        permalink: (dice.below(2) == 0).then(|| "https://www.instagram.com/p/abc/".to_owned()),
    };
    let outcome = match dice.below(4) {
        0 => Reconciliation::Published {
            receipt: receipt.clone(),
        },
        1 => Reconciliation::DeliveredToInbox,
        2 => Reconciliation::NotPublished,
        _ => Reconciliation::StillUnknown,
    };
    let event = match dice.below(22) {
        0..=6 => JobEvent::WriteStarted { token },
        7 => JobEvent::Published { token, receipt },
        8 => JobEvent::DeliveredToInbox { token },
        9..=12 => JobEvent::FailedForCertain {
            token,
            code: Code::PlatformTemporary,
            retry_after_seconds: [None, Some(30), Some(1_200), Some(86_401)][dice.below(4)],
        },
        13 => JobEvent::RejectedPermanently {
            token,
            code: Code::ContentRejected,
        },
        14 => JobEvent::AccountLimited {
            token,
            code: Code::RateLimited,
            until: later(dice.below(2_000)),
        },
        15 => JobEvent::OutcomeUnknown { token },
        16 => JobEvent::Reconciled {
            token: (held > 0).then_some(token),
            outcome,
            grace_minutes: None,
        },
        17 => JobEvent::LeaseExpired,
        18 => JobEvent::LeaseMoved {
            token,
            until: later(dice.below(900)),
        },
        19 => JobEvent::Deferred {
            token,
            code: Code::StoreUnavailable,
            until: later(dice.below(900)),
            grace_minutes: None,
        },
        20 => JobEvent::MissedSchedule {
            grace_minutes: Some(30),
        },
        _ => JobEvent::PreflightFailed {
            token,
            code: Code::MediaMissing,
        },
    };
    let progress = match dice.below(4) {
        0 => ProgressChange::Clear,
        1 => ProgressChange::Keep,
        stage => ProgressChange::Set {
            progress: Progress {
                stage: format!("stage {stage}"),
                kind: StepKind::Decisive,
                state: r#"{"containerId":"17890000000000000"}"#.to_owned(),
            },
        },
    };
    let stamp = match dice.below(8) {
        0 => record.stamp,
        1 => None,
        _ => Some(WriteStamp {
            token,
            sequence: record.stamp.map_or(0, |stamp| stamp.sequence) + 1,
        }),
    };
    let note = match dice.below(3) {
        0 => AttemptNote::default(),
        1 => AttemptNote {
            message: Some("dijo \"no\"\n\u{1}\\ – 👍".to_owned()),
            response_meta: Some(r#"{"z":1,"a":[2.50]}"#.to_owned()),
        },
        _ => AttemptNote {
            message: None,
            response_meta: Some("not JSON".to_owned()),
        },
    };
    JobWrite {
        job_id: record.job.id,
        event,
        stamp,
        progress,
        note,
    }
}

fn person_write(dice: &mut Dice, record: &JobRecord, now: Timestamp) -> JobWrite {
    let grace_minutes = [None, Some(2_000)][dice.below(2)];
    let event = match dice.below(12) {
        0 => JobEvent::CancelRequested,
        1 | 2 => JobEvent::Rescheduled {
            at: now.plus(TimeDelta::minutes(dice.below(10) as i64 - 1)),
        },
        3 => JobEvent::ConfirmedPublished,
        4..=6 => JobEvent::ConfirmedNotPublished { grace_minutes },
        7 | 8 => JobEvent::Resumed { grace_minutes },
        _ => JobEvent::RetryNow,
    };
    JobWrite::new(record.job.id, event)
}

/// Two outcomes, refusals by code and path.
fn assert_same(got: &Value, expected: &JobResult, write: &JobWrite) {
    match expected {
        JobResult::Done { .. } => {
            let got: JobOutcome = serde_json::from_value(got.clone()).unwrap();
            let expected = JobOutcome {
                job_id: write.job_id,
                result: expected.clone(),
            };
            assert_eq!(got, expected, "{write:?}");
        }
        JobResult::Refused { error } => {
            assert_eq!(got["result"], "refused", "{write:?}: {got} for {error}");
            assert_eq!(got["error"]["code"], error.code.as_str(), "{write:?}");
            assert_eq!(got["error"]["path"], error.path.as_str(), "{write:?}");
            let job: PublishJob = serde_json::from_value(got["job"].clone()).unwrap();
            assert_eq!(job.id, write.job_id);
        }
    }
}

fn assert_claimed(answer: &Value, walks: &mut [Walk], now: Timestamp) {
    let by_id = |list: &str, id: fn(&Value) -> &Value| -> HashMap<JobId, Value> {
        answer[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| {
                (
                    serde_json::from_value(id(job).clone()).unwrap(),
                    job.clone(),
                )
            })
            .collect()
    };
    let mut claimed = by_id("jobs", |job| &job["job"]["id"]);
    let mut missed = by_id("missed", |job| &job["id"]);
    for walk in walks {
        let id = walk.record.job.id;
        match walk.claim(now) {
            None => {}
            Some(Claiming::Missed(record)) => {
                let job: PublishJob = serde_json::from_value(missed.remove(&id).unwrap()).unwrap();
                assert_eq!(job, record.job);
            }
            Some(Claiming::Claimed(record)) => {
                let got = claimed.remove(&id).unwrap();
                let job: PublishJob = serde_json::from_value(got["job"].clone()).unwrap();
                assert_eq!(job, record.job);
                let progress: Option<Progress> =
                    serde_json::from_value(got["progress"].clone()).unwrap();
                assert_eq!(progress, record.progress);
                let frozen = record.frozen.unwrap();
                assert_eq!(got["contentHash"], frozen.hash);
                assert_eq!(got["entry"], serde_json::to_string(&frozen.entry).unwrap());
                assert_eq!(got["account"]["access_token_encrypted"], Value::Null);
            }
        }
    }
    assert!(
        claimed.is_empty() && missed.is_empty(),
        "{claimed:?} {missed:?}"
    );
}

async fn save(client: &Client, walks: &mut [Walk], copy: &str, now: Timestamp) {
    for (number, walk) in walks.iter_mut().enumerate() {
        if number % 2 == 0 && !walk.record.job.status.is_terminal() {
            walk.record.entry = entry(number, copy);
        }
    }
    let entries: Vec<Value> = walks
        .iter()
        .map(|walk| {
            let entry = &walk.record.entry;
            json!({
                "entryId": entry.id, "entry": serde_json::to_string(entry).unwrap(),
                "contentHash": calendar_publish::job::content_hash(entry).unwrap(),
            })
        })
        .collect();
    let cancelled = json_of(
        client,
        "select calendar_publish.hand_content_to_jobs($1::text::uuid, $2::text::uuid, $3::text::jsonb,
           $4::text::timestamptz)::text",
        &[
            &user(0).to_string(),
            &calendar().to_string(),
            &Value::from(entries).to_string(),
            &now.to_string(),
        ],
    )
    .await;
    assert_eq!(cancelled, json!([]));
}

#[tokio::test]
async fn thousands_of_walks_go_where_the_core_goes() {
    let client = connect(&database().await).await;
    let delays = [5, 15, 30];
    let policy = RetryPolicy::default();
    let mut dice = Dice(20_260_410);
    let mut now = at("2026-04-10T06:59:00Z");
    link_accounts(&client, user(0), WALKS).await;
    let due =
        |number: usize| at("2026-04-10T07:00:00Z").plus(TimeDelta::seconds((number % 600) as i64));
    let jobs: Vec<Value> = (0..WALKS)
        .map(|number| new_job(number, account(number), due(number)))
        .collect();
    let made = schedule(&client, user(0), &jobs, now).await;
    let mut walks: Vec<Walk> = (0..WALKS)
        .map(|number| Walk::new(number, due(number), now))
        .collect();
    for (got, walk) in made["outcomes"].as_array().unwrap().iter().zip(&walks) {
        let job: PublishJob = serde_json::from_value(got["job"].clone()).unwrap();
        assert_eq!(job, walk.record.job);
    }

    for step in 0..STEPS {
        now = now.plus(TimeDelta::milliseconds(dice.below(300_000) as i64));
        let people = step % 5 == 4;
        if step % 3 == 0 {
            let answer = claim(&client, 10_000, LEASE as i32, now).await;
            assert_claimed(&answer, &mut walks, now);
        }
        if step % 11 == 7 {
            save(&client, &mut walks, &format!("Hola {step}"), now).await;
        }
        // Some jobs have two writes in one batch: the second finds what the first left.
        let mut writes = Vec::new();
        let mut expected = Vec::new();
        for walk in &mut walks {
            for _ in 0..=usize::from(dice.below(8) == 0) {
                let write = if people {
                    person_write(&mut dice, &walk.record, now)
                } else {
                    worker_write(&mut dice, &walk.record, now)
                };
                expected.push(walk.apply(&policy, &write, now));
                writes.push(write);
            }
        }
        let body = serde_json::to_value(&writes).unwrap();
        let outcomes = if people {
            let answer = json_of(
                &client,
                "select calendar_publish.command_jobs($1::text::uuid, null, null, $2, $3::text::jsonb, false,
                   $4::text::timestamptz)::text",
                &[
                    &user(0).to_string(),
                    &&delays[..],
                    &body.to_string(),
                    &now.to_string(),
                ],
            )
            .await;
            answer["outcomes"].clone()
        } else {
            advance(&client, &delays, &body, now).await
        };
        let outcomes = outcomes.as_array().unwrap();
        assert_eq!(outcomes.len(), writes.len());
        for ((got, expected), write) in outcomes.iter().zip(&expected).zip(&writes) {
            assert_same(got, expected, write);
        }
    }
    assert_stored(&client, &walks).await;
    // The walks have been everywhere.
    let count = |status| {
        walks
            .iter()
            .filter(|walk| walk.record.job.status.as_str() == status)
            .count()
    };
    for status in [
        "published",
        "delivered_to_inbox",
        "cancelled",
        "needs_attention",
    ] {
        assert!(count(status) > 0, "none is {status}");
    }
    assert!(walks.iter().any(|walk| walk.attempts.len() >= 3));
}

/// What lies in the tables at the end.
async fn assert_stored(client: &Client, walks: &[Walk]) {
    let ids: Vec<String> = walks
        .iter()
        .map(|walk| walk.record.job.id.to_string())
        .collect();
    let histories = json_of(
        client,
        "select jsonb_agg(calendar_publish.job_history($1::text::uuid, i.id::uuid) order by i.place)::text
         from unnest($2::text[]) with ordinality as i (id, place)",
        &[&user(0).to_string(), &ids],
    )
    .await;
    for (got, walk) in histories.as_array().unwrap().iter().zip(walks) {
        let record = &walk.record;
        let job: PublishJob = serde_json::from_value(got["job"].clone()).unwrap();
        assert_eq!(job, record.job);
        let read = |name: &str| got.get(name).cloned().unwrap_or_default();
        let progress: Option<Progress> = serde_json::from_value(read("progress")).unwrap();
        assert_eq!(progress, record.progress);
        let stamp: Option<WriteStamp> = serde_json::from_value(read("stamp")).unwrap();
        assert_eq!(stamp, record.stamp);
        let receipt: Option<PostReceipt> = serde_json::from_value(read("receipt")).unwrap();
        assert_eq!(receipt, record.receipt);
        assert_eq!(got["lastToken"], record.last_token);
        assert_eq!(got["entry"], serde_json::to_string(&record.entry).unwrap());
        let attempts: Vec<PublishAttempt> =
            serde_json::from_value(got["attempts"].clone()).unwrap();
        assert_eq!(attempts, walk.attempts);
    }

    let rows = json_of(
        client,
        "select jsonb_agg(calendar_publish.ledger_rows(i.id::uuid, 0, 1000) order by i.place)::text
         from unnest($1::text[]) with ordinality as i (id, place)",
        &[&walks
            .iter()
            .map(|walk| walk.record.job.account_id.to_string())
            .collect::<Vec<_>>()],
    )
    .await;
    let rows: Vec<Vec<LedgerRow>> = serde_json::from_value(rows).unwrap();
    for (got, walk) in rows.iter().zip(walks) {
        let mut head = LedgerHead::default();
        let expected: Vec<LedgerRow> = walk
            .ledger
            .iter()
            .map(|record| {
                let row = chain(&head, record).unwrap();
                head = LedgerHead {
                    sequence: row.sequence,
                    hash: row.hash.clone(),
                };
                row
            })
            .collect();
        assert_eq!(*got, expected);
    }
}
