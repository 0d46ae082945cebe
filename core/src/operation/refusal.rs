//! What a reader of JSON found wrong, as an [`Error`] with its path.

use serde::Deserialize;

use super::place::{offset_of, path_at};
use crate::error::{Allowed, Code, Error, Measure};

/// Reads `json` as a `T`, and where that fails says at which path, line and column.
///
/// The path is looked for in the text, from the place where reading stopped: a reader that follows the path
/// would be slower, and each type would be compiled for it once more.
pub(crate) fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Error> {
    crate::json::from_str(json).map_err(|error| refusal(json, &error))
}

/// What a reader of `json` found wrong, with its path.
pub(crate) fn refusal(json: &str, error: &serde_json::Error) -> Error {
    let refused = json_error(error);
    // What follows a good document belongs to no value.
    let path = path_at(json, offset_of(json, error.line(), error.column()));
    joined(path, refused)
}

/// What serde_json found wrong, with its place in the text.
pub(crate) fn json_error(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    // serde_json repeats the place at the end of its text; it travels as a position instead.
    let place = format!(" at line {} column {}", error.line(), error.column());
    let cause = text.strip_suffix(&place).unwrap_or(&text);
    own(cause)
        .unwrap_or_else(|| foreign(cause))
        .positioned(error.line() as i64, error.column() as i64)
}

/// An error of our own types, which went through serde as "CODE at `path`: measured `x`, allowed y".
fn own(cause: &str) -> Option<Error> {
    let end = cause.find([':', ' ']).unwrap_or(cause.len());
    let (word, mut rest) = cause.split_at_checked(end)?;
    let mut error = Error::new(word.parse().ok()?);
    if let Some((path, after)) = rest
        .strip_prefix(" at `")
        .and_then(|rest| rest.split_once('`'))
    {
        error = error.at(path);
        rest = after;
    }
    let allowed = if let Some(measured) = rest.strip_prefix(": measured `") {
        // The last of them is ours: the measured text may hold the same words.
        let (value, allowed) = match measured.rsplit_once("`, allowed ") {
            Some((value, allowed)) => (value, Some(allowed)),
            None => (measured.strip_suffix('`').unwrap_or(measured), None),
        };
        error = error.measured(Measure::text(value));
        allowed
    } else {
        rest.strip_prefix(": allowed ")
    };
    Some(match allowed.and_then(choices_or_pattern) {
        Some(allowed) => error.allowed(allowed),
        None => error,
    })
}

/// Bounds are numbers with a unit that their text doesn't give back; they are left out.
fn choices_or_pattern(text: &str) -> Option<Allowed> {
    if let Some(values) = text.strip_prefix("one of ") {
        return Some(Allowed::OneOf {
            values: values.split(", ").map(str::to_owned).collect(),
        });
    }
    let bounds = ["at most ", "at least ", "from ", "not before "];
    let is_bound = bounds.iter().any(|bound| text.starts_with(bound));
    (!is_bound).then(|| Allowed::pattern(text))
}

/// An error in serde's own words: what they name of the document is kept, the words are not.
fn foreign(cause: &str) -> Error {
    let error = Error::new(Code::InputInvalid);
    let (what, expected) = match cause.rsplit_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (cause, None),
    };
    let named = |start: &str| what.strip_prefix(start)?.strip_suffix('`');
    if let Some(field) = named("missing field `").or_else(|| named("duplicate field `")) {
        return error.at(field);
    }
    if let Some(field) = named("unknown field `") {
        return error
            .at(field)
            .measured(Measure::text(field))
            .allowed_names(expected);
    }
    if let Some(variant) = named("unknown variant `") {
        return error
            .measured(Measure::text(variant))
            .allowed_names(expected);
    }
    let value = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|start| what.strip_prefix(start))
        .and_then(value);
    match value {
        Some(value) => error.measured(Measure::text(value)),
        None => error,
    }
}

impl Error {
    /// The names that serde puts between backticks, as choices.
    fn allowed_names(self, expected: Option<&str>) -> Self {
        let names = expected.unwrap_or_default().split('`').skip(1).step_by(2);
        let values: Vec<String> = names.map(str::to_owned).collect();
        if values.is_empty() {
            self
        } else {
            self.allowed(Allowed::OneOf { values })
        }
    }
}

/// The value in serde's words for it: string "x", integer `5`, null.
fn value(words: &str) -> Option<String> {
    if words == "null" {
        return Some(words.to_owned());
    }
    if let Some(quoted) = words.strip_prefix("string ") {
        return Some(crate::json::from_str(quoted).unwrap_or_else(|_| quoted.to_owned()));
    }
    let (_, value) = words.split_once('`')?;
    Some(value.strip_suffix('`')?.to_owned())
}

/// The refusal below `path`, whose end may be the field that the refusal names itself.
fn joined(path: String, refusal: Error) -> Error {
    let named = refusal.path.as_str();
    let ends_so = path
        .strip_suffix(named)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'));
    if path.is_empty() {
        refusal
    } else if ends_so {
        refusal.at(path)
    } else {
        refusal.under(&path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CalendarEntry;

    #[test]
    fn a_bad_channel_deep_inside_is_named_with_path_and_value() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Input {
            entries: Vec<CalendarEntry>,
        }
        let json = r#"{"entries":[{"id":"0190d000-0000-7000-8000-000000000001",
            "calendarId":"0190b000-0000-7000-8000-000000000001",
            "piece":{"title":"Pan","channel":"my at line space","date":"2026-04-02"}}]}"#;
        let error = read::<Input>(json).unwrap_err();
        assert_eq!(error.code, Code::ChannelUnsupported);
        assert_eq!(error.path, "entries[0].piece.channel");
        assert_eq!(error.measured, Some(Measure::text("my at line space")));
        assert!(matches!(error.allowed, Some(Allowed::OneOf { values }) if values.len() == 2));
        assert_eq!(error.position.unwrap().line, 3);
    }

    #[test]
    fn what_serde_says_is_not_what_was_measured() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code)]
        struct Input {
            count: u32,
        }
        let refused = |json| {
            let error = read::<Input>(json).unwrap_err();
            (error.path, error.measured)
        };
        let text = |text| Some(Measure::text(text));
        assert_eq!(refused("{}"), ("count".to_owned(), None));
        assert_eq!(refused(r#"{"count":"x"}"#), ("count".to_owned(), text("x")));
        assert_eq!(
            refused(r#"{"count":1,"live":true}"#),
            ("live".to_owned(), text("live"))
        );
        assert_eq!(refused(r#"{"count":1} x"#).1, None);
    }
}
