//! Who asks, and under which key.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{CalendarId, PublishJob, RunRef, Timestamp, UserId};
use crate::ports::{Command, CommandKey, RecordIntents, Recorded, StoreError, fingerprint};
use crate::telemetry::{Event, EventContext, EventKind, RequestId};

/// Separates a key from what is derived from it. No caller's key holds it.
const DERIVED: char = '\u{1f}';

/// What every command carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommandContext {
    /// The request's id, for logs; it decides nothing.
    pub request_id: RequestId,
    /// Who asks: other users' entries, accounts and jobs are not found.
    pub user_id: UserId,
    /// With a key, repeating the command does nothing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// The calendar, for logs, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// The run, for logs, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// The present, for logs and for what is judged before the store is asked. When a job is due is
    /// decided by the store's own clock.
    pub now: Timestamp,
}

impl CommandContext {
    /// The most bytes of an idempotency key.
    pub const MAX_KEY_BYTES: usize = 255;

    /// A command of `user_id` without a key.
    pub const fn new(request_id: RequestId, user_id: UserId, now: Timestamp) -> Self {
        Self {
            request_id,
            user_id,
            idempotency_key: None,
            calendar_id: None,
            run_id: None,
            now,
        }
    }

    /// The same command with a key.
    #[must_use]
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// The same command, about this calendar.
    pub(super) fn about(&self, calendar_id: CalendarId) -> Self {
        Self {
            calendar_id: Some(calendar_id),
            ..self.clone()
        }
    }

    /// The key with the fingerprint of what it is used for.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] for a key that is empty, too long or holds control characters.
    pub(super) fn key(
        &self,
        operation: &str,
        content: &impl Serialize,
    ) -> Result<Option<CommandKey>, Error> {
        let Some(key) = &self.idempotency_key else {
            return Ok(None);
        };
        let at = |measured| {
            Error::new(Code::FieldValueInvalid)
                .at("idempotencyKey")
                .measured(measured)
        };
        if key.is_empty() || key.len() > Self::MAX_KEY_BYTES {
            return Err(
                at(Measure::count(key.len(), Unit::Bytes)).allowed(Allowed::between(
                    1,
                    255,
                    Unit::Bytes,
                )),
            );
        }
        if key.chars().any(char::is_control) {
            return Err(at(Measure::text(key)));
        }
        Ok(Some(CommandKey {
            key: key.clone(),
            fingerprint: fingerprint(&(operation, self.user_id, content))?,
        }))
    }
}

/// The key of a command's part: it belongs to the whole command's content.
pub(super) fn part(key: &CommandKey, name: &str) -> CommandKey {
    CommandKey {
        key: format!("{}{DERIVED}{name}", key.key),
        fingerprint: key.fingerprint.clone(),
    }
}

/// Reads what a command was noted with.
pub(super) fn read_note<T: DeserializeOwned>(note: &str) -> Result<T, Error> {
    crate::json::from_str(note).map_err(|error| {
        Error::new(Code::StoreCorrupt)
            .at("publish_commands.answer")
            .measured(Measure::text(error.to_string()))
    })
}

impl PublishQueue {
    /// What the command was noted with when it first came.
    ///
    /// # Errors
    /// [`Code::IdempotencyConflict`] where the key was used for other content.
    pub(super) async fn noted(
        &self,
        context: &CommandContext,
        key: &CommandKey,
    ) -> Result<Option<String>, Error> {
        let command = self.store.command(context.user_id, key.key.clone()).await?;
        match command {
            None => Ok(None),
            Some(command) if command.fingerprint == key.fingerprint => Ok(Some(command.answer)),
            Some(command) => Err(StoreError::CommandConflict { key: command.key }.into()),
        }
    }

    /// Notes the command with its content, before anything of it is done; `Some` with the earlier note
    /// where somebody was faster.
    pub(super) async fn note(
        &self,
        context: &CommandContext,
        key: &CommandKey,
        note: &impl Serialize,
    ) -> Result<Option<String>, Error> {
        let answer =
            serde_json::to_string(note).map_err(|error| crate::operation::json_error(&error))?;
        let command = Command {
            key: key.key.clone(),
            fingerprint: key.fingerprint.clone(),
            answer,
        };
        let record = RecordIntents {
            user_id: context.user_id,
            command: Some(command),
            intents: Vec::new(),
        };
        match self.store.record_intents(record).await? {
            Recorded::Now { .. } => Ok(None),
            Recorded::Before { answer } => Ok(Some(answer)),
        }
    }

    /// Says that a job was made or changed.
    pub(super) fn tell(&self, context: &CommandContext, job: &PublishJob) {
        self.telemetry.record(Event {
            at: context.now,
            context: EventContext {
                request_id: context.request_id.clone(),
                user_id: Some(job.user_id),
                channel: Some(job.channel),
                calendar_id: context.calendar_id,
                run_id: context.run_id,
            },
            kind: EventKind::Job {
                status: job.status,
                job_id: job.id,
                attempt: job.attempt_count,
                error_code: job.last_error,
            },
        });
    }
}
