//! What a host may implement: storage, platforms, transport, media, time, keys, telemetry.
//!
//! Every port is object-safe, takes its arguments by value and has no default methods: an
//! implementor who forgets one is told by the compiler. Natively their futures are `Send`; on wasm,
//! where nothing crosses threads, they needn't be ([`MaybeSend`], [`MaybeSync`]).

mod channel_adapter;
mod clock;
mod http;
mod job_store;
mod keys;
mod maybe_send;
mod media;
mod save;
mod store;
mod store_error;
mod telemetry;

#[cfg(test)]
mod tests;

pub use channel_adapter::{
    AdapterError, ChannelAdapter, Post, Progress, Receipt, ReceiptKind, Reconciled, Step, StepKind,
};
pub use clock::Clock;
pub use http::{Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError};
pub use job_store::{
    AttemptNote, ChannelPause, ClaimJobs, ClaimedJob, ClaimedJobs, CommandJobs, CommandKey,
    JobCount, JobFilter, JobHistory, JobOutcome, JobOutcomes, JobResult, JobStore, JobWrite,
    NewJob, ProgressChange, QueueDepth, ScheduleJobs, WriteStamp,
};
pub use keys::{KeyError, KeyProvider, SealingKey};
pub use maybe_send::{MaybeSend, MaybeSync};
pub use media::{MediaChunk, MediaError, MediaRange, MediaSource};
pub use save::SaveCalendar;
pub(crate) use save::fingerprint;
pub use store::{
    Command, RecordIntents, Recorded, RefusedEntry, SavedCalendar, Store, StoredCalendar,
    read_payload,
};
pub use store_error::{Missing, StoreError};
pub use telemetry::Telemetry;
