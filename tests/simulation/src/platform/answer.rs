//! What a platform answers, and what an adapter keeps of it.

use std::time::Duration;

use calendar_publish::error::{Code, Error, Measure};
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{AdapterError, Progress, Step, StepKind};
use serde::{Deserialize, Serialize};

/// What an adapter keeps in a [`Progress`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct State {
    /// The container, or the upload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<usize>,
    /// Chunks that were sent.
    #[serde(default)]
    pub(super) chunks: u32,
    /// When somebody first looked for the post and saw nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first_look: Option<Timestamp>,
}

pub(super) fn progress(stage: &str, state: &State) -> Progress {
    let kind = match stage {
        "create" | "init" | "chunk" => StepKind::Repeatable,
        "publish" | "last_chunk" | "pull" => StepKind::Decisive,
        "permalink" | "status" => StepKind::Confirm,
        _ => StepKind::Read,
    };
    Progress {
        stage: stage.to_owned(),
        kind,
        state: serde_json::to_string(state).unwrap_or_default(),
    }
}

/// What a caller learns of a step.
pub(super) enum Answer {
    /// It was taken.
    Taken(Step),
    /// It failed, and the platform says so.
    Failed(AdapterError),
    /// Nothing, until the deadline is over.
    Lost(AdapterError),
}

impl From<Answer> for Result<Step, AdapterError> {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Taken(step) => Ok(step),
            Answer::Failed(error) | Answer::Lost(error) => Err(error),
        }
    }
}

pub(super) fn pending(stage: &str, state: &State, poll_after: Duration) -> Answer {
    Answer::Taken(Step::Pending {
        progress: progress(stage, state),
        poll_after,
    })
}

pub(super) fn is_limit(code: Code) -> bool {
    matches!(code, Code::RateLimited | Code::QuotaExhausted)
}

pub(super) fn refused(code: Code) -> Answer {
    Answer::Failed(refusal(code, None))
}

pub(super) fn unknown(what: &str) -> AdapterError {
    AdapterError::Unknown {
        error: Error::new(Code::OutcomeUnknown).measured(Measure::text(what)),
        meta: None,
    }
}

pub(super) fn refusal(code: Code, retry_after: Option<Duration>) -> AdapterError {
    AdapterError::NotPublished {
        error: Error::new(code),
        retry_after,
        meta: None,
    }
}

pub(super) fn answer_text(answer: &Answer) -> String {
    match answer {
        Answer::Taken(Step::Pending { progress, .. }) => format!("next: {}", progress.stage),
        Answer::Taken(Step::Done(receipt)) => format!("done: {}", receipt.external_id),
        Answer::Failed(AdapterError::NotPublished {
            error, retry_after, ..
        }) => match retry_after {
            Some(wait) => format!("refused: {}, retry after {} s", error.code, wait.as_secs()),
            None => format!("refused: {}", error.code),
        },
        Answer::Failed(error) | Answer::Lost(error) => error.to_string(),
    }
}
