//! A video that is sent in pieces, for accounts of Facebook Login.

use std::time::Duration;

use calendar_publish::model::{Media, MediaKind};
use calendar_publish::ports::{AdapterError, MediaError, MediaRange, Step};
use calendar_publish::{Code, Error};
use url::Url;

use super::adapter::Turn;
use super::error::{Place, upload_failure};
use super::response::Uploaded;
use super::session::Trouble;
use super::settings::{InstagramSettings, VideoDelivery};
use super::state::Stage;

/// How long to wait before a piece that failed is sent again.
const AGAIN: Duration = Duration::from_secs(10);
/// How often in a row a piece may fail.
const TRIES: u32 = 5;

impl InstagramSettings {
    /// Whether this file is uploaded. Images are always fetched from their address.
    pub(super) fn uploads(&self, media: &Media) -> bool {
        media.kind == MediaKind::Video && matches!(self.video, VideoDelivery::Resumable { .. })
    }

    /// The path of an upload address; `None` where it leads anywhere but to the upload host, which alone may be given
    /// the token.
    pub(super) fn upload_path(&self, uri: &str) -> Option<String> {
        let (uri, host) = (Url::parse(uri).ok()?, Url::parse(&self.rupload).ok()?);
        let base = host.path().trim_end_matches('/');
        let path = uri.path().strip_prefix(base)?;
        let is_bare =
            uri.query().is_none() && uri.username().is_empty() && uri.password().is_none();
        (uri.origin() == host.origin() && is_bare).then(|| path.to_owned())
    }
}

/// Sends the next piece, where Instagram says that the bytes before end.
pub(super) async fn upload(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let items = &turn.state.items;
    let index = items.iter().position(|item| item.upload.is_some());
    let slot = turn.state.slot(index);
    let media = turn.post.entry.media.get(index.unwrap_or(0));
    let (Some(path), Some(container), Some(media)) = (slot.upload.clone(), slot.id.clone(), media)
    else {
        return turn.pending(Stage::Poll, Duration::ZERO);
    };
    let settings = turn.adapter.settings();
    let VideoDelivery::Resumable { piece_bytes } = settings.video else {
        // The setting changed meanwhile: the container is made anew, by the file's address.
        turn.state.slot_mut(index).empty();
        return turn.pending(Stage::Create, Duration::ZERO);
    };
    let sent = match turn.session.send(settings.upload_status(&container)).await {
        Ok(answer) => Uploaded::read(&answer.body),
        Err(trouble) => return turn.once_more(Stage::Upload, trouble, Place::Container),
    };
    let sent = sent.unwrap_or(Uploaded {
        bytes: 0,
        complete: false,
    });
    if sent.complete {
        return arrived(turn, index);
    }
    let Some(source) = &turn.adapter.ports().media else {
        return Err(not_published(
            Error::new(Code::AppMisconfigured).at("media"),
        ));
    };
    let range = MediaRange {
        url: media.url.clone(),
        offset: sent.bytes,
        length: piece_bytes.into(),
    };
    let piece = match source.read(range).await {
        Ok(piece) => piece,
        Err(error) => {
            let passing = matches!(error, MediaError::Unavailable { .. });
            turn.state.failures += 1;
            if passing && turn.state.failures < TRIES {
                return turn.pending(Stage::Upload, AGAIN);
            }
            return Err(not_published(Error::from(error)));
        }
    };
    if piece.bytes.is_empty() {
        return arrived(turn, index);
    }
    let total = piece.total_bytes;
    let ends = sent.bytes.saturating_add(piece.bytes.len() as u64);
    let call = settings.upload(&path, sent.bytes, total, piece.bytes);
    match turn.session.send(call).await {
        Ok(_) if ends >= total => arrived(turn, index),
        Ok(_) => {
            turn.state.failures = 0;
            turn.pending(Stage::Upload, Duration::ZERO)
        }
        Err(trouble) => not_taken(turn, trouble),
    }
}

fn arrived(mut turn: Turn<'_>, index: Option<usize>) -> Result<Step, AdapterError> {
    turn.state.slot_mut(index).upload = None;
    turn.state.failures = 0;
    match turn.state.to_make() {
        Some(_) => turn.pending(Stage::Create, Duration::ZERO),
        None => turn.pending(Stage::Poll, Duration::from_secs(5)),
    }
}

fn not_taken(mut turn: Turn<'_>, trouble: Trouble) -> Result<Step, AdapterError> {
    let (code, again) = match &trouble {
        Trouble::Refused(refusal) => upload_failure(refusal),
        other => (other.code(Place::Create), other.is_passing(Place::Create)),
    };
    turn.state.failures += 1;
    if again && turn.state.failures < TRIES {
        return turn.pending(Stage::Upload, AGAIN);
    }
    Err(trouble.not_published(code, "media"))
}

fn not_published(error: Error) -> AdapterError {
    AdapterError::NotPublished {
        error,
        retry_after: None,
        meta: None,
    }
}
