//! Cases about saves of a calendar that has jobs.

use std::sync::Arc;

use super::JobCases;
use super::bench::{Bench, ana, done, job_id, minute, progress, receipt, stand, start};
use crate::conformance::fixture::{calendar, entry_id, plain, save, unreadable};
use crate::conformance::{Broken, ConformanceError, Verdict, equal, refused};
use crate::error::Code;
use crate::job::{CancelAnswer, JobEffect, JobEvent, content_hash};
use crate::model::{Cadence, CalendarEntry, JobStatus};
use crate::ports::{Clock, JobStore, JobWrite, Missing, ProgressChange, SaveCalendar, StoreError};
use crate::retry::RetryPolicy;

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a save and its moves are made together", together)
        .await?;
    cases
        .check("a refused move saves nothing", refused_move)
        .await?;
    cases
        .check("a save that is refused moves nothing", refused_save)
        .await?;
    cases
        .check("a repeated save moves nothing again", repeated)
        .await?;
    cases
        .check("saved content is published", new_content)
        .await?;
    cases
        .check("content is frozen while it is published", frozen)
        .await?;
    cases
        .check(
            "new content forgets the progress, the same keeps it",
            progress_of_content,
        )
        .await?;
    cases
        .check("the job of a removed entry is cancelled", removed)
        .await?;
    cases.check("a save leaves other jobs alone", others).await
}

fn edited(name: &str, copy: &str) -> Result<CalendarEntry, Broken> {
    let mut entry = plain(name)?;
    entry.piece.copy = copy.to_owned();
    Ok(entry)
}

fn manual(name: &str, expected: i64, entries: Vec<CalendarEntry>) -> SaveCalendar {
    save(name, Cadence::Manual, expected, entries)
}

fn moves(name: &str, minutes: i64) -> JobWrite {
    let at = minute(minutes);
    JobWrite::new(job_id(name), JobEvent::Rescheduled { at })
}

/// A calendar with the entries "1" and "2", and their jobs.
async fn calendar_with_jobs(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench
        .store
        .save_calendar(manual("one", 0, vec![plain("1")?, plain("2")?]))
        .await?;
    bench.job("1", pan, minute(30)).await?;
    bench.job("2", pan, minute(40)).await.map(drop)
}

async fn together(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    let save = manual("two", 1, vec![edited("1", "Nuevo")?, plain("2")?]);
    let saved = bench
        .store
        .save_calendar_and_jobs(
            save,
            RetryPolicy::default(),
            vec![moves("1", 50), moves("2", 60)],
        )
        .await?;
    equal(
        "the revision",
        &(saved.revision, saved.repeated),
        &(2, false),
    )?;
    let stored = bench.store.calendar(ana(), calendar("abril")).await?;
    equal(
        "the calendar",
        &stored.entries[0].piece.copy,
        &"Nuevo".to_owned(),
    )?;
    for (name, minutes) in [("1", 50), ("2", 60)] {
        let job = bench.stored(name).await?.record.job;
        equal(name, &job.scheduled_at, &minute(minutes))?;
    }
    let content = bench.stored("1").await?.record.entry;
    equal("the job's content", &content, &stored.entries[0])
}

async fn refused_move(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    let before = (bench.stored("1").await?, bench.stored("2").await?);
    for (second, code) in [
        (moves("2", -1), Code::ScheduleInPast),
        (moves("nobody", 60), Code::JobNotFound),
    ] {
        let save = manual("two", 1, vec![edited("1", "Nuevo")?]);
        let answer = bench
            .store
            .save_calendar_and_jobs(save, RetryPolicy::default(), vec![moves("1", 50), second])
            .await;
        match answer {
            Err(StoreError::Invalid(error)) => equal("the refusal", &error.code, &code)?,
            other => return Err(Broken(format!("expected {code}, got {other:?}"))),
        }
    }
    let stored = bench.store.calendar(ana(), calendar("abril")).await?;
    equal("the calendar's revision", &stored.revision, &1)?;
    equal(
        "its runs",
        &bench.store.runs(ana(), calendar("abril")).await?.len(),
        &1,
    )?;
    let after = (bench.stored("1").await?, bench.stored("2").await?);
    equal("the jobs", &after, &before)
}

async fn refused_save(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    let before = (bench.stored("1").await?, bench.stored("2").await?);
    let stale = manual("two", 0, vec![edited("1", "Nuevo")?]);
    refused(
        "a stale save",
        bench
            .store
            .save_calendar_and_jobs(stale, RetryPolicy::default(), vec![moves("1", 50)])
            .await,
        &StoreError::RevisionConflict {
            expected: 0,
            found: 1,
        },
    )?;
    refused(
        "a calendar of nobody",
        bench.store.calendar(ana(), calendar("mayo")).await,
        &StoreError::NotFound {
            what: Missing::Calendar,
        },
    )?;
    let after = (bench.stored("1").await?, bench.stored("2").await?);
    equal("the jobs", &after, &before)
}

async fn repeated(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    let save =
        || -> Result<_, Broken> { Ok(manual("two", 1, vec![plain("1")?, edited("2", "Nuevo")?])) };
    let again = async || -> Result<_, Broken> {
        let writes = vec![moves("1", 50)];
        let policy = RetryPolicy::default();
        Ok(bench
            .store
            .save_calendar_and_jobs(save()?, policy, writes)
            .await?)
    };
    again().await?;
    bench
        .gets("1", JobEvent::Rescheduled { at: minute(70) })
        .await?;
    let moved = bench.stored("1").await?;
    let saved = again().await?;
    equal("the answer", &(saved.revision, saved.repeated), &(2, true))?;
    equal("the job", &bench.stored("1").await?, &moved)
}

async fn new_content(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    let before = bench.stored("1").await?.record.job;
    bench
        .store
        .save_calendar(manual("two", 1, vec![edited("1", "Nuevo")?, plain("2")?]))
        .await?;
    let history = bench.stored("1").await?;
    equal("the job itself", &history.record.job, &before)?;
    equal(
        "its content",
        &history.record.entry.piece.copy,
        &"Nuevo".to_owned(),
    )?;
    bench.at(minute(30));
    let claimed = bench.claims("the claim", &["1"]).await?;
    equal(
        "what is published",
        &claimed.jobs[0].entry.piece.copy,
        &"Nuevo".to_owned(),
    )?;
    let hash = content_hash(&edited("1", "Nuevo")?)?;
    equal("its hash", &claimed.jobs[0].content_hash, &hash)
}

async fn frozen(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    bench.at(minute(30));
    let token = bench.hold("1").await?;
    bench
        .store
        .save_calendar(manual("two", 1, vec![edited("1", "Nuevo")?, plain("2")?]))
        .await?;
    bench.does("1", JobEvent::WriteStarted { token }).await?;
    let old = content_hash(&plain("1")?)?;
    let record = bench.stored("1").await?.record;
    let kept = record.frozen.map(|frozen| frozen.hash);
    equal("what is frozen", &kept, &Some(old.clone()))?;
    equal(
        "what is saved",
        &record.entry.piece.copy,
        &"Nuevo".to_owned(),
    )?;
    bench.at(minute(35));
    let claimed = bench.claims("a take-over", &["1"]).await?;
    equal("its hash", &claimed.jobs[0].content_hash, &old)?;
    equal(
        "its text",
        &claimed.jobs[0].entry.piece.copy,
        &plain("1")?.piece.copy,
    )?;
    let token = token + 1;
    bench.does("1", super::outcomes::failed(token)).await?;
    // The next attempt is another claim: it takes what was saved.
    bench.at(minute(40));
    let claimed = bench.claim(10).await?;
    let texts: Vec<_> = claimed
        .jobs
        .iter()
        .map(|claimed| claimed.entry.piece.copy.as_str())
        .collect();
    equal("the next attempt", &texts, &vec!["Nuevo"])
}

async fn progress_of_content(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    bench.gets("2", JobEvent::CancelRequested).await?;
    // What doesn't change what is published changes no hash: the draft's date here.
    let mut moved = plain("1")?;
    moved.scheduled_at = Some(minute(3));
    for (revision, content, kept) in [
        (1, plain("1")?, true),
        (2, moved, true),
        (3, edited("1", "Nuevo")?, false),
    ] {
        let at = 24 + 6 * revision;
        bench.at(minute(at));
        let claimed = bench.claims("the claim", &["1"]).await?;
        let token = claimed.jobs[0].job.lease.map_or(0, |lease| lease.token);
        let given_back = JobWrite {
            progress: ProgressChange::Set {
                progress: progress("publish"),
            },
            ..JobWrite::new(
                job_id("1"),
                JobEvent::Deferred {
                    token,
                    code: Code::PlatformTemporary,
                    until: minute(at + 1),
                    grace_minutes: None,
                },
            )
        };
        done("giving it back", bench.write(given_back).await?)?;
        let what = format!("{:?}", content.piece.copy);
        bench
            .store
            .save_calendar(manual(&format!("run {at}"), revision, vec![content]))
            .await?;
        bench.at(minute(at + 1));
        let claimed = bench.claims("the next claim", &["1"]).await?;
        let expected = kept.then(|| progress("publish"));
        equal(&what, &claimed.jobs[0].progress, &expected)?;
        let stored = bench.stored("1").await?.record.progress;
        equal("what is stored", &stored, &expected)?;
    }
    Ok(())
}

async fn removed(bench: &Bench<'_>) -> Verdict {
    let names = ["waiting", "claimed", "writing", "unknown", "published"];
    let mut entries = Vec::new();
    for name in names {
        entries.push(plain(name)?);
    }
    entries.push(plain("kept")?);
    bench.store.save_calendar(manual("one", 0, entries)).await?;
    for name in names {
        let account = bench.account(name).await?;
        bench.job(name, account, start()).await?;
        match name {
            "waiting" => {
                bench
                    .gets(name, JobEvent::Rescheduled { at: minute(30) })
                    .await?;
            }
            "claimed" => drop(bench.hold(name).await?),
            "writing" => drop(bench.begin(name).await?),
            "unknown" => {
                let token = bench.begin(name).await?;
                bench.does(name, JobEvent::OutcomeUnknown { token }).await?;
            }
            _ => {
                let token = bench.begin(name).await?;
                let receipt = receipt("17900");
                bench
                    .does(name, JobEvent::Published { token, receipt })
                    .await?;
            }
        }
    }
    bench
        .store
        .save_calendar(manual("two", 1, vec![plain("kept")?]))
        .await?;
    for (name, status, requested) in [
        ("waiting", JobStatus::Cancelled, false),
        ("claimed", JobStatus::Cancelled, false),
        ("writing", JobStatus::Publishing, true),
        ("unknown", JobStatus::NeedsAttention, false),
        ("published", JobStatus::Published, false),
    ] {
        let job = bench.stored(name).await?.record.job;
        equal(
            name,
            &(job.status, job.cancel_requested),
            &(status, requested),
        )?;
    }
    let ended = JobWrite::new(job_id("writing"), super::outcomes::failed(1));
    let follows = super::bench::effects("its end", bench.write(ended).await?)?;
    let honoured = follows.contains(&JobEffect::AnswerCancel {
        answer: CancelAnswer::Honoured,
    });
    equal("that the cancellation is honoured", &honoured, &true)
}

async fn others(bench: &Bench<'_>) -> Verdict {
    calendar_with_jobs(bench).await?;
    let pan = bench.account("Café").await?;
    let mut elsewhere = super::bench::new_job("elsewhere", pan, minute(30))?;
    elsewhere.entry.calendar_id = calendar("mayo");
    done(
        "scheduling",
        super::bench::only(bench.schedule(vec![elsewhere]).await?)?,
    )?;
    let before = (
        bench.stored("elsewhere").await?,
        bench.stored("2").await?.record.entry,
    );
    // A row that can't be read is there, but says nothing new.
    let mut broken = manual("two", 1, vec![edited("1", "Nuevo")?]);
    broken.refused = vec![unreadable("2", 1)];
    bench.store.save_calendar(broken).await?;
    let after = (
        bench.stored("elsewhere").await?,
        bench.stored("2").await?.record.entry,
    );
    equal("the jobs", &after, &before)?;
    let job = bench.stored("2").await?.record.job;
    let expected = (JobStatus::Scheduled, 0, None, None);
    equal("the job of the row", &stand(&job), &expected)?;
    equal("its entry", &job.calendar_entry_id, &entry_id("2"))
}
