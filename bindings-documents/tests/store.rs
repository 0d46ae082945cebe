//! A store by documents keeps every promise of the store behind it, and says what its host did wrong.
#![allow(clippy::unwrap_used)]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use calendar_publish::conformance::{job_store_suite, store_suite};
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{CalendarId, Channel, JobId, UserId, deterministic_uuid};
use calendar_publish::ports::{JobStore, Store, StoreError};
use calendar_publish::{Code, Error};
use calendar_publish_documents::ports::{DocumentPort, HostFailure};
use calendar_publish_documents::{DocumentStore, ServedStore, serve_store};
use futures_executor::block_on;

fn by_documents(store: MemoryStore) -> DocumentStore<ServedStore> {
    DocumentStore::new(ServedStore::new(Arc::new(store)))
}

#[test]
fn a_store_by_documents_conforms() {
    let passed = block_on(store_suite(async || {
        by_documents(MemoryStore::new(Arc::new(ManualClock::default())))
    }))
    .unwrap();
    assert!(passed > 15, "{passed} cases");
}

#[test]
fn a_store_of_jobs_by_documents_conforms() {
    let passed = block_on(job_store_suite(async |clock| {
        by_documents(MemoryStore::new(clock))
    }))
    .unwrap();
    assert!(passed > 40, "{passed} cases");
}

/// A host that always answers the same.
struct Always(Result<&'static str, HostFailure>);

#[async_trait]
impl DocumentPort for Always {
    async fn call(&self, _: &'static str, _: String) -> Result<String, HostFailure> {
        self.0.clone().map(str::to_owned)
    }
}

fn user() -> UserId {
    UserId::new(deterministic_uuid(&["ana"]))
}

fn calendar(answer: Result<&'static str, HostFailure>) -> StoreError {
    let store = DocumentStore::new(Always(answer));
    let id = CalendarId::new(deterministic_uuid(&["calendar"]));
    block_on(store.calendar(user(), id)).unwrap_err()
}

#[test]
fn what_a_host_throws_leaves_the_store_unavailable() {
    let thrown = calendar(Err(HostFailure::thrown("TypeError: db is undefined")));
    assert_eq!(
        thrown,
        StoreError::unavailable("TypeError: db is undefined")
    );
    let nonsense = calendar(Err(HostFailure::refused("no JSON")));
    assert_eq!(nonsense, StoreError::unavailable("no JSON"));
}

#[test]
fn a_refusal_of_the_host_is_the_stores() {
    let typed = r#"{"type":"revision_conflict","expected":3,"found":4}"#;
    assert_eq!(
        calendar(Err(HostFailure::refused(typed))),
        StoreError::RevisionConflict {
            expected: 3,
            found: 4
        }
    );
    let own = Error::new(Code::CalendarNotFound).at("calendarId");
    let document = serde_json::to_string(&own).unwrap();
    assert_eq!(
        calendar(Err(HostFailure::refused(document))),
        StoreError::Invalid(own)
    );
    let down = serde_json::to_string(&Error::new(Code::StoreUnavailable)).unwrap();
    let StoreError::Unavailable { .. } = calendar(Err(HostFailure::refused(down))) else {
        panic!("a store that says it is unavailable is");
    };
}

#[test]
fn an_answer_that_cant_be_read_says_where() {
    let places = [
        ("", "calendar"),
        ("null", "calendar"),
        (r#"{"calendarId":7}"#, "calendar.calendarId"),
    ];
    for (answer, expected) in places {
        match calendar(Ok(answer)) {
            StoreError::Corrupt { place, .. } => assert_eq!(place, expected, "{answer}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nothing_is_null_and_a_write_may_be_answered_with_anything() {
    let id = JobId::new(deterministic_uuid(&["job"]));
    let store = DocumentStore::new(Always(Ok("null")));
    assert_eq!(block_on(store.job(user(), id)), Ok(None));
    let store = DocumentStore::new(Always(Ok("undefined")));
    let account = calendar_publish::model::AccountId::new(deterministic_uuid(&["account"]));
    assert_eq!(block_on(store.remove_account(user(), account)), Ok(()));
}

#[test]
fn a_host_without_a_signal_never_wakes_the_worker() {
    let returns = |answer| {
        let store = DocumentStore::new(Always(answer));
        let arrived = pin!(store.work_arrived());
        arrived.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
    };
    assert!(returns(Ok("true")));
    assert!(!returns(Ok("null")));
    assert!(!returns(Err(HostFailure::thrown("not implemented"))));
}

#[test]
fn a_call_that_no_store_has_is_refused() {
    let store = MemoryStore::new(Arc::new(ManualClock::default()));
    let refused = |method, request| match block_on(serve_store(&store, method, request)) {
        Err(StoreError::Invalid(error)) => (error.code, error.path),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused("dropTables", "{}"),
        (Code::OperationUnknown, String::new())
    );
    let (code, path) = refused("liftPause", r#"{"channel":"myspace"}"#);
    assert_eq!((code, path.as_str()), (Code::ChannelUnsupported, "channel"));
    assert_eq!(block_on(store.lift_pause(Channel::Tiktok)), Ok(false));
}
