//! JSON, as `export_json` writes it.

use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::document::check_depth;
use super::source::Source;
use super::utf8::{TextReader, Track};
use super::{Imported, JsonImportOptions, MAX_LEVELS, Refusal};
use crate::error::{Allowed, Code, Error, Measure, Position, Unit};
use crate::export::{ExportedEntry, JsonHead, SCHEMA_VERSION};
use crate::model::{CalendarId, RunRef, Timestamp};
use crate::operation::json_error;

/// Reads a [`CalendarExport`](crate::export::CalendarExport) from a stream and hands over every
/// entry, taken or refused, in the document's order.
///
/// Entries are read strictly, one by one: an unknown field, a wrong type or a value that doesn't exist
/// refuses its entry, with line and column in the document, and no other. The path of an error is
/// the entry's: `entries[3]`.
///
/// ```
/// use calendar_publish::import::{JsonImportOptions, read_json};
///
/// let json = r#"{ "schemaVersion": 1, "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///   "entries": [ { "entry": { "id": "nobody" } } ] }"#;
/// let import = read_json(json.as_bytes(), &JsonImportOptions::default())?;
/// let position = import.refused[0].errors[0].position.unwrap();
/// assert_eq!((position.line, import.refused[0].errors[0].path.as_str()), (2, "entries[0]"));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
///
/// # Errors
/// [`Code::SchemaVersionUnsupported`] for another version than [`SCHEMA_VERSION`],
/// [`Code::FieldMissing`] for a document without a version, a calendar or entries,
/// [`Code::InputTooLarge`] over the bound, [`Code::InputNotUtf8`] and [`Code::InputInvalid`] with
/// line and column. Entries may have been handed over by then.
pub fn import_json(
    input: impl Read,
    options: &JsonImportOptions,
    each: impl FnMut(Imported<ExportedEntry>),
) -> Result<JsonHead, Error> {
    let mut source = Source::new(input, options.max_bytes);
    // RFC 8259, 8.1: a parser may pass over a byte order mark.
    if source
        .fill_until(|bytes| bytes.len() >= 3)?
        .starts_with(b"\xEF\xBB\xBF")
    {
        source.consume(3);
    }
    let track = Track::default();
    let mut deserializer =
        serde_json::Deserializer::from_reader(TextReader::new(source, track.clone()));
    let document = DocumentVisitor {
        track: &track,
        max_levels: options.max_levels.min(MAX_LEVELS),
        each,
    };
    deserializer
        .deserialize_map(document)
        .and_then(|head| deserializer.end().map(|()| head))
        .map_err(|error| track.failure().unwrap_or_else(|| json_error(&error)))
}

/// Reads the document's fields and hands its entries over.
struct DocumentVisitor<'t, F> {
    track: &'t Track,
    max_levels: u32,
    each: F,
}

impl<F> DocumentVisitor<'_, F> {
    /// An error of ours, through serde's hands.
    fn refuse<E: serde::de::Error>(&self, error: Error) -> E {
        self.track.fail(error);
        E::custom("the document was refused")
    }
}

const FIELDS: &[&str] = &[
    "schemaVersion",
    "calendarId",
    "runId",
    "exportedAt",
    "entries",
];

impl<'de, F: FnMut(Imported<ExportedEntry>)> Visitor<'de> for DocumentVisitor<'_, F> {
    type Value = JsonHead;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a calendar export")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<JsonHead, A::Error> {
        let mut version = None::<u64>;
        let mut calendar_id = None::<CalendarId>;
        let mut run_id = None::<RunRef>;
        let mut exported_at = None::<Timestamp>;
        let mut entries = false;
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "schemaVersion" => {
                    let found = map.next_value::<u64>()?;
                    version = Some(found);
                    if found != u64::from(SCHEMA_VERSION) {
                        let Position { line, column } = self.track.position();
                        let error = Error::new(Code::SchemaVersionUnsupported)
                            .at("schemaVersion")
                            .measured(Measure::number(found as f64, Unit::Plain))
                            .allowed(Allowed::one_of([SCHEMA_VERSION.to_string()]))
                            .positioned(line, column);
                        return Err(self.refuse(error));
                    }
                }
                "calendarId" => calendar_id = Some(map.next_value()?),
                "runId" => run_id = map.next_value()?,
                "exportedAt" => exported_at = map.next_value()?,
                "entries" if entries => return Err(A::Error::duplicate_field("entries")),
                "entries" => {
                    entries = true;
                    map.next_value_seed(Entries {
                        track: self.track,
                        max_levels: self.max_levels,
                        each: &mut self.each,
                    })?;
                }
                unknown => return Err(A::Error::unknown_field(unknown, FIELDS)),
            }
        }
        let missing = |field| Error::new(Code::FieldMissing).at(field);
        match (version, calendar_id, entries) {
            (None, ..) => Err(self.refuse(missing("schemaVersion"))),
            (_, None, _) => Err(self.refuse(missing("calendarId"))),
            (.., false) => Err(self.refuse(missing("entries"))),
            (_, Some(calendar_id), _) => Ok(JsonHead {
                calendar_id,
                run_id,
                exported_at,
            }),
        }
    }
}

/// Reads the entries one by one.
struct Entries<'a, F> {
    track: &'a Track,
    max_levels: u32,
    each: &'a mut F,
}

impl<'de, F: FnMut(Imported<ExportedEntry>)> DeserializeSeed<'de> for Entries<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Imported<ExportedEntry>)> Visitor<'de> for Entries<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while let Some((place, json)) = entries.next_element_seed(Placed(self.track))? {
            (self.each)(match read_entry(json.get(), self.max_levels) {
                Ok(entry) => Imported::Taken(entry),
                Err(error) => Imported::Refused(Refusal {
                    line: place.line,
                    errors: vec![shifted(error, place).at(format!("entries[{index}]"))],
                }),
            });
            index += 1;
        }
        Ok(())
    }
}

fn read_entry(json: &str, max_levels: u32) -> Result<ExportedEntry, Error> {
    check_depth(json, max_levels)?;
    crate::json::from_str(json).map_err(|error| json_error(&error))
}

/// `error`, whose place is counted from the beginning of its entry, with its place in the document.
fn shifted(mut error: Error, begin: Position) -> Error {
    if let Some(position) = &mut error.position {
        if position.line == 1 {
            position.column += begin.column - 1;
        }
        position.line += begin.line - 1;
    }
    error
}

/// A value as it stands, and the place of its first byte.
struct Placed<'a>(&'a Track);

impl<'de> DeserializeSeed<'de> for Placed<'_> {
    type Value = (Position, Box<RawValue>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        // Looking for the next element, serde_json has just read the first byte of it.
        let place = self.0.position();
        Ok((place, Box::<RawValue>::deserialize(deserializer)?))
    }
}
