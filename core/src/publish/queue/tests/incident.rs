use super::*;
use crate::Code;

const CODE: Code = Code::AppMisconfigured;

fn survey(since: Timestamp) -> SurveyIncident {
    SurveyIncident {
        channel: Channel::Instagram,
        code: CODE,
        since,
        limit: 100,
        after: None,
    }
}

fn names(desk: &Desk, ids: impl Iterator<Item = EntryId>) -> Vec<String> {
    let entries = desk.stored().entries;
    ids.map(|id| {
        let entry = entries.iter().find(|entry| entry.id == id).unwrap();
        entry.piece.title.clone()
    })
    .collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// Entry 0 failed for the incident, 1 for its own fault, 2 may be out, 3 was missed; 4 waits.
fn desk_after_incident() -> (Desk, Timestamp) {
    let desk = Desk::with_calendar(&entries(5));
    let since = desk.now();
    desk.reject("entry 0", CODE);
    desk.reject("entry 1", Code::ContentRejected);
    desk.lose("entry 2");
    desk.clock.set(time("2026-04-05T10:00:00Z"));
    let claim = ClaimJobs {
        limit: 100,
        lease_seconds: 300,
        channels: Channel::ALL.to_vec(),
    };
    let missed = ready(desk.store.claim_jobs(claim)).unwrap().missed;
    assert_eq!(missed.len(), 1);
    desk.log.0.lock().unwrap().clear();
    (desk, since)
}

#[test]
fn the_report_offers_what_is_provably_unpublished_and_lists_the_unknown_apart() {
    let (desk, since) = desk_after_incident();
    let report = ready(desk.queue.incident_report(&survey(since), desk.now())).unwrap();
    let offered = report
        .resumable
        .iter()
        .map(|offer| offer.job.calendar_entry_id);
    assert_eq!(sorted(names(&desk, offered)), ["entry 0", "entry 3"]);
    let missed = report
        .resumable
        .iter()
        .find(|offer| offer.code != CODE)
        .unwrap();
    assert_eq!(
        (missed.code, missed.late_by_minutes),
        (Code::MissedSchedule, 180)
    );
    let unknown = report.unknown.iter().map(|job| job.calendar_entry_id);
    assert_eq!(names(&desk, unknown), ["entry 2"]);
    assert_eq!(report.next, None);
    assert_eq!(desk.told(), [], "an offer changes nothing");
}

#[test]
fn only_what_is_not_too_late_is_resumed_and_published_at_once() {
    let (desk, since) = desk_after_incident();
    let resume = ResumeIncident {
        survey: survey(since),
        late_by_minutes: 180,
    };
    let context = desk.by("operator").keyed("k");
    let outcomes = ready(desk.queue.resume_after_incident(&context, &resume)).unwrap();
    assert_eq!(results(&outcomes), [Ok(JobStatus::Scheduled)]);
    let job = desk.job("entry 3");
    assert_eq!(job.next_attempt_at, Some(desk.now()));
    assert_eq!(
        desk.job("entry 0").status,
        JobStatus::NeedsAttention,
        "three days late"
    );
    assert_eq!(desk.job("entry 2").last_error, Some(Code::OutcomeUnknown));
    assert_eq!(desk.told(), [(job.id, JobStatus::Scheduled)]);

    // It fails again. The repeated command leaves it to people.
    desk.reject("entry 3", CODE);
    let again = ready(desk.queue.resume_after_incident(&context, &resume)).unwrap();
    assert_eq!(again, outcomes);
    assert_eq!(desk.job("entry 3").status, JobStatus::NeedsAttention);
}

#[test]
fn what_stopped_before_the_incident_or_on_another_channel_is_not_offered() {
    let (desk, _) = desk_after_incident();
    let later = survey(desk.now().plus(minutes(1)));
    let elsewhere = SurveyIncident {
        channel: Channel::Tiktok,
        ..survey(time("2026-01-01T00:00:00Z"))
    };
    for survey in [later, elsewhere] {
        let report = ready(desk.queue.incident_report(&survey, desk.now())).unwrap();
        assert_eq!((report.resumable, report.unknown), (vec![], vec![]));
    }
}

#[test]
fn retries_that_were_spent_on_the_incident_are_offered() {
    let desk = Desk::with_calendar(&entries(1));
    let since = desk.now();
    for _ in 0..4 {
        let claimed = desk.begin("entry 0");
        desk.report(&claimed, |token| JobEvent::FailedForCertain {
            token,
            code: Code::PlatformTemporary,
            retry_after_seconds: None,
        });
    }
    assert_eq!(desk.job("entry 0").last_error, Some(Code::RetriesExhausted));
    let offered = |code| {
        let survey = SurveyIncident {
            code,
            ..survey(since)
        };
        let report = ready(desk.queue.incident_report(&survey, desk.now())).unwrap();
        report.resumable.len()
    };
    assert_eq!(offered(Code::PlatformTemporary), 1);
    assert_eq!(offered(Code::RateLimited), 0);
}

#[test]
fn a_long_report_comes_in_pages() {
    let (desk, since) = desk_after_incident();
    let mut survey = SurveyIncident {
        limit: 1,
        ..survey(since)
    };
    let mut seen = Vec::new();
    loop {
        let report = ready(desk.queue.incident_report(&survey, desk.now())).unwrap();
        seen.extend(
            report
                .resumable
                .iter()
                .map(|offer| offer.job.calendar_entry_id),
        );
        match report.next {
            Some(next) => survey.after = Some(next),
            None => break,
        }
    }
    assert_eq!(
        sorted(names(&desk, seen.into_iter())),
        ["entry 0", "entry 3"]
    );
    for limit in [0, 10_001] {
        let error = ready(
            desk.queue
                .incident_report(&SurveyIncident { limit, ..survey }, desk.now()),
        );
        assert_eq!(error.unwrap_err().path, "limit");
    }
}
