//! What a worker makes of time that has passed without it.

use calendar_publish::Code;
use calendar_publish::model::JobStatus;
use calendar_publish::ports::{StepKind, Store};
use chrono::TimeDelta;
use futures_executor::block_on;

use crate::fixture::{Bench, account, due, entry, pending, refused, user};

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

#[test]
fn reading_for_long_makes_no_late_post() {
    let bench = Bench::beginning_with(StepKind::Read);
    let job = bench.schedule_with("pan", |account| account.grace_minutes = Some(3));
    // The platform is read once; while it answers the grace goes by.
    let clock = bench.clock.clone();
    bench
        .script
        .then_meanwhile(move || clock.advance(TimeDelta::minutes(4)));
    bench.script.then(pending("publish", StepKind::Decisive, 0));
    bench.tick_at(0);
    assert_eq!(bench.script.calls(), ["first pan #1"]);
    let job = bench.job(job);
    assert_eq!(
        (job.status, job.last_error, job.attempt_count),
        (JobStatus::NeedsAttention, Some(Code::MissedSchedule), 0)
    );
}

#[test]
fn a_wait_that_cannot_be_meant_holds_nobody_for_ever() {
    for kind in [StepKind::Read, StepKind::Repeatable, StepKind::Confirm] {
        let bench = Bench::new();
        let job = bench.schedule("pan");
        bench.script.then(pending("ask", kind, u64::MAX));
        bench.tick_at(0);
        let lease = bench.job(job).lease.unwrap();
        assert!(
            lease.expires_at <= due().plus(TimeDelta::hours(1)),
            "{lease:?}"
        );
    }
}

#[test]
fn a_rest_that_cannot_be_meant_shuts_no_account_out_for_ever() {
    let bench = Bench::new();
    bench.schedule("pan");
    bench
        .script
        .then(refused(Code::RateLimited, Some(u64::MAX)));
    bench.tick_at(0);
    let accounts = block_on(bench.store.accounts(user())).unwrap();
    let until = accounts[0].cooling_down_until.unwrap();
    assert!(until <= due().plus(TimeDelta::days(30)), "{until}");
}

#[test]
fn a_post_that_was_given_to_another_account_is_not_published_to_the_first() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    let mut moved = entry("pan", &account("pan"));
    moved.account_id = Some(account("bollo").id);
    bench.save_entry(moved);
    bench.tick_at(0);
    assert!(bench.script.calls().is_empty());
    let job = bench.job(job);
    assert_eq!(
        (job.status, job.last_error, job.attempt_count),
        (JobStatus::NeedsAttention, Some(Code::AccountAmbiguous), 0)
    );
}

#[test]
fn a_call_knows_until_when_it_may_begin() {
    let bench = Bench::new();
    bench.schedule("pan");
    bench.tick_at(0);
    // The claim holds for 300 seconds and a call may take 30.
    let allowed = bench.script.begin_by.lock().unwrap().clone();
    assert_eq!(allowed, [due().plus(TimeDelta::seconds(270))]);
}
