//! Instagram refuses to publish, and the post comes out all the same: whenever that happens, it is out once.
#![allow(clippy::unwrap_used, clippy::panic)]

use calendar_publish::Code;
use calendar_publish::model::JobStatus;
use calendar_publish_live::flow::Flow;
use calendar_publish_live::world::{Keeping, World, publish_in};
use calendar_publish_simulators::instagram::{Endpoint, Fault, GraphError, Mishap};
use chrono::TimeDelta;

/// Publishes a reel that is processed for so long, whose first publishing calls are refused with `error`
/// although they take effect. What came out, and what the job says.
fn refused_and_out(
    error: GraphError,
    refusals: u32,
    processing: TimeDelta,
    publishing: TimeDelta,
) -> (usize, JobStatus, Option<Code>) {
    let world = World::new(Keeping::Memory).unwrap();
    world.instagram.knobs(|knobs| {
        knobs.video_processing = processing;
        knobs.publishing = publishing;
    });
    let fault = Fault::at(Endpoint::Publish, Mishap::Error(error));
    world.instagram.fault(fault.times(refusals).after_effect());
    let nothing_else = Box::new(|_| None);
    let outcome = publish_in(&world, Flow::InstagramReel, nothing_else, |it| it).unwrap();
    let job = outcome.job;
    (outcome.posts.len(), job.status, job.last_error)
}

#[test]
fn a_post_that_is_out_is_not_made_again_whatever_was_said() {
    let errors = [
        GraphError::new(9007, Some(2_207_027)),
        GraphError::new(24, Some(2_207_008)),
        GraphError::new(190, Some(463)),
        GraphError::new(4, Some(2_207_051)).with_status(403),
        GraphError::new(2, None),
    ];
    // Around the three quarters of an hour for which the adapter waits, too.
    let processing = (0..14).map(|step| TimeDelta::seconds(44 * 60 + 10 + step * 5));
    let processing: Vec<TimeDelta> = [TimeDelta::seconds(5)]
        .into_iter()
        .chain(processing)
        .collect();
    let (mut cases, mut failures, mut published) = (0, Vec::new(), 0);
    for error in &errors {
        for processing in &processing {
            for publishing in [0, 20, 90].map(TimeDelta::seconds) {
                for refusals in [1, 2] {
                    cases += 1;
                    let error = error.clone();
                    let (posts, status, code) =
                        refused_and_out(error.clone(), refusals, *processing, publishing);
                    let says_so =
                        status == JobStatus::Published || code == Some(Code::OutcomeUnknown);
                    published += usize::from(status == JobStatus::Published);
                    if posts > 1 || (posts == 1 && !says_so) {
                        failures.push(format!(
                            "{error:?} × {refusals} after {processing}, out within {publishing}: {posts} posts, {status:?} {code:?}"
                        ));
                    }
                }
            }
        }
    }
    println!("{cases} cases: {published} published");
    assert!(
        failures.is_empty(),
        "{} of {cases}: {}",
        failures.len(),
        failures.join("\n")
    );
    assert_eq!(cases, errors.len() * processing.len() * 6);
}
