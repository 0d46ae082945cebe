use super::*;
use crate::Code;
use crate::schedule::{
    RescheduleRequest, ScheduleContext, ScheduleSettings, ShiftOffset, ShiftPlan, ShiftRequest,
    plan_shift,
};

fn to(name: &str, date: &str, time: &str) -> Reschedule {
    Reschedule {
        calendar_id: calendar(),
        to: RescheduleRequest {
            entry_id: id(name),
            date: date.parse().unwrap(),
            time: time.parse().unwrap(),
            snap_minutes: None,
        },
    }
}

/// A plan for the stored calendar, as a person sees it before it is applied.
fn plan(desk: &Desk, offset: ShiftOffset) -> ShiftPlan {
    let entries = desk.stored().entries;
    plan_shift(
        &ScheduleContext {
            entries: &entries,
            accounts: &[account("@pan", "ana", "instagram")],
            jobs: &desk.jobs(),
            settings: &ScheduleSettings::default(),
            now: desk.now(),
        },
        &ShiftRequest {
            entry_ids: entries.iter().map(|entry| entry.id).collect(),
            offset,
        },
    )
    .unwrap()
}

fn shift(desk: &Desk, change: ShiftChange) -> Result<MoveAnswer, Error> {
    let shift = Shift {
        calendar_id: calendar(),
        change,
    };
    ready(desk.queue.shift(&desk.ana(), &shift))
}

fn due(desk: &Desk) -> Vec<Timestamp> {
    let mut due: Vec<Timestamp> = desk.jobs().iter().map(|job| job.scheduled_at).collect();
    due.sort_unstable();
    due
}

#[test]
fn an_entry_and_its_job_move_together() {
    let desk = Desk::with_calendar(&entries(2));
    let moved = ready(
        desk.queue
            .reschedule(&desk.ana(), &to("entry 0", "2026-11-02", "18:30")),
    )
    .unwrap();
    assert_eq!(moved.revision, 2);
    let entry = desk.stored_entry("entry 0");
    assert_eq!(entry.piece.date.to_string(), "2026-11-02");
    assert_eq!(entry.piece.time.to_string(), "18:30");
    let winter = time("2026-11-02T17:30:00Z");
    assert_eq!(entry.scheduled_at, Some(winter));
    let job = desk.job("entry 0");
    assert_eq!(job.scheduled_at, winter);
    assert_eq!(desk.told(), [(job.id, JobStatus::Scheduled)]);
    let record = ready(desk.store.job(ana(), job.id))
        .unwrap()
        .unwrap()
        .record;
    assert_eq!(record.entry.piece, entry.piece);
    assert_eq!(
        desk.job("entry 1").scheduled_at,
        time("2026-04-03T07:00:00Z")
    );
}

#[test]
fn a_repeated_move_is_answered_the_same_and_saves_nothing() {
    let desk = Desk::with_calendar(&entries(2));
    let context = desk.ana().keyed("k");
    let there = to("entry 0", "2026-05-02", "18:30");
    let first = ready(desk.queue.reschedule(&context, &there)).unwrap();
    // Somebody moves it on before the command comes again.
    let on = to("entry 0", "2026-06-02", "18:30");
    ready(desk.queue.reschedule(&desk.ana(), &on)).unwrap();
    let second = ready(desk.queue.reschedule(&context, &there)).unwrap();
    assert!(second.repeated);
    assert_eq!(
        second,
        MoveAnswer {
            repeated: true,
            ..first
        }
    );
    assert_eq!(desk.stored().revision, 3);
    assert_eq!(
        desk.job("entry 0").scheduled_at,
        time("2026-06-02T16:30:00Z")
    );
    let error = ready(desk.queue.reschedule(&context, &on)).unwrap_err();
    assert_eq!(error.code, Code::IdempotencyConflict);
}

#[test]
fn a_place_that_is_taken_or_past_or_a_post_on_its_way_refuses_the_move() {
    let desk = Desk::with_calendar(&entries(3));
    let code = |there| {
        ready(desk.queue.reschedule(&desk.ana(), &there))
            .unwrap_err()
            .code
    };
    assert_eq!(
        code(to("entry 0", "2026-04-03", "09:00")),
        Code::ScheduleClash
    );
    assert_eq!(
        code(to("entry 0", "2026-03-03", "09:00")),
        Code::ScheduleInPast
    );
    assert_eq!(
        code(to("nobody", "2026-05-03", "09:00")),
        Code::EntryNotFound
    );
    desk.publish("entry 0");
    desk.lose("entry 1");
    desk.claim("entry 2");
    for name in ["entry 0", "entry 1", "entry 2"] {
        assert_eq!(
            code(to(name, "2026-05-03", "09:00")),
            Code::ScheduleFrozen,
            "{name}"
        );
    }
    let eva = ready(
        desk.queue
            .reschedule(&desk.by("eva"), &to("entry 0", "2026-05-03", "09:00")),
    );
    assert_eq!(eva.unwrap_err().code, Code::CalendarNotFound);
    assert_eq!(desk.stored().revision, 1);
}

#[test]
fn a_job_that_needs_attention_is_scheduled_again_by_moving_it() {
    let desk = Desk::with_calendar(&entries(1));
    desk.reject("entry 0", Code::ContentRejected);
    let there = to("entry 0", "2026-05-02", "09:00");
    ready(desk.queue.reschedule(&desk.ana(), &there)).unwrap();
    let job = desk.job("entry 0");
    assert_eq!(job.status, JobStatus::Scheduled);
    assert_eq!(job.scheduled_at, time("2026-05-02T07:00:00Z"));
}

#[test]
fn a_shift_by_days_keeps_the_wall_clock_of_entries_and_jobs_and_is_taken_back() {
    let desk = Desk::with_calendar(&entries(3));
    let before = (desk.stored().entries, due(&desk));
    // Across the end of summer time, 2026-10-25.
    let plan = plan(&desk, ShiftOffset::Days { days: 210 });
    let moved = shift(&desk, ShiftChange::Apply { plan }).unwrap();
    assert_eq!(
        due(&desk),
        [
            time("2026-10-29T08:00:00Z"),
            time("2026-10-30T08:00:00Z"),
            time("2026-10-31T08:00:00Z")
        ]
    );
    let receipt = moved.receipt;
    let undone = shift(
        &desk,
        ShiftChange::Undo {
            receipt: receipt.clone(),
        },
    )
    .unwrap();
    assert_eq!(undone.revision, 3);
    assert_eq!(due(&desk), before.1);
    for (now, was) in desk.stored().entries.iter().zip(&before.0) {
        assert_eq!(
            (&now.piece, now.scheduled_at),
            (&was.piece, was.scheduled_at)
        );
    }
    let again = shift(&desk, ShiftChange::Undo { receipt }).unwrap_err();
    assert_eq!(again.code, Code::ScheduleStale);
}

#[test]
fn one_post_that_is_on_its_way_keeps_the_whole_calendar_where_it_is() {
    let desk = Desk::with_calendar(&entries(3));
    let plan = plan(
        &desk,
        ShiftOffset::Minutes {
            minutes: 60 * 24 * 30,
        },
    );
    let before = due(&desk);
    desk.claim("entry 1");
    let error = shift(&desk, ShiftChange::Apply { plan }).unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::ScheduleFrozen, "moved[1].entryId")
    );
    assert_eq!(due(&desk), before);
    assert_eq!(desk.stored().revision, 1);
    assert_eq!(desk.told(), []);
}

#[test]
fn a_plan_that_is_out_of_date_changes_nothing() {
    let desk = Desk::with_calendar(&entries(2));
    let plan = plan(&desk, ShiftOffset::Days { days: 7 });
    let there = to("entry 0", "2026-05-02", "18:30");
    ready(desk.queue.reschedule(&desk.ana(), &there)).unwrap();
    let before = due(&desk);
    let error = shift(&desk, ShiftChange::Apply { plan }).unwrap_err();
    assert_eq!(error.code, Code::ScheduleStale);
    assert_eq!(due(&desk), before);
}

#[test]
fn a_plan_that_moves_nothing_saves_nothing() {
    let desk = Desk::with_calendar(&entries(1));
    let plan = ShiftPlan::default();
    let moved = shift(&desk, ShiftChange::Apply { plan }).unwrap();
    assert_eq!((moved.revision, moved.run_id), (1, id("run 1")));
    assert_eq!(desk.stored().revision, 1);
}

#[test]
fn a_worker_that_is_faster_keeps_its_job_and_the_person_is_told() {
    let desk = Desk::with_calendar(&entries(2));
    let job = desk.job("entry 0");
    let plan = plan(&desk, ShiftOffset::Days { days: 7 });
    let clock = desk.clock.clone();
    desk.store.before_move(move |store| {
        clock.set(job.scheduled_at);
        let claim = ClaimJobs {
            limit: 1,
            lease_seconds: 300,
            channels: Channel::ALL.to_vec(),
        };
        assert_eq!(ready(store.claim_jobs(claim)).unwrap().jobs.len(), 1);
    });
    let error = shift(&desk, ShiftChange::Apply { plan }).unwrap_err();
    assert_eq!(error.code, Code::ScheduleFrozen);
    assert_eq!(error.path, "moved[0].entryId");
    assert_eq!(desk.job("entry 0").status, JobStatus::Publishing);
    assert_eq!(desk.stored().revision, 1);
}

#[test]
fn what_somebody_saves_in_between_is_kept() {
    let desk = Desk::with_calendar(&entries(2));
    let edited = {
        let mut stored = desk.stored();
        stored.entries[0].piece.copy = "Ayer".to_owned();
        let run = CalendarRun {
            id: id("run 2"),
            ..stored.run
        };
        SaveCalendar::new(run, 1, stored.entries)
    };
    desk.store.before_move(move |store| {
        ready(store.save_calendar(edited)).unwrap();
    });
    let there = to("entry 0", "2026-05-02", "18:30");
    let moved = ready(desk.queue.reschedule(&desk.ana().keyed("k"), &there)).unwrap();
    assert_eq!(moved.revision, 3);
    let entry = desk.stored_entry("entry 0");
    assert_eq!(entry.piece.copy, "Ayer");
    assert_eq!(entry.scheduled_at, Some(time("2026-05-02T16:30:00Z")));
    assert_eq!(
        desk.job("entry 0").scheduled_at,
        time("2026-05-02T16:30:00Z")
    );
}

#[test]
fn a_move_is_not_taken_back_into_the_past() {
    let desk = Desk::with_calendar(&entries(2));
    let plan = plan(&desk, ShiftOffset::Days { days: 7 });
    let receipt = shift(&desk, ShiftChange::Apply { plan }).unwrap().receipt;
    let before = due(&desk);
    desk.clock.set(time("2026-04-02T12:00:00Z"));
    let error = shift(&desk, ShiftChange::Undo { receipt }).unwrap_err();
    assert_eq!(error.code, Code::ScheduleInPast);
    assert_eq!(due(&desk), before);
    assert_eq!(desk.stored().revision, 2);
}
