//! Which settings are refused.

use std::sync::Arc;

use calendar_publish::Code;
use calendar_publish::flags::Flags;
use calendar_publish::publish::PublishWorker;

use crate::fixture::{Bench, ScriptedAdapter};

#[test]
fn a_lease_that_could_end_during_a_call_is_refused() {
    let mut bench = Bench::new();
    // The adapter's longest call takes 30 seconds.
    bench.settings.lease_seconds = 59;
    let refused =
        PublishWorker::new(Bench::on(), bench.ports(), bench.settings.clone()).unwrap_err();
    assert_eq!(
        (refused.code, refused.path.as_str()),
        (Code::LeaseTooShort, "leaseSeconds")
    );
    bench.settings.lease_seconds = 60;
    assert!(PublishWorker::new(Bench::on(), bench.ports(), bench.settings.clone()).is_ok());
}

#[test]
fn a_worker_without_hands_and_two_adapters_of_one_channel_are_refused() {
    let mut bench = Bench::new();
    bench.settings.concurrency = 0;
    let refused =
        PublishWorker::new(Bench::on(), bench.ports(), bench.settings.clone()).unwrap_err();
    assert_eq!(
        (refused.code, refused.path.as_str()),
        (Code::FieldValueInvalid, "concurrency")
    );
    bench.settings.concurrency = 1;
    let mut ports = bench.ports();
    ports
        .adapters
        .push(Arc::new(ScriptedAdapter(bench.script.clone())));
    let refused = PublishWorker::new(Bench::on(), ports, bench.settings.clone()).unwrap_err();
    assert_eq!(
        (refused.code, refused.path.as_str()),
        (Code::FieldValueInvalid, "adapters[1]")
    );
}

#[test]
fn without_the_flag_there_is_no_worker() {
    assert!(Flags::OFF.publishing().is_none());
}

#[test]
fn a_lease_that_would_hold_an_account_for_ever_is_refused() {
    let mut bench = Bench::new();
    bench.settings.lease_seconds = u32::MAX;
    let refused = PublishWorker::new(Bench::on(), bench.ports(), bench.settings.clone());
    let error = refused.unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::FieldValueInvalid, "leaseSeconds")
    );
}
