//! A generation from its first byte to its end. It reads no clock: `now` is an argument.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::decode::{SseDecoder, SseEvent};
use super::event::{GenerationEvent, PiecePlace, StreamFailure, StreamSummary, read_event};
use super::snapshot::{GeneratedPiece, GenerationSnapshot, GenerationState, RefusedPiece};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{
    CalendarDiff, CalendarId, CalendarPiece, EntryId, RunRef, RunStatus, Timestamp,
};
use crate::operation::input_of;
use crate::order::sort_by_key;

#[cfg(test)]
mod tests;

/// Problems that are listed; further ones are counted.
const MAX_PROBLEMS: usize = 1000;

/// What a session expects of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SessionOptions {
    /// The silence after which a stream counts as stalled, in milliseconds. The host sends a
    /// keep-alive every 10 s; the default of 25 s is two missed ones and a margin.
    pub stall_after_millis: u32,
    /// The age at which a generation is cut, in milliseconds. The host cuts at 30 s, the default.
    pub cut_after_millis: u32,
    /// The largest event, in bytes; 1 MiB by default.
    pub max_event_bytes: u32,
    /// The most bytes of one stream, keep-alives included; 16 MiB by default. What arrived within the
    /// bound is kept.
    pub max_stream_bytes: u32,
    /// The most pieces a calendar may have; 10,000 by default.
    pub max_pieces: u32,
}

impl SessionOptions {
    /// Reads options from a JSON document; an empty text stands for the defaults.
    ///
    /// # Errors
    /// Those of [`read_document`](crate::operation::read_document).
    pub fn read(document: &str) -> Result<Self, Error> {
        if document.is_empty() {
            return Ok(Self::default());
        }
        input_of(document)
    }
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            stall_after_millis: 25_000,
            cut_after_millis: 30_000,
            max_event_bytes: 1024 * 1024,
            max_stream_bytes: 16 * 1024 * 1024,
            max_pieces: 10_000,
        }
    }
}

/// A generation: push what arrives, tick when nothing does, look at [`snapshot`](Self::snapshot)
/// whenever you like. The calendar so far is kept in every state.
///
/// ```
/// use calendar_publish::generation::{GenerationSession, GenerationState, SessionOptions};
/// use calendar_publish::model::Timestamp;
///
/// let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
/// let mut session = GenerationSession::start(SessionOptions::default(), at(0));
/// session.push(
///     br#"event: data
/// data: {"data":{"type":"calendar_piece","index":1,"total":2,"piece":{"title":"Pan","channel":"ig","format":"reel","date":"2026-04-02","time":"09:00"}},"error":null,"meta":{"requestId":"r"}}
///
/// "#,
///     at(1),
/// );
/// session.tick(at(26));
/// assert_eq!(session.state(), GenerationState::Stalled);
/// session.tick(at(30));
/// let snapshot = session.snapshot();
/// assert_eq!(snapshot.state, GenerationState::TimedOut);
/// assert_eq!(snapshot.pieces[0].piece.title, "Pan");
/// assert_eq!(snapshot.missing, [0]);
/// ```
#[derive(Clone, Debug)]
pub struct GenerationSession {
    options: SessionOptions,
    decoder: SseDecoder,
    /// Bytes that have arrived.
    bytes: usize,
    state: GenerationState,
    attempt: u32,
    started_at: Timestamp,
    last_activity_at: Timestamp,
    ended_at: Option<Timestamp>,
    calendar_id: Option<CalendarId>,
    /// The calendar that this attempt's stream names; a retry may get another one.
    stream_calendar_id: Option<CalendarId>,
    run_id: Option<RunRef>,
    total: Option<u32>,
    keep_alives: u32,
    /// What earlier attempts left.
    base: BTreeMap<u32, GeneratedPiece>,
    pieces: BTreeMap<u32, GeneratedPiece>,
    refusals: BTreeMap<u32, RefusedPiece>,
    /// The ids of this attempt's pieces.
    piece_ids: BTreeSet<EntryId>,
    problems: Vec<Error>,
    problems_omitted: u32,
    failure: Option<StreamFailure>,
    diff: CalendarDiff,
}

impl GenerationSession {
    /// A session whose request was sent at `now`.
    pub fn start(options: SessionOptions, now: Timestamp) -> Self {
        Self {
            decoder: SseDecoder::with_max_event_bytes(options.max_event_bytes as usize),
            options,
            bytes: 0,
            state: GenerationState::Streaming,
            attempt: 1,
            started_at: now,
            last_activity_at: now,
            ended_at: None,
            calendar_id: None,
            stream_calendar_id: None,
            run_id: None,
            total: None,
            keep_alives: 0,
            base: BTreeMap::new(),
            pieces: BTreeMap::new(),
            refusals: BTreeMap::new(),
            piece_ids: BTreeSet::new(),
            problems: Vec::new(),
            problems_omitted: 0,
            failure: None,
            diff: CalendarDiff::default(),
        }
    }

    /// Takes bytes that arrived at `now`, cut anywhere, and gives the events they completed.
    ///
    /// The bytes are read before the clock is looked at, so that nothing that has arrived is lost to
    /// the cut. Once the generation is over, bytes are ignored. A stream beyond
    /// [`max_stream_bytes`](SessionOptions::max_stream_bytes) has failed with [`Code::InputTooLarge`].
    pub fn push(&mut self, bytes: &[u8], now: Timestamp) -> Vec<GenerationEvent> {
        let mut events = Vec::new();
        self.push_each(bytes, now, &mut |event| events.push(event.clone()));
        events
    }

    /// [`push`](Self::push) for those who look at each event as it comes and keep none: what a piece says is
    /// then held once, in the session. `each` sees an event before the session takes it, those too that it then
    /// refuses as a duplicate.
    pub fn push_each(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
        each: &mut dyn FnMut(&GenerationEvent),
    ) {
        if self.state.is_over() || bytes.is_empty() {
            return;
        }
        self.last_activity_at = self.last_activity_at.max(now);
        self.state = GenerationState::Streaming;
        let bound = self.options.max_stream_bytes as usize;
        let room = bound.saturating_sub(self.bytes);
        self.bytes = self.bytes.saturating_add(bytes.len());
        let mut rest = bytes.get(..room).unwrap_or(bytes);
        while !self.state.is_over() {
            let event = match self.decoder.next(&mut rest) {
                Ok(Some(SseEvent::Comment(_))) => GenerationEvent::KeepAlive,
                Ok(Some(SseEvent::Message(message))) => read_event(&message),
                Ok(None) => break,
                Err(error) => {
                    self.report(error);
                    self.end_as(GenerationState::Failed, now);
                    break;
                }
            };
            each(&event);
            self.take(event, now);
        }
        if self.bytes > bound && !self.state.is_over() {
            let error = Error::new(Code::InputTooLarge)
                .measured(Measure::count(self.bytes, Unit::Bytes))
                .allowed(Allowed::at_most(self.options.max_stream_bytes, Unit::Bytes));
            self.report(error);
            self.end_as(GenerationState::Failed, now);
        }
        self.tick(now);
    }

    /// Looks at the clock: a long silence stalls the stream, its age cuts it.
    pub fn tick(&mut self, now: Timestamp) -> GenerationState {
        if self.state.is_over() {
            return self.state;
        }
        if now.since(self.started_at) >= millis(self.options.cut_after_millis) {
            self.report(Error::new(Code::AiTimeout));
            self.end_as(GenerationState::TimedOut, now);
        } else if now.since(self.last_activity_at) >= millis(self.options.stall_after_millis) {
            self.state = GenerationState::Stalled;
        }
        self.state
    }

    /// Says that the stream has ended. Without a `done` before, that is
    /// [`Code::StreamEndedEarly`].
    pub fn end(&mut self, now: Timestamp) {
        if self.state.is_over() {
            return;
        }
        self.decoder.finish();
        self.report(Error::new(Code::StreamEndedEarly));
        let timed_out = self.failure.as_ref().is_some_and(is_timeout);
        self.end_as(
            if timed_out {
                GenerationState::TimedOut
            } else {
                GenerationState::Failed
            },
            now,
        );
    }

    /// Stops the generation because a person wants it. What has arrived stays.
    pub fn cancel(&mut self, now: Timestamp) {
        if !self.state.is_over() {
            self.report(Error::new(Code::StreamCancelled));
            self.end_as(GenerationState::Cancelled, now);
        }
    }

    /// The session of the next attempt. The calendar so far is its base: each piece stays until the
    /// new attempt delivers another one for its place, or is complete.
    ///
    /// # Errors
    /// [`Code::GenerationBusy`] while this attempt is still going on: cancel it first.
    pub fn retry(&self, now: Timestamp) -> Result<Self, Error> {
        if !self.state.is_over() {
            return Err(Error::new(Code::GenerationBusy));
        }
        let mut next = Self::start(self.options, now);
        next.attempt = self.attempt.saturating_add(1);
        next.calendar_id = self.calendar_id;
        next.base = self
            .calendar()
            .map(|piece| (piece.index, piece.clone()))
            .collect();
        Ok(next)
    }

    /// How the generation stands.
    pub const fn state(&self) -> GenerationState {
        self.state
    }

    /// How many milliseconds after `now` the state changes if nothing arrives; a host sets its timer
    /// by it. `None` once the generation is over.
    pub fn millis_to_next_tick(&self, now: Timestamp) -> Option<i64> {
        let cut = self.started_at.plus(millis(self.options.cut_after_millis));
        let stall = self
            .last_activity_at
            .plus(millis(self.options.stall_after_millis));
        let next = match self.state {
            GenerationState::Streaming => cut.min(stall),
            GenerationState::Stalled => cut,
            _ => return None,
        };
        Some(next.since(now).num_milliseconds().max(0))
    }

    /// The generation as an interface shows it.
    pub fn snapshot(&self) -> GenerationSnapshot {
        GenerationSnapshot {
            state: self.state,
            status: self.state.run_status(),
            attempt: self.attempt,
            started_at: self.started_at,
            last_activity_at: self.last_activity_at,
            ended_at: self.ended_at,
            calendar_id: self.calendar_id,
            run_id: self.run_id,
            received: self.received(),
            total: self.total,
            keep_alives: self.keep_alives,
            pieces: self.calendar().cloned().collect(),
            refusals: self.refusals.values().cloned().collect(),
            missing: self.missing(),
            problems: self.problems.clone(),
            problems_omitted: self.problems_omitted,
            failure: self.failure.clone(),
            diff: self.diff.clone(),
        }
    }

    /// The calendar so far. What earlier attempts left stays until this one is complete.
    fn calendar(&self) -> impl Iterator<Item = &GeneratedPiece> {
        let complete = self.state == GenerationState::Complete;
        let mut all: Vec<&GeneratedPiece> = self
            .base
            .values()
            .filter(|piece| !complete && !self.pieces.contains_key(&piece.index))
            .chain(self.pieces.values())
            .collect();
        sort_by_key(&mut all, |piece| piece.index);
        all.into_iter()
    }

    fn received(&self) -> u32 {
        u32::try_from(self.pieces.len() + self.refusals.len()).unwrap_or(u32::MAX)
    }

    /// The places without an arrival; while pieces are still arriving none is missing.
    fn missing(&self) -> Vec<u32> {
        let total = match self.total {
            Some(total) if self.state.is_over() => total,
            _ => return Vec::new(),
        };
        (0..total.min(self.options.max_pieces))
            .filter(|index| !self.has_arrived(*index))
            .collect()
    }

    fn has_arrived(&self, index: u32) -> bool {
        self.pieces.contains_key(&index) || self.refusals.contains_key(&index)
    }

    fn take(&mut self, event: GenerationEvent, now: Timestamp) {
        match event {
            GenerationEvent::KeepAlive => self.keep_alives = self.keep_alives.saturating_add(1),
            GenerationEvent::Piece {
                place,
                piece,
                defaults,
            } => {
                if !self.admit(&place) {
                    return;
                }
                if let Some(id) = piece.id
                    && !self.piece_ids.insert(id)
                {
                    self.refuse_duplicate(place.index, id, &piece);
                } else {
                    self.pieces.insert(
                        place.index,
                        GeneratedPiece {
                            index: place.index,
                            attempt: self.attempt,
                            piece,
                            defaults,
                        },
                    );
                }
            }
            GenerationEvent::PieceRefused {
                place,
                payload,
                errors,
            } => {
                if self.admit(&place) {
                    self.refusals.insert(
                        place.index,
                        RefusedPiece {
                            index: place.index,
                            payload,
                            errors,
                        },
                    );
                }
            }
            GenerationEvent::Failure { failure } => self.failure = Some(failure),
            GenerationEvent::Summary { summary } => self.conclude(summary, now),
            GenerationEvent::Invalid { error } => self.report(error),
        }
    }

    /// Notes what a piece's place says; answers whether the piece is to be kept.
    fn admit(&mut self, place: &PiecePlace) -> bool {
        let name = || format!("pieces[{}]", place.index);
        for error in &place.errors {
            self.report(error.clone());
        }
        let other_calendar = differs(self.stream_calendar_id, place.calendar_id)
            .map(|id| (format!("{}.calendarId", name()), id));
        let other_run =
            differs(self.run_id, place.run_id).map(|id| (format!("{}.runId", name()), id));
        if let Some((path, id)) = other_calendar.or(other_run) {
            let error = Error::new(Code::StreamEventInvalid)
                .at(path)
                .measured(Measure::text(id));
            self.report(error);
            return false;
        }
        self.stream_calendar_id = self.stream_calendar_id.or(place.calendar_id);
        self.calendar_id = self.calendar_id.or(place.calendar_id);
        self.run_id = self.run_id.or(place.run_id);
        if place.index >= self.options.max_pieces {
            let error = Error::new(Code::InputTooLarge)
                .at(name())
                .measured(Measure::number(place.index, Unit::Pieces))
                .allowed(Allowed::at_most(self.options.max_pieces, Unit::Pieces));
            self.report(error);
            return false;
        }
        if self.has_arrived(place.index) {
            self.report(Error::new(Code::StreamPieceDuplicate).at(name()));
            return false;
        }
        // A piece beyond the announced total is still a piece: the total was wrong.
        let at_least = place.index + 1;
        self.total = self.total.max(place.total).max(Some(at_least));
        true
    }

    /// Keeps a piece whose id an earlier one bears among the refused.
    fn refuse_duplicate(&mut self, index: u32, id: EntryId, piece: &CalendarPiece) {
        let error = Error::new(Code::IdDuplicate)
            .at(format!("pieces[{index}].id"))
            .measured(Measure::text(id.to_string()));
        let refused = RefusedPiece {
            index,
            payload: serde_json::to_string(piece).unwrap_or_default(),
            errors: vec![error],
        };
        self.refusals.insert(index, refused);
    }

    fn conclude(&mut self, summary: StreamSummary, now: Timestamp) {
        self.calendar_id = self.calendar_id.or(summary.calendar_id);
        self.run_id = self.run_id.or(summary.run_id);
        self.diff = summary.diff;
        for error in summary.errors {
            self.report(error);
        }
        let state = match summary.status {
            RunStatus::Completed => {
                // The count only tells something new where it says that more was sent.
                self.total = self.total.max(summary.piece_count);
                GenerationState::Complete
            }
            RunStatus::Timeout => GenerationState::TimedOut,
            RunStatus::Failed => GenerationState::Failed,
        };
        self.end_as(state, now);
    }

    fn end_as(&mut self, state: GenerationState, now: Timestamp) {
        self.state = state;
        self.ended_at = Some(now);
        for index in self.missing() {
            self.report(Error::new(Code::StreamPieceMissing).at(format!("pieces[{index}]")));
        }
    }

    fn report(&mut self, problem: Error) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.problems_omitted = self.problems_omitted.saturating_add(1);
        }
    }
}

/// What a piece names, where the stream has named something else before.
fn differs<T: PartialEq + ToString>(first: Option<T>, named: Option<T>) -> Option<String> {
    let (first, named) = first.zip(named)?;
    (first != named).then(|| named.to_string())
}

fn is_timeout(failure: &StreamFailure) -> bool {
    failure.code.parse() == Ok(Code::AiTimeout)
}

fn millis(millis: u32) -> TimeDelta {
    TimeDelta::milliseconds(i64::from(millis))
}
