//! Many accounts that fail alike.

use calendar_publish::Code;
use calendar_publish::model::{JobId, JobStatus};
use calendar_publish::ports::StepKind;

use crate::fixture::{Bench, due, refused};
use chrono::TimeDelta;

/// Five accounts that fail alike when they are due, and five more that are due ten minutes later.
fn with_five_failures() -> (Bench, Vec<JobId>) {
    let bench = Bench::beginning_with(StepKind::Repeatable);
    for number in 0..5 {
        bench.schedule(&format!("early {number}"));
        bench.script.then(refused(Code::PlatformTemporary, None));
    }
    let later = due().plus(TimeDelta::minutes(10));
    let jobs = (0..5).map(|number| bench.schedule_at(&format!("late {number}"), later, |_| {}));
    let jobs = jobs.collect();
    (bench, jobs)
}

#[test]
fn a_channel_on_which_five_accounts_fail_alike_is_paused_and_said_so_once() {
    let (bench, late) = with_five_failures();
    bench.tick_at(0);
    let opened = bench.lines("incident");
    assert_eq!(opened.len(), 1, "{opened:?}");
    assert_eq!(opened[0]["status"], "opened");
    assert_eq!(opened[0]["errorCode"], "PLATFORM_TEMPORARY");
    // Retries and new posts are due, and nothing is begun.
    assert_eq!(bench.tick_at(14).claimed, 0);
    assert_eq!(bench.script.calls().len(), 5);
    assert!(late.iter().all(|job| bench.job(*job).attempt_count == 0));
}

#[test]
fn after_the_pause_one_post_shows_that_it_is_over_and_the_others_follow() {
    let (bench, late) = with_five_failures();
    bench.tick_at(0);
    let probe = bench.tick_at(15);
    assert_eq!((probe.claimed, probe.published), (1, 1));
    assert_eq!(bench.lines("incident").last().unwrap()["status"], "closed");
    assert_eq!(bench.tick().published, 9);
    for job in late {
        assert_eq!(bench.job(job).status, JobStatus::Published);
    }
}
