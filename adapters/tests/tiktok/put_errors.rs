//! Every answer of the upload host, to a chunk in the middle and to the last one (TikTok, Content Posting API,
//! Media Transfer Guide, read 2026-09-11).

use calendar_publish::Code;
use calendar_publish::ports::{AdapterError, Post, Progress, Step, StepKind, TransportError};
use serde_json::json;

use crate::errors::reads_well;
use crate::fixture::{Bench, code, next, post, video_entry, wait};

/// What a chunk's answer leads to.
#[derive(Debug, PartialEq, Eq)]
enum Leads {
    /// To a step by its stage, after so many seconds.
    To(&'static str, u64),
    /// To the end of the attempt: nothing is out.
    Failed(Code),
    /// To looking for the post.
    Unknown,
}

fn leads(step: Result<Step, AdapterError>) -> Leads {
    match &step {
        Ok(Step::Pending { .. }) => {
            let seconds = wait(&step).as_secs();
            let stages = ["chunk", "last_chunk", "resume", "recheck", "status", "init"];
            let stage = next(step).stage;
            let stage = stages.into_iter().find(|known| *known == stage);
            Leads::To(stage.unwrap(), seconds)
        }
        Ok(Step::Done(receipt)) => panic!("an upload isn't a post: {receipt:?}"),
        Err(error @ AdapterError::NotPublished { .. }) => Leads::Failed(code(error)),
        Err(AdapterError::Unknown { .. }) => Leads::Unknown,
    }
}

fn about_to_send(is_last: bool) -> (Bench, Post, Progress) {
    let bench = Bench::new();
    let post = post(video_entry());
    let progress = if is_last {
        bench.at_last_chunk(&post)
    } else {
        bench.script.creator().upload_begun();
        bench.up_to(&post, "chunk")
    };
    (bench, post, progress)
}

#[test]
fn every_status_of_a_chunk_that_isnt_the_last() {
    let rows = [
        (206, Leads::To("chunk", 0)),
        (200, Leads::To("chunk", 0)),
        // More is there than was sent: TikTok is asked, and nothing is begun anew.
        (201, Leads::To("recheck", 0)),
        (416, Leads::To("resume", 2)),
        (400, Leads::Failed(Code::PlatformPermanent)),
        (403, Leads::Failed(Code::PlatformTemporary)),
        (404, Leads::Failed(Code::PlatformTemporary)),
        (405, Leads::Failed(Code::PlatformTemporary)),
        (429, Leads::Failed(Code::RateLimited)),
        (500, Leads::To("chunk", 2)),
        (502, Leads::To("chunk", 2)),
        (504, Leads::To("chunk", 2)),
        (302, Leads::To("chunk", 2)),
    ];
    for (status, expected) in rows {
        let (bench, post, progress) = about_to_send(false);
        bench.script.put(status);
        assert_eq!(leads(bench.advance(&post, &progress)), expected, "{status}");
        if let Leads::Failed(code) = expected {
            reads_well(code, &format!("PUT {status}"));
        }
    }
}

#[test]
fn every_status_of_the_last_chunk() {
    let rows = [
        (201, Leads::To("status", 3)),
        // Not documented: TikTok is asked whether it was taken.
        (200, Leads::To("recheck", 2)),
        (206, Leads::Unknown),
        (416, Leads::To("resume", 2)),
        // Refused, says TikTok: it is asked whether that is so.
        (400, Leads::To("recheck", 5)),
        (403, Leads::To("recheck", 5)),
        (404, Leads::To("recheck", 5)),
        (405, Leads::To("recheck", 5)),
        (429, Leads::Unknown),
        (500, Leads::Unknown),
        (502, Leads::Unknown),
        (504, Leads::Unknown),
        (302, Leads::Unknown),
        (409, Leads::Unknown),
    ];
    for (status, expected) in rows {
        let (bench, post, progress) = about_to_send(true);
        bench.script.put(status);
        assert_eq!(leads(bench.advance(&post, &progress)), expected, "{status}");
    }
}

#[test]
fn a_last_chunk_that_is_refused_ends_the_attempt_once_tiktok_says_that_it_misses_it() {
    let rows = [
        (400, Code::PlatformPermanent),
        (403, Code::PlatformTemporary),
        (404, Code::PlatformTemporary),
        (405, Code::PlatformTemporary),
    ];
    for (status, expected) in rows {
        let (bench, post, progress) = about_to_send(true);
        bench.script.put(status);
        let recheck = next(bench.advance(&post, &progress));
        assert_eq!(recheck.kind, StepKind::Confirm);
        let mut uploading = json!({ "status": "PROCESSING_UPLOAD" });
        // Saying nothing of the bytes isn't saying that they are missing.
        bench.script.status(uploading.clone());
        let recheck = next(bench.advance(&post, &recheck));
        uploading["uploaded_bytes"] = json!(0);
        bench.script.status(uploading);
        assert_eq!(
            leads(bench.advance(&post, &recheck)),
            Leads::Failed(expected)
        );
    }
}

#[test]
fn an_undocumented_answer_isnt_believed_for_ever() {
    let (bench, post, mut progress) = about_to_send(true);
    let missing = json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 0 });
    for _ in 0..3 {
        bench.script.put(200);
        let recheck = next(bench.advance(&post, &progress));
        bench.script.status(missing.clone());
        progress = next(bench.advance(&post, &recheck));
        assert_eq!(progress.stage, "last_chunk");
    }
    bench.script.put(200);
    assert_eq!(leads(bench.advance(&post, &progress)), Leads::Unknown);
}

#[test]
fn a_last_chunk_that_is_refused_and_taken_all_the_same_is_found() {
    let (bench, post, progress) = about_to_send(true);
    bench.script.put(403);
    let recheck = next(bench.advance(&post, &progress));
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 5_000_000 }));
    assert_eq!(
        leads(bench.advance(&post, &recheck)),
        Leads::To("status", 3)
    );
}

#[test]
fn a_lost_answer_is_unclear_for_the_last_chunk_only() {
    let (bench, post, progress) = about_to_send(true);
    bench.script.lose();
    assert_eq!(leads(bench.advance(&post, &progress)), Leads::Unknown);
    let (bench, post, progress) = about_to_send(false);
    bench.script.lose();
    assert_eq!(
        leads(bench.advance(&post, &progress)),
        Leads::To("chunk", 2)
    );
}

#[test]
fn what_never_left_is_sent_again() {
    let not_sent = || TransportError::NotSent {
        reason: "no route".to_owned(),
    };
    let (bench, post, progress) = about_to_send(true);
    bench.script.fail(not_sent());
    assert_eq!(
        leads(bench.advance(&post, &progress)),
        Leads::To("resume", 2)
    );
    let (bench, post, progress) = about_to_send(false);
    bench.script.fail(not_sent());
    assert_eq!(
        leads(bench.advance(&post, &progress)),
        Leads::To("chunk", 2)
    );
}

#[test]
fn a_chunk_is_tried_four_times_with_growing_waits() {
    let (bench, post, mut progress) = about_to_send(false);
    let mut waits = Vec::new();
    for _ in 0..3 {
        bench.script.put(503);
        let step = bench.advance(&post, &progress);
        waits.push(wait(&step).as_secs());
        progress = next(step);
    }
    assert_eq!(waits, [2, 5, 15]);
    bench.script.put(503);
    assert_eq!(
        leads(bench.advance(&post, &progress)),
        Leads::Failed(Code::PlatformTemporary)
    );
}

#[test]
fn an_upload_address_elsewhere_gets_no_video() {
    let bench = Bench::new();
    let post = post(video_entry());
    bench.script.creator();
    let init = bench.up_to(&post, "init");
    bench.script.ok(serde_json::json!({
        "publish_id": "v_pub_file~1", "upload_url": "https://tiktokapis.com.evil.example/upload",
    }));
    let error = bench.advance(&post, &init).unwrap_err();
    assert_eq!(code(&error), Code::AppMisconfigured);
    assert!(!bench.script.calls().contains(&"PUT".to_owned()));
}
