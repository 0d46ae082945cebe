//! The operations of `publish`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Operation, answer, read};
use crate::envelope::{Envelope, Meta};
use crate::error::{Code, Error};
use crate::model::{CalendarEntry, ChannelAccount, EntryId, RunId, Timestamp, deterministic_uuid};
use crate::ports::RefusedEntry;
use crate::publish::{
    DISABLED_PROVIDER, DryRun, DryRunPlan, EntryFindings, ExportRequest, PublishRequest,
    disabled_export, disabled_publish, dry_run,
};
use crate::telemetry::RequestId;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "publishDryRun",
        run: |input| answer(input, publish_dry_run),
    },
    Operation {
        name: "publishDisabled",
        run: |input| {
            answer(input, |input: DisabledInput<PublishRequest>| {
                let request = input.request;
                Ok(disabled(disabled_publish(&request), &request.request_id))
            })
        },
    },
    Operation {
        name: "exportDisabled",
        run: |input| {
            answer(input, |input: DisabledInput<ExportRequest>| {
                let request = input.request;
                Ok(disabled(disabled_export(&request), &request.request_id))
            })
        },
    },
];

/// The entries are read one by one: a row that can't be read is refused by its code and doesn't
/// block the others.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DryRunInput {
    request: PublishRequest,
    run_id: RunId,
    entries: Vec<Box<RawValue>>,
    accounts: Vec<ChannelAccount>,
    #[serde(default)]
    findings: Vec<EntryFindings>,
    now: Timestamp,
}

fn publish_dry_run(input: DryRunInput) -> Result<DryRunPlan, Error> {
    let mut entries = Vec::with_capacity(input.entries.len());
    let mut refused = Vec::new();
    for (index, raw) in input.entries.iter().enumerate() {
        match read::<CalendarEntry>(raw.get()) {
            Ok(entry) => entries.push(entry),
            Err(error) => refused.push(refuse(&input.request, index, raw.get(), error)?),
        }
    }
    dry_run(&DryRun {
        request: &input.request,
        run_id: input.run_id,
        entries: &entries,
        refused: &refused,
        accounts: &input.accounts,
        findings: &input.findings,
        now: input.now,
    })
}

/// The row as a refusal. One whose id can't be read is answered by its position, under an id made
/// from the calendar and the position, and doesn't block the others either.
fn refuse(
    request: &PublishRequest,
    index: usize,
    payload: &str,
    error: Error,
) -> Result<RefusedEntry, Error> {
    #[derive(Deserialize)]
    struct Named {
        id: EntryId,
    }
    let (id, error) = match read::<Named>(payload) {
        Ok(named) => (named.id, error),
        Err(unnamed) => {
            let parts = [
                "unnamed-entry",
                &request.calendar_id.to_string(),
                &index.to_string(),
            ];
            let error = Error {
                code: Code::IdInvalid,
                ..unnamed.at("id")
            };
            (EntryId::new(deterministic_uuid(&parts)), error)
        }
    };
    Ok(RefusedEntry {
        id,
        position: u32::try_from(index).map_err(|_| Error::new(Code::InputTooLarge))?,
        payload: payload.to_owned(),
        error: Error {
            position: None,
            ..error
        },
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DisabledInput<R> {
    request: R,
}

/// The host's envelope around an answer that says that publishing is switched off.
fn disabled<T>(data: T, request_id: &RequestId) -> Envelope<T> {
    let meta = Meta {
        provider: Some(DISABLED_PROVIDER.to_owned()),
        ..Meta::new(request_id.as_str())
    };
    Envelope::answer(data, meta)
}
