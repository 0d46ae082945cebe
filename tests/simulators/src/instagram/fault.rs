//! What goes wrong, on demand.

use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::error::{GraphError, Language, upload_error};
use crate::Answer;

/// A mishap at an endpoint.
///
/// ```
/// use calendar_publish_simulators::instagram::{Endpoint, Fault, GraphError, Mishap};
///
/// // The second publish answers 403 with 4/2207051, and the post is live all the same.
/// let blocked = GraphError::new(4, Some(2_207_051)).with_status(403);
/// let fault = Fault::at(Endpoint::Publish, Mishap::Error(blocked)).call(2).after_effect();
/// # let _ = fault;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    at: Endpoint,
    account: Option<String>,
    first: u32,
    times: u32,
    effect: bool,
    mishap: Mishap,
    /// Calls that it could have met.
    seen: u32,
}

/// What the caller sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The connection closes without an answer.
    Lost,
    /// This status with a page of HTML.
    Html(u16),
    /// This status with an empty body.
    Status(u16),
    /// An error of the Graph API.
    Error(GraphError),
    /// An error of the upload host.
    Upload {
        /// The HTTP status.
        status: u16,
        /// What `retriable` says.
        retriable: bool,
        /// The type: `ProcessingFailedError`, `NotAuthorizedError`, `FileUrlProcessingError`…
        kind: String,
        /// Whether the message is a JSON document as text, the other shape that is documented.
        nested: bool,
    },
    /// At [`Endpoint::CreateContainer`]: the container is created, and ends as `ERROR` with this sub-code.
    ContainerFails(u32),
    /// At [`Endpoint::Upload`]: only so many bytes arrive, and the connection closes.
    Cut(u64),
    /// Any other answer.
    Answer(Answer),
}

impl Fault {
    /// The next call of `endpoint` doesn't take effect, and its caller sees `mishap`.
    pub const fn at(endpoint: Endpoint, mishap: Mishap) -> Self {
        Self {
            at: endpoint,
            account: None,
            first: 1,
            times: 1,
            effect: false,
            mishap,
            seen: 0,
        }
    }

    /// Not the next call but the `n`th from now on.
    #[must_use]
    pub const fn call(mut self, n: u32) -> Self {
        self.first = n;
        self
    }

    /// So many calls one after another.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Every call from then on.
    #[must_use]
    pub const fn always(self) -> Self {
        self.times(u32::MAX)
    }

    /// Only calls for this account count.
    #[must_use]
    pub fn for_account(mut self, ig_id: &str) -> Self {
        self.account = Some(ig_id.to_owned());
        self
    }

    /// The call takes effect, and the caller sees the mishap instead of its answer.
    #[must_use]
    pub const fn after_effect(mut self) -> Self {
        self.effect = true;
        self
    }
}

/// What a fault makes of one call.
#[derive(Clone, Debug)]
pub(super) struct Struck {
    pub(super) effect: bool,
    pub(super) mishap: Mishap,
}

/// Counts the call for every fault that it could meet, and tells which strikes: the first that was set.
pub(super) fn strike(
    faults: &mut [Fault],
    endpoint: Endpoint,
    account: Option<&str>,
) -> Option<Struck> {
    let mut struck = None;
    for fault in faults {
        let meant = fault.account.is_none() || fault.account.as_deref() == account;
        if fault.at != endpoint || !meant {
            continue;
        }
        fault.seen = fault.seen.saturating_add(1);
        let due = fault.seen >= fault.first && fault.seen - fault.first < fault.times;
        if due && struck.is_none() {
            struck = Some(Struck {
                effect: fault.effect,
                mishap: fault.mishap.clone(),
            });
        }
    }
    struck
}

impl Mishap {
    /// What the caller sees; `None` where the call's own answer is it.
    pub(super) fn answer(&self, language: Language, trace: u64) -> Option<Answer> {
        match self {
            Self::Lost | Self::Cut(_) => Some(Answer::Lost),
            Self::Html(status) => Some(Answer::body(
                *status,
                "text/html; charset=utf-8",
                b"<!DOCTYPE html><html><body>Sorry, something went wrong.</body></html>".to_vec(),
            )),
            Self::Status(status) => Some(Answer::body(*status, "text/plain", Vec::new())),
            Self::Error(error) => Some(error.answer(language, trace)),
            Self::Upload {
                status,
                retriable,
                kind,
                nested,
            } => {
                let message = if *nested {
                    json!({"success": false, "error": {"message": "refused"}})
                } else {
                    Value::from("refused")
                };
                Some(upload_error(*status, *retriable, kind, &message))
            }
            Self::ContainerFails(_) => None,
            Self::Answer(answer) => Some(answer.clone()),
        }
    }
}

impl Struck {
    /// Whether the call takes effect.
    pub(super) const fn happens(&self) -> bool {
        self.effect || matches!(self.mishap, Mishap::ContainerFails(_) | Mishap::Cut(_))
    }

    /// Whether the caller is told that the action is blocked.
    pub(super) fn is_block(&self) -> bool {
        matches!(&self.mishap, Mishap::Error(error) if error.subcode == Some(2_207_051))
    }

    /// How many bytes of an upload arrive.
    pub(super) const fn cut(&self) -> Option<u64> {
        match self.mishap {
            Mishap::Cut(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(super) const fn container_failure(&self) -> Option<u32> {
        match self.mishap {
            Mishap::ContainerFails(subcode) => Some(subcode),
            _ => None,
        }
    }
}
