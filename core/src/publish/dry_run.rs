//! The decision of a dry run: which entries would be published, which would not, and why.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{EntryOutcome, OutcomeStatus, PublishAnswer, PublishRequest, PublishStatus};
use crate::error::{Code, Error, Measure};
use crate::model::{
    CalendarEntry, Channel, ChannelAccount, EntryId, Finding, IntentId, IntentStatus,
    PublishIntent, ReadinessState, RunId, RunRef, Severity, Timestamp, deterministic_uuid,
};
use crate::order::sort_by_key;
use crate::ports::RefusedEntry;

/// What was found for one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryFindings {
    /// The entry.
    pub entry_id: EntryId,
    /// What was found, blocking findings first.
    pub findings: Vec<Finding>,
}

/// Everything a dry run looks at. It reads neither a clock nor a store.
#[derive(Clone, Copy, Debug)]
pub struct DryRun<'a> {
    /// What was asked.
    pub request: &'a PublishRequest,
    /// The run that is published: the latest save.
    pub run_id: RunId,
    /// The entries, in the calendar's order.
    pub entries: &'a [CalendarEntry],
    /// Rows that can't be read as entries.
    pub refused: &'a [RefusedEntry],
    /// The user's accounts; those of other users are not looked at.
    pub accounts: &'a [ChannelAccount],
    /// What was found, entry by entry; an entry that isn't listed has no findings.
    pub findings: &'a [EntryFindings],
    /// The present instant, for the intents' `created_at`. It decides nothing.
    pub now: Timestamp,
}

/// What a dry run decided; nothing has been written yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DryRunPlan {
    /// The intents to record: one for every entry that can be read, refused ones included.
    pub intents: Vec<PublishIntent>,
    /// The answer to the request.
    pub answer: PublishAnswer,
}

/// Decides a dry run, entry by entry: a bad entry never blocks the others.
///
/// An entry is refused where it has a blocking finding (already now or at its scheduled instant),
/// is a draft ([`Code::EntryDraft`]), is published already ([`Code::EntryPublished`]), or has no
/// linked account on its channel ([`Code::ChannelAuthMissing`], naming the channel). Rows that
/// can't be read are refused with the code of what is wrong with them.
///
/// The ids come from the content: the same entries, judged the same way, give the same ids whenever
/// and wherever they are asked for; an edited entry or another verdict gives new ones. An intent's id
/// is the [`deterministic_uuid`] of `publish-intent`, user, calendar, run, the entry as JSON (its
/// revision 0, its readiness left out) and `dry_run` or the code of the refusal; the answer's is that
/// of `publication`, user, calendar, run and the ids of the intents.
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::model::Timestamp;
/// use calendar_publish::publish::{DryRun, PublishStatus, dry_run};
///
/// let request = serde_json::from_str(
///     r#"{"requestId":"r-1","userId":"0190a000-0000-7000-8000-000000000001",
///         "calendarId":"0190b000-0000-7000-8000-000000000001"}"#,
/// )?;
/// let entries = [serde_json::from_str(
///     r#"{"id":"0190d000-0000-7000-8000-000000000001","calendarId":"0190b000-0000-7000-8000-000000000001",
///         "piece":{"title":"Pan","channel":"tiktok","date":"2026-04-02"}}"#,
/// )?];
/// let plan = dry_run(&DryRun {
///     request: &request,
///     run_id: "0190c000-0000-7000-8000-000000000001".parse()?,
///     entries: &entries,
///     refused: &[],
///     accounts: &[], // nothing is linked
///     findings: &[],
///     now: Timestamp::from_millis(1_775_000_000_000),
/// })?;
/// assert_eq!(plan.answer.status, PublishStatus::Refused);
/// assert_eq!(plan.answer.outcomes[0].reason, Some(Code::ChannelAuthMissing));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Code::IdDuplicate`] where an entry stands twice, [`Code::EntryNotFound`] where findings are
/// about an entry that isn't there, [`Code::FieldValueInvalid`] where an entry is of another
/// calendar or its payload can't be written as JSON.
pub fn dry_run(input: &DryRun<'_>) -> Result<DryRunPlan, Error> {
    check(input)?;
    let linked = linked_channels(input);
    let found: HashMap<EntryId, &[Finding]> = input
        .findings
        .iter()
        .map(|found| (found.entry_id, found.findings.as_slice()))
        .collect();
    let mut intents = Vec::with_capacity(input.entries.len());
    let mut outcomes = Vec::with_capacity(input.entries.len() + input.refused.len());
    for (index, entry) in input.entries.iter().enumerate() {
        let findings = verdict(entry, found.get(&entry.id).copied(), &linked);
        let (intent, outcome) =
            decide(input, entry, findings).map_err(|error| error.under(&path(input, index)))?;
        intents.push(intent);
        outcomes.push(outcome);
    }
    let answer = sum_up(input, &intents, outcomes);
    Ok(DryRunPlan { intents, answer })
}

fn check(input: &DryRun<'_>) -> Result<(), Error> {
    let mut ids = HashSet::with_capacity(input.entries.len());
    for (index, entry) in input.entries.iter().enumerate() {
        if entry.calendar_id != input.request.calendar_id {
            return Err(Error::new(Code::FieldValueInvalid)
                .at(format!("{}.calendarId", path(input, index)))
                .measured(Measure::text(entry.calendar_id.to_string())));
        }
        if !ids.insert(entry.id) {
            return Err(duplicate(&path(input, index), entry.id));
        }
    }
    if let Some(index) = input
        .findings
        .iter()
        .position(|found| !ids.contains(&found.entry_id))
    {
        return Err(Error::new(Code::EntryNotFound).at(format!("findings[{index}].entryId")));
    }
    match input.refused.iter().find(|row| !ids.insert(row.id)) {
        None => Ok(()),
        Some(row) => Err(duplicate(&format!("entries[{}]", row.position), row.id)),
    }
}

fn duplicate(path: &str, id: EntryId) -> Error {
    Error::new(Code::IdDuplicate)
        .at(format!("{path}.id"))
        .measured(Measure::text(id.to_string()))
}

/// An entry's path in its calendar, where rows that can't be read have their places too.
fn path(input: &DryRun<'_>, index: usize) -> String {
    let mut positions: Vec<u32> = input.refused.iter().map(|row| row.position).collect();
    sort_by_key(&mut positions, |position| *position);
    let place = positions.iter().fold(index, |place, position| {
        let before = usize::try_from(*position).is_ok_and(|position| position <= place);
        if before {
            place.saturating_add(1)
        } else {
            place
        }
    });
    format!("entries[{place}]")
}

fn linked_channels(input: &DryRun<'_>) -> HashSet<Channel> {
    input
        .accounts
        .iter()
        .filter(|account| account.user_id == input.request.user_id)
        .map(|account| account.channel)
        .collect()
}

/// The findings of an entry with those that only publishing asks for, the weightiest of them first.
fn verdict(
    entry: &CalendarEntry,
    found: Option<&[Finding]>,
    linked: &HashSet<Channel>,
) -> Vec<Finding> {
    let channel = entry.piece.channel;
    let own = [
        (entry.readiness == Some(ReadinessState::Published))
            .then(|| Finding::blocking(Code::EntryPublished, "readiness")),
        entry
            .draft
            .then(|| Finding::blocking(Code::EntryDraft, "draft")),
        (!linked.contains(&channel)).then(|| {
            Finding::blocking(Code::ChannelAuthMissing, "account")
                .measured(Measure::text(channel.as_str()))
        }),
    ];
    let mut findings: Vec<Finding> = own.into_iter().flatten().collect();
    let others = found.unwrap_or_default().iter();
    let more: Vec<Finding> = others
        .filter(|finding| findings.iter().all(|own| own.code != finding.code))
        .cloned()
        .collect();
    findings.extend(more);
    findings
}

fn decide(
    input: &DryRun<'_>,
    entry: &CalendarEntry,
    findings: Vec<Finding>,
) -> Result<(PublishIntent, EntryOutcome), Error> {
    let cause = findings
        .iter()
        .find(|finding| finding.severity == Severity::Blocking);
    let error = cause.map(|finding| Error {
        code: finding.code,
        path: finding.path.clone(),
        measured: finding.measured.clone(),
        allowed: finding.allowed.clone(),
        position: None,
    });
    let reason = cause.map(|finding| finding.code);
    let (status, intent_status) = match reason {
        None => (OutcomeStatus::DryRun, IntentStatus::DryRun),
        Some(_) => (OutcomeStatus::Refused, IntentStatus::Refused),
    };
    let id = intent_id(input, entry, reason)?;
    let intent = PublishIntent {
        id,
        calendar_id: input.request.calendar_id,
        run_id: Some(input.run_id),
        user_id: input.request.user_id,
        entry_id: entry.id,
        channel: entry.piece.channel,
        payload: json(&entry.piece)?,
        status: intent_status,
        error,
        created_at: input.now,
    };
    let outcome = EntryOutcome {
        entry_id: entry.id,
        title: entry.piece.title.clone(),
        channel: Some(entry.piece.channel),
        intent_id: Some(id),
        status,
        reason,
        findings,
    };
    Ok((intent, outcome))
}

/// Neither the stored readiness nor the revision is content: judging or saving an entry again
/// without changing it doesn't make another intent.
fn intent_id(
    input: &DryRun<'_>,
    entry: &CalendarEntry,
    reason: Option<Code>,
) -> Result<IntentId, Error> {
    let content = CalendarEntry {
        readiness: None,
        revision: 0,
        ..entry.clone()
    };
    Ok(IntentId::new(deterministic_uuid(&[
        "publish-intent",
        &input.request.user_id.to_string(),
        &input.request.calendar_id.to_string(),
        &input.run_id.to_string(),
        &json(&content)?,
        reason.map_or(OutcomeStatus::DryRun.as_str(), Code::as_str),
    ])))
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(Code::FieldValueInvalid)
            .at("piece")
            .measured(Measure::text(error.to_string()))
    })
}

fn sum_up(
    input: &DryRun<'_>,
    intents: &[PublishIntent],
    mut outcomes: Vec<EntryOutcome>,
) -> PublishAnswer {
    let accepted = || {
        intents
            .iter()
            .filter(|intent| intent.status == IntentStatus::DryRun)
    };
    let entries = u32::try_from(accepted().count()).unwrap_or(u32::MAX);
    let channels = Channel::ALL
        .into_iter()
        .filter(|channel| accepted().any(|intent| intent.channel == *channel))
        .collect();
    insert_refused(&mut outcomes, input.refused);
    PublishAnswer {
        intent_id: publication_id(input, intents),
        calendar_id: input.request.calendar_id,
        run_id: RunRef::Stored(input.run_id),
        channels,
        entries,
        status: if entries == 0 && !outcomes.is_empty() {
            PublishStatus::Refused
        } else {
            PublishStatus::DryRun
        },
        reason: None,
        outcomes,
    }
}

/// Puts the rows that can't be read where they stand in the calendar.
fn insert_refused(outcomes: &mut Vec<EntryOutcome>, refused: &[RefusedEntry]) {
    let mut refused: Vec<&RefusedEntry> = refused.iter().collect();
    sort_by_key(&mut refused, |row| row.position);
    for row in refused {
        let finding = Finding {
            measured: row.error.measured.clone(),
            allowed: row.error.allowed.clone(),
            ..Finding::blocking(row.error.code, row.error.path.clone())
        };
        let place = usize::try_from(row.position).unwrap_or(usize::MAX);
        outcomes.insert(
            place.min(outcomes.len()),
            EntryOutcome {
                entry_id: row.id,
                title: row.title(),
                channel: None,
                intent_id: None,
                status: OutcomeStatus::Refused,
                reason: Some(row.error.code),
                findings: vec![finding],
            },
        );
    }
}

fn publication_id(input: &DryRun<'_>, intents: &[PublishIntent]) -> IntentId {
    let parts: Vec<String> = [
        "publication".to_owned(),
        input.request.user_id.to_string(),
        input.request.calendar_id.to_string(),
        input.run_id.to_string(),
    ]
    .into_iter()
    .chain(intents.iter().map(|intent| intent.id.to_string()))
    .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    IntentId::new(deterministic_uuid(&parts))
}
