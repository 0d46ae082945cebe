//! Every exchange of every flow is cut in every way; nothing is ever published twice, and nothing is said to
//! be published that isn't.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::model::{Channel, JobStatus};
use calendar_publish::ports::{AdapterError, ChannelAdapter, Post, Progress, Reconciled, Step};
use calendar_publish_live::flow::Flow;
use calendar_publish_live::wire::{Cut, Script};
use calendar_publish_live::world::{Keeping, Outcome, publish, publish_by};

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

/// What a run came to, where it isn't what was promised.
fn judge(flow: Flow, outcome: &Outcome) -> Result<Ending, String> {
    let Outcome { job, posts, .. } = outcome;
    if job.attempt_count > 4 {
        return Err(format!("{} attempts", job.attempt_count));
    }
    if posts.len() > 1 {
        return Err(format!("{} posts", posts.len()));
    }
    if posts.iter().any(|post| post.is_draft != flow.is_draft()) {
        return Err("not where it was to go".to_owned());
    }
    let is_stopped = job.status == JobStatus::NeedsAttention;
    if job.status == out(flow) && posts.len() == 1 {
        Ok(Ending::Out)
    } else if is_stopped && job.last_error == Some(Code::OutcomeUnknown) {
        Ok(Ending::Unknown)
    } else if is_stopped && job.last_error == Some(Code::MissedSchedule) && posts.is_empty() {
        // It took longer than the grace to be certain that nothing was published.
        Ok(Ending::Missed)
    } else {
        let (status, error) = (job.status, job.last_error);
        Err(format!("{status:?} {error:?} with {} posts", posts.len()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// One post, and the job says so.
    Out,
    /// At most one post, and the job says that nobody knows.
    Unknown,
    /// No post, and the job says that its time has passed.
    Missed,
}

/// The exchanges of an undisturbed run, counted.
fn exchanges(flow: Flow) -> u64 {
    let outcome = publish(flow, Keeping::Memory, undisturbed()).unwrap();
    outcome.exchanges.len() as u64
}

#[test]
fn undisturbed_every_flow_publishes_once_with_one_attempt() {
    let mut failures = Vec::new();
    for flow in Flow::ALL {
        let outcome = publish(flow, Keeping::Memory, undisturbed()).unwrap();
        let ended = judge(flow, &outcome);
        // The creator writes the caption of a video draft in the app.
        let caption = match flow {
            Flow::TiktokVideoDraft => "",
            _ => "Pan recién hecho",
        };
        let is_right = ended == Ok(Ending::Out)
            && outcome.job.attempt_count == 1
            && outcome.posts[0].caption == caption;
        if !is_right {
            failures.push(format!("{flow:?}: {ended:?}: {outcome:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Cuts every exchange of every flow in every way.
fn cut_everywhere(cuts: &[Cut], run: impl Fn(Flow, Script) -> Outcome) {
    let mut failures = Vec::new();
    let (mut cases, mut expected) = (0, 0);
    let mut all = [0; 2];
    for flow in Flow::ALL {
        let count = exchanges(flow);
        assert!(count >= flow.least_exchanges(), "{flow:?}: {count}");
        expected += count * cuts.len() as u64;
        let mut here = [0; 2];
        for number in 1..=count {
            for &cut in cuts {
                cases += 1;
                let outcome = run(flow, cut_at(number, cut));
                let exchange = &outcome.exchanges[number as usize - 1];
                let name = format!("{flow:?}, {cut:?} at {number} ({exchange})");
                if outcome.deaths != u64::from(cut.is_death()) {
                    failures.push(format!("{name}: {} deaths", outcome.deaths));
                }
                match judge(flow, &outcome) {
                    Ok(Ending::Out) => here[0] += 1,
                    Ok(ending) => {
                        here[1] += 1;
                        println!("needs attention: {name}: {ending:?}");
                        if !flow.may_need_a_person() {
                            failures.push(format!("{name}: {ending:?} {outcome:#?}"));
                        }
                    }
                    Err(seen) => failures.push(format!("{name}: {seen} {outcome:#?}")),
                }
            }
        }
        println!(
            "{flow:?}: {count} exchanges: {} published, {} need attention",
            here[0], here[1]
        );
        all[0] += here[0];
        all[1] += here[1];
    }
    println!(
        "{cases} cases: {} published, {} need attention",
        all[0], all[1]
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(cases, expected);
    assert_eq!(all[0] + all[1], cases);
}

#[test]
fn in_memory() {
    cut_everywhere(&Cut::ALL, |flow, script| {
        publish(flow, Keeping::Memory, script).unwrap()
    });
}

#[test]
fn in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let deaths: Vec<Cut> = Cut::ALL.into_iter().filter(|cut| cut.is_death()).collect();
    let run = |flow, script| {
        let case = tempfile::tempdir_in(&folder).unwrap();
        let path = case.path().join("calendar.db");
        publish(flow, Keeping::Sqlite(&path), script).unwrap()
    };
    // Whoever lives on after a cut finds its store as it was: memory is enough for that.
    cut_everywhere(&deaths, run);
}

/// An adapter that doesn't look what became of a lost answer, but takes it for a failure.
struct Careless(Arc<dyn ChannelAdapter>);

#[async_trait]
impl ChannelAdapter for Careless {
    fn channel(&self) -> Channel {
        self.0.channel()
    }

    fn call_deadline(&self) -> Duration {
        self.0.call_deadline()
    }

    fn begin(&self, post: &Post) -> Progress {
        self.0.begin(post)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        self.0.advance(post, progress).await
    }

    async fn reconcile(&self, _: Post, _: Progress) -> Result<Reconciled, AdapterError> {
        Ok(Reconciled::NotPublished {
            evidence: "none".to_owned(),
            resume: None,
        })
    }
}

#[test]
fn without_a_look_at_the_platform_posts_come_out_twice_and_it_is_seen() {
    let careless = |adapter| Arc::new(Careless(adapter)) as Arc<dyn ChannelAdapter>;
    for flow in [
        Flow::InstagramImage,
        Flow::InstagramCarousel,
        Flow::TiktokVideo,
        Flow::TiktokPhotos,
    ] {
        let mut twice = 0;
        for number in 1..=exchanges(flow) {
            for cut in Cut::ALL {
                let script = cut_at(number, cut);
                let outcome = publish_by(flow, Keeping::Memory, script, careless).unwrap();
                twice += usize::from(judge(flow, &outcome).is_err());
            }
        }
        println!("{flow:?}: {twice} broken promises");
        assert!(twice >= 2, "{flow:?}: {twice}");
    }
}
