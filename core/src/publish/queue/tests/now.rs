use super::*;
use crate::Code;

fn publish_now(desk: &Desk, context: &CommandContext, name: &str) -> Result<PublishJob, Error> {
    let publish = PublishNow {
        calendar_id: calendar(),
        entry_id: id(name),
    };
    ready(desk.queue.publish_now(publish_now_on(), context, &publish))
}

#[test]
fn the_live_job_and_its_entry_come_to_the_present() {
    let desk = Desk::with_calendar(&entries(2));
    let job = publish_now(&desk, &desk.ana(), "entry 1").unwrap();
    let soon = time("2026-04-01T09:00:02Z");
    assert_eq!((job.id, job.scheduled_at), (desk.job("entry 1").id, soon));
    let entry = desk.stored_entry("entry 1");
    assert_eq!(entry.scheduled_at, Some(soon));
    assert_eq!(entry.piece.date.to_string(), "2026-04-01");
    assert_eq!(
        entry.piece.time.to_string(),
        "11:00",
        "on the clocks of Madrid"
    );
    let claimed = desk.claim("entry 1");
    assert_eq!(claimed.job.status, JobStatus::Publishing);
}

#[test]
fn an_entry_without_a_job_gets_one() {
    let desk = Desk::new();
    desk.save(&entries(1), Vec::new());
    let job = publish_now(&desk, &desk.ana(), "entry 0").unwrap();
    assert_eq!(job.scheduled_at, time("2026-04-01T09:00:02Z"));
    assert_eq!(desk.told(), [(job.id, JobStatus::Scheduled)]);
}

#[test]
fn asked_again_it_publishes_nothing_twice_and_nothing_that_was_cancelled() {
    for scheduled in [true, false] {
        let desk = if scheduled {
            Desk::with_calendar(&entries(1))
        } else {
            let desk = Desk::new();
            desk.save(&entries(1), Vec::new());
            desk
        };
        let context = desk.ana().keyed("k");
        let job = publish_now(&desk, &context, "entry 0").unwrap();
        assert_eq!(publish_now(&desk, &context, "entry 0").unwrap(), job);
        ready(desk.queue.cancel(&desk.ana(), &[job.id])).unwrap();
        desk.clock.advance(minutes(5));
        let again = publish_now(&desk, &context, "entry 0").unwrap();
        assert_eq!((again.id, again.status), (job.id, JobStatus::Cancelled));
        assert_eq!(desk.jobs().len(), 1);
        let other = publish_now(&desk, &desk.ana().keyed("k2"), "entry 0").unwrap();
        assert_ne!(other.id, job.id);
        assert_eq!(other.status, JobStatus::Scheduled);
    }
}

#[test]
fn what_cannot_be_published_is_not_published_now() {
    let mut three = entries(4);
    let desk = Desk::with_calendar(&three[..3]);
    desk.publish("entry 0");
    desk.lose("entry 1");
    desk.claim("entry 2");
    for name in ["entry 0", "entry 1", "entry 2"] {
        let error = publish_now(&desk, &desk.ana(), name).unwrap_err();
        assert_eq!(error.code, Code::ScheduleFrozen, "{name}");
    }
    let error = publish_now(&desk, &desk.ana(), "entry 3").unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::EntryNotFound, "entryId")
    );
    let error = publish_now(&desk, &desk.by("eva"), "entry 0").unwrap_err();
    assert_eq!(error.code, Code::CalendarNotFound);

    three[0].draft = true;
    let desk = Desk::new();
    desk.save(&three[..1], Vec::new());
    let error = publish_now(&desk, &desk.ana(), "entry 0").unwrap_err();
    assert_eq!(error.code, Code::EntryDraft);
    assert_eq!(desk.stored().revision, 1);
}
