//! The upload host: chunks by `PUT` (TikTok, Media transfer guide, read 2026-09-11).

use std::fmt;

use calendar_publish::model::Timestamp;

use super::checks::SeenFile;
use super::chunks::Chunks;
use super::fault::empty;
use super::knobs::Progress;
use super::publish::Transfer;
use super::state::State;
use crate::{Answer, Request};

/// An upload, and what it has got so far.
pub(super) struct Upload {
    id: u64,
    chunks: Chunks,
    file: SeenFile,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} of {:?})", self.received(), self.chunks)
    }
}

impl Upload {
    pub(super) fn new(id: u64, chunks: Chunks) -> Self {
        Self {
            id,
            chunks,
            file: SeenFile::default(),
        }
    }

    /// The address to upload to. Whoever knows it may upload.
    pub(super) fn url(&self, origin: Option<&str>) -> String {
        let base = match origin {
            Some(origin) => format!("{origin}/{UPLOAD_HOST}"),
            None => format!("https://{UPLOAD_HOST}"),
        };
        format!(
            "{base}/upload?upload_id={}&upload_token={}",
            self.id,
            self.token()
        )
    }

    fn token(&self) -> String {
        format!("sim-tok-{}", self.id)
    }

    fn is_for(&self, request: &Request) -> bool {
        request.query("upload_id") == Some(&self.id.to_string())
            && request.query("upload_token") == Some(&self.token())
    }

    fn is_whole(&self) -> bool {
        self.received() == self.chunks.video_size
    }

    pub(super) const fn received(&self) -> u64 {
        self.file.total_bytes
    }

    /// `bytes 0-UPLOADED_BYTES/TOTAL`.
    fn progress(&self, progress: Progress) -> String {
        let uploaded = match progress {
            Progress::LastIndex => self.received().saturating_sub(1),
            Progress::Count => self.received(),
        };
        format!("bytes 0-{uploaded}/{}", self.chunks.video_size)
    }
}

const UPLOAD_HOST: &str = "open-upload-sim.tiktokapis.com";

impl State {
    /// Which publish an upload's request belongs to.
    pub(super) fn publish_of_upload(&self, request: &Request) -> Option<usize> {
        self.publishes.iter().position(
            |publish| matches!(&publish.transfer, Transfer::Upload(upload) if upload.is_for(request)),
        )
    }

    /// Takes a chunk.
    pub(super) fn put_chunk(&mut self, request: &Request, now: Timestamp) -> Answer {
        let unknown = empty(self.knobs.unknown_upload_status);
        let Some(index) = self.publish_of_upload(request) else {
            return unknown;
        };
        let progress = self.knobs.progress;
        let Some(publish) = self.publishes.get_mut(index) else {
            return unknown;
        };
        let ends = publish.transfer_ends();
        let is_ended = publish.auth_removed.is_some();
        let Transfer::Upload(upload) = &mut publish.transfer else {
            return unknown;
        };
        if is_ended {
            return unknown;
        }
        if now >= ends {
            return empty(403);
        }
        let Some((first, last)) = range_of(request, upload.chunks.video_size) else {
            return empty(400);
        };
        let told = |status: u16, upload: &Upload| {
            empty(status).with_header("content-range", upload.progress(progress))
        };
        let expected = upload.chunks.last_of(first);
        if first > upload.received() || expected.is_none() {
            return told(416, upload);
        }
        if expected != Some(last) {
            return empty(400);
        }
        if first == upload.received() {
            upload.file.see(&request.body);
        }
        // A chunk that is already there may be sent again.
        if !upload.is_whole() {
            return told(206, upload);
        }
        let answer = told(201, upload);
        let seen = upload.file.clone();
        if publish.arrival.is_none() {
            self.arrive(index, &[seen], now);
        }
        answer
    }
}

/// The first and the last byte of a chunk, where its headers are as documented and agree with its body.
fn range_of(request: &Request, video_size: u64) -> Option<(u64, u64)> {
    const TYPES: [&str; 3] = ["video/mp4", "video/quicktime", "video/webm"];
    if !TYPES.contains(&request.header("content-type")?) {
        return None;
    }
    let length = request.body.len() as u64;
    // A transport may set the length itself, below what an in-process request shows.
    if let Some(declared) = request.header("content-length")
        && declared.parse() != Ok(length)
    {
        return None;
    }
    let range = request.header("content-range")?.strip_prefix("bytes ")?;
    let (range, total) = range.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let is_sound = total.parse() == Ok(video_size)
        && last.checked_sub(first)?.checked_add(1)? == length
        && last < video_size;
    is_sound.then_some((first, last))
}
