//! Publishing a calendar without sending anything.

use std::collections::BTreeSet;
use std::fmt;

use super::{
    DryRun, EntryFindings, FlushReport, Outbox, OutcomeStatus, PublishAnswer, PublishMode,
    PublishRequest, PublishStatus, disabled_publish, dry_run,
};
use crate::error::{Code, Error};
use crate::model::{
    CalendarEntry, ChannelAccount, IntentStatus, PublishIntent, RunRef, Timestamp, UserId,
};
use crate::ports::{
    Command, RecordIntents, Recorded, Store, StoreError, StoredCalendar, Telemetry,
};
use crate::telemetry::{Event, EventContext, EventKind, OutboxStatus, SetupStatus};

/// Judges a calendar's entries at an instant: what stands between each of them and its publication.
///
/// A calendar that can't be judged isn't published: the error is the answer.
pub type Judge<'a> = dyn Fn(&[CalendarEntry], &[ChannelAccount], Timestamp) -> Result<Vec<EntryFindings>, Error>
    + Send
    + Sync
    + 'a;

/// Publishes calendars as dry runs: it judges, records intents and answers, and holds nothing that
/// could reach a platform.
#[derive(Clone, Copy)]
pub struct DryRunPublisher<'a> {
    store: &'a dyn Store,
    outbox: &'a Outbox,
    telemetry: &'a dyn Telemetry,
    judge: &'a Judge<'a>,
}

impl fmt::Debug for DryRunPublisher<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DryRunPublisher")
            .field("outbox", &self.outbox.count())
            .finish_non_exhaustive()
    }
}

impl<'a> DryRunPublisher<'a> {
    /// A publisher over a store, an outbox for when the store is down, a sink for events and a judge.
    pub const fn new(
        store: &'a dyn Store,
        outbox: &'a Outbox,
        telemetry: &'a dyn Telemetry,
        judge: &'a Judge<'a>,
    ) -> Self {
        Self {
            store,
            outbox,
            telemetry,
            judge,
        }
    }

    /// Publishes the latest save of a calendar as a dry run, entry by entry.
    ///
    /// Off, it answers as the host does and touches neither store nor outbox. Otherwise every entry
    /// gets an intent and an outcome; asked the same twice, it writes nothing twice and answers
    /// the same. Where the store goes down before the intents are written, they wait in the
    /// outbox and the answer's status is [`PublishStatus::Queued`]; the first request after
    /// that which finds the store back writes them.
    ///
    /// # Errors
    /// [`Code::CalendarNotFound`] where the user has no such calendar (or the calendar no such run),
    /// [`Code::IdempotencyConflict`] where the key was used for another request,
    /// [`Code::OutboxFull`] where the store is down and the outbox has no room, and
    /// [`Code::StoreUnavailable`] where the calendar couldn't even be read, and whatever keeps the
    /// judge from judging. After an error nothing was accepted.
    pub async fn publish_calendar(
        &self,
        request: &PublishRequest,
        mode: PublishMode,
        now: Timestamp,
    ) -> Result<PublishAnswer, Error> {
        match mode {
            PublishMode::Off => Ok(disabled_publish(request)),
            PublishMode::DryRun => self.publish(request, now).await,
        }
    }

    /// Writes what waits in the outbox.
    pub async fn flush_outbox(&self) -> FlushReport {
        self.outbox.flush(self.store).await
    }

    async fn publish(
        &self,
        request: &PublishRequest,
        now: Timestamp,
    ) -> Result<PublishAnswer, Error> {
        if self.outbox.count() > 0 {
            self.flush_outbox().await;
        }
        let fingerprint = request.fingerprint()?;
        if let Some(key) = &request.idempotency_key
            && let Some(answer) = self.earlier(request.user_id, key, &fingerprint).await?
        {
            return Ok(answer);
        }
        let calendar = self.load(request).await?;
        let accounts = self.store.accounts(request.user_id).await?;
        let plan = dry_run(&DryRun {
            request,
            run_id: calendar.run.id,
            entries: &calendar.entries,
            refused: &calendar.refused,
            accounts: &accounts,
            findings: &(self.judge)(&calendar.entries, &accounts, now)?,
            now,
        })?;
        let answer = self
            .record(request, fingerprint, plan.intents, plan.answer)
            .await?;
        self.report(request, &answer, now);
        Ok(answer)
    }

    /// What the same request was answered when it first came with this key.
    async fn earlier(
        &self,
        user_id: UserId,
        key: &str,
        fingerprint: &str,
    ) -> Result<Option<PublishAnswer>, Error> {
        let waiting = self.outbox.command(user_id, key);
        let queued = waiting.is_some();
        let command = match waiting {
            None => self.store.command(user_id, key.to_owned()).await?,
            waiting => waiting,
        };
        match command {
            None => Ok(None),
            Some(command) if command.fingerprint != fingerprint => {
                Err(StoreError::CommandConflict { key: command.key }.into())
            }
            Some(command) => {
                let mut answer = PublishAnswer::from_json(&command.answer)?;
                if queued {
                    answer.status = PublishStatus::Queued;
                }
                Ok(Some(answer))
            }
        }
    }

    /// The latest save, once the named run is known to be one of the calendar's.
    async fn load(&self, request: &PublishRequest) -> Result<StoredCalendar, StoreError> {
        let latest = self
            .store
            .calendar(request.user_id, request.calendar_id)
            .await?;
        if let Some(RunRef::Stored(run_id)) = request.run_id
            && run_id != latest.run.id
        {
            self.store
                .run(request.user_id, request.calendar_id, run_id)
                .await?;
        }
        Ok(latest)
    }

    async fn record(
        &self,
        request: &PublishRequest,
        fingerprint: String,
        intents: Vec<PublishIntent>,
        answer: PublishAnswer,
    ) -> Result<PublishAnswer, Error> {
        let command = match &request.idempotency_key {
            None => None,
            Some(key) => Some(Command {
                key: key.clone(),
                fingerprint,
                answer: answer.to_json()?,
            }),
        };
        let record = RecordIntents {
            user_id: request.user_id,
            command,
            intents,
        };
        match self.store.record_intents(record.clone()).await {
            Ok(Recorded::Now { .. }) => Ok(answer),
            Ok(Recorded::Before { answer }) => PublishAnswer::from_json(&answer),
            Err(refusal @ (StoreError::CommandConflict { .. } | StoreError::Invalid(_))) => {
                Err(refusal.into())
            }
            // Whatever else keeps the store from writing, the intents are not lost.
            Err(_) => {
                self.outbox.push(record)?;
                Ok(PublishAnswer {
                    status: PublishStatus::Queued,
                    ..answer
                })
            }
        }
    }

    /// An event for every entry, one for each channel that isn't set up, and one where the intents
    /// had to wait.
    fn report(&self, request: &PublishRequest, answer: &PublishAnswer, now: Timestamp) {
        let record = |channel, kind| {
            self.telemetry.record(Event {
                at: now,
                context: EventContext {
                    request_id: request.request_id.clone(),
                    user_id: Some(request.user_id),
                    channel,
                    calendar_id: Some(request.calendar_id),
                    run_id: Some(answer.run_id),
                },
                kind,
            });
        };
        let mut not_set_up = BTreeSet::new();
        for outcome in &answer.outcomes {
            let status = match outcome.status {
                OutcomeStatus::DryRun => IntentStatus::DryRun,
                OutcomeStatus::Refused => IntentStatus::Refused,
            };
            let kind = EventKind::Publish {
                status,
                entry_id: outcome.entry_id,
                error_code: outcome.reason,
            };
            record(outcome.channel, kind);
            let auth = [Code::ChannelAuthMissing, Code::ChannelAuthInvalid];
            if let Some(code) = outcome.reason.filter(|code| auth.contains(code)) {
                not_set_up.insert((outcome.channel, code));
            }
        }
        for (channel, error_code) in not_set_up {
            let status = SetupStatus::AuthMissing;
            record(channel, EventKind::Setup { status, error_code });
        }
        if answer.status == PublishStatus::Queued {
            let intents = answer
                .outcomes
                .iter()
                .filter(|outcome| outcome.intent_id.is_some());
            let kind = EventKind::Outbox {
                status: OutboxStatus::Queued,
                intent_count: u32::try_from(intents.count()).unwrap_or(u32::MAX),
                error_code: Some(Code::StoreUnavailable),
            };
            record(None, kind);
        }
    }
}
