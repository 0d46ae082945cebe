//! Cases about how attempts end, and what is kept of them.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::JobCases;
use super::bench::{Bench, Stand, ana, done, job_id, later, minute, receipt, stand, start};
use crate::conformance::fixture::{entry_id, plain};
use crate::conformance::{ConformanceError, Verdict, equal};
use crate::error::Code;
use crate::job::{JobEvent, Reconciliation, attempt_id, content_hash};
use crate::ledger::{LedgerRecord, LedgerRow};
use crate::model::{AccountId, AttemptStatus, Channel, JobStatus, PublishAttempt};
use crate::ports::{AttemptNote, Clock, JobStore, JobWrite};

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check(
            "four attempts at most, at 0, +5, +15 and +30 minutes",
            ladder,
        )
        .await?;
    cases
        .check("a platform's wait lengthens the ladder's", retry_after)
        .await?;
    cases.check("every end of an attempt", ends).await?;
    cases
        .check("a failed check stops a job without an attempt", preflight)
        .await?;
    cases
        .check("what was seen later decides an unknown outcome", reconciled)
        .await?;
    cases
        .check("an attempt keeps what the platform said", notes)
        .await?;
    cases
        .check("the ledger is a chain that can be recomputed", chain)
        .await?;
    cases
        .check("an attempt that met a limit is made again", limited_attempt)
        .await
}

pub(super) fn failed(token: i64) -> JobEvent {
    JobEvent::FailedForCertain {
        token,
        code: Code::PlatformTemporary,
        retry_after_seconds: None,
    }
}

async fn ladder(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    // Each attempt takes a minute: the waits count from its end.
    for (attempt, (begins, next)) in (1..).zip([(0, 6), (6, 22), (22, 53)]) {
        bench.at(later(minute(begins), -1));
        bench.claims("before its time", &[]).await?;
        bench.at(minute(begins));
        let token = bench.begin("pan").await?;
        bench.at(minute(begins + 1));
        let job = bench.does("pan", failed(token)).await?;
        let expected = (
            JobStatus::Failed,
            attempt,
            Some(Code::PlatformTemporary),
            Some(minute(next)),
        );
        equal("after a failure", &stand(&job), &expected)?;
    }
    bench.at(minute(53));
    let token = bench.begin("pan").await?;
    let job = bench.does("pan", failed(token)).await?;
    let spent: Stand = (
        JobStatus::NeedsAttention,
        4,
        Some(Code::RetriesExhausted),
        None,
    );
    equal("after the fourth", &stand(&job), &spent)?;
    bench.at(minute(54));
    let claimed = bench.claims("a fifth", &[]).await?;
    equal("the next look", &claimed.next_due_at, &None)?;
    let resumed = bench
        .wants(
            "pan",
            JobEvent::Resumed {
                grace_minutes: None,
            },
        )
        .await?;
    super::bench::refused_with("resuming", &resumed, Code::JobTransitionIllegal)?;
    let attempts = bench.stored("pan").await?.attempts;
    let attempts: Vec<_> = attempts
        .iter()
        .map(|attempt| (attempt.number, attempt.started_at, attempt.finished_at))
        .collect();
    let expected = [(1, 0, 1), (2, 6, 7), (3, 22, 23), (4, 53, 53)]
        .map(|(number, from, to)| (number, minute(from), Some(minute(to))));
    equal("its attempts", &attempts, &expected.to_vec())
}

async fn retry_after(bench: &Bench<'_>) -> Verdict {
    for (name, seconds, expected) in [("short", 60, 5 * 60), ("long", 3_600, 3_600)] {
        let account = bench.account(name).await?;
        bench.job(name, account, start()).await?;
        let token = bench.begin(name).await?;
        let failed = JobEvent::FailedForCertain {
            token,
            code: Code::PlatformTemporary,
            retry_after_seconds: Some(seconds),
        };
        let job = bench.does(name, failed).await?;
        let expected = later(start(), expected * 1_000);
        equal(name, &job.next_attempt_at, &Some(expected))?;
    }
    Ok(())
}

async fn ends(bench: &Bench<'_>) -> Verdict {
    use AttemptStatus as A;
    use JobStatus as S;
    let token = 1;
    let cases = [
        (
            JobEvent::Published {
                token,
                receipt: receipt("17900"),
            },
            (S::Published, 1, None, None),
            (A::Ok, None),
        ),
        (
            JobEvent::DeliveredToInbox { token },
            (S::DeliveredToInbox, 1, None, None),
            (A::Ok, None),
        ),
        (
            failed(token),
            (S::Failed, 1, Some(Code::PlatformTemporary), Some(minute(5))),
            (A::Failed, Some(Code::PlatformTemporary)),
        ),
        (
            JobEvent::RejectedPermanently {
                token,
                code: Code::ContentRejected,
            },
            (S::NeedsAttention, 1, Some(Code::ContentRejected), None),
            (A::Failed, Some(Code::ContentRejected)),
        ),
        (
            JobEvent::OutcomeUnknown { token },
            (S::NeedsAttention, 1, Some(Code::OutcomeUnknown), None),
            (A::Unknown, Some(Code::OutcomeUnknown)),
        ),
    ];
    for (number, (event, expected, attempt)) in cases.into_iter().enumerate() {
        let name = format!("pan {number}");
        let account = bench.account(&name).await?;
        bench.job(&name, account, start()).await?;
        bench.begin(&name).await?;
        let what = format!("{event:?}");
        let job = bench.does(&name, event.clone()).await?;
        equal(&what, &stand(&job), &expected)?;
        equal(&what, &job.lease, &None)?;
        let history = bench.stored(&name).await?;
        let ended = history.attempts[0].clone();
        equal(&what, &(ended.status, ended.error_code), &attempt)?;
        equal(&what, &ended.finished_at, &Some(start()))?;
        let kept = match event {
            JobEvent::Published { receipt, .. } => Some(receipt),
            _ => None,
        };
        equal(&what, &history.record.receipt, &kept)?;
        if job.status.is_terminal() {
            bench
                .may_not(&name, JobEvent::CancelRequested, Code::JobTransitionIllegal)
                .await?;
        }
    }
    Ok(())
}

async fn preflight(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    let early = JobEvent::Published {
        token,
        receipt: receipt("17900"),
    };
    bench
        .may_not("pan", early, Code::JobTransitionIllegal)
        .await?;
    let code = Code::TokenExpired;
    let job = bench
        .does("pan", JobEvent::PreflightFailed { token, code })
        .await?;
    let expected = (JobStatus::NeedsAttention, 0, Some(Code::TokenExpired), None);
    equal("its stand", &stand(&job), &expected)?;
    equal("attempts", &bench.stored("pan").await?.attempts, &vec![])?;
    equal(
        "the ledger",
        &bench.store.ledger(pan, 0, 10).await?,
        &vec![],
    )
}

async fn reconciled(bench: &Bench<'_>) -> Verdict {
    use JobStatus as S;
    let cases = [
        (
            Reconciliation::Published {
                receipt: receipt("17900"),
            },
            (S::Published, 1, None, None),
            AttemptStatus::Ok,
        ),
        (
            Reconciliation::DeliveredToInbox,
            (S::DeliveredToInbox, 1, None, None),
            AttemptStatus::Ok,
        ),
        (
            Reconciliation::NotPublished,
            (S::Failed, 1, Some(Code::PublishError), Some(minute(6))),
            AttemptStatus::Failed,
        ),
        (
            Reconciliation::StillUnknown,
            (S::NeedsAttention, 1, Some(Code::OutcomeUnknown), None),
            AttemptStatus::Unknown,
        ),
    ];
    for (number, (outcome, expected, attempt)) in cases.into_iter().enumerate() {
        // Once by the worker that holds it, once by whoever looks later.
        for held in [true, false] {
            let name = format!("pan {number} {held}");
            bench.at(start());
            let account = bench.account(&name).await?;
            bench.job(&name, account, start()).await?;
            let token = bench.begin(&name).await?;
            if !held {
                bench
                    .does(&name, JobEvent::OutcomeUnknown { token })
                    .await?;
            }
            bench.at(minute(1));
            let seen = JobEvent::Reconciled {
                token: held.then_some(token),
                outcome: outcome.clone(),
                grace_minutes: None,
            };
            let what = format!("{outcome:?}, held: {held}");
            let job = bench.does(&name, seen).await?;
            equal(&what, &stand(&job), &expected)?;
            let attempts = bench.stored(&name).await?.attempts;
            let statuses: Vec<_> = attempts.iter().map(|attempt| attempt.status).collect();
            equal(&what, &statuses, &vec![attempt])?;
        }
    }
    Ok(())
}

fn note(message: &str) -> AttemptNote {
    AttemptNote {
        message: Some(message.to_owned()),
        response_meta: Some(r#"{"code": 2207051,  "texto": "límite 🍞"}"#.to_owned()),
    }
}

async fn notes(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.begin("pan").await?;
    bench.at(minute(1));
    let write = JobWrite {
        note: note("HTTP 503 «más tarde»"),
        ..JobWrite::new(job_id("pan"), failed(token))
    };
    let job = done("the failure", bench.write(write).await?)?;
    let json = |text: Option<String>| -> Result<serde_json::Value, _> {
        serde_json::from_str(&text.unwrap_or_default())
    };
    let attempts = bench.stored("pan").await?.attempts;
    let attempt = attempts.last().cloned();
    // Spaces in the platform's answer needn't come back.
    let meta = attempt
        .as_ref()
        .and_then(|attempt| attempt.response_meta.clone());
    equal(
        "the answer",
        &json(meta.clone())?,
        &json(note("").response_meta)?,
    )?;
    let expected = PublishAttempt {
        id: attempt_id(&job, 1),
        publish_job_id: job.id,
        number: 1,
        started_at: start(),
        finished_at: Some(minute(1)),
        status: AttemptStatus::Failed,
        error_code: Some(Code::PlatformTemporary),
        error_message: note("HTTP 503 «más tarde»").message,
        response_meta: meta,
    };
    equal("the attempts", &attempts.len(), &1)?;
    equal("the attempt", &attempt, &Some(expected))
}

/// The rows' hashes, computed from their texts alone.
fn recomputed(rows: &[LedgerRow]) -> Vec<(i64, String, String)> {
    let mut previous = "0".repeat(64);
    let mut chain = Vec::new();
    for (sequence, row) in (1..).zip(rows) {
        let mut hash = Sha256::new();
        hash.update(format!("{previous}\n{}", row.record));
        let hash: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        chain.push((sequence, previous, hash.clone()));
        previous = hash;
    }
    chain
}

fn record(
    account_id: AccountId,
    at: i64,
    attempt: u32,
    status: AttemptStatus,
) -> Result<LedgerRecord, super::Broken> {
    Ok(LedgerRecord {
        at: minute(at),
        user_id: ana(),
        account_id,
        channel: Channel::Instagram,
        job_id: job_id("pan"),
        entry_id: entry_id("pan"),
        attempt,
        token: Some(i64::from(attempt)),
        content_hash: content_hash(&plain("pan")?)?,
        status,
        error_code: None,
        post_id: None,
        message: None,
        response_meta: None,
    })
}

async fn chain(bench: &Bench<'_>) -> Verdict {
    let (pan, cafe) = (bench.account("Pan").await?, bench.account("Café").await?);
    bench.job("pan", pan, start()).await?;
    let token = bench.begin("pan").await?;
    bench.at(minute(1));
    let write = JobWrite {
        note: note("HTTP 503 «más tarde»"),
        ..JobWrite::new(job_id("pan"), failed(token))
    };
    done("the failure", bench.write(write).await?)?;
    bench.job("café", cafe, minute(5)).await?;
    bench.at(minute(6));
    bench.claims("both", &["café", "pan"]).await?;
    for name in ["pan", "café"] {
        let token = bench.stored(name).await?.record.last_token;
        bench.does(name, JobEvent::WriteStarted { token }).await?;
    }
    bench.at(minute(7));
    bench
        .does("pan", JobEvent::OutcomeUnknown { token: 2 })
        .await?;
    bench.at(minute(8));
    bench.gets("pan", JobEvent::ConfirmedPublished).await?;

    let rows = bench.store.ledger(pan, 0, 100).await?;
    let hashes: Vec<_> = rows
        .iter()
        .map(|row| (row.sequence, row.previous_hash.clone(), row.hash.clone()))
        .collect();
    equal("the chain", &hashes, &recomputed(&rows))?;
    let mine = rows.iter().all(|row| row.account_id == pan);
    equal("that the rows are the account's", &mine, &true)?;
    let records: Vec<LedgerRecord> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.record))
        .collect::<Result<_, _>>()?;
    use AttemptStatus as A;
    let expected = vec![
        record(pan, 0, 1, A::Open)?,
        LedgerRecord {
            error_code: Some(Code::PlatformTemporary),
            message: note("HTTP 503 «más tarde»").message,
            response_meta: note("").response_meta,
            ..record(pan, 1, 1, A::Failed)?
        },
        record(pan, 6, 2, A::Open)?,
        LedgerRecord {
            error_code: Some(Code::OutcomeUnknown),
            ..record(pan, 7, 2, A::Unknown)?
        },
        LedgerRecord {
            token: None,
            ..record(pan, 8, 2, A::Ok)?
        },
    ];
    equal("the records", &records, &expected)?;

    equal(
        "a page",
        &bench.store.ledger(pan, 1, 2).await?,
        &rows[1..3].to_vec(),
    )?;
    equal(
        "after the end",
        &bench.store.ledger(pan, 5, 2).await?,
        &vec![],
    )?;
    let other = bench.store.ledger(cafe, 0, 100).await?;
    let firsts: Vec<_> = other
        .iter()
        .map(|row| (row.sequence, row.previous_hash.clone()))
        .collect();
    equal("the other chain", &firsts, &vec![(1, "0".repeat(64))])
}

async fn limited_attempt(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.begin("pan").await?;
    bench.at(minute(1));
    let limited = JobEvent::AccountLimited {
        token,
        code: Code::QuotaExhausted,
        until: minute(30),
    };
    let job = bench.does("pan", limited).await?;
    equal("attempts that count", &job.attempt_count, &0)?;
    bench.at(minute(30));
    let token = bench.begin("pan").await?;
    let receipt = receipt("17900");
    bench
        .does("pan", JobEvent::Published { token, receipt })
        .await?;
    let attempts = bench.stored("pan").await?.attempts;
    let attempts: Vec<_> = attempts
        .iter()
        .map(|attempt| (attempt.number, attempt.started_at, attempt.status))
        .collect();
    let expected = vec![(1, minute(30), AttemptStatus::Ok)];
    equal("its attempts", &attempts, &expected)?;
    let rows = bench.store.ledger(pan, 0, 10).await?;
    equal("rows of the ledger", &rows.len(), &4)
}
