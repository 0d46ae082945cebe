//! The store goes down at every call of every command, before and after it took effect. Repeating the
//! command leads to where it would have led at once.

use super::*;
use crate::Code;
use crate::schedule::{RescheduleRequest, ScheduleContext, ShiftOffset, ShiftRequest, plan_shift};

/// Everything that a command can leave behind.
#[derive(Debug, PartialEq)]
struct Left {
    jobs: Vec<PublishJob>,
    entries: Vec<CalendarEntry>,
    revision: i64,
}

fn left(desk: &Desk) -> Left {
    let calendar = desk.stored();
    Left {
        jobs: desk.jobs(),
        entries: calendar.entries,
        revision: calendar.revision,
    }
}

/// A command's answer as text, without whether it was repeated.
type Run = fn(&Desk, &CommandContext) -> Result<String, Error>;

fn text(answer: impl Debug) -> String {
    let text = format!("{answer:?}");
    text.replace("repeated: true", "repeated: false")
}

fn check(setup: fn() -> Desk, run: Run) {
    let smooth = setup();
    let expected = run(&smooth, &smooth.ana().keyed("k")).unwrap();
    let expected_left = left(&smooth);
    for takes_effect in [false, true] {
        for call in 0.. {
            let desk = setup();
            let context = desk.ana().keyed("k");
            desk.store.fail_after(call, takes_effect);
            let broken = run(&desk, &context);
            if !desk.store.recover() {
                assert!(call > 0);
                break;
            }
            let error = broken.unwrap_err();
            assert_eq!(error.code, Code::StoreUnavailable, "at call {call}");
            let at = format!("after a fault at call {call}, taking effect: {takes_effect}");
            assert_eq!(run(&desk, &context).unwrap(), expected, "{at}");
            assert_eq!(left(&desk), expected_left, "{at}");
            assert_eq!(run(&desk, &context).unwrap(), expected, "once more {at}");
            assert_eq!(left(&desk), expected_left, "once more {at}");
        }
    }
}

fn unscheduled() -> Desk {
    let desk = Desk::new();
    desk.save(&entries(8), Vec::new());
    desk
}

fn scheduled() -> Desk {
    Desk::with_calendar(&entries(5))
}

fn rejected() -> Desk {
    let desk = scheduled();
    for number in 0..5 {
        desk.reject(&format!("entry {number}"), Code::AppMisconfigured);
    }
    desk
}

fn lost() -> Desk {
    let desk = scheduled();
    desk.lose("entry 0");
    desk
}

fn ids(desk: &Desk) -> Vec<JobId> {
    // Asked of the store behind the faults: what a person has on the screen.
    entries(5)
        .iter()
        .filter_map(|entry| desk.store.behind(entry.id))
        .collect()
}

#[test]
fn scheduling() {
    check(unscheduled, |desk, context| {
        desk.schedule(context, &entries(8)).map(text)
    });
    check(unscheduled, |desk, context| {
        let schedule = ScheduleCalendar {
            calendar_id: calendar(),
        };
        let queue = &desk.queue;
        ready(queue.schedule_calendar(publishing_on(), context, &schedule, &mut |_| {})).map(text)
    });
}

#[test]
fn commands_on_jobs() {
    check(rejected, |desk, context| {
        ready(desk.queue.retry(context, &ids(desk))).map(text)
    });
    check(rejected, |desk, context| {
        ready(desk.queue.resume(context, &ids(desk))).map(text)
    });
    check(scheduled, |desk, context| {
        ready(desk.queue.cancel(context, &ids(desk))).map(text)
    });
}

#[test]
fn confirming() {
    check(lost, |desk, context| {
        let confirm = ConfirmJob {
            job_id: ids(desk)[0],
            confirmation: Confirmation::Published {
                receipt: Some("seen".to_owned()),
            },
        };
        ready(desk.queue.confirm(context, &confirm)).map(text)
    });
}

#[test]
fn moving() {
    check(scheduled, |desk, context| {
        let there = Reschedule {
            calendar_id: calendar(),
            to: RescheduleRequest {
                entry_id: id("entry 0"),
                date: "2026-05-02".parse().unwrap(),
                time: "18:30".parse().unwrap(),
                snap_minutes: None,
            },
        };
        ready(desk.queue.reschedule(context, &there)).map(text)
    });
    check(scheduled, |desk, context| {
        // The plan that the person saw first.
        let mut seen = entries(5);
        for entry in &mut seen {
            entry.revision = 1;
        }
        let plan = plan_shift(
            &ScheduleContext {
                entries: &seen,
                accounts: &[account("@pan", "ana", "instagram")],
                jobs: &[],
                settings: &crate::schedule::ScheduleSettings::default(),
                now: desk.now(),
            },
            &ShiftRequest {
                entry_ids: seen.iter().map(|entry| entry.id).collect(),
                offset: ShiftOffset::Days { days: 30 },
            },
        )
        .unwrap();
        let shift = Shift {
            calendar_id: calendar(),
            change: ShiftChange::Apply { plan },
        };
        ready(desk.queue.shift(context, &shift)).map(text)
    });
}

#[test]
fn publishing_now() {
    for setup in [unscheduled, scheduled] {
        check(setup, |desk, context| {
            let publish = PublishNow {
                calendar_id: calendar(),
                entry_id: id("entry 3"),
            };
            ready(desk.queue.publish_now(publish_now_on(), context, &publish)).map(text)
        });
    }
}

#[test]
fn resuming_after_an_incident() {
    check(rejected, |desk, context| {
        let resume = ResumeIncident {
            survey: SurveyIncident {
                channel: Channel::Instagram,
                code: Code::AppMisconfigured,
                since: time("2026-04-01T00:00:00Z"),
                limit: 100,
                after: None,
            },
            late_by_minutes: 60 * 24 * 30,
        };
        ready(desk.queue.resume_after_incident(context, &resume)).map(text)
    });
}
