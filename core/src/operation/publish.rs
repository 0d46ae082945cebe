//! The operations of `publish`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::read;
use crate::envelope::{ErrorBody, Meta};
use crate::error::{Code, Error};
use crate::model::{CalendarEntry, ChannelAccount, EntryId, RunId, Timestamp, deterministic_uuid};
use crate::ports::RefusedEntry;
use crate::publish::{
    DISABLED_PROVIDER, DryRun, DryRunPlan, EntryFindings, ExportDisabled, ExportRequest,
    PublishAnswer, PublishRequest, disabled_export, disabled_publish, dry_run,
};
use crate::telemetry::RequestId;

/// What `publishDryRun` would publish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishDryRunInput {
    /// The request.
    pub request: PublishRequest,
    /// The run that is published.
    pub run_id: RunId,
    /// The calendar's rows. One that can't be read is refused by its code and doesn't block the others.
    pub entries: Vec<EntryRow>,
    /// The user's accounts.
    pub accounts: Vec<ChannelAccount>,
    /// What is known to be held against entries.
    #[serde(default)]
    pub findings: Vec<EntryFindings>,
    /// The present.
    pub now: Timestamp,
}

/// A row of a calendar. In JSON it is the entry itself, or whatever stands in its place.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every row is an entry, and boxing each costs more than it saves"
)]
pub enum EntryRow {
    /// A row that is an entry.
    Entry {
        /// The entry.
        entry: CalendarEntry,
    },
    /// A row that can't be read as an entry.
    Unreadable {
        /// The row, as JSON text.
        payload: String,
    },
}

impl<'de> Deserialize<'de> for EntryRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Box::<RawValue>::deserialize(deserializer)?;
        Ok(match read(row.get()) {
            Ok(entry) => Self::Entry { entry },
            Err(_) => Self::Unreadable {
                payload: row.get().to_owned(),
            },
        })
    }
}

impl Serialize for EntryRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Entry { entry } => entry.serialize(serializer),
            Self::Unreadable { payload } => crate::json::from_str::<&RawValue>(payload)
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for EntryRow {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EntryRow".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A row of a calendar: the entry itself, or whatever stands in its place.",
            "anyOf": [generator.subschema_for::<CalendarEntry>(), true],
        })
    }
}

pub(super) fn publish_dry_run(input: PublishDryRunInput) -> Result<DryRunPlan, Error> {
    let mut entries = Vec::with_capacity(input.entries.len());
    let mut refused = Vec::new();
    for (index, row) in input.entries.into_iter().enumerate() {
        match row {
            EntryRow::Entry { entry } => entries.push(entry),
            EntryRow::Unreadable { payload } => match read::<CalendarEntry>(&payload) {
                Ok(entry) => entries.push(entry),
                Err(error) => refused.push(refuse(&input.request, index, payload, error)?),
            },
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
    payload: String,
    error: Error,
) -> Result<RefusedEntry, Error> {
    #[derive(Deserialize)]
    struct Named {
        id: EntryId,
    }
    let (id, error) = match read::<Named>(&payload) {
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
        payload,
        error: Error {
            position: None,
            ..error
        },
    })
}

/// A publish request while publishing is switched off, for `publishDisabled`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishDisabledInput {
    /// The request.
    pub request: PublishRequest,
}

/// The host's envelope around the answer to a publish request while publishing is switched off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisabledPublish {
    /// The answer.
    pub data: PublishAnswer,
    /// Always `null`: being switched off is no error.
    pub error: Option<ErrorBody>,
    /// What stands beside the answer.
    pub meta: Meta,
}

pub(super) fn publish_disabled(input: PublishDisabledInput) -> Result<DisabledPublish, Error> {
    Ok(DisabledPublish {
        data: disabled_publish(&input.request),
        error: None,
        meta: meta(&input.request.request_id),
    })
}

/// An export request while publishing is switched off, for `exportDisabled`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportDisabledInput {
    /// The request.
    pub request: ExportRequest,
}

/// The host's envelope around the answer to an export request while publishing is switched off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisabledExport {
    /// The answer.
    pub data: ExportDisabled,
    /// Always `null`: being switched off is no error.
    pub error: Option<ErrorBody>,
    /// What stands beside the answer.
    pub meta: Meta,
}

pub(super) fn export_disabled(input: ExportDisabledInput) -> Result<DisabledExport, Error> {
    Ok(DisabledExport {
        data: disabled_export(&input.request),
        error: None,
        meta: meta(&input.request.request_id),
    })
}

/// Says that publishing is switched off.
fn meta(request_id: &RequestId) -> Meta {
    Meta {
        provider: Some(DISABLED_PROVIDER.to_owned()),
        ..Meta::new(request_id.as_str())
    }
}
