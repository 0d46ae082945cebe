//! A dry-run publication, with an outcome per entry.

use anyhow::Result;
use calendar_publish::flags::{Flags, Setting};
use calendar_publish::publish::{
    DryRunPublisher, EntryFindings, Outbox, PublishAnswer, PublishMode, PublishRequest,
};
use calendar_publish::readiness::CalendarReadiness;
use calendar_publish::rules::RuleBook;

use super::Shelf;

/// Asks for the calendar's publication as a dry run, twice with the same answer.
pub(crate) async fn publish(shelf: &Shelf, settings: &[Setting]) -> Result<PublishAnswer> {
    let mode = match Flags::evaluate(settings, shelf.user)?.publish_service {
        true => PublishMode::DryRun,
        false => PublishMode::Off,
    };
    let outbox = Outbox::default();
    let judge = |entries: &[_], accounts: &[_], now| {
        let judged = CalendarReadiness::new(entries, accounts, &[], RuleBook::builtin(), now)?;
        let findings = judged.all().map(|(entry_id, readiness)| EntryFindings {
            entry_id,
            findings: readiness.findings.clone(),
        });
        Ok(findings.collect())
    };
    let publisher = DryRunPublisher::new(&shelf.store, &outbox, &(), &judge);
    let request = PublishRequest {
        request_id: "quickstart".parse()?,
        user_id: shelf.user,
        calendar_id: shelf.calendar,
        run_id: None,
        idempotency_key: None,
    };
    Ok(publisher
        .publish_calendar(&request, mode, shelf.now)
        .await?)
}
