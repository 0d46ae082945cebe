//! Videos that are sent in pieces, with Facebook Login.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource, Post};
use calendar_publish_adapters::instagram::{InstagramLogin, InstagramSettings, VideoDelivery};
use serde_json::json;

use crate::fixture::{
    Answer, Asked, Bench, CONTAINER, End, answer, entry, header, lost, ok, pairs, post, video,
};

const SIZE: u64 = 20;

/// A file of 20 bytes, each its own place.
#[derive(Default)]
struct File(Mutex<Vec<MediaRange>>);

#[async_trait]
impl MediaSource for File {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        let end = (range.offset + range.length).min(SIZE);
        let bytes = (range.offset..end).map(|byte| byte as u8).collect();
        self.0.lock().unwrap().push(range);
        Ok(MediaChunk {
            bytes,
            total_bytes: SIZE,
            mime_type: None,
        })
    }
}

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.settings = InstagramSettings::new(InstagramLogin::Facebook);
    bench.settings.video = VideoDelivery::Resumable { piece_bytes: 8 };
    bench.media = Some(Arc::new(File::default()));
    let uri = format!("https://rupload.facebook.com/ig-api-upload/v25.0/{CONTAINER}");
    bench
        .graph
        .then(Asked::Create, ok(json!({"id": CONTAINER, "uri": uri})));
    bench
}

fn transferred(bytes: u64) -> Answer {
    let phase = json!({"status": "in_progress", "bytes_transferred": bytes});
    let status = json!({"uploading_phase": phase, "processing_phase": {"status": "not_started"}});
    ok(json!({"id": CONTAINER, "status_code": "IN_PROGRESS", "video_status": status}))
}

fn reel() -> Post {
    post(entry(
        "reel",
        "Hi",
        &[video("https://cdn.test/r.mp4")],
        &json!({}),
    ))
}

fn drive(bench: &Bench) -> End {
    bench.drive(&reel())
}

#[test]
fn a_video_goes_in_pieces_each_where_the_bytes_before_ended() {
    let bench = bench();
    for bytes in [0, 8, 16] {
        bench.graph.then(Asked::UploadStatus, transferred(bytes));
    }
    assert!(matches!(drive(&bench), End::Done(_)));
    let made = pairs(&bench.graph.sent(Asked::Create)[0]);
    assert!(made.contains(&("upload_type".to_owned(), "resumable".to_owned())));
    assert!(!made.iter().any(|(name, _)| name == "video_url"));
    let pieces = bench.graph.sent(Asked::Upload);
    let sent: Vec<_> = pieces
        .iter()
        .map(|it| (header(it, "offset"), header(it, "file_size"), it.body.len()))
        .collect();
    assert_eq!(sent, [("0", "20", 8), ("8", "20", 8), ("16", "20", 4)]);
    for piece in &pieces {
        assert_eq!(header(piece, "authorization"), "OAuth IG.TOKEN");
        assert_eq!(
            piece.url,
            format!("https://rupload.facebook.com/ig-api-upload/v25.0/{CONTAINER}")
        );
    }
    assert_eq!(pieces[1].body, (8..16).collect::<Vec<u8>>());
}

#[test]
fn a_piece_that_was_cut_goes_on_where_instagram_says() {
    let bench = bench();
    bench.graph.then(Asked::Upload, lost());
    for bytes in [0, 3, 11, 19] {
        bench.graph.then(Asked::UploadStatus, transferred(bytes));
    }
    assert!(matches!(drive(&bench), End::Done(_)));
    let pieces = bench.graph.sent(Asked::Upload);
    let offsets: Vec<_> = pieces.iter().map(|it| header(it, "offset")).collect();
    assert_eq!(offsets, ["0", "3", "11", "19"]);
}

#[test]
fn the_token_is_given_to_the_upload_host_alone() {
    for uri in [
        "https://rupload.facebook.com.evil.test/ig-api-upload/v25.0/1",
        "https://evil.test/ig-api-upload",
        "http://rupload.facebook.com/ig-api-upload/v25.0/1",
        "https://rupload.facebook.com:8443/ig-api-upload/v25.0/1",
        "nonsense",
    ] {
        let mut other = Bench::new();
        other.settings = InstagramSettings::new(InstagramLogin::Facebook);
        other.settings.video = VideoDelivery::Resumable { piece_bytes: 8 };
        other.media = Some(Arc::new(File::default()));
        other
            .graph
            .then(Asked::Create, ok(json!({"id": CONTAINER, "uri": uri})));
        let End::NotPublished(Code::AppMisconfigured, _) = drive(&other) else {
            panic!("{uri} was called");
        };
        assert_eq!(other.graph.count(Asked::Upload), 0);
    }
}

#[test]
fn a_refused_file_is_told_and_a_passing_fault_isnt() {
    let refusal = |retriable: bool, kind: &str| {
        let info = json!({"retriable": retriable, "type": kind, "message": "{\"success\":false}"});
        answer(400, &json!({ "debug_info": info }))
    };
    let bench = bench();
    bench
        .graph
        .always(Asked::Upload, refusal(false, "ProcessingFailedError"));
    let end = drive(&bench);
    assert!(
        matches!(end, End::NotPublished(Code::MediaRejected, _)),
        "{end:?}"
    );
    assert_eq!(bench.graph.count(Asked::Upload), 1);

    let bench = self::bench();
    bench
        .graph
        .always(Asked::Upload, refusal(true, "ProcessingFailedError"));
    let end = drive(&bench);
    assert!(
        matches!(end, End::NotPublished(Code::PlatformTemporary, _)),
        "{end:?}"
    );
    assert_eq!(bench.graph.count(Asked::Upload), 5);

    let bench = self::bench();
    bench
        .graph
        .then(Asked::Upload, refusal(false, "NotAuthorizedError"));
    for bytes in [0, 8, 16] {
        bench.graph.then(Asked::UploadStatus, transferred(bytes));
    }
    assert!(matches!(drive(&bench), End::Done(_)));
    assert_eq!(*bench.tokens.refused.lock().unwrap(), [1]);
}
