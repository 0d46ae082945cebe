//! Files that TikTok fetches itself.

use std::sync::{Arc, Weak};

use calendar_publish::model::Timestamp;
use calendar_publish::ports::{MediaError, MediaRange, MediaSource};
use chrono::TimeDelta;

use super::checks::SeenFile;
use super::publish::{Arrival, Publish, TRANSFER_WINDOW, Transfer};
use super::state::State;

/// How much is read at once.
const PIECE: u64 = 8 << 20;

/// A download, begun or not.
#[derive(Debug)]
pub(super) struct Pull {
    pub(super) urls: Vec<String>,
    /// When it is tried (again).
    next_try: Timestamp,
    /// When it failed for good.
    failed: Option<Timestamp>,
    /// Bytes that arrived.
    pub(super) received: u64,
    /// Alive while somebody downloads: a caller that goes away leaves the file to the next one.
    running: Weak<()>,
}

impl Pull {
    pub(super) const fn new(urls: Vec<String>, now: Timestamp) -> Self {
        Self {
            urls,
            next_try: now,
            failed: None,
            received: 0,
            running: Weak::new(),
        }
    }

    /// When it failed, where it has.
    pub(super) fn ended(&self, created: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let gives_up = created.plus(TRANSFER_WINDOW);
        self.failed.or((now >= gives_up).then_some(gives_up))
    }

    pub(super) const fn fail_reason(&self, is_photo: bool) -> &'static str {
        if is_photo {
            "photo_pull_failed"
        } else {
            "video_pull_failed"
        }
    }
}

/// A download that somebody has taken on.
pub(super) struct DuePull {
    id: String,
    urls: Vec<String>,
    _running: Arc<()>,
}

impl State {
    /// Takes on a download that is due.
    pub(super) fn due_pull(&mut self, now: Timestamp) -> Option<DuePull> {
        self.publishes.iter_mut().find_map(|publish| {
            let is_over = publish.arrival.is_some()
                || publish.cancelled.is_some()
                || publish.auth_removed.is_some()
                || now >= publish.transfer_ends();
            let Transfer::Pull(pull) = &mut publish.transfer else {
                return None;
            };
            let is_idle = pull.failed.is_none() && pull.running.strong_count() == 0;
            if is_over || !is_idle || now < pull.next_try {
                return None;
            }
            let running = Arc::new(());
            pull.running = Arc::downgrade(&running);
            Some(DuePull {
                id: publish.id.clone(),
                urls: pull.urls.clone(),
                _running: running,
            })
        })
    }

    /// Notes how a download went.
    pub(super) fn pulled(
        &mut self,
        due: &DuePull,
        files: Result<Vec<SeenFile>, MediaError>,
        now: Timestamp,
    ) {
        let Some(index) = self.publishes.iter().position(|p| p.id == due.id) else {
            return;
        };
        let is_late = self.publishes[index].cancelled.is_some()
            || now >= self.publishes[index].transfer_ends();
        let Transfer::Pull(pull) = &mut self.publishes[index].transfer else {
            return;
        };
        match files {
            _ if is_late => {}
            Ok(files) => {
                pull.received = files.iter().map(|file| file.total_bytes).sum();
                self.arrive(index, &files, now);
            }
            Err(MediaError::Unavailable { .. }) => pull.next_try = now.plus(TimeDelta::minutes(1)),
            Err(_) => pull.failed = Some(now),
        }
    }

    /// All bytes of a publish are there: decides what becomes of it, and when.
    pub(super) fn arrive(&mut self, index: usize, files: &[SeenFile], now: Timestamp) {
        let Some(publish) = self.publishes.get(index) else {
            return;
        };
        let creator = self.creators.get(&publish.open_id);
        let is_upload = matches!(publish.transfer, Transfer::Upload(_));
        let verdict =
            if is_upload && !publish.is_draft && self.is_over_daily_posts(&publish.open_id, now) {
                Some("spam_risk_too_many_posts")
            } else {
                super::checks::verdict(&publish.info, creator, files, &self.knobs)
            };
        let transferred = match is_upload {
            true => now,
            false => now.max(publish.created.plus(self.knobs.download)),
        };
        let bytes: u64 = files.iter().map(|file| file.total_bytes).sum();
        let per_gib = self.knobs.processing_per_gib.num_milliseconds();
        let more = i64::try_from(bytes >> 20).map_or(0, |mebibytes| mebibytes * per_gib / 1024);
        let done = transferred
            .plus(self.knobs.processing)
            .plus(TimeDelta::milliseconds(more));
        let arrival = Arrival {
            transferred,
            done,
            moderated: done.plus(self.knobs.moderation),
            media: files.iter().map(SeenFile::sha256).collect(),
            verdict: verdict.map(str::to_owned),
        };
        if let Some(Publish { arrival: slot, .. }) = self.publishes.get_mut(index) {
            *slot = Some(arrival);
        }
    }
}

/// Reads all files of a download.
pub(super) async fn fetch(
    media: &dyn MediaSource,
    due: &DuePull,
) -> Result<Vec<SeenFile>, MediaError> {
    let mut files = Vec::new();
    for url in &due.urls {
        files.push(fetch_one(media, url).await?);
    }
    Ok(files)
}

async fn fetch_one(media: &dyn MediaSource, url: &str) -> Result<SeenFile, MediaError> {
    let mut file = SeenFile::default();
    loop {
        let range = MediaRange {
            url: url.to_owned(),
            offset: file.total_bytes,
            length: PIECE,
        };
        let chunk = media.read(range).await?;
        file.see(&chunk.bytes);
        if chunk.bytes.is_empty() || file.total_bytes >= chunk.total_bytes {
            return Ok(file);
        }
    }
}
