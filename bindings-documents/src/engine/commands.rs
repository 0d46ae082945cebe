//! What people ask of an engine.

use calendar_publish::error::Measure;
use calendar_publish::flags::{Flag, Flags, PublishNowOn, PublishingOn};
use calendar_publish::model::{PublishJob, UserId};
use calendar_publish::ports::{JobOutcome, JobOutcomes};
use calendar_publish::publish::{
    BatchOutcome, CancelOutcome, DryRunPublisher, EntryFindings, IncidentReport, MoveAnswer,
    PublishAnswer, PublishMode, Scheduled, WorkReport,
};
use calendar_publish::readiness::CalendarReadiness;
use calendar_publish::rules::RuleBook;
use calendar_publish::{Code, Error};

use super::Engine;
use super::requests::{
    ConfirmRequest, ContextRequest, DryRunRequest, IncidentReportRequest, JobsCommandRequest,
    PublishNowRequest, RescheduleJobRequest, ResumeIncidentRequest, ScheduleCalendarRequest,
    ScheduleRequest, ShiftJobsRequest, TickRequest,
};

/// That a flag is off, by the setting that would turn it on.
pub(super) fn flag_off(flag: Flag) -> Error {
    Error::new(Code::FlagOff).measured(Measure::text(flag.setting()))
}

impl Engine {
    fn flags(&self, user: UserId) -> Result<Flags, Error> {
        Flags::evaluate(&self.flag_settings, user)
    }

    fn publishing(&self, user: UserId) -> Result<PublishingOn, Error> {
        let on = self.flags(user)?.publishing();
        on.ok_or_else(|| flag_off(Flag::PublishService))
    }

    fn publishing_now(&self, user: UserId) -> Result<PublishNowOn, Error> {
        self.publishing(user)?;
        let on = self.flags(user)?.publishing_now();
        on.ok_or_else(|| flag_off(Flag::PublishNow))
    }

    pub(super) async fn tick(&self, asked: TickRequest) -> Result<WorkReport, Error> {
        self.worker()?.tick(asked.limit).await
    }

    pub(super) async fn schedule(&self, asked: ScheduleRequest) -> Result<Scheduled, Error> {
        let on = self.publishing(asked.context.user_id)?;
        self.queue
            .schedule(on, &asked.context, &asked.schedule, &mut |_| {})
            .await
    }

    pub(super) async fn schedule_calendar(
        &self,
        asked: ScheduleCalendarRequest,
    ) -> Result<Scheduled, Error> {
        let on = self.publishing(asked.context.user_id)?;
        self.queue
            .schedule_calendar(on, &asked.context, &asked.schedule, &mut |_| {})
            .await
    }

    pub(super) async fn batch_outcome(&self, asked: ContextRequest) -> Result<BatchOutcome, Error> {
        self.queue.batch_outcome(&asked.context).await
    }

    pub(super) async fn reschedule(
        &self,
        asked: RescheduleJobRequest,
    ) -> Result<MoveAnswer, Error> {
        let moved = self.queue.reschedule(&asked.context, &asked.reschedule);
        moved.await
    }

    pub(super) async fn shift(&self, asked: ShiftJobsRequest) -> Result<MoveAnswer, Error> {
        self.queue.shift(&asked.context, &asked.shift).await
    }

    pub(super) async fn retry(&self, asked: JobsCommandRequest) -> Result<JobOutcomes, Error> {
        self.queue.retry(&asked.context, &asked.job_ids).await
    }

    pub(super) async fn resume(&self, asked: JobsCommandRequest) -> Result<JobOutcomes, Error> {
        self.queue.resume(&asked.context, &asked.job_ids).await
    }

    pub(super) async fn cancel(
        &self,
        asked: JobsCommandRequest,
    ) -> Result<Vec<CancelOutcome>, Error> {
        self.queue.cancel(&asked.context, &asked.job_ids).await
    }

    pub(super) async fn publish_now(&self, asked: PublishNowRequest) -> Result<PublishJob, Error> {
        let on = self.publishing_now(asked.context.user_id)?;
        self.queue
            .publish_now(on, &asked.context, &asked.publish)
            .await
    }

    pub(super) async fn confirm(&self, asked: ConfirmRequest) -> Result<JobOutcomes, Error> {
        self.queue.confirm(&asked.context, &asked.confirm).await
    }

    pub(super) async fn incident_report(
        &self,
        asked: IncidentReportRequest,
    ) -> Result<IncidentReport, Error> {
        self.queue.incident_report(&asked.survey, asked.now).await
    }

    pub(super) async fn resume_after_incident(
        &self,
        asked: ResumeIncidentRequest,
    ) -> Result<Vec<JobOutcome>, Error> {
        self.queue
            .resume_after_incident(&asked.context, &asked.resume)
            .await
    }

    pub(super) async fn publish_dry_run(
        &self,
        asked: DryRunRequest,
    ) -> Result<PublishAnswer, Error> {
        let mode = match self.flags(asked.request.user_id)?.publish_service {
            true => PublishMode::DryRun,
            false => PublishMode::Off,
        };
        let rules = self.rules.as_ref().unwrap_or_else(|| RuleBook::builtin());
        let judge = |entries: &[_], accounts: &[_], now| {
            let judged = CalendarReadiness::new(entries, accounts, &[], rules, now)?;
            let findings = judged.all().map(|(entry_id, readiness)| EntryFindings {
                entry_id,
                findings: readiness.findings.clone(),
            });
            Ok(findings.collect())
        };
        let publisher = DryRunPublisher::new(&*self.store, &self.outbox, &*self.telemetry, &judge);
        publisher
            .publish_calendar(&asked.request, mode, asked.now)
            .await
    }
}
