//! What a worker makes of time that has passed without it.

use calendar_publish::Code;
use calendar_publish::model::JobStatus;

use crate::fixture::Bench;

#[test]
fn a_worker_that_was_off_for_six_hours_publishes_nothing_late() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    let report = bench.tick_at(360);
    assert_eq!((report.missed, report.claimed), (1, 0));
    assert!(bench.script.calls().is_empty());
    let job = bench.job(job);
    assert_eq!(
        (job.status, job.last_error),
        (JobStatus::NeedsAttention, Some(Code::MissedSchedule))
    );
    assert_eq!(
        bench.lines("job").last().unwrap()["errorCode"],
        "MISSED_SCHEDULE"
    );
}

#[test]
fn an_account_may_allow_more() {
    let bench = Bench::new();
    bench.schedule_with("pan", |account| account.grace_minutes = Some(360));
    bench.schedule_with("bollo", |account| account.grace_minutes = Some(359));
    let report = bench.tick_at(360);
    assert_eq!((report.missed, report.published), (1, 1));
    assert_eq!(bench.script.calls(), ["first pan #1"]);
}

#[test]
fn within_the_hour_an_outage_only_delays() {
    let bench = Bench::new();
    bench.schedule("pan");
    assert_eq!(bench.tick_at(60).published, 1);
}
