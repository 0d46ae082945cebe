//! A person's word on a post that may be out.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::CommandContext;
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::job::JobEvent;
use crate::model::JobId;
use crate::ports::{AttemptNote, JobOutcomes, JobWrite};

/// What a person saw on the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "seen",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Confirmation {
    /// The post is there.
    Published {
        /// What the ledger keeps of it: where the post was seen, by whom. At most
        /// [`ConfirmJob::MAX_RECEIPT_BYTES`], and no secret.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
    },
    /// The post isn't there, and the person made sure.
    NotPublished,
}

/// A person's word on one job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmJob {
    /// The job.
    pub job_id: JobId,
    /// What the person saw.
    pub confirmation: Confirmation,
}

impl ConfirmJob {
    /// The most bytes of a receipt.
    pub const MAX_RECEIPT_BYTES: usize = 2000;
}

impl PublishQueue {
    /// Settles a job whose outcome isn't known by a person's word. Published is the end of it; not
    /// published leads back to the retries while the post's time is within the account's grace, else
    /// the job waits for the person with [`Code::MissedSchedule`].
    ///
    /// The outcome is [`Code::JobTransitionIllegal`] where the job's outcome isn't in doubt.
    ///
    /// # Errors
    /// [`Code::InputTooLarge`] for the receipt, [`Code::FieldValueInvalid`] and
    /// [`Code::IdempotencyConflict`] for the key.
    pub async fn confirm(
        &self,
        context: &CommandContext,
        confirm: &ConfirmJob,
    ) -> Result<JobOutcomes, Error> {
        let key = context.key("confirm", confirm)?;
        let (event, message) = match &confirm.confirmation {
            Confirmation::Published { receipt } => (JobEvent::ConfirmedPublished, receipt.clone()),
            Confirmation::NotPublished => {
                let event = JobEvent::ConfirmedNotPublished {
                    grace_minutes: None,
                };
                (event, None)
            }
        };
        if let Some(text) = &message
            && text.len() > ConfirmJob::MAX_RECEIPT_BYTES
        {
            return Err(Error::new(Code::InputTooLarge)
                .at("confirmation.receipt")
                .measured(Measure::count(text.len(), Unit::Bytes))
                .allowed(Allowed::at_most(2000, Unit::Bytes)));
        }
        let write = JobWrite {
            note: AttemptNote {
                message,
                response_meta: None,
            }
            .redacted(),
            ..JobWrite::new(confirm.job_id, event)
        };
        self.write(context, key, vec![write]).await
    }
}
