use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;

use super::{ManualClock, MemoryStore};
use crate::job::{JobEvent, PostReceipt};
use crate::model::{CalendarEntry, ChannelAccount, JobStatus, PublishJob, Timestamp};
use crate::ports::{
    ClaimJobs, ClaimedJobs, Clock, JobResult, JobStore, JobWrite, NewJob, ScheduleJobs, Store,
};
use crate::retry::RetryPolicy;

/// The output of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let Poll::Ready(output) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits");
    };
    output
}

fn id<T: TryFrom<String>>(number: u32) -> T
where
    T::Error: std::fmt::Debug,
{
    format!("018f0000-0000-7000-8000-{number:012}")
        .try_into()
        .unwrap()
}

fn nine() -> Timestamp {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

fn entry(number: u32) -> CalendarEntry {
    let piece =
        r#"{"title":"Pan","channel":"instagram","format":"reel","copy":"Hoy","date":"2026-04-01"}"#;
    CalendarEntry::new(id(number), id(700), serde_json::from_str(piece).unwrap())
}

fn account(number: u32) -> ChannelAccount {
    let text = format!(
        r#"{{"id":"018f0000-0000-7000-8000-{number:012}","userId":"018f0000-0000-7000-8000-000000000900",
        "channel":"instagram","externalAccountId":"178","displayName":"@pan","timezone":"Europe/Madrid","status":"ok"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// A store with a clock at nine, account 800, and a job per minute from nine on.
fn store(jobs: u32) -> (Arc<ManualClock>, MemoryStore) {
    let clock = Arc::new(ManualClock::new(nine()));
    let store = MemoryStore::new(clock.clone());
    ready(store.put_account(account(800))).unwrap();
    let jobs = (0..jobs).map(|number| NewJob {
        id: id(100 + number),
        entry: entry(number),
        account_id: id(800),
        scheduled_at: nine().plus(TimeDelta::minutes(number.into())),
    });
    let schedule = ScheduleJobs {
        user_id: id(900),
        command: None,
        jobs: jobs.collect(),
    };
    for outcome in ready(store.schedule_jobs(schedule)).unwrap().outcomes {
        assert!(matches!(outcome.result, JobResult::Done { .. }));
    }
    (clock, store)
}

fn claim(store: &MemoryStore) -> ClaimedJobs {
    let channels = crate::model::Channel::ALL.to_vec();
    ready(store.claim_jobs(ClaimJobs {
        limit: 10,
        lease_seconds: 300,
        channels,
    }))
    .unwrap()
}

fn advance(store: &MemoryStore, event: JobEvent) -> PublishJob {
    let writes = vec![JobWrite::new(id(100), event)];
    let outcomes = ready(store.advance_jobs(RetryPolicy::default(), writes)).unwrap();
    match outcomes.into_iter().next().unwrap().result {
        JobResult::Done { job, .. } => *job,
        JobResult::Refused { error } => panic!("{error}"),
    }
}

#[test]
fn a_job_goes_from_its_schedule_to_its_receipt() {
    let (clock, store) = store(2);
    let claimed = claim(&store);
    assert_eq!(claimed.jobs.len(), 1);
    assert_eq!(claimed.jobs[0].job.id, id(100));
    assert_eq!(
        claimed.next_due_at,
        Some(nine().plus(TimeDelta::minutes(5)))
    );

    clock.advance(TimeDelta::minutes(1));
    assert_eq!(claim(&store).jobs, vec![]);
    advance(&store, JobEvent::WriteStarted { token: 1 });
    let receipt = PostReceipt {
        post_id: Some("17900".to_owned()),
        permalink: None,
    };
    let job = advance(&store, JobEvent::Published { token: 1, receipt });
    assert_eq!(job.status, JobStatus::Published);

    let claimed = claim(&store);
    assert_eq!(claimed.jobs[0].job.id, id(101));
    assert_eq!(claimed.jobs[0].surroundings.posts_in_window, 1);
    let rows = ready(store.ledger(id(800), 0, 10)).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].previous_hash, rows[0].hash);
}

#[test]
fn jobs_of_a_removed_account_end_where_a_person_sees_them() {
    let (clock, store) = store(2);
    claim(&store);
    advance(&store, JobEvent::WriteStarted { token: 1 });
    ready(store.remove_account(id(900), id(800))).unwrap();

    clock.advance(TimeDelta::minutes(30));
    let claimed = claim(&store);
    assert_eq!((claimed.jobs, claimed.missed), (vec![], vec![]));
    let begun = ready(store.job(id(900), id(100))).unwrap().unwrap();
    assert_eq!(
        begun.record.job.last_error,
        Some(crate::Code::OutcomeUnknown)
    );
    assert_eq!(
        claimed.next_due_at,
        Some(nine().plus(TimeDelta::milliseconds(61 * 60_000 + 1)))
    );

    clock.advance(TimeDelta::minutes(32));
    assert_eq!(claim(&store).missed[0].id, id(101));
    assert_eq!(claim(&store).next_due_at, None);
}

#[test]
fn a_worker_hears_of_new_jobs_and_a_dropped_wait_leaves_nothing_behind() {
    let (_, store) = store(0);
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut heard = pin!(store.work_arrived());
        assert!(heard.as_mut().poll(&mut context).is_pending());
        ready(store.put_account(account(801))).unwrap();
        assert!(heard.as_mut().poll(&mut context).is_ready());
        let mut again = pin!(store.work_arrived());
        assert!(again.as_mut().poll(&mut context).is_pending());
        assert_eq!(store.arrivals.len(), 1);
    }
    assert_eq!(store.arrivals.len(), 0);
}

#[test]
fn a_sleeper_is_woken_by_the_clock_and_not_before() {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;

    #[derive(Default)]
    struct Count(AtomicU32);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let clock = ManualClock::new(nine());
    let count = Arc::new(Count::default());
    let waker = Waker::from(count.clone());
    let mut context = Context::from_waker(&waker);
    let mut sleep = pin!(clock.sleep_until(nine().plus(TimeDelta::seconds(10))));
    assert!(sleep.as_mut().poll(&mut context).is_pending());
    clock.advance(TimeDelta::milliseconds(9_999));
    assert_eq!(count.0.load(Ordering::SeqCst), 0);
    clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(count.0.load(Ordering::SeqCst), 1);
    assert!(sleep.as_mut().poll(&mut context).is_ready());
    ready(clock.sleep_until(nine()));
}
