//! Bytes that a caller sends to `rupload.facebook.com`.
//!
//! Source: Instagram Platform, Resumable uploads, read 2026-03-15.

use calendar_publish::model::Timestamp;
use calendar_publish::ports::MediaSource;
use serde_json::{Value, json};

use super::access;
use super::account::Flavour;
use super::call::Call;
use super::container::{Container, LIFETIME, Status};
use super::fetch::{Seen, fetch};
use super::judge::largest;
use super::reply::{Outcome, Refusal, Reply};
use super::state::State;

/// An upload that has begun. Its bytes aren't kept.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    seen: Seen,
    /// The size that the first request told.
    file_size: Option<u64>,
    complete: bool,
}

impl Upload {
    pub(super) fn new() -> Self {
        Self {
            seen: Seen::new(),
            file_size: None,
            complete: false,
        }
    }

    /// The `video_status` field.
    pub(super) fn video_status(&self, status: Status) -> Value {
        let mut uploading = json!({
            "status": if self.complete { "complete" } else { "in_progress" },
        });
        if !self.complete {
            uploading["bytes_transferred"] = self.seen.total().into();
        }
        let processing = match (self.complete, status) {
            (false, _) => "not_started",
            (true, Status::InProgress) => "in_progress",
            (true, Status::Error(_)) => "error",
            (true, _) => "complete",
        };
        json!({"uploading_phase": uploading, "processing_phase": {"status": processing}})
    }

    /// Takes a piece; whether all bytes are there then.
    fn take(&mut self, offset: u64, file_size: u64, bytes: &[u8]) -> Result<bool, Refusal> {
        let end = offset.saturating_add(bytes.len() as u64);
        if *self.file_size.get_or_insert(file_size) != file_size {
            return Err(failed(false, "file_size has changed"));
        }
        if self.complete {
            return Ok(true);
        }
        if offset != self.seen.total() {
            return Err(failed(true, "offset does not match what was received"));
        }
        if end > file_size {
            return Err(failed(false, "more bytes than file_size"));
        }
        self.seen.take(bytes);
        Ok(end == file_size)
    }
}

const fn failed(retriable: bool, message: &'static str) -> Refusal {
    Refusal::Upload {
        status: 400,
        retriable,
        kind: "ProcessingFailedError",
        message,
    }
}

/// Finds the container of an upload, if the token is one of its account.
fn container<'a>(
    state: &'a mut State,
    call: &Call,
    now: Timestamp,
) -> Result<&'a mut Container, Refusal> {
    let unauthorized = Refusal::Upload {
        status: 400,
        retriable: false,
        kind: "NotAuthorizedError",
        message: "Authentication error",
    };
    // This host wants the word `OAuth`, not `Bearer`.
    let token = call
        .request
        .header("authorization")
        .and_then(|value| value.strip_prefix("OAuth "))
        .and_then(|name| state.tokens.get(name))
        .filter(|token| token.flavour != Flavour::Instagram)
        .filter(|token| access::living(token, now).is_ok());
    let owner = state
        .containers
        .get(&call.route.object)
        .and_then(|container| state.accounts.get(&container.account));
    let own = token
        .zip(owner)
        .is_some_and(|(token, owner)| access::reaches(state, token, owner));
    if !own {
        return Err(unauthorized);
    }
    let container = state.containers.get_mut(&call.route.object);
    match container.filter(|container| container.upload.is_some()) {
        Some(container) if now.since(container.created) < LIFETIME => Ok(container),
        Some(_) => Err(failed(false, "the container has expired")),
        None => Err(failed(false, "the container takes no upload")),
    }
}

/// Takes bytes in; with `cut` no more than so many arrive.
pub(super) fn upload(state: &mut State, call: &Call, cut: Option<u64>, now: Timestamp) -> Outcome {
    let number = |name| {
        call.request
            .header(name)
            .and_then(|text| text.parse::<u64>().ok())
            .ok_or_else(|| failed(false, "offset and file_size are required"))
    };
    let refuses_pieces = state.knobs.refuse_upload_pieces;
    let container = container(state, call, now)?;
    let (offset, file_size) = (number("offset")?, number("file_size")?);
    let body = &call.request.body;
    let arrived = cut.map_or(body.len(), |cut| (cut as usize).min(body.len()));
    let (kind, mixes_audio) = (container.kind, container.mixes_audio);
    let Some(upload) = container.upload.as_mut() else {
        return Err(failed(false, "the container takes no upload"));
    };
    let all = upload.take(offset, file_size, &body[..arrived])?;
    if all && !upload.complete {
        upload.complete = true;
        let seen = std::mem::replace(&mut upload.seen, Seen::new());
        let failure = seen.failure(kind, mixes_audio, &state.knobs);
        let ready = now.plus(state.knobs.processing(kind));
        finish(state, call, &seen, failure, ready);
    }
    match all || !refuses_pieces {
        true => Ok(Reply::Json(json!({"success": true, "message": "ok"}))),
        false => Err(Refusal::Upload {
            status: 400,
            retriable: true,
            kind: "PartialRequestError",
            message: "Partial request (did not match length of file)",
        }),
    }
}

/// The other way: the header `file_url` names where the bytes are.
pub(super) fn file_url(call: &Call) -> Option<&str> {
    call.request.header("file_url")
}

/// Fetches what `file_url` names, if the caller may.
pub(super) fn may_fetch(state: &mut State, call: &Call, now: Timestamp) -> Result<u64, Refusal> {
    container(state, call, now).map(|container| largest(container.kind))
}

pub(super) async fn fetch_file(
    source: &dyn MediaSource,
    url: &str,
    limit: u64,
) -> Result<Seen, Refusal> {
    fetch(source, url, limit)
        .await
        .map_err(|_| Refusal::Upload {
            status: 422,
            retriable: false,
            kind: "FileUrlProcessingError",
            message: "The file could not be fetched",
        })
}

/// Takes in what was fetched.
pub(super) fn fetched(state: &mut State, call: &Call, seen: Seen, now: Timestamp) -> Outcome {
    let container = container(state, call, now)?;
    let (kind, mixes_audio) = (container.kind, container.mixes_audio);
    if let Some(upload) = container.upload.as_mut().filter(|upload| !upload.complete) {
        upload.complete = true;
        let failure = seen.failure(kind, mixes_audio, &state.knobs);
        let ready = now.plus(state.knobs.processing(kind));
        finish(state, call, &seen, failure, ready);
    }
    Ok(Reply::Json(json!({"success": true, "message": "ok"})))
}

fn finish(state: &mut State, call: &Call, seen: &Seen, failure: Option<u32>, ready: Timestamp) {
    if let Some(container) = state.containers.get_mut(&call.route.object) {
        container.media = vec![seen.sha256()];
        // What a test ordered for the container stays.
        container.failure = container.failure.or(failure);
        container.ready = Some(ready);
    }
}
