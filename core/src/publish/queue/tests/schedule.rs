use super::*;
use crate::Code;
use crate::message::{Lang, MessageContext, error_text};
use crate::model::ReadinessState;

#[test]
fn an_entry_without_an_instant_is_due_at_its_wall_clock_in_the_accounts_zone() {
    let desk = Desk::new();
    let mut set = entry("set", "2026-04-02", "09:00");
    set.scheduled_at = Some(time("2026-04-02T10:30:00Z"));
    let entries = [entry("wall", "2026-04-02", "09:00"), set];
    let scheduled = desk.schedule(&desk.ana(), &entries).unwrap();
    let due = |place: usize| job_of(&scheduled.outcomes[place]).unwrap().scheduled_at;
    assert_eq!(
        due(0),
        time("2026-04-02T07:00:00Z"),
        "summer time in Madrid"
    );
    assert_eq!(due(1), time("2026-04-02T10:30:00Z"));
    let told = desk.told();
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|(_, status)| *status == JobStatus::Scheduled)
    );
    let log = desk.log.0.lock().unwrap();
    assert_eq!(log[0].context.calendar_id, Some(calendar()));
    assert_eq!(log[0].context.user_id, Some(ana()));
    assert_eq!(log[0].context.channel, Some(Channel::Instagram));
    assert_eq!(log[0].context.request_id.as_str(), "req-1");
}

#[test]
fn one_bad_entry_never_blocks_the_others() {
    let desk = Desk::new();
    for name in ["@tik", "@tok"] {
        ready(desk.store.put_account(account(name, "ana", "tiktok"))).unwrap();
    }
    ready(desk.store.put_account(account("@eva", "eva", "instagram"))).unwrap();
    let good = entry("good", "2026-04-02", "09:00");
    let draft = CalendarEntry {
        draft: true,
        ..entry("draft", "2026-04-02", "09:00")
    };
    let out = CalendarEntry {
        readiness: Some(ReadinessState::Published),
        ..entry("out", "2026-04-02", "09:00")
    };
    let past = entry("past", "2026-04-01", "10:59");
    let theirs = CalendarEntry {
        account_id: Some(id("@eva")),
        ..entry("theirs", "2026-04-02", "09:00")
    };
    let elsewhere = CalendarEntry {
        account_id: Some(id("@tik")),
        ..entry("elsewhere", "2026-04-02", "09:00")
    };
    let mut which = entry("which", "2026-04-02", "09:00");
    which.piece.channel = Channel::Tiktok;
    let last = entry("last", "2026-04-03", "09:00");
    let entries = [
        good.clone(),
        draft,
        out,
        past,
        theirs,
        elsewhere,
        which,
        good,
        last,
    ];
    let outcomes = desk.schedule(&desk.ana(), &entries).unwrap().outcomes;
    assert!(job_of(&outcomes[0]).is_ok());
    assert!(job_of(&outcomes[8]).is_ok());
    let refused: Vec<(Code, String)> = outcomes[1..8].iter().map(refusal).collect();
    let expected = [
        (Code::EntryDraft, "entries[1].draft"),
        (Code::EntryPublished, "entries[2].readiness"),
        (Code::ScheduleInPast, "scheduledAt"),
        (Code::AccountNotFound, "entries[4].accountId"),
        (Code::AccountChannelMismatch, "entries[5].accountId"),
        (Code::AccountAmbiguous, "entries[6].accountId"),
        (Code::IdDuplicate, "entries[7].id"),
    ];
    let expected = expected.map(|(code, path)| (code, path.to_owned()));
    assert_eq!(refused, expected);
    for outcome in &outcomes[1..8] {
        let error = job_of(outcome).unwrap_err();
        let text = |lang| error_text(error, lang, &MessageContext::default()).message;
        assert_ne!(text(Lang::Es), text(Lang::En), "{error}");
    }
}

#[test]
fn a_channel_without_an_account_is_named() {
    let desk = Desk::new();
    let outcomes = desk
        .schedule(&desk.by("eva"), &entries(1))
        .unwrap()
        .outcomes;
    let error = job_of(&outcomes[0]).unwrap_err();
    assert_eq!(error.code, Code::ChannelAuthMissing);
    assert_eq!(
        error.measured,
        Some(crate::error::Measure::text("instagram"))
    );
}

#[test]
fn nothing_to_schedule_is_nothing_done() {
    let desk = Desk::new();
    let scheduled = desk.schedule(&desk.ana().keyed("k"), &[]).unwrap();
    assert_eq!(scheduled.outcomes, []);
}

#[test]
fn the_same_command_twice_makes_jobs_once_and_is_answered_the_same() {
    let desk = Desk::new();
    let context = desk.ana().keyed("k");
    let mut entries = entries(7);
    entries[2].draft = true;
    let first = desk.schedule(&context, &entries).unwrap();
    let told = desk.told().len();
    // What the answer was decided by has changed since: it stays the answer.
    ready(desk.store.remove_account(ana(), id("@pan"))).unwrap();
    desk.clock.advance(minutes(60 * 24 * 100));
    let second = desk.schedule(&context, &entries).unwrap();
    assert!(!first.repeated && second.repeated);
    assert_eq!(second.outcomes, first.outcomes);
    assert_eq!(desk.jobs().len(), 6);
    assert_eq!(
        desk.told().len(),
        told,
        "nothing happened, and nothing is told"
    );
}

#[test]
fn a_key_that_was_used_for_something_else_is_refused_before_anything_is_done() {
    let desk = Desk::new();
    let context = desk.ana().keyed("k");
    let all = entries(7);
    desk.schedule(&context, &all[..4]).unwrap();
    let error = desk.schedule(&context, &all).unwrap_err();
    assert_eq!(error.code, Code::IdempotencyConflict);
    assert_eq!(error.path, "idempotencyKey");
    let job = desk.job("entry 0").id;
    let error = ready(desk.queue.cancel(&context, &[job])).unwrap_err();
    assert_eq!(error.code, Code::IdempotencyConflict);
    assert_eq!(desk.jobs().len(), 4);
    // The key is Ana's own: somebody else may use it.
    assert!(desk.schedule(&desk.by("eva").keyed("k"), &all).is_ok());
}

#[test]
fn a_key_that_cannot_be_kept_is_refused() {
    let desk = Desk::new();
    let longest = "k".repeat(255);
    assert!(
        desk.schedule(&desk.ana().keyed(longest), &entries(1))
            .is_ok()
    );
    for key in [String::new(), "k".repeat(256), "a\u{1f}0".to_owned()] {
        let error = desk
            .schedule(&desk.ana().keyed(key), &entries(1))
            .unwrap_err();
        assert_eq!(
            (error.code, error.path.as_str()),
            (Code::FieldValueInvalid, "idempotencyKey")
        );
    }
}

#[test]
fn an_entry_that_is_scheduled_again_keeps_its_job() {
    let desk = Desk::new();
    let entries = entries(1);
    let first = desk.schedule(&desk.ana(), &entries).unwrap();
    assert_eq!(desk.schedule(&desk.ana(), &entries).unwrap(), first);
    let moved = [entry("entry 0", "2026-05-01", "09:00")];
    let outcomes = desk.schedule(&desk.ana(), &moved).unwrap().outcomes;
    assert_eq!(refusal(&outcomes[0]).0, Code::JobExists);
    let under_key = desk.schedule(&desk.ana().keyed("k"), &entries).unwrap();
    assert_eq!(refusal(&under_key.outcomes[0]).0, Code::JobExists);
    assert_eq!(
        desk.job("entry 0").scheduled_at,
        time("2026-04-02T07:00:00Z")
    );
    assert_eq!(desk.told().len(), 1);
}

#[test]
fn an_entry_whose_job_was_cancelled_gets_a_new_one_each_time() {
    let desk = Desk::new();
    let entries = entries(1);
    let mut ids = std::collections::HashSet::new();
    for round in 1..=4 {
        let outcomes = desk.schedule(&desk.ana(), &entries).unwrap().outcomes;
        let job = job_of(&outcomes[0]).unwrap();
        assert_eq!(job.status, JobStatus::Scheduled);
        assert!(ids.insert(job.id), "round {round}");
        ready(desk.queue.cancel(&desk.ana(), &[job.id])).unwrap();
    }
    let outcomes = desk
        .schedule(&desk.ana().keyed("k"), &entries)
        .unwrap()
        .outcomes;
    assert!(ids.insert(job_of(&outcomes[0]).unwrap().id));
}

#[test]
fn what_is_out_or_in_the_inbox_is_not_scheduled_again() {
    let desk = Desk::with_calendar(&entries(2));
    desk.publish("entry 0");
    let claimed = desk.begin("entry 1");
    desk.report(&claimed, |token| JobEvent::DeliveredToInbox { token });
    let later = [
        entry("entry 0", "2026-06-01", "09:00"),
        entry("entry 1", "2026-06-02", "09:00"),
    ];
    for context in [desk.ana(), desk.ana().keyed("k")] {
        let outcomes = desk.schedule(&context, &later).unwrap().outcomes;
        let codes: Vec<Code> = outcomes.iter().map(|done| refusal(done).0).collect();
        assert_eq!(codes, [Code::EntryPublished, Code::JobExists]);
    }
    assert_eq!(desk.jobs().len(), 2);
}

#[test]
fn a_calendar_is_scheduled_as_it_was_saved() {
    let desk = Desk::new();
    let broken = RefusedEntry {
        id: id("broken"),
        position: 1,
        payload: "{}".to_owned(),
        error: Error::new(Code::FieldMissing).at("payload.channel"),
    };
    desk.save(&entries(3), vec![broken]);
    let schedule = ScheduleCalendar {
        calendar_id: calendar(),
    };
    let mut told = Vec::new();
    let scheduled = ready(desk.queue.schedule_calendar(
        publishing_on(),
        &desk.ana(),
        &schedule,
        &mut |progress| told.push((progress.done, progress.total)),
    ))
    .unwrap();
    let ids: Vec<EntryId> = scheduled
        .outcomes
        .iter()
        .map(|done| done.entry_id)
        .collect();
    let expected = ["entry 0", "broken", "entry 1", "entry 2"].map(id::<EntryId>);
    assert_eq!(ids, expected);
    assert_eq!(
        refusal(&scheduled.outcomes[1]),
        (Code::FieldMissing, "entries[1].payload.channel".to_owned())
    );
    assert_eq!(told, [(3, 4), (4, 4)]);
    assert_eq!(desk.jobs().len(), 3);
    let log = desk.log.0.lock().unwrap();
    assert_eq!(
        log[0].context.run_id.map(|run| run.to_string()),
        Some(desk.stored().run.id.to_string())
    );
    drop(log);

    let theirs = ready(desk.queue.schedule_calendar(
        publishing_on(),
        &desk.by("eva"),
        &schedule,
        &mut |_| {},
    ));
    assert_eq!(theirs.unwrap_err().code, Code::CalendarNotFound);
}

#[test]
fn ten_thousand_entries_are_made_chunk_by_chunk() {
    let desk = Desk::new();
    let entries = entries(10_000);
    let queue = PublishQueue::new(
        desk.store.clone(),
        desk.log.clone(),
        QueueSettings::default(),
    );
    let schedule = Schedule { entries };
    let mut told = Vec::new();
    let scheduled = ready(queue.schedule(
        publishing_on(),
        &desk.ana().keyed("k"),
        &schedule,
        &mut |progress| told.push((progress.done, progress.total)),
    ))
    .unwrap();
    assert!(scheduled.outcomes.iter().all(|done| job_of(done).is_ok()));
    let expected: Vec<(u32, u32)> = (1..=10).map(|chunk| (chunk * 1000, 10_000)).collect();
    assert_eq!(told, expected);
    assert_eq!(desk.jobs().len(), 10_000);
}

#[test]
fn a_batch_tells_how_its_jobs_stand() {
    let desk = Desk::new();
    let mut entries = entries(5);
    entries[4].draft = true;
    let context = desk.ana().keyed("k");
    desk.schedule(&context, &entries).unwrap();
    desk.publish("entry 0");
    ready(desk.queue.cancel(&desk.ana(), &[desk.job("entry 1").id])).unwrap();
    let outcome = ready(desk.queue.batch_outcome(&context)).unwrap();
    assert_eq!((outcome.total, outcome.without_job), (5, 1));
    let counts: Vec<(JobStatus, u32)> = outcome
        .counts
        .iter()
        .map(|counted| (counted.status, counted.count))
        .collect();
    assert_eq!(
        counts,
        [
            (JobStatus::Scheduled, 2),
            (JobStatus::Published, 1),
            (JobStatus::Cancelled, 1)
        ]
    );
    let code = |context| ready(desk.queue.batch_outcome(&context)).unwrap_err().code;
    assert_eq!(code(desk.ana()), Code::FieldMissing);
    assert_eq!(code(desk.ana().keyed("other")), Code::JobNotFound);
    assert_eq!(code(desk.by("eva").keyed("k")), Code::JobNotFound);
}

#[test]
fn a_batch_remembers_what_was_measured_of_an_entry_it_refused() {
    let desk = Desk::new();
    let mut entries = entries(2);
    entries[1].account_id = Some("018f0000-0000-7000-8000-0000000000ff".parse().unwrap());
    let context = desk.ana().keyed("k");
    let first = desk.schedule(&context, &entries).unwrap();
    let refused = job_of(&first.outcomes[1]).unwrap_err();
    assert_eq!(refused.code, Code::AccountNotFound);
    assert!(refused.measured.is_some());
    let again = desk.schedule(&context, &entries).unwrap();
    assert_eq!(again.outcomes, first.outcomes);
}

#[test]
fn of_an_entry_that_stands_twice_the_first_is_scheduled() {
    let desk = Desk::new();
    let first = entry("one", "2026-04-02", "09:00");
    let mut second = entry("one", "2026-04-03", "09:00");
    second.piece.copy = "Otra".to_owned();
    let outcomes = desk
        .schedule(&desk.ana(), &[first.clone(), second])
        .unwrap();
    let job = job_of(&outcomes.outcomes[0]).unwrap();
    assert_eq!(job.scheduled_at, time("2026-04-02T07:00:00Z"));
    let record = ready(desk.store.job(ana(), job.id))
        .unwrap()
        .unwrap()
        .record;
    assert_eq!(record.entry, first);
    assert_eq!(refusal(&outcomes.outcomes[1]).0, Code::IdDuplicate);
}

#[test]
fn wall_clocks_at_the_edges_of_zones_and_time_are_told() {
    let desk = Desk::new();
    let mut far = account("@far", "ana", "instagram");
    far.timezone = "America/Los_Angeles".parse().unwrap();
    ready(desk.store.put_account(far)).unwrap();
    let of = |account: &str, entry: CalendarEntry| CalendarEntry {
        account_id: Some(id(account)),
        ..entry
    };
    let entries = [
        // Clocks in Madrid jump from two to three.
        of("@pan", entry("gap", "2027-03-28", "02:30")),
        // And back from three to two: the earlier instant is meant.
        of("@pan", entry("fold", "2026-10-25", "02:30")),
        of("@far", entry("end", "9999-12-31", "23:59")),
    ];
    let outcomes = desk.schedule(&desk.ana(), &entries).unwrap().outcomes;
    let due = |place: usize| job_of(&outcomes[place]).unwrap().scheduled_at;
    assert_eq!(due(0), time("2027-03-28T01:30:00Z"));
    assert_eq!(due(1), time("2026-10-25T00:30:00Z"));
    assert_eq!(
        refusal(&outcomes[2]),
        (
            Code::TimestampOutOfRange,
            "entries[2].piece.date".to_owned()
        )
    );
    let error = "Mars/Olympus".parse::<crate::model::Zone>().unwrap_err();
    assert_eq!(error.code, Code::ZoneUnknown);
}

#[test]
fn a_broken_batch_goes_on_with_what_it_first_decided_though_the_calendar_changed() {
    let desk = Desk::new();
    desk.save(&entries(8), Vec::new());
    let schedule = ScheduleCalendar {
        calendar_id: calendar(),
    };
    let context = desk.ana().keyed("k");
    let run = |told: &mut Vec<u32>| {
        ready(
            desk.queue
                .schedule_calendar(publishing_on(), &context, &schedule, &mut |progress| {
                    told.push(progress.done)
                }),
        )
    };
    // The calendar, the note, accounts, the note's record; then two calls a chunk.
    desk.store.fail_after(7, false);
    let mut told = Vec::new();
    assert_eq!(run(&mut told).unwrap_err().code, Code::StoreUnavailable);
    assert!(desk.store.recover());
    assert_eq!((told.as_slice(), desk.jobs().len()), (&[3][..], 3));

    // The first and the last entry are removed, and the others trade places.
    let mut kept = desk.stored().entries;
    kept.remove(7);
    kept.remove(0);
    kept.reverse();
    let run_id = id("run 2");
    let save = SaveCalendar::new(
        CalendarRun {
            id: run_id,
            ..desk.stored().run
        },
        1,
        kept,
    );
    ready(desk.store.save_calendar(save)).unwrap();

    let mut told = Vec::new();
    let outcomes = run(&mut told).unwrap().outcomes;
    assert_eq!(told, [3, 6, 8]);
    assert!(outcomes[..7].iter().all(|done| job_of(done).is_ok()));
    assert_eq!(refusal(&outcomes[7]).0, Code::EntryNotFound);
    assert_eq!(desk.job("entry 0").status, JobStatus::Cancelled);
    for number in 1..7 {
        let job = desk.job(&format!("entry {number}"));
        assert_eq!(job.status, JobStatus::Scheduled, "entry {number}");
    }
    assert_eq!(desk.jobs_of("entry 7"), []);
}
