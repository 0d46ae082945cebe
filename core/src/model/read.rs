//! Reads pieces that may be incomplete or wrong, one by one, and says everything about each.

use std::borrow::Cow;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::loose::{Document, Loose, LooseElement, LoosePiece};
use super::piece::{DEFAULT_TITLE, PieceFields};
use super::{CalendarPiece, ExtraField, LocalTime, PostFormat};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::operation::json_error;

#[cfg(test)]
mod tests;

/// The levels of nesting an unknown field of a piece may have.
pub const MAX_NESTING: u32 = 64;

/// The channel the host gives to a piece without one. It can't be published to.
const DEFAULT_CHANNEL: &str = "general";

/// A piece that could be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadPiece {
    /// Its place among what was read, from 0.
    pub index: u32,
    /// The piece.
    pub piece: CalendarPiece,
    /// Each field that was missing and given the host's default ([`Code::FieldDefaulted`]), with
    /// the default as what was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<Error>,
}

/// A piece that couldn't be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PieceRefusal {
    /// Its place among what was read, from 0.
    pub index: u32,
    /// Everything that is wrong with it, field by field.
    pub errors: Vec<Error>,
}

/// What came of a list of pieces: each element is in one of the two lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PieceReading {
    /// The pieces that could be read, in their order.
    pub pieces: Vec<ReadPiece>,
    /// The others, in their order.
    pub refusals: Vec<PieceRefusal>,
}

/// Reads a JSON array of pieces, or an object with such an array as `entries`.
///
/// Missing titles, formats and times are given the host's defaults (`Pieza`, `post`, `09:00`), and
/// each is named. A missing channel is the host's `general`, which can't be published to. A piece
/// that is wrong is refused with all its errors, and the others are read all the same. Unknown fields
/// are kept to the letter; only nesting beyond [`MAX_NESTING`] is refused.
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::model::read_pieces;
///
/// let reading = read_pieces(
///     br#"[{"channel":"ig","date":"2026-04-02","time":"18:30","title":"Pan","format":"reel"},
///          {"channel":"ig","date":"2026-02-30","time":"18:30","title":"Sal","format":"historia"},
///          {"channel":"tiktok","date":"2026-04-03"}]"#,
/// )?;
/// assert_eq!(reading.pieces.len(), 2);
/// assert_eq!(reading.pieces[1].defaults[0].path, "[2].title");
/// let codes: Vec<Code> = reading.refusals[0].errors.iter().map(|error| error.code).collect();
/// assert_eq!(codes, [Code::FormatUnsupported, Code::DateInvalid]);
/// # Ok::<(), calendar_publish::Error>(())
/// ```
///
/// # Errors
/// Only where there is no list to read: [`Code::InputNotUtf8`] and [`Code::InputInvalid`], both with
/// line and column, and [`Code::FieldMissing`] where an object has no `entries`.
pub fn read_pieces(json: &[u8]) -> Result<PieceReading, Error> {
    let json = utf8(json)?;
    let mut reading = PieceReading::default();
    if let Ok(document) = serde_json::from_str::<Document<LooseElement<'_>>>(json) {
        let root = document.root;
        for (index, element) in document
            .elements
            .ok_or_else(no_entries)?
            .into_iter()
            .enumerate()
        {
            reading.take(root, index, judge_element(element));
        }
        return Ok(reading);
    }
    // Some value can't be held by any type of this library, or the JSON is broken: looked at
    // element by element, only the one concerned is lost.
    let document: Document<&RawValue> =
        serde_json::from_str(json).map_err(|error| json_error(&error))?;
    let root = document.root;
    for (index, element) in document
        .elements
        .ok_or_else(no_entries)?
        .into_iter()
        .enumerate()
    {
        reading.take(root, index, judge_raw(element));
    }
    Ok(reading)
}

/// Reads one piece, an element of a list at `index`; paths are those inside the piece.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_piece(json: &[u8], index: u32) -> Result<ReadPiece, PieceRefusal> {
    let refused = |error| PieceRefusal {
        index,
        errors: vec![error],
    };
    let raw: &RawValue = utf8(json)
        .and_then(|json| serde_json::from_str(json).map_err(|error| json_error(&error)))
        .map_err(refused)?;
    match judge_raw(raw) {
        Ok((piece, defaults)) => Ok(ReadPiece {
            index,
            piece,
            defaults,
        }),
        Err(errors) => Err(PieceRefusal { index, errors }),
    }
}

/// A piece inside a larger document, read along with it.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct EmbeddedPiece<'a>(#[serde(borrow)] LooseElement<'a>);

impl EmbeddedPiece<'_> {
    /// What [`read_piece`] gives, the piece and its defaults; nothing where it would be refused.
    pub(crate) fn read(self) -> Option<(CalendarPiece, Vec<Error>)> {
        judge_element(self.0).ok()
    }
}

/// A piece with the defaults it was given, or everything that is wrong with it.
type Judgement = Result<(CalendarPiece, Vec<Error>), Vec<Error>>;

impl PieceReading {
    fn take(&mut self, root: &str, index: usize, judgement: Judgement) {
        let prefix = || format!("{root}[{index}]");
        let under = |errors: Vec<Error>| match errors.as_slice() {
            [] => errors,
            _ => {
                let prefix = prefix();
                errors.into_iter().map(|e| e.under(&prefix)).collect()
            }
        };
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        match judgement {
            Ok((piece, defaults)) => self.pieces.push(ReadPiece {
                index,
                piece,
                defaults: under(defaults),
            }),
            Err(errors) => self.refusals.push(PieceRefusal {
                index,
                errors: under(errors),
            }),
        }
    }
}

fn no_entries() -> Error {
    Error::new(Code::FieldMissing).at("entries")
}

fn utf8(json: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(json).map_err(|error| {
        let valid = json.get(..error.valid_up_to()).unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', valid).map_or(0, |end| end + 1);
        let line = memchr::memchr_iter(b'\n', valid).count() + 1;
        let column = valid.len() - line_start + 1;
        Error::new(Code::InputNotUtf8).positioned(line as i64, column as i64)
    })
}

fn judge_raw(raw: &RawValue) -> Judgement {
    match serde_json::from_str(raw.get()) {
        Ok(element) => judge_element(element),
        Err(_) => match LoosePiece::by_field(raw) {
            Ok(piece) => judge(piece),
            Err(error) => Err(vec![json_error(&error)]),
        },
    }
}

fn judge_element(element: LooseElement<'_>) -> Judgement {
    match element {
        LooseElement::Piece(piece) => judge(*piece),
        LooseElement::Other(kind) => Err(vec![wrong_type(kind, "object")]),
    }
}

fn judge(piece: LoosePiece<'_>) -> Judgement {
    let mut judge = Judge::default();
    let fields = PieceFields {
        id: judge.parsed("id", piece.id),
        title: judge.text("title", piece.title).map(Cow::into_owned),
        channel: judge.parsed(
            "channel",
            match piece.channel {
                Loose::Missing => Loose::Text(Cow::Borrowed(DEFAULT_CHANNEL)),
                channel => channel,
            },
        ),
        format: judge.parsed("format", piece.format),
        copy: judge.text("copy", piece.copy).map(Cow::into_owned),
        script: judge.text("script", piece.script).map(Cow::into_owned),
        target_audience: judge
            .text("targetAudience", piece.target_audience)
            .map(Cow::into_owned),
        date: judge.required("date", piece.date),
        time: judge.parsed("time", piece.time),
        hashtags: judge.texts("hashtags", piece.hashtags),
        order: judge.order(piece.order),
        extra: judge.extra(piece.extra),
    };
    if !judge.errors.is_empty() {
        return Err(judge.errors);
    }
    let mut defaults = Vec::new();
    let mut defaulted = |name: &str, default: &str| {
        defaults.push(
            Error::new(Code::FieldDefaulted)
                .at(name)
                .measured(Measure::text(default)),
        );
    };
    if fields.title.is_none() {
        defaulted("title", DEFAULT_TITLE);
    }
    if fields.format.is_none() {
        defaulted("format", PostFormat::default().as_str());
    }
    if fields.time.is_none() {
        defaulted("time", &LocalTime::DEFAULT.to_string());
    }
    fields
        .complete()
        .map(|piece| (piece, defaults))
        .map_err(|name| vec![Error::new(Code::FieldMissing).at(name)])
}

/// Turns loose fields into typed ones and collects what is wrong with them.
#[derive(Default)]
struct Judge {
    errors: Vec<Error>,
}

impl Judge {
    fn text<'a>(&mut self, name: &str, value: Loose<'a>) -> Option<Cow<'a, str>> {
        match value {
            Loose::Missing => None,
            Loose::Text(text) => Some(text),
            other => {
                self.errors.push(not_a(&other, "string").at(name));
                None
            }
        }
    }

    fn parsed<T: FromStr<Err = Error>>(&mut self, name: &str, value: Loose<'_>) -> Option<T> {
        let text = self.text(name, value)?;
        text.parse()
            .map_err(|error: Error| self.errors.push(error.at(name)))
            .ok()
    }

    fn required<T: FromStr<Err = Error>>(&mut self, name: &str, value: Loose<'_>) -> Option<T> {
        if value == Loose::Missing {
            self.errors.push(Error::new(Code::FieldMissing).at(name));
        }
        self.parsed(name, value)
    }

    fn texts(&mut self, name: &str, value: Loose<'_>) -> Option<Vec<String>> {
        match value {
            Loose::Missing => None,
            Loose::List(items) => {
                let mut texts = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    match item {
                        Loose::Text(text) => texts.push(text.into_owned()),
                        other => self
                            .errors
                            .push(not_a(&other, "string").at(format!("{name}[{index}]"))),
                    }
                }
                Some(texts)
            }
            other => {
                self.errors.push(not_a(&other, "array").at(name));
                None
            }
        }
    }

    fn order(&mut self, value: Loose<'_>) -> Option<u32> {
        let bounds = 0.0..=f64::from(u32::MAX);
        match value {
            Loose::Missing => None,
            Loose::Number(number) if number.fract() == 0.0 && bounds.contains(&number) => {
                Some(number as u32)
            }
            Loose::Number(number) => {
                self.errors.push(
                    Error::new(Code::FieldValueInvalid)
                        .at("order")
                        .measured(Measure::number(number, Unit::Plain))
                        .allowed(Allowed::between(0, u32::MAX, Unit::Plain)),
                );
                None
            }
            other => {
                self.errors.push(not_a(&other, "number").at("order"));
                None
            }
        }
    }

    fn extra(&mut self, fields: Vec<(Cow<'_, str>, &RawValue)>) -> Vec<ExtraField> {
        let mut extra = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let levels = nesting(value.get());
            if levels > MAX_NESTING as usize {
                let name: String = name.chars().take(Measure::MAX_TEXT).collect();
                self.errors.push(
                    Error::new(Code::InputTooDeep)
                        .at(name)
                        .measured(Measure::count(levels, Unit::Levels))
                        .allowed(Allowed::at_most(MAX_NESTING, Unit::Levels)),
                );
            } else {
                extra.push(ExtraField {
                    name: name.into_owned(),
                    json: value.get().to_owned(),
                });
            }
        }
        extra
    }
}

fn not_a(value: &Loose<'_>, expected: &str) -> Error {
    match value {
        Loose::Broken(reason) => {
            let cause = reason.split(" at line ").next().unwrap_or_default();
            Error::new(Code::InputInvalid).measured(Measure::text(cause))
        }
        other => wrong_type(other.kind(), expected),
    }
}

fn wrong_type(kind: &str, expected: &str) -> Error {
    Error::new(Code::FieldTypeInvalid)
        .measured(Measure::text(kind))
        .allowed(Allowed::one_of([expected]))
}

/// The levels of nesting of a valid JSON text: 0 for a plain value.
fn nesting(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
