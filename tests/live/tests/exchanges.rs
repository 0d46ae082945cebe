//! Every exchange of every flow is cut in every way; nothing is ever published twice, and nothing is said to
//! be published that isn't.
#![allow(clippy::unwrap_used, clippy::panic)]

use calendar_publish::Code;
use calendar_publish::model::JobStatus;
use calendar_publish_live::flow::Flow;
use calendar_publish_live::wire::{Cut, Script};
use calendar_publish_live::world::{Keeping, Outcome, publish};

fn undisturbed() -> Script {
    Box::new(|_| None)
}

fn cut_at(place: u64, cut: Cut) -> Script {
    Box::new(move |number| (number == place).then_some(cut))
}

const fn out(flow: Flow) -> JobStatus {
    if flow.is_draft() {
        JobStatus::DeliveredToInbox
    } else {
        JobStatus::Published
    }
}

#[test]
fn undisturbed_every_flow_publishes_once_with_one_attempt() {
    for flow in Flow::ALL {
        let outcome = publish(flow, Keeping::Memory, undisturbed()).unwrap();
        println!("{flow:?}: {:#?}", outcome.exchanges);
        let Outcome { job, posts, .. } = &outcome;
        assert_eq!(job.status, out(flow), "{flow:?}: {outcome:#?}");
        assert_eq!(job.attempt_count, 1);
        assert_eq!(posts.len(), 1, "{flow:?}: {posts:?}");
        assert_eq!(posts[0].caption, "Pan recién hecho");
        assert_eq!(posts[0].is_draft, flow.is_draft());
    }
}
