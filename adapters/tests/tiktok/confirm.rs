//! What TikTok says of a post that it was handed over (Content Posting API, Get Post Status, read
//! 2026-11-20).

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::error::Persistence;
use calendar_publish::ports::{AdapterError, Post, Progress, ReceiptKind, Step, StepKind};
use serde_json::json;

use crate::errors::reads_well;
use crate::fixture::{
    Bench, PUBLISH_ID, Script, code, draft, next, photo_entry, post, video_entry, wait,
};

/// The video is handed over.
fn handed_over(entry: calendar_publish::model::CalendarEntry) -> (Bench, Post, Progress) {
    let bench = Bench::new();
    let post = post(entry);
    let last = bench.at_last_chunk(&post);
    bench.script.put(201);
    let status = next(bench.advance(&post, &last));
    (bench, post, status)
}

fn draft_in_hand() -> (Bench, Post, Progress) {
    let bench = Bench::new();
    let post = post(draft(photo_entry()));
    let pull = bench.up_to(&post, "pull");
    bench.script.ok(json!({ "publish_id": "p_pub_url~v2.7" }));
    let status = next(bench.advance(&post, &pull));
    (bench, post, status)
}

/// Reason, our code, and whether it helps to begin anew (the account rests for a quota).
const REASONS: [(&str, Code, Persistence); 14] = [
    (
        "file_format_check_failed",
        Code::MediaFormatUnsupported,
        Persistence::Permanent,
    ),
    (
        "duration_check_failed",
        Code::MediaDurationInvalid,
        Persistence::Permanent,
    ),
    (
        "frame_rate_check_failed",
        Code::MediaFrameRateInvalid,
        Persistence::Permanent,
    ),
    (
        "picture_size_check_failed",
        Code::MediaDimensionsInvalid,
        Persistence::Permanent,
    ),
    ("internal", Code::PlatformTemporary, Persistence::Temporary),
    (
        "video_pull_failed",
        Code::MediaUnreachable,
        Persistence::Temporary,
    ),
    (
        "photo_pull_failed",
        Code::MediaUnreachable,
        Persistence::Temporary,
    ),
    ("publish_cancelled", Code::Cancelled, Persistence::Permanent),
    (
        "auth_removed",
        Code::ChannelAuthInvalid,
        Persistence::Permanent,
    ),
    (
        "spam_risk_too_many_posts",
        Code::QuotaExhausted,
        Persistence::Temporary,
    ),
    (
        "spam_risk_user_banned_from_posting",
        Code::AccountBlocked,
        Persistence::Permanent,
    ),
    (
        "spam_risk_text",
        Code::ContentRejected,
        Persistence::Permanent,
    ),
    ("spam_risk", Code::ContentRejected, Persistence::Permanent),
    (
        "a_reason_nobody_knows",
        Code::PlatformPermanent,
        Persistence::Permanent,
    ),
];

#[test]
fn every_reason_of_a_post_that_failed() {
    for (reason, expected, persistence) in REASONS {
        let (bench, post, status) = handed_over(video_entry());
        bench
            .script
            .status(json!({ "fail_reason": reason, "status": "FAILED" }));
        let error = bench.advance(&post, &status).unwrap_err();
        let AdapterError::NotPublished { error, meta, .. } = error else {
            panic!("{reason}: TikTok says that it isn't out");
        };
        assert_eq!(
            (error.code, error.persistence()),
            (expected, persistence),
            "{reason}"
        );
        let meta = meta.unwrap();
        assert!(meta.contains(reason) && meta.contains("2026SIM"), "{meta}");
        reads_well(expected, reason);
    }
}

#[test]
fn what_isnt_final_is_asked_again_less_and_less_often() {
    let (bench, post, mut status) = handed_over(video_entry());
    let mut waits = Vec::new();
    let answers = [
        "PROCESSING_UPLOAD",
        "PROCESSING_DOWNLOAD",
        "EXPIRED",
        "PUBLISH_SUCCESS",
        "",
    ];
    for answer in answers.into_iter().cycle().take(9) {
        bench.script.status(json!({ "status": answer }));
        let step = bench.advance(&post, &status);
        waits.push(wait(&step).as_secs_f64());
        status = next(step);
        assert_eq!(
            (status.stage.as_str(), status.kind),
            ("status", StepKind::Confirm)
        );
    }
    assert_eq!(
        waits,
        [5.0, 10.0, 15.0, 22.5, 33.75, 50.625, 60.0, 60.0, 60.0]
    );
    bench.pass(31 * 60);
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD" }));
    assert_eq!(
        wait(&bench.advance(&post, &status)),
        Duration::from_secs(15 * 60)
    );
}

/// Every way in which the question may not be answered. None of them says anything about the post.
#[test]
fn a_question_that_isnt_answered_is_asked_again() {
    type Answer = fn(&Script) -> &Script;
    let answers: [Answer; 9] = [
        |script| script.refuse(500, "internal_error"),
        |script| script.refuse(400, "invalid_publish_id"),
        |script| script.refuse(400, "token_not_authorized_for_specified_publish_id"),
        |script| script.refuse(401, "scope_not_authorized"),
        |script| {
            script.refuse(401, "access_token_invalid");
            script.refuse(401, "access_token_invalid")
        },
        |script| script.refuse(400, "a_code_nobody_knows"),
        Script::lose,
        |script| script.reply_raw(200, &[], b"<html>"),
        |script| script.ok(json!({})),
    ];
    for (index, answer) in answers.into_iter().enumerate() {
        let (bench, post, status) = handed_over(video_entry());
        bench.pass(600);
        answer(&bench.script);
        let step = bench.advance(&post, &status);
        assert!(wait(&step) >= Duration::from_secs(5), "{index}");
        assert_eq!(next(step).stage, "status", "{index}");
    }
}

#[test]
fn asking_too_often_is_said_as_such() {
    let (bench, post, status) = handed_over(video_entry());
    bench.script.refuse(429, "rate_limit_exceeded");
    let Err(AdapterError::NotPublished {
        error, retry_after, ..
    }) = bench.advance(&post, &status)
    else {
        panic!("a rate limit is told to the engine");
    };
    assert_eq!(error.code, Code::RateLimited);
    assert_eq!(retry_after, Some(Duration::from_secs(60)));
}

#[test]
fn a_post_thats_unknown_right_after_it_was_begun_isnt_visible_yet() {
    let (bench, post, status) = handed_over(video_entry());
    bench.script.refuse(400, "invalid_publish_id");
    assert_eq!(next(bench.advance(&post, &status)).stage, "status");
}

#[test]
fn a_token_that_dies_while_waiting_begins_nothing_anew() {
    let (bench, post, status) = handed_over(video_entry());
    bench.script.refuse(401, "access_token_invalid");
    bench
        .script
        .status(json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7] }));
    let step = bench.advance(&post, &status).unwrap();
    assert!(matches!(step, Step::Done(_)));
    let inits = bench
        .script
        .calls()
        .into_iter()
        .filter(|call| call.contains("init"));
    assert_eq!(inits.count(), 1);
}

#[test]
fn a_public_posts_id_is_waited_for_but_not_for_ever() {
    let (bench, post, status) = handed_over(video_entry());
    let complete = json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [] });
    bench.script.status(complete.clone());
    let status = next(bench.advance(&post, &status));
    bench.pass(91);
    bench.script.status(complete);
    let Ok(Step::Done(receipt)) = bench.advance(&post, &status) else {
        panic!("it is out all the same");
    };
    assert_eq!(receipt.kind, ReceiptKind::Published);
    assert_eq!(
        (receipt.external_id.as_str(), receipt.permalink),
        (PUBLISH_ID, None)
    );
}

#[test]
fn a_post_for_few_has_no_id_to_wait_for() {
    let mut entry = video_entry();
    entry.tiktok.as_mut().unwrap().privacy =
        serde_json::from_value(json!("MUTUAL_FOLLOW_FRIENDS")).unwrap();
    let (bench, post, status) = handed_over(entry);
    bench.script.status(json!({ "status": "PUBLISH_COMPLETE" }));
    assert!(matches!(bench.advance(&post, &status), Ok(Step::Done(_))));
}

#[test]
fn a_draft_has_arrived_when_it_is_in_the_inbox() {
    let (bench, post, status) = draft_in_hand();
    bench
        .script
        .status(json!({ "status": "SEND_TO_USER_INBOX" }));
    let Ok(Step::Done(receipt)) = bench.advance(&post, &status) else {
        panic!("the draft is in the inbox");
    };
    assert_eq!(receipt.kind, ReceiptKind::DeliveredToInbox);
    assert_eq!(receipt.external_id, "p_pub_url~v2.7");
}

#[test]
fn a_draft_that_the_creator_has_posted_is_published() {
    let (bench, post, status) = draft_in_hand();
    bench
        .script
        .status(json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": ["7412345678901234567"] }));
    let Ok(Step::Done(receipt)) = bench.advance(&post, &status) else {
        panic!("it is out");
    };
    assert_eq!(receipt.kind, ReceiptKind::Published);
    assert_eq!(receipt.external_id, "7412345678901234567");
    // How the address of photos is made isn't documented.
    assert_eq!(receipt.permalink, None);
}

#[test]
fn a_stored_progress_that_cant_be_read_is_never_taken_for_a_refusal() {
    let (bench, post, mut status) = handed_over(video_entry());
    status.state = "{".to_owned();
    let error = bench.advance(&post, &status).unwrap_err();
    assert!(matches!(error, AdapterError::Unknown { .. }));
    assert_eq!(code(&error), Code::StoreCorrupt);
}
