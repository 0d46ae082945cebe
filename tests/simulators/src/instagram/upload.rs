//! Bytes that a caller sends to `rupload.facebook.com`.

use serde_json::{Value, json};

use super::container::Status;
use super::fetch::Seen;

/// An upload that has begun.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) seen: Seen,
    /// The size that the first request told.
    pub(super) file_size: Option<u64>,
    pub(super) complete: bool,
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
}
