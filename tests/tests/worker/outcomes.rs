//! What becomes of a job by what the platform answers.

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::job::JobEvent;
use calendar_publish::model::{
    AccountStatus, AttemptStatus, JobStatus, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{JobResult, JobStore, JobWrite, Reconciled, StepKind};
use calendar_publish::publish::WorkReport;
use chrono::TimeDelta;
use futures_executor::block_on;

use crate::fixture::{Bench, done, due, pending, receipt, refused, step, unanswered, user};

fn minutes(minutes: i64) -> Timestamp {
    due().plus(TimeDelta::minutes(minutes))
}

#[test]
fn a_due_post_is_published_once_and_an_early_one_not_at_all() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    assert_eq!(bench.tick_at(-1), WorkReport::default());
    let report = bench.tick_at(0);
    assert_eq!((report.claimed, report.published), (1, 1));
    assert_eq!(bench.tick(), WorkReport::default());
    assert_eq!(bench.script.calls(), ["first pan #1"]);
    let history = bench.history(job);
    assert_eq!(history.record.job.status, JobStatus::Published);
    assert_eq!(
        history.record.receipt.unwrap().post_id,
        Some(receipt().external_id)
    );
    assert_eq!(history.attempts.len(), 1);
    assert_eq!(history.attempts[0].status, AttemptStatus::Ok);
}

#[test]
fn every_change_and_attempt_is_told_with_its_required_fields() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.tick_at(0);
    let statuses = |event| -> Vec<String> {
        let lines = bench.lines(event);
        for line in &lines {
            assert_eq!(line["requestId"], "worker-1");
            assert_eq!(line["jobId"], job.to_string());
            assert_eq!(line["userId"], user().to_string());
            assert_eq!(line["channel"], "instagram");
        }
        let status = |line: &serde_json::Value| line["status"].as_str().unwrap().to_owned();
        lines.iter().map(status).collect()
    };
    assert_eq!(statuses("attempt"), ["open", "ok"]);
    assert_eq!(statuses("job"), ["publishing", "published"]);
}

#[test]
fn a_post_that_is_processed_for_minutes_is_asked_about_and_not_repeated() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(pending("status", StepKind::Confirm, 60));
    bench.script.then(pending("status", StepKind::Confirm, 60));
    bench.script.then(done());
    assert_eq!(bench.tick_at(0).parked, 1);
    assert_eq!(bench.job(job).status, JobStatus::Publishing);
    bench.advance(59);
    assert_eq!(bench.tick().claimed, 0);
    bench.advance(1);
    assert_eq!(bench.tick().taken_over, 1);
    bench.advance(60);
    assert_eq!(bench.tick().published, 1);
    assert_eq!(
        bench.script.calls(),
        ["first pan #1", "status pan #1", "status pan #1"]
    );
    assert_eq!(bench.job(job).attempt_count, 1);
}

#[test]
fn a_platform_that_never_says_what_became_of_it_is_a_persons_matter() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    for _ in 0..20 {
        bench.script.then(pending("status", StepKind::Confirm, 300));
    }
    bench.tick_at(0);
    for _ in 0..14 {
        bench.advance(300);
        bench.tick();
    }
    let job = bench.job(job);
    assert_eq!(
        (job.status, job.last_error),
        (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown))
    );
    let calls = bench.script.calls();
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.starts_with("first"))
            .count(),
        1,
        "{calls:?}"
    );
}

#[test]
fn what_a_platform_said_too_late_is_kept_for_whoever_looks() {
    // The first answer says that the post is out, the second that it may be.
    for kind in [StepKind::Confirm, StepKind::Decisive] {
        let bench = Bench::beginning_with(StepKind::Repeatable);
        let job = bench.schedule("pan");
        bench.script.then(pending("wait", StepKind::Read, 3_599));
        bench.script.then(pending("publish", StepKind::Decisive, 0));
        bench.script.then(pending("told", kind, 5));
        bench.tick_at(0);
        bench.advance(3_599);
        // Its patience ends while the platform publishes.
        let (clock, script) = (bench.clock.clone(), bench.script.clone());
        bench.script.then_meanwhile(move || {
            script.then_meanwhile(move || clock.advance(TimeDelta::seconds(2)));
        });
        bench.tick();
        assert_eq!(bench.script.calls().last().unwrap(), "publish pan #1");
        let looked = Reconciled::Published(receipt());
        bench.script.then_look(Ok(looked));
        let history = bench.history(job);
        assert_eq!(history.record.job.last_error, Some(Code::OutcomeUnknown));
        assert_eq!(history.attempts.len(), 1);
        block_on(bench.worker().look_again(user(), job)).unwrap();
        assert_eq!(bench.script.calls().last().unwrap(), "look after told");
        assert_eq!(bench.job(job).status, JobStatus::Published);
    }
}

#[test]
fn passing_failures_are_tried_again_after_5_15_and_30_minutes_and_never_a_fifth_time() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    let mut tried_at = Vec::new();
    for _ in 0..8 {
        bench.script.then(refused(Code::PlatformTemporary, None));
    }
    // Every step is a new worker, so that each retry also outlives a restart.
    for minute in 0..600 {
        let calls = bench.script.calls().len();
        bench.tick_at(minute);
        if bench.script.calls().len() > calls {
            tried_at.push(minute);
        }
    }
    assert_eq!(tried_at, [0, 5, 20, 50]);
    let history = bench.history(job);
    let job = history.record.job;
    assert_eq!(
        (job.status, job.last_error),
        (JobStatus::NeedsAttention, Some(Code::RetriesExhausted))
    );
    assert_eq!(history.attempts.len(), 4);
    assert!(
        history
            .attempts
            .iter()
            .all(|attempt| attempt.status == AttemptStatus::Failed)
    );
}

#[test]
fn what_retrying_cannot_mend_stops_at_once() {
    for code in [Code::ContentRejected, Code::ChannelAuthInvalid] {
        let bench = Bench::new();
        let job = bench.schedule("pan");
        bench.script.then(refused(code, None));
        assert_eq!(bench.tick_at(0).needs_attention, 1);
        bench.tick_at(300);
        assert_eq!(bench.script.calls().len(), 1);
        assert_eq!(bench.job(job).last_error, Some(code));
    }
}

#[test]
fn a_rate_limit_costs_no_attempt_and_rests_the_account() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(refused(Code::RateLimited, Some(600)));
    bench.script.then(refused(Code::RateLimited, None));
    bench.tick_at(0);
    let waiting = bench.job(job);
    assert_eq!(
        (waiting.status, waiting.attempt_count),
        (JobStatus::Failed, 0)
    );
    assert_eq!(waiting.next_attempt_at, Some(minutes(10)));
    assert_eq!(bench.tick_at(9).claimed, 0);
    bench.tick_at(10);
    // Without a time the account rests for a quarter of an hour.
    assert_eq!(bench.job(job).next_attempt_at, Some(minutes(25)));
    assert_eq!(bench.tick_at(25).published, 1);
    assert_eq!(bench.job(job).attempt_count, 1);
}

#[test]
fn a_rate_limit_of_asking_is_no_evidence_and_never_publishes_again() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(pending("status", StepKind::Confirm, 60));
    bench.script.then(refused(Code::RateLimited, Some(120)));
    bench.tick_at(0);
    bench.tick_at(1);
    assert_eq!(bench.job(job).status, JobStatus::Publishing);
    assert_eq!(bench.tick_at(2).claimed, 0);
    assert_eq!(bench.tick_at(3).published, 1);
    let calls = bench.script.calls();
    assert_eq!(calls, ["first pan #1", "status pan #1", "status pan #1"]);
}

#[test]
fn a_failed_gate_costs_no_attempt_and_asks_the_platform_nothing() {
    let bench = Bench::new();
    let job = bench.schedule_with("pan", |account| account.status = AccountStatus::Expired);
    assert_eq!(bench.tick_at(0).needs_attention, 1);
    assert_eq!(bench.script.calls().len(), 0);
    let history = bench.history(job);
    assert_eq!(history.record.job.attempt_count, 0);
    assert_eq!(history.record.job.last_error, Some(Code::TokenExpired));
    assert!(history.attempts.is_empty());
}

#[test]
fn a_read_that_fails_costs_no_attempt() {
    let bench = Bench::beginning_with(StepKind::Read);
    let job = bench.schedule("pan");
    bench.script.then(refused(Code::PlatformTemporary, None));
    bench.script.then(pending("publish", StepKind::Decisive, 0));
    bench.tick_at(0);
    assert_eq!(bench.job(job).attempt_count, 0);
    assert_eq!(bench.tick_at(1).published, 1);
    assert_eq!(
        bench.script.calls(),
        ["first pan #1", "first pan #1", "publish pan #1"]
    );
    assert_eq!(bench.job(job).attempt_count, 1);
}

#[test]
fn an_answer_lost_after_it_took_effect_is_found_out_and_not_repeated() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(unanswered());
    bench.script.then_look(Ok(Reconciled::Published(receipt())));
    assert_eq!(bench.tick_at(0).parked, 1);
    // The call could still take effect until its deadline: nobody looks before.
    bench.advance(29);
    assert_eq!(bench.tick().claimed, 0);
    bench.advance(1);
    assert_eq!(bench.tick().published, 1);
    assert_eq!(bench.script.calls(), ["first pan #1", "look after first"]);
    assert_eq!(bench.job(job).attempt_count, 1);
}

#[test]
fn an_answer_lost_before_it_took_effect_goes_back_to_the_ladder() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(unanswered());
    bench.script.then_look(Ok(Reconciled::StillUnknown {
        look_again_after: Some(Duration::from_secs(30)),
        progress: step("first", StepKind::Decisive),
    }));
    bench.script.then_look(Ok(Reconciled::NotPublished {
        evidence: "the container is FINISHED in two reads 30 s apart".to_owned(),
        resume: Some(step("again", StepKind::Decisive)),
    }));
    bench.tick_at(0);
    bench.advance(30);
    bench.tick();
    bench.advance(30);
    bench.tick();
    let failed = bench.job(job);
    assert_eq!(failed.status, JobStatus::Failed);
    assert_eq!(failed.next_attempt_at, Some(minutes(6)));
    let attempts = bench.history(job).attempts;
    assert_eq!(attempts[0].status, AttemptStatus::Failed);
    assert!(
        attempts[0]
            .error_message
            .as_ref()
            .unwrap()
            .contains("two reads")
    );
    // The second attempt goes on with what the first one left.
    assert_eq!(bench.tick_at(6).published, 1);
    assert_eq!(bench.script.calls().last().unwrap(), "again pan #2");
}

#[test]
fn an_outcome_that_stays_unknown_waits_for_a_person_and_is_never_repeated() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(unanswered());
    bench.script.then_look(Ok(Reconciled::StillUnknown {
        look_again_after: None,
        progress: step("first", StepKind::Decisive),
    }));
    bench.tick_at(0);
    bench.tick_at(1);
    bench.tick_at(120);
    assert_eq!(bench.script.calls().len(), 2);
    assert_eq!(bench.job(job).last_error, Some(Code::OutcomeUnknown));
    let refused = bench.command(JobWrite::new(job, JobEvent::RetryNow));
    assert!(matches!(refused, JobResult::Refused { .. }), "{refused:?}");
    let seen = bench.command(JobWrite::new(job, JobEvent::ConfirmedPublished));
    assert!(matches!(seen, JobResult::Done { .. }), "{seen:?}");
    assert_eq!(bench.job(job).status, JobStatus::Published);
}

#[test]
fn somebody_who_asks_again_gets_what_the_platform_can_tell_by_then() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(unanswered());
    for _ in 0..2 {
        bench.script.then_look(Ok(Reconciled::StillUnknown {
            look_again_after: None,
            progress: step("first", StepKind::Decisive),
        }));
    }
    bench.script.then_look(Ok(Reconciled::Published(receipt())));
    let worker = bench.worker();
    let early = block_on(worker.look_again(user(), job)).unwrap_err();
    assert_eq!(early.code, Code::JobTransitionIllegal);
    bench.tick_at(0);
    bench.tick_at(1);
    let still = block_on(worker.look_again(user(), job)).unwrap();
    assert_eq!(still.last_error, Some(Code::OutcomeUnknown));
    let out = block_on(worker.look_again(user(), job)).unwrap();
    assert_eq!((out.status, out.attempt_count), (JobStatus::Published, 1));
    let stranger = UserId::new(deterministic_uuid(&["luis"]));
    let refused = block_on(worker.look_again(stranger, job)).unwrap_err();
    assert_eq!(refused.code, Code::JobNotFound);
}

#[test]
fn a_cancellation_under_way_is_honoured_before_what_is_decisive_and_too_late_after() {
    for (kind, expected) in [
        (StepKind::Repeatable, JobStatus::Cancelled),
        (StepKind::Confirm, JobStatus::Published),
    ] {
        let bench = Bench::beginning_with(StepKind::Repeatable);
        let job = bench.schedule("pan");
        bench.script.then(pending("next", kind, 60));
        bench.tick_at(0);
        bench.command(JobWrite::new(job, JobEvent::CancelRequested));
        bench.tick_at(1);
        assert_eq!(bench.job(job).status, expected, "{kind:?}");
        let calls = if kind == StepKind::Repeatable { 1 } else { 2 };
        assert_eq!(bench.script.calls().len(), calls);
    }
}

/// An answer such as Instagram's 403 leaves open whether the post is out, and the step that follows says so.
#[test]
fn a_cancellation_during_a_call_that_leaves_it_open_waits_for_what_became_of_the_post() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(pending("doubt", StepKind::Decisive, 0));
    bench.script.then(unanswered());
    bench.script.then_look(Ok(Reconciled::Published(receipt())));
    let elsewhere = bench.clone();
    bench.script.then_meanwhile(move || {
        let cancel = move || elsewhere.command(JobWrite::new(job, JobEvent::CancelRequested));
        std::thread::spawn(cancel).join().unwrap();
    });
    bench.tick_at(0);
    assert_ne!(bench.job(job).status, JobStatus::Cancelled);
    bench.tick_at(1);
    let job = bench.job(job);
    assert_eq!(job.status, JobStatus::Published);
}

#[test]
fn an_opened_attempt_stands_in_the_ledger_before_the_platform_is_called() {
    let bench = Bench::new();
    bench.schedule("pan");
    bench.script.then(pending("status", StepKind::Confirm, 60));
    bench.tick_at(0);
    let account = crate::fixture::account("pan").id;
    let rows = block_on(bench.store.ledger(account, 0, 10)).unwrap();
    assert_eq!(rows.len(), 1);
    assert!(
        rows[0].record.contains(r#""status":"open""#),
        "{}",
        rows[0].record
    );
}

#[test]
fn a_look_that_outlasts_the_attempt_it_was_about_decides_nothing() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(unanswered()).then(unanswered());
    for _ in 0..2 {
        bench.script.then_look(Ok(Reconciled::StillUnknown {
            look_again_after: None,
            progress: step("first", StepKind::Decisive),
        }));
    }
    bench.tick_at(0);
    bench.tick_at(1);
    assert_eq!(bench.job(job).last_error, Some(Code::OutcomeUnknown));
    // The platform said that nothing is out. Before that is told, a person says so too, and the post is
    // written once more, with an answer that is lost again.
    let worker = bench.worker();
    let again = bench.clone();
    bench.script.then_meanwhile(move || {
        let elsewhere = std::thread::spawn(move || {
            let not_there = JobEvent::ConfirmedNotPublished {
                grace_minutes: None,
            };
            again.command(JobWrite::new(job, not_there));
            again.tick_at(7);
            again.tick_at(8);
            assert_eq!(again.job(job).last_error, Some(Code::OutcomeUnknown));
            again.script.then_look(Ok(Reconciled::NotPublished {
                evidence: "nothing new on the profile".to_owned(),
                resume: None,
            }));
        });
        elsewhere.join().unwrap();
    });
    let refused = block_on(worker.look_again(user(), job)).unwrap_err();
    assert_eq!(refused.code, Code::JobLeaseLost);
    let job = bench.job(job);
    assert_eq!(
        (job.last_error, job.attempt_count),
        (Some(Code::OutcomeUnknown), 2)
    );
}
