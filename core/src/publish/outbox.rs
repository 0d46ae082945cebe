//! Intents that wait while the store is down.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{IntentId, UserId};
use crate::ports::{Command, RecordIntents, Store, StoreError};

/// A bounded queue of intents that couldn't be stored yet.
///
/// What is in here is written once when the store is back: each intent by its id, each command by
/// its key. It lives in memory; a host that stops with a count above zero loses that many intents,
/// so it should show [`count`](Self::count) and flush before it stops.
///
/// ```
/// use calendar_publish::publish::Outbox;
///
/// let outbox = Outbox::default();
/// assert_eq!((outbox.count(), outbox.capacity()), (0, Outbox::CAPACITY));
/// ```
#[derive(Debug)]
pub struct Outbox {
    capacity: usize,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// Batches in the order they came, each with a number that is never given again.
    batches: VecDeque<(u64, RecordIntents)>,
    next: u64,
}

/// What a flush came to.
#[derive(Clone, Debug, PartialEq)]
pub struct FlushReport {
    /// Intents that were written, or were found written already.
    pub flushed: usize,
    /// Intents that still wait.
    pub waiting: usize,
    /// Why they wait: the first failure.
    pub error: Option<StoreError>,
}

impl Outbox {
    /// The intents an outbox holds where nothing else is said.
    pub const CAPACITY: usize = 1_000;

    /// An outbox for at most `capacity` intents.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            queue: Mutex::default(),
        }
    }

    /// The intents that wait. A batch without intents (every row was refused, but its answer must be
    /// kept) counts as one.
    pub fn count(&self) -> usize {
        self.queue().count()
    }

    /// The intents that may wait.
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Takes a batch, wholly or not at all. Intents that wait already are not taken twice.
    ///
    /// # Errors
    /// [`Code::OutboxFull`] with the count and the capacity where the batch doesn't fit;
    /// [`Code::IdempotencyConflict`] where its key waits with other content.
    pub fn push(&self, mut record: RecordIntents) -> Result<(), Error> {
        let mut queue = self.queue();
        if let Some(command) = &record.command
            && let Some(earlier) = queue.command(record.user_id, &command.key)
        {
            return if earlier.fingerprint == command.fingerprint {
                Ok(())
            } else {
                Err(StoreError::CommandConflict {
                    key: command.key.clone(),
                }
                .into())
            };
        }
        let waiting: HashSet<IntentId> = queue
            .batches
            .iter()
            .flat_map(|(_, batch)| batch.intents.iter().map(|intent| intent.id))
            .collect();
        record
            .intents
            .retain(|intent| !waiting.contains(&intent.id));
        if record.intents.is_empty() && record.command.is_none() {
            return Ok(());
        }
        let count = queue.count().saturating_add(weight(&record));
        if count > self.capacity {
            return Err(Error::new(Code::OutboxFull)
                .measured(Measure::count(count, Unit::Entries))
                .allowed(Allowed::at_most(self.capacity as f64, Unit::Entries)));
        }
        let number = queue.next;
        queue.next = number.wrapping_add(1);
        queue.batches.push_back((number, record));
        Ok(())
    }

    /// The waiting command that carried `key`.
    pub fn command(&self, user_id: UserId, key: &str) -> Option<Command> {
        self.queue().command(user_id, key).cloned()
    }

    /// Writes what waits, oldest first, and stops at the first failure of the store itself. Flushing
    /// twice at a time, or after a flush whose answer was lost, writes nothing twice.
    pub async fn flush(&self, store: &dyn Store) -> FlushReport {
        let mut flushed = 0_usize;
        let mut error = None;
        let mut after = None;
        while let Some((number, batch)) = self.next_after(after) {
            after = Some(number);
            match write(store, batch.clone()).await {
                Ok(()) => {
                    flushed = flushed.saturating_add(weight(&batch));
                    self.queue()
                        .batches
                        .retain(|(waiting, _)| *waiting != number);
                }
                Err(failure) => {
                    let down = matches!(failure, StoreError::Unavailable { .. });
                    error = error.or(Some(failure));
                    if down {
                        break;
                    }
                }
            }
        }
        FlushReport {
            flushed,
            waiting: self.count(),
            error,
        }
    }

    fn next_after(&self, after: Option<u64>) -> Option<(u64, RecordIntents)> {
        self.queue()
            .batches
            .iter()
            .find(|(number, _)| after.is_none_or(|after| *number > after))
            .cloned()
    }

    /// The queue is never left half changed, so a poisoned lock is taken all the same.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self::new(Self::CAPACITY)
    }
}

impl Queue {
    fn count(&self) -> usize {
        self.batches.iter().map(|(_, batch)| weight(batch)).sum()
    }

    fn command(&self, user_id: UserId, key: &str) -> Option<&Command> {
        self.batches
            .iter()
            .filter(|(_, batch)| batch.user_id == user_id)
            .filter_map(|(_, batch)| batch.command.as_ref())
            .find(|command| command.key == key)
    }
}

fn weight(record: &RecordIntents) -> usize {
    record.intents.len().max(1)
}

/// Somebody may have used the key while the store couldn't be asked. The intents were promised
/// before that was known, so they are recorded without the command.
async fn write(store: &dyn Store, batch: RecordIntents) -> Result<(), StoreError> {
    let without_command = RecordIntents {
        command: None,
        ..batch.clone()
    };
    match store.record_intents(batch).await {
        Err(StoreError::CommandConflict { .. }) => {
            store.record_intents(without_command).await.map(drop)
        }
        other => other.map(drop),
    }
}
