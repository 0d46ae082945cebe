//! Which settings are refused.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::error::{Allowed, Unit};
use calendar_publish::flags::Flags;
use calendar_publish::model::Channel;
use calendar_publish::ports::{ChannelAdapter, Post, Progress};
use calendar_publish::publish::PublishWorker;

use crate::fixture::{Answer, Bench, Look, ScriptedAdapter};

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

/// An adapter whose longest call isn't a whole number of seconds.
struct Unrounded(ScriptedAdapter);

#[async_trait]
impl ChannelAdapter for Unrounded {
    fn channel(&self) -> Channel {
        self.0.channel()
    }

    fn call_deadline(&self) -> Duration {
        Duration::from_millis(30_200)
    }

    fn begin(&self, post: &Post) -> Progress {
        self.0.begin(post)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Answer {
        self.0.advance(post, progress).await
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Look {
        self.0.reconcile(post, progress).await
    }
}

#[test]
fn the_least_lease_that_a_refusal_names_is_accepted() {
    let mut bench = Bench::new();
    let mut ports = bench.ports();
    ports.adapters = vec![Arc::new(Unrounded(ScriptedAdapter(bench.script.clone())))];
    bench.settings.lease_seconds = 60;
    let refused =
        PublishWorker::new(Bench::on(), ports.clone(), bench.settings.clone()).unwrap_err();
    // Twice 30.2 seconds, in whole seconds.
    assert_eq!(refused.allowed, Some(Allowed::at_least(61, Unit::Seconds)));
    bench.settings.lease_seconds = 61;
    assert!(PublishWorker::new(Bench::on(), ports, bench.settings.clone()).is_ok());
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
