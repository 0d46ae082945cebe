//! Cases about workers that hold a job, lose it, or say something twice.

use std::sync::Arc;

use super::JobCases;
use super::bench::{
    Bench, done, effects, job_id, later, minute, progress, receipt, refused_with, stand, start,
};
use crate::conformance::fixture::{plain, save};
use crate::conformance::{ConformanceError, Verdict, equal};
use crate::error::Code;
use crate::job::{JobEffect, JobEvent, content_hash};
use crate::model::{AttemptStatus, Cadence, JobStatus, Lease};
use crate::ports::{Clock, JobStore, JobWrite, ProgressChange, WriteStamp};

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a claim that ended without a write is claimed anew", anew)
        .await?;
    cases
        .check("a write that was begun is taken over", taken_over)
        .await?;
    cases.check("only the newest claim writes", fencing).await?;
    cases
        .check("a write begins only under a claim that lasts", late_write)
        .await?;
    cases
        .check("a repeated write changes nothing", stamps)
        .await?;
    cases
        .check("a lease is extended, or given up early", moved)
        .await?;
    cases
        .check(
            "a job that is given back waits and costs no attempt",
            deferred,
        )
        .await?;
    cases
        .check(
            "a job given back too late needs attention",
            deferred_too_late,
        )
        .await?;
    cases
        .check("each write is for itself", each_for_itself)
        .await?;
    cases
        .check(
            "progress stays, is replaced and is forgotten",
            progress_changes,
        )
        .await
}

async fn anew(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    equal("the first token", &bench.hold("pan").await?, &1)?;
    bench.at(later(minute(5), -1));
    bench.claims("while the lease lasts", &[]).await?;
    bench.at(minute(5));
    let claimed = bench.claims("when it has ended", &["pan"]).await?;
    let lease = Lease {
        token: 2,
        expires_at: minute(10),
        write_started: false,
    };
    equal("the lease", &claimed.jobs[0].job.lease, &Some(lease))?;
    equal("attempts", &claimed.jobs[0].job.attempt_count, &0)?;
    bench.at(later(minute(60), 1));
    let claimed = bench.claim(10).await?;
    equal("what is too late by now", &claimed.missed.len(), &1)?;
    equal("what is given", &claimed.jobs.len(), &0)
}

async fn taken_over(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench
        .store
        .save_calendar(save("one", Cadence::Manual, 0, vec![plain("pan")?]))
        .await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    let write = JobWrite {
        progress: ProgressChange::Set {
            progress: progress("publish"),
        },
        ..JobWrite::new(job_id("pan"), JobEvent::WriteStarted { token })
    };
    done("the write", bench.write(write).await?)?;
    let mut edited = plain("pan")?;
    edited.piece.copy = "Se acabó".to_owned();
    bench
        .store
        .save_calendar(save("two", Cadence::Manual, 1, vec![edited]))
        .await?;
    bench.at(minute(5));
    let claimed = bench.claims("the take-over", &["pan"]).await?;
    let job = &claimed.jobs[0];
    let lease = Lease {
        token: 2,
        expires_at: minute(10),
        write_started: true,
    };
    equal("the lease", &job.job.lease, &Some(lease))?;
    equal("attempts", &job.job.attempt_count, &1)?;
    equal("the progress", &job.progress, &Some(progress("publish")))?;
    equal(
        "the frozen text",
        &job.entry.piece.copy,
        &plain("pan")?.piece.copy,
    )?;
    equal(
        "its hash",
        &job.content_hash,
        &content_hash(&plain("pan")?)?,
    )?;
    let history = bench.stored("pan").await?;
    let attempts: Vec<_> = history
        .attempts
        .iter()
        .map(|attempt| (attempt.number, attempt.status))
        .collect();
    equal("its attempts", &attempts, &vec![(1, AttemptStatus::Open)])
}

async fn fencing(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let old = bench.begin("pan").await?;
    bench.at(minute(5));
    bench.claims("the successor", &["pan"]).await?;
    for event in [
        JobEvent::WriteStarted { token: old },
        JobEvent::LeaseMoved {
            token: old,
            until: minute(9),
        },
        JobEvent::Published {
            token: old,
            receipt: receipt("17900"),
        },
        JobEvent::DeliveredToInbox { token: old },
        JobEvent::FailedForCertain {
            token: old,
            code: Code::PlatformTemporary,
            retry_after_seconds: None,
        },
        JobEvent::RejectedPermanently {
            token: old,
            code: Code::ContentRejected,
        },
        JobEvent::AccountLimited {
            token: old,
            code: Code::RateLimited,
            until: minute(9),
        },
        JobEvent::OutcomeUnknown { token: old },
    ] {
        // A second write under one claim is illegal whoever makes it.
        let code = match event {
            JobEvent::WriteStarted { .. } => Code::JobTransitionIllegal,
            _ => Code::JobLeaseLost,
        };
        bench.may_not("pan", event, code).await?;
    }
    let rows = bench.store.ledger(pan, 0, 10).await?;
    equal("rows of the ledger", &rows.len(), &1)?;
    let receipt = receipt("17901");
    let token = old + 1;
    let job = bench
        .does("pan", JobEvent::Published { token, receipt })
        .await?;
    equal("the successor's word", &job.status, &JobStatus::Published)
}

async fn late_write(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    bench.at(minute(5));
    bench
        .may_not("pan", JobEvent::WriteStarted { token }, Code::JobLeaseLost)
        .await?;
    let until = minute(30);
    bench
        .may_not(
            "pan",
            JobEvent::LeaseMoved { token, until },
            Code::JobLeaseLost,
        )
        .await?;
    let next = bench.begin("pan").await?;
    bench.at(minute(20));
    // Nobody has replaced this worker: what it knows still counts.
    let receipt = receipt("17900");
    let published = JobEvent::Published {
        token: next,
        receipt,
    };
    let job = bench.does("pan", published).await?;
    equal("a late word", &job.status, &JobStatus::Published)
}

async fn stamps(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    let stamped = |sequence, event| JobWrite {
        stamp: Some(WriteStamp { token, sequence }),
        ..JobWrite::new(job_id("pan"), event)
    };
    let write = stamped(1, JobEvent::WriteStarted { token });
    let first = effects("the first time", bench.write(write.clone()).await?)?;
    let opened = JobEffect::OpenAttempt {
        number: 1,
        started_at: start(),
    };
    equal("what follows", &first, &vec![opened])?;
    let stored = bench.stored("pan").await?;
    bench.at(minute(1));
    let again = bench.write(write.clone()).await?;
    equal(
        "what follows again",
        &effects("again", again.clone())?,
        &vec![],
    )?;
    equal("the answer", &done("again", again)?, &stored.record.job)?;
    equal("what is stored", &bench.stored("pan").await?, &stored)?;

    let failed = JobEvent::FailedForCertain {
        token,
        code: Code::PlatformTemporary,
        retry_after_seconds: None,
    };
    let write = stamped(2, failed);
    done("the next", bench.write(write.clone()).await?)?;
    let stored = bench.stored("pan").await?;
    bench.at(minute(2));
    // In the meantime the job may have got rid of its lease: the repetition is known all the same.
    done("the next again", bench.write(write).await?)?;
    equal("what is stored", &bench.stored("pan").await?, &stored)?;
    let rows = bench.store.ledger(pan, 0, 10).await?;
    equal("rows of the ledger", &rows.len(), &2)
}

async fn moved(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.begin("pan").await?;
    bench.at(minute(4));
    let until = minute(9);
    let job = bench
        .does("pan", JobEvent::LeaseMoved { token, until })
        .await?;
    let ends = job.lease.map(|lease| lease.expires_at);
    equal("the new end", &ends, &Some(minute(9)))?;
    bench.at(minute(6));
    bench.claims("after the old end", &[]).await?;
    let past = later(minute(6), -1);
    bench
        .may_not(
            "pan",
            JobEvent::LeaseMoved { token, until: past },
            Code::LeaseTooShort,
        )
        .await?;
    let parked = JobWrite {
        progress: ProgressChange::Set {
            progress: progress("poll"),
        },
        ..JobWrite::new(
            job_id("pan"),
            JobEvent::LeaseMoved {
                token,
                until: minute(7),
            },
        )
    };
    done("parking", bench.write(parked).await?)?;
    bench.at(later(minute(7), -1));
    let claimed = bench.claims("before it is polled", &[]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(7)))?;
    bench.at(minute(7));
    let claimed = bench.claims("when it is polled", &["pan"]).await?;
    equal(
        "its progress",
        &claimed.jobs[0].progress,
        &Some(progress("poll")),
    )
}

async fn deferred(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    let given_back = |token, code| JobEvent::Deferred {
        token,
        code,
        until: minute(3),
        grace_minutes: None,
    };
    let lasting = given_back(token, Code::ContentRejected);
    bench
        .may_not("pan", lasting, Code::FieldValueInvalid)
        .await?;
    let job = bench
        .does("pan", given_back(token, Code::PlatformTemporary))
        .await?;
    let expected = (JobStatus::Scheduled, 0, Some(Code::PlatformTemporary), None);
    equal("its stand", &stand(&job), &expected)?;
    equal("until when", &job.held_until, &Some(minute(3)))?;
    bench.at(later(minute(3), -1));
    let claimed = bench.claims("before", &[]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(3)))?;
    bench.at(minute(3));
    let claimed = bench.claims("then", &["pan"]).await?;
    equal("it isn't held", &claimed.jobs[0].job.held_until, &None)?;
    equal(
        "the ledger",
        &bench.store.ledger(pan, 0, 10).await?,
        &vec![],
    )
}

async fn deferred_too_late(bench: &Bench<'_>) -> Verdict {
    let pan = bench
        .account_with("Pan", "instagram", |account| {
            account.grace_minutes = Some(2);
        })
        .await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    let given_back = JobEvent::Deferred {
        token,
        code: Code::PlatformTemporary,
        until: later(minute(2), 1),
        grace_minutes: None,
    };
    let job = bench.does("pan", given_back).await?;
    let expected = (
        JobStatus::NeedsAttention,
        0,
        Some(Code::PlatformTemporary),
        None,
    );
    equal("with the account's grace", &stand(&job), &expected)
}

async fn each_for_itself(bench: &Bench<'_>) -> Verdict {
    let (pan, cafe) = (bench.account("Pan").await?, bench.account("Café").await?);
    bench.job("1", pan, start()).await?;
    bench.job("2", cafe, start()).await?;
    bench.claim(10).await?;
    let started = |name, token| JobWrite::new(job_id(name), JobEvent::WriteStarted { token });
    let published = JobWrite::new(
        job_id("1"),
        JobEvent::Published {
            token: 1,
            receipt: receipt("17900"),
        },
    );
    let outcomes = bench
        .writes(vec![
            started("1", 1),
            started("nobody", 1),
            started("2", 9),
            published,
            started("2", 1),
        ])
        .await?;
    let names: Vec<_> = outcomes.iter().map(|outcome| outcome.job_id).collect();
    let expected = ["1", "nobody", "2", "1", "2"].map(job_id).to_vec();
    equal("their order", &names, &expected)?;
    let status = |index: usize| done("each", outcomes[index].result.clone()).map(|job| job.status);
    equal("the first", &status(0)?, &JobStatus::Publishing)?;
    refused_with("an unknown job", &outcomes[1].result, Code::JobNotFound)?;
    refused_with("a wrong token", &outcomes[2].result, Code::JobLeaseLost)?;
    equal("one after the other", &status(3)?, &JobStatus::Published)?;
    equal("the last", &status(4)?, &JobStatus::Publishing)?;
    let stored = bench.stored("1").await?.record.job.status;
    equal("what is stored", &stored, &JobStatus::Published)
}

async fn progress_changes(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    let until = minute(9);
    let set = |stage| ProgressChange::Set {
        progress: progress(stage),
    };
    for (change, expected) in [
        (set("create"), Some(progress("create"))),
        (ProgressChange::Keep, Some(progress("create"))),
        (set("publish"), Some(progress("publish"))),
        (ProgressChange::Clear, None),
    ] {
        let what = format!("{change:?}");
        let write = JobWrite {
            progress: change,
            ..JobWrite::new(job_id("pan"), JobEvent::LeaseMoved { token, until })
        };
        done(&what, bench.write(write).await?)?;
        let stored = bench.stored("pan").await?.record.progress;
        equal(&what, &stored, &expected)?;
    }
    Ok(())
}
