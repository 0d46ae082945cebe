//! Tokens and addresses that carry an authorisation stand nowhere that is kept or shown.

use calendar_publish::ports::{AdapterError, ChannelAdapter, Progress, Step};
use calendar_publish_adapters::tiktok::TiktokSettings;
use serde_json::json;

use crate::fixture::{Bench, next, post, video_entry};

#[track_caller]
fn clean(shown: &str) {
    assert!(!shown.contains("SECRET"), "{shown}");
}

fn seen(step: &Result<Step, AdapterError>) -> String {
    format!("{step:?}")
}

#[test]
fn no_secret_is_in_progress_error_or_debug() {
    let bench = Bench::new();
    let post = post(video_entry());
    clean(&format!("{:?}", bench.adapter));
    let mut progress: Progress = bench.adapter.begin(&post);
    bench.script.creator().upload_begun().put(206).put(503);
    for _ in 0..5 {
        let step = bench.advance(&post, &progress);
        clean(&seen(&step));
        progress = next(step);
        clean(&progress.state);
    }
    for status in [403, 400] {
        bench.script.put(status);
        clean(&seen(&bench.advance(&post, &progress)));
    }
}

#[test]
fn no_secret_is_in_what_is_said_of_a_lost_answer() {
    let bench = Bench::new();
    let post = post(video_entry());
    let last = bench.at_last_chunk(&post);
    clean(&last.state);
    bench.script.lose();
    let lost = bench.advance(&post, &last);
    clean(&seen(&lost));
    clean(&lost.unwrap_err().to_string());
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 0 }));
    clean(&format!("{:?}", bench.reconcile(&post, &last)));
}

#[test]
fn settings_show_neither_sealer_nor_addresses() {
    clean(&format!("{:?}", TiktokSettings::default()));
}
