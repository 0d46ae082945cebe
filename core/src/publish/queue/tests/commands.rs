use super::*;
use crate::Code;

fn cancelled(desk: &Desk, names: &[&str]) -> Vec<CancelState> {
    let ids: Vec<JobId> = names.iter().map(|name| desk.job(name).id).collect();
    let outcomes = ready(desk.queue.cancel(&desk.ana(), &ids)).unwrap();
    outcomes.into_iter().map(|outcome| outcome.state).collect()
}

#[test]
fn what_waits_is_withdrawn_at_once_and_only_once() {
    let desk = Desk::with_calendar(&entries(2));
    let names = ["entry 0", "entry 1"];
    assert_eq!(
        cancelled(&desk, &names),
        [CancelState::Honoured, CancelState::Honoured]
    );
    let told = desk.told();
    assert_eq!(told[0].1, JobStatus::Cancelled);
    assert_eq!(
        cancelled(&desk, &names),
        [CancelState::Honoured, CancelState::Honoured]
    );
    assert_eq!(desk.told(), told);
}

#[test]
fn a_cancellation_during_the_write_waits_for_its_outcome() {
    let desk = Desk::with_calendar(&entries(1));
    let claimed = desk.begin("entry 0");
    assert_eq!(cancelled(&desk, &["entry 0"]), [CancelState::Pending]);
    desk.report(&claimed, |token| JobEvent::FailedForCertain {
        token,
        code: Code::PlatformTemporary,
        retry_after_seconds: None,
    });
    assert_eq!(desk.job("entry 0").status, JobStatus::Cancelled);
    assert_eq!(cancelled(&desk, &["entry 0"]), [CancelState::Honoured]);
}

#[test]
fn what_is_out_or_may_be_out_is_not_withdrawn() {
    let desk = Desk::with_calendar(&entries(2));
    desk.publish("entry 0");
    desk.lose("entry 1");
    assert_eq!(
        cancelled(&desk, &["entry 0", "entry 1"]),
        [CancelState::TooLate, CancelState::Unknown]
    );
    assert_eq!(desk.job("entry 1").last_error, Some(Code::OutcomeUnknown));
}

#[test]
fn nobody_reaches_the_jobs_of_others() {
    let desk = Desk::with_calendar(&entries(1));
    let job = desk.job("entry 0");
    let eva = desk.by("eva");
    let outcomes = ready(desk.queue.cancel(&eva, &[job.id])).unwrap();
    let CancelState::Refused { error } = &outcomes[0].state else {
        panic!("{outcomes:?}");
    };
    assert_eq!(error.code, Code::JobNotFound);
    let not_found = [Err(Code::JobNotFound)];
    let done = ready(desk.queue.retry(&eva, &[job.id])).unwrap();
    assert_eq!(results(&done.outcomes), not_found);
    let done = ready(desk.queue.resume(&eva, &[job.id])).unwrap();
    assert_eq!(results(&done.outcomes), not_found);
    let confirm = ConfirmJob {
        job_id: job.id,
        confirmation: Confirmation::Published { receipt: None },
    };
    let done = ready(desk.queue.confirm(&eva, &confirm)).unwrap();
    assert_eq!(results(&done.outcomes), not_found);
    assert_eq!(desk.job("entry 0"), job);
}

#[test]
fn a_rejected_post_is_tried_again_now_and_the_others_are_left_alone() {
    let desk = Desk::with_calendar(&entries(3));
    desk.reject("entry 0", Code::ContentRejected);
    desk.lose("entry 1");
    let ids = ["entry 0", "entry 1", "entry 2"].map(|name| desk.job(name).id);
    let done = ready(desk.queue.retry(&desk.ana(), &ids)).unwrap();
    assert_eq!(
        results(&done.outcomes),
        [
            Ok(JobStatus::Scheduled),
            Err(Code::JobTransitionIllegal),
            Err(Code::JobTransitionIllegal)
        ]
    );
    assert_eq!(desk.job("entry 0").next_attempt_at, Some(desk.now()));
    assert_eq!(desk.told(), [(ids[0], JobStatus::Scheduled)]);
}

#[test]
fn a_repeated_retry_does_nothing_twice() {
    let desk = Desk::with_calendar(&entries(5));
    for number in 0..5 {
        desk.reject(&format!("entry {number}"), Code::ContentRejected);
    }
    let ids: Vec<JobId> = desk.jobs().iter().map(|job| job.id).collect();
    let context = desk.ana().keyed("k");
    let first = ready(desk.queue.retry(&context, &ids)).unwrap();
    assert!(!first.repeated);
    desk.clock.advance(minutes(1));
    let jobs = desk.jobs();
    let second = ready(desk.queue.retry(&context, &ids)).unwrap();
    assert!(second.repeated);
    assert_eq!(second.outcomes, first.outcomes);
    assert_eq!(desk.jobs(), jobs);
    assert_eq!(desk.told().len(), 5);
    let other = ready(desk.queue.retry(&context, &ids[..2]));
    assert_eq!(other.unwrap_err().code, Code::IdempotencyConflict);
}

#[test]
fn what_was_mended_in_time_waits_for_its_time_again() {
    let desk = Desk::with_calendar(&entries(1));
    let claimed = desk.claim("entry 0");
    desk.report(&claimed, |token| JobEvent::PreflightFailed {
        token,
        code: Code::TokenExpired,
    });
    let job = desk.job("entry 0");
    desk.clock.advance(minutes(60));
    let done = ready(desk.queue.resume(&desk.ana(), &[job.id])).unwrap();
    assert_eq!(results(&done.outcomes), [Ok(JobStatus::Scheduled)]);
    let claimed = desk.claim("entry 0");
    desk.report(&claimed, |token| JobEvent::PreflightFailed {
        token,
        code: Code::TokenExpired,
    });
    desk.clock.advance(minutes(1));
    let done = ready(desk.queue.resume(&desk.ana(), &[job.id])).unwrap();
    assert_eq!(results(&done.outcomes), [Ok(JobStatus::NeedsAttention)]);
    assert_eq!(desk.job("entry 0").last_error, Some(Code::MissedSchedule));
}

#[test]
fn a_job_that_is_named_twice_is_refused_before_anything_is_done() {
    let desk = Desk::with_calendar(&entries(1));
    let job = desk.job("entry 0");
    let error = ready(desk.queue.cancel(&desk.ana(), &[job.id, job.id])).unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::IdDuplicate, "jobIds[1]")
    );
    let many = vec![job.id; MAX_COMMAND_JOBS + 1];
    let error = ready(desk.queue.cancel(&desk.ana(), &many)).unwrap_err();
    assert_eq!(error.code, Code::InputTooLarge);
    assert_eq!(desk.job("entry 0"), job);
    assert_eq!(ready(desk.queue.cancel(&desk.ana(), &[])).unwrap(), []);
}

#[test]
fn a_persons_word_settles_what_nobody_knew() {
    let desk = Desk::with_calendar(&entries(3));
    desk.lose("entry 0");
    desk.lose("entry 1");
    let confirm = |name: &str, confirmation| {
        let confirm = ConfirmJob {
            job_id: desk.job(name).id,
            confirmation,
        };
        let done = ready(desk.queue.confirm(&desk.ana(), &confirm));
        done.map(|done| results(&done.outcomes))
    };
    let seen = |text: &str| Confirmation::Published {
        receipt: Some(text.to_owned()),
    };
    assert_eq!(
        confirm("entry 0", seen("seen on the profile at nine")),
        Ok(vec![Ok(JobStatus::Published)])
    );
    let history = ready(desk.store.job(ana(), desk.job("entry 0").id));
    let attempts = history.unwrap().unwrap().attempts;
    assert_eq!(
        attempts[0].error_message.as_deref(),
        Some("seen on the profile at nine")
    );
    assert_eq!(
        confirm("entry 1", Confirmation::NotPublished),
        Ok(vec![Ok(JobStatus::Failed)])
    );
    assert_eq!(
        confirm("entry 2", Confirmation::NotPublished),
        Ok(vec![Err(Code::JobTransitionIllegal)])
    );
    let error = confirm("entry 2", seen(&"x".repeat(2001))).unwrap_err();
    assert_eq!(error.code, Code::InputTooLarge);
}
