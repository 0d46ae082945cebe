//! `status/fetch` and `cancel` (TikTok, Get video status; Media transfer guide, read 2026-09-11).

use calendar_publish::model::Timestamp;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::body::{self, Fields};
use super::init::Done;
use super::knobs::PostIds;
use super::publish::{Publish, Stage, Transfer};
use super::state::State;
use crate::Request;

impl State {
    pub(super) fn status(
        &self,
        open_id: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let publish = self.own_publish(open_id, request)?;
        Ok(Done {
            data: Some(self.status_data(publish, now)),
            handle: Some(publish.id.clone()),
        })
    }

    /// Stops a download, while it can be stopped.
    pub(super) fn cancel(
        &mut self,
        open_id: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let publish = self.own_publish(open_id, request)?;
        let is_download = matches!(publish.transfer, Transfer::Pull(_));
        if !is_download || publish.stage(now) != Stage::Transferring {
            return Err(Refusal::of("publish_not_cancellable"));
        }
        let id = publish.id.clone();
        if let Some(publish) = self.publish_mut(&id) {
            publish.cancelled = Some(now);
        }
        Ok(Done {
            data: None,
            handle: Some(id),
        })
    }

    fn own_publish(&self, open_id: &str, request: &Request) -> Result<&Publish, Refusal> {
        let body = body::object(request)?;
        let fields = Fields::new(&body, "The publish id is missing");
        fields.only(&["publish_id"], self.knobs.strict_fields)?;
        let id = fields.text("publish_id")?.ok_or_else(|| fields.wrong())?;
        let publish = self
            .publishes
            .iter()
            .find(|publish| publish.id == id)
            .ok_or_else(|| Refusal::of("invalid_publish_id"))?;
        if publish.open_id != open_id {
            return Err(Refusal::of("token_not_authorized_for_specified_publish_id"));
        }
        Ok(publish)
    }

    fn status_data(&self, publish: &Publish, now: Timestamp) -> Value {
        let (processing, bytes, arrived) = match &publish.transfer {
            Transfer::Upload(upload) => ("PROCESSING_UPLOAD", "uploaded_bytes", upload.received()),
            Transfer::Pull(pull) => ("PROCESSING_DOWNLOAD", "downloaded_bytes", pull.received),
        };
        match publish.stage(now) {
            Stage::Transferring | Stage::Processing => {
                json!({ "status": processing, bytes: arrived })
            }
            Stage::Inbox { .. } => json!({ "status": "SEND_TO_USER_INBOX", bytes: arrived }),
            Stage::Failed { reason, .. } => json!({ "status": "FAILED", "fail_reason": reason }),
            Stage::Complete { .. } => {
                let ids = publish.public_ids(now);
                let mut data = json!({ "status": "PUBLISH_COMPLETE", bytes: arrived });
                let ids = ids.iter().map(|(_, id)| *id);
                let ids: Vec<Value> = match self.knobs.post_ids {
                    PostIds::Number => ids.map(Value::from).collect(),
                    PostIds::Text => ids.map(|id| id.to_string().into()).collect(),
                    PostIds::Empty => Vec::new(),
                    PostIds::Never => return data,
                };
                data["publicaly_available_post_id"] = ids.into();
                data
            }
        }
    }
}

/// The state of processing, as a status tells it whatever is true.
pub(super) fn stuck(handle: Option<&str>) -> Value {
    let is_upload = handle.is_some_and(|handle| handle.contains("_file~"));
    let status = if is_upload {
        "PROCESSING_UPLOAD"
    } else {
        "PROCESSING_DOWNLOAD"
    };
    json!({ "status": status })
}
