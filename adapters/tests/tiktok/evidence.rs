//! Looking for a post whose decisive call wasn't answered.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::model::JobId;
use calendar_publish::ports::{
    AdapterError, Post, Progress, ReceiptKind, Reconciled, Step, StepKind,
};
use calendar_publish_adapters::tiktok::{PullFate, PullFile, PullUrls, TiktokSettings};
use serde_json::json;

use crate::fixture::{Bench, PUBLISH_ID, draft, due, next, photo_entry, post, video_entry};

/// The answer to the last chunk is lost, and its deadline has passed.
fn lost(settings: TiktokSettings) -> (Bench, Post, Progress) {
    let bench = Bench::with(settings);
    let post = post(video_entry());
    let last = bench.at_last_chunk(&post);
    bench.script.lose();
    let error = bench.advance(&post, &last).unwrap_err();
    assert!(matches!(error, AdapterError::Unknown { .. }));
    bench.pass(120);
    (bench, post, last)
}

fn still_unknown(looked: Reconciled) -> (Option<Duration>, Progress) {
    match looked {
        Reconciled::StillUnknown {
            look_again_after,
            progress,
        } => (look_again_after, progress),
        other => panic!("nobody can know yet: {other:?}"),
    }
}

fn uploading(bytes: u64) -> serde_json::Value {
    json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": bytes })
}

#[test]
fn a_post_that_is_out_is_found_by_its_handle() {
    let (bench, post, last) = lost(TiktokSettings::default());
    bench
        .script
        .status(json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7] }));
    let Reconciled::Published(receipt) = bench.reconcile(&post, &last) else {
        panic!("it is out");
    };
    assert_eq!(receipt.external_id, "7");
    assert_eq!(
        bench.script.last_json(),
        json!({ "publish_id": PUBLISH_ID })
    );
}

#[test]
fn bytes_that_are_missing_twice_are_evidence_and_the_same_upload_goes_on() {
    let (bench, post, last) = lost(TiktokSettings::default());
    bench.script.status(uploading(0));
    let (wait, last) = still_unknown(bench.reconcile(&post, &last));
    assert!(wait.is_some_and(|wait| wait >= Duration::from_secs(30)));
    assert_eq!(
        last.kind,
        StepKind::Decisive,
        "a worker that comes next looks too"
    );
    // Too soon for a second look.
    bench.pass(10);
    bench.script.status(uploading(0));
    let (_, last) = still_unknown(bench.reconcile(&post, &last));
    bench.pass(21);
    bench.script.status(uploading(0));
    let Reconciled::NotPublished { evidence, resume } = bench.reconcile(&post, &last) else {
        panic!("the last chunk didn't arrive");
    };
    assert!(evidence.contains("0 of 5000000 bytes"), "{evidence}");
    let recheck = resume.unwrap();
    assert_eq!(recheck.kind, StepKind::Confirm, "it may be out after all");
    // The next attempt asks once more, and sends the last chunk of the same upload.
    bench.pass(300);
    bench.script.status(uploading(0));
    let again = next(bench.advance(&post, &recheck));
    assert_eq!(again.stage, "last_chunk");
    bench.script.put(201);
    assert_eq!(next(bench.advance(&post, &again)).stage, "status");
    let inits = bench
        .script
        .calls()
        .into_iter()
        .filter(|call| call.contains("init"));
    assert_eq!(inits.count(), 1);
}

#[test]
fn an_upload_that_was_complete_after_all_is_only_asked_about() {
    let (bench, post, mut last) = lost(TiktokSettings::default());
    for _ in 0..2 {
        bench.script.status(uploading(0));
        match bench.reconcile(&post, &last) {
            Reconciled::StillUnknown { progress, .. } => last = progress,
            Reconciled::NotPublished { resume, .. } => last = resume.unwrap(),
            Reconciled::Published(_) => panic!("TikTok didn't say so"),
        }
        bench.pass(31);
    }
    bench.script.status(uploading(5_000_000));
    assert_eq!(next(bench.advance(&post, &last)).stage, "status");
    // Or its address is gone because it was used up: nothing is begun anew for that.
    bench.script.status(uploading(0));
    let again = next(bench.advance(&post, &last));
    bench.script.put(404);
    let recheck = next(bench.advance(&post, &again));
    assert_eq!(recheck.kind, StepKind::Confirm);
    bench
        .script
        .status(json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7] }));
    assert!(matches!(bench.advance(&post, &recheck), Ok(Step::Done(_))));
}

#[test]
fn bytes_that_grow_or_that_nobody_counts_are_no_evidence() {
    let (bench, post, last) = lost(TiktokSettings::default());
    bench.script.status(uploading(0));
    let (_, last) = still_unknown(bench.reconcile(&post, &last));
    bench.pass(31);
    bench.script.status(uploading(1_000_000));
    let (_, last) = still_unknown(bench.reconcile(&post, &last));
    bench.pass(31);
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD" }));
    let (_, last) = still_unknown(bench.reconcile(&post, &last));
    bench.pass(4_000);
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD" }));
    let (_, last) = still_unknown(bench.reconcile(&post, &last));
    bench.script.status(uploading(5_000_000));
    still_unknown(bench.reconcile(&post, &last));
}

#[test]
fn strictly_only_the_death_of_the_address_counts() {
    let (bench, post, mut last) = lost(TiktokSettings {
        strict: true,
        ..TiktokSettings::default()
    });
    let mut waited = 120;
    loop {
        bench.script.status(uploading(0));
        match bench.reconcile(&post, &last) {
            Reconciled::StillUnknown {
                look_again_after,
                progress,
            } => {
                let wait = look_again_after.unwrap().as_secs();
                waited += wait;
                bench.pass(i64::try_from(wait).unwrap());
                last = progress;
            }
            Reconciled::NotPublished { evidence, resume } => {
                assert!(evidence.contains("the address has died"), "{evidence}");
                assert_eq!(resume, None);
                break;
            }
            Reconciled::Published(_) => panic!("TikTok didn't say so"),
        }
    }
    assert!((3_600..4_000).contains(&waited), "{waited}");
}

#[test]
fn without_the_address_only_its_death_counts() {
    let (bench, post, last) = lost(TiktokSettings::default());
    let other = bench.another(TiktokSettings::default());
    let look = |last: &Progress| {
        use calendar_publish::ports::ChannelAdapter;
        bench.script.status(uploading(0));
        futures_executor::block_on(other.reconcile(post.clone(), last.clone())).unwrap()
    };
    let (wait, last) = still_unknown(look(&last));
    // One wait that the worker allows is enough.
    assert!(wait.is_some_and(|wait| wait <= Duration::from_secs(3_600)));
    bench.pass(3_600);
    assert!(matches!(
        look(&last),
        Reconciled::NotPublished { resume: None, .. }
    ));
}

#[test]
fn a_failure_is_evidence_and_a_lasting_one_is_heard_by_the_next_attempt() {
    let (bench, post, last) = lost(TiktokSettings::default());
    bench
        .script
        .status(json!({ "status": "FAILED", "fail_reason": "internal" }));
    let looked = bench.reconcile(&post, &last);
    assert!(matches!(
        looked,
        Reconciled::NotPublished { resume: None, .. }
    ));
    let failed = json!({ "status": "FAILED", "fail_reason": "frame_rate_check_failed" });
    bench.script.status(failed.clone());
    let Reconciled::NotPublished {
        evidence,
        resume: Some(resume),
    } = bench.reconcile(&post, &last)
    else {
        panic!("TikTok says that it isn't out");
    };
    assert!(evidence.contains("frame_rate_check_failed"), "{evidence}");
    bench.script.status(failed);
    let error = bench.advance(&post, &resume).unwrap_err();
    assert_eq!(
        crate::fixture::code(&error),
        calendar_publish::Code::MediaFrameRateInvalid
    );
}

#[test]
fn where_tiktok_cant_be_asked_nothing_is_known() {
    let (bench, post, last) = lost(TiktokSettings::default());
    for (status, code) in [
        (500, "internal_error"),
        (429, "rate_limit_exceeded"),
        (401, "scope_not_authorized"),
        (400, "invalid_publish_id"),
    ] {
        bench.pass(120);
        bench.script.refuse(status, code);
        let (wait, _) = still_unknown(bench.reconcile(&post, &last));
        assert!(wait.is_some(), "{code}");
    }
}

/// Addresses for one attempt, and what became of them.
struct Lender {
    fate: PullFate,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl PullUrls for Lender {
    async fn lend(&self, file: PullFile) -> Result<String, Error> {
        let PullFile { attempt, index, .. } = file;
        Ok(format!("https://media.host.example/{attempt}/{index}"))
    }

    async fn withdraw(&self, job_id: JobId, attempt: u32) -> Result<PullFate, Error> {
        self.asked
            .lock()
            .unwrap()
            .push(format!("{job_id} {attempt}"));
        Ok(self.fate)
    }
}

fn lost_pull(settings: TiktokSettings, scopes: &[&str]) -> (Bench, Post, Progress) {
    let bench = Bench::with(settings);
    let mut post = post(photo_entry());
    post.account.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    bench.script.creator();
    let pull = bench.up_to(&post, "pull");
    assert_eq!(pull.kind, StepKind::Decisive);
    bench.script.lose();
    let error = bench.advance(&post, &pull).unwrap_err();
    assert!(matches!(error, AdapterError::Unknown { .. }));
    bench.pass(120);
    (bench, post, pull)
}

fn lending(fate: PullFate) -> (Arc<Lender>, TiktokSettings) {
    let lender = Arc::new(Lender {
        fate,
        asked: Mutex::default(),
    });
    let settings = TiktokSettings {
        pull_urls: Some(lender.clone()),
        ..TiktokSettings::default()
    };
    (lender, settings)
}

#[test]
fn an_address_that_was_never_asked_for_and_is_withdrawn_is_evidence() {
    let (lender, settings) = lending(PullFate::Withdrawn);
    let (bench, post, pull) = lost_pull(settings, &["video.publish"]);
    assert_eq!(
        bench.script.last_json()["source_info"]["photo_images"],
        json!([
            "https://media.host.example/1/0",
            "https://media.host.example/1/1"
        ])
    );
    let calls = bench.script.requests().len();
    let looked = bench.reconcile(&post, &pull);
    assert!(matches!(
        looked,
        Reconciled::NotPublished { resume: None, .. }
    ));
    assert_eq!(
        *lender.asked.lock().unwrap(),
        [format!("{} 1", post.job_id)]
    );
    assert_eq!(bench.script.requests().len(), calls);
}

#[test]
fn addresses_that_were_asked_for_leave_it_to_a_person() {
    let (_, settings) = lending(PullFate::Fetched);
    let (bench, post, pull) = lost_pull(settings, &["video.publish"]);
    let (wait, _) = still_unknown(bench.reconcile(&post, &pull));
    assert_eq!(wait, None);
}

#[test]
fn a_download_that_wasnt_answered_is_for_a_person_where_nothing_can_be_listed() {
    let (bench, post, pull) = lost_pull(TiktokSettings::default(), &["video.publish"]);
    let (wait, _) = still_unknown(bench.reconcile(&post, &pull));
    assert_eq!(wait, None);
}

fn video(id: u64, seconds_after: i64, text: &str) -> serde_json::Value {
    json!({ "id": id.to_string(), "create_time": due().millis() / 1_000 + seconds_after,
            "title": text, "video_description": text,
            "share_url": format!("https://www.tiktok.com/@sim.baker/photo/{id}?utm_source=x") })
}

#[test]
fn one_new_post_with_the_caption_is_evidence_that_it_is_out() {
    let (bench, post, pull) = lost_pull(TiktokSettings::default(), &["video.list"]);
    let caption = "Three new cakes #bakery";
    bench.script.ok(json!({ "videos": [
        video(7_412_345_678_901_234_567, 5, caption), video(2, 3, "Something else"),
        video(1, -86_400, caption),
    ] }));
    let Reconciled::Published(receipt) = bench.reconcile(&post, &pull) else {
        panic!("it is out");
    };
    assert_eq!(receipt.kind, ReceiptKind::Published);
    assert_eq!(receipt.external_id, "7412345678901234567");
    assert_eq!(
        receipt.permalink.as_deref(),
        Some("https://www.tiktok.com/@sim.baker/photo/7412345678901234567")
    );
    let request = bench.script.requests().pop().unwrap();
    assert!(
        request
            .url
            .starts_with("https://open.tiktokapis.com/v2/video/list/?fields=id,")
    );
}

#[test]
fn no_match_or_two_prove_nothing() {
    let caption = "Three new cakes #bakery";
    let lists = [
        json!([]),
        json!([video(1, -86_400, caption)]),
        json!([video(1, 5, caption), video(2, 6, caption)]),
    ];
    for videos in lists {
        let (bench, post, pull) = lost_pull(TiktokSettings::default(), &["video.list"]);
        bench.script.ok(json!({ "videos": videos }));
        let (wait, _) = still_unknown(bench.reconcile(&post, &pull));
        assert!(wait.is_some());
    }
}

#[test]
fn a_draft_whose_answer_was_lost_is_for_a_person() {
    let bench = Bench::new();
    let mut post = post(draft(photo_entry()));
    post.account.scopes = vec!["video.list".to_owned()];
    let pull = bench.up_to(&post, "pull");
    bench.script.lose();
    bench.advance(&post, &pull).unwrap_err();
    let (wait, _) = still_unknown(bench.reconcile(&post, &pull));
    assert_eq!(wait, None);
}

/// TikTok's fault may have come after it took the call, whatever the body says of the token.
#[test]
fn a_fault_that_speaks_of_the_token_doesnt_send_the_deciding_call_again() {
    let bench = Bench::pulling(TiktokSettings::default());
    let post = post(photo_entry());
    bench.script.creator();
    let pull = bench.up_to(&post, "pull");
    bench.script.refuse(500, "access_token_invalid");
    let error = bench.advance(&post, &pull).unwrap_err();
    assert!(matches!(error, AdapterError::Unknown { .. }), "{error:?}");
    assert_eq!(bench.script.requests().len(), 2);
}

#[test]
fn what_a_hostile_answer_repeats_a_million_times_is_kept_once() {
    let (bench, post, last) = lost(TiktokSettings::default());
    let long = "x".repeat(1_000_000);
    bench
        .script
        .status(json!({ "status": "FAILED", "fail_reason": long }));
    let Reconciled::NotPublished { evidence, .. } = bench.reconcile(&post, &last) else {
        panic!("TikTok says that it failed");
    };
    assert!(
        evidence.len() < 2_000,
        "{} bytes for the ledger",
        evidence.len()
    );
    // An id that is no id isn't one for a receipt.
    let digits = "7".repeat(1_000_000);
    bench.script.status(json!({
        "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [digits]
    }));
    let Reconciled::Published(receipt) = bench.reconcile(&post, &last) else {
        panic!("it is out");
    };
    assert_eq!(receipt.external_id, PUBLISH_ID);
}
