//! A generation's stream, read as it arrives.

use std::sync::{Mutex, MutexGuard, PoisonError};

use calendar_publish::generation::{
    GenerationEvent, GenerationSession, GenerationSnapshot, GenerationState, SessionOptions,
};
use calendar_publish::model::Timestamp;

use crate::CalendarPublishError;

/// A generation: push what arrives, tick when nothing does, look at `snapshot` whenever you like. The
/// calendar so far is kept in every state.
///
/// `now` is always the host's: nothing here reads a clock. A time that is none is refused with
/// `TIMESTAMP_INVALID`.
#[derive(Debug, uniffi::Object)]
pub struct GenerationStream {
    session: Mutex<GenerationSession>,
}

impl GenerationStream {
    fn session(&self) -> MutexGuard<'_, GenerationSession> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[uniffi::export]
impl GenerationStream {
    /// A stream whose request was sent at `now`.
    #[uniffi::constructor]
    pub fn new(options: SessionOptions, now: Timestamp) -> Result<Self, CalendarPublishError> {
        Ok(Self {
            session: Mutex::new(GenerationSession::start(options, now)),
        })
    }

    /// Takes bytes that arrived at `now`, cut anywhere, and gives the events they completed.
    pub fn push(
        &self,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Vec<GenerationEvent>, CalendarPublishError> {
        Ok(self.session().push(&bytes, now))
    }

    /// Looks at the clock: a long silence stalls the stream, its age cuts it.
    pub fn tick(&self, now: Timestamp) -> Result<GenerationState, CalendarPublishError> {
        Ok(self.session().tick(now))
    }

    /// Says that the stream has ended. Without a `done` before, it ended early.
    pub fn end(&self, now: Timestamp) -> Result<(), CalendarPublishError> {
        self.session().end(now);
        Ok(())
    }

    /// Stops the generation because a person wants it. What has arrived stays.
    pub fn cancel(&self, now: Timestamp) -> Result<(), CalendarPublishError> {
        self.session().cancel(now);
        Ok(())
    }

    /// The stream of the next attempt, with the calendar so far as its base.
    ///
    /// `GENERATION_BUSY` while this attempt is still going on: cancel it first.
    pub fn retry(&self, now: Timestamp) -> Result<Self, CalendarPublishError> {
        Ok(Self {
            session: Mutex::new(self.session().retry(now)?),
        })
    }

    /// How many milliseconds after `now` the state changes if nothing arrives: set a timer by it.
    /// Nothing once the generation is over.
    pub fn millis_to_next_tick(&self, now: Timestamp) -> Result<Option<i64>, CalendarPublishError> {
        Ok(self.session().millis_to_next_tick(now))
    }

    /// The generation as an interface shows it.
    pub fn snapshot(&self) -> GenerationSnapshot {
        self.session().snapshot()
    }
}
