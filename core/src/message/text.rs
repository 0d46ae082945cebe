//! A code, a finding or an error as two sentences: what is wrong, and what to do.

use serde::{Deserialize, Serialize};

use super::field::{field_phrase, file_phrase, when_phrase};
use super::template::render;
use super::{Conjunction, Formatter, Lang, case, en, es, word};
use crate::error::{Allowed, Code, Error, Measure, Position};
use crate::model::{Channel, Finding, Judged, Severity, Zone};

/// Two sentences for a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MessageText {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub action: String,
}

/// What a text may know besides the finding or error itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MessageContext {
    /// The platform it is about; without one the text says "the platform".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The zone instants are told in; without one they are told in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// The path of the field it is about, where the finding or error names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The text of a code of which nothing else is known.
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::message::{Lang, MessageContext, code_text};
///
/// let text = code_text(Code::MediaMissing, Lang::En, &MessageContext::default());
/// assert_eq!(text.message, "Files are missing.");
/// assert_eq!(text.action, "Upload the photos or the video.");
/// ```
pub fn code_text(code: Code, lang: Lang, context: &MessageContext) -> MessageText {
    error_text(&Error::new(code), lang, context)
}

/// The text of an error, with its values, its field and its place in the document.
pub fn error_text(error: &Error, lang: Lang, context: &MessageContext) -> MessageText {
    let facts = Facts {
        code: error.code,
        path: &error.path,
        measured: error.measured.as_ref(),
        allowed: error.allowed.as_ref(),
        position: error.position,
        judged: None,
        advice: false,
    };
    facts.text(lang, context)
}

/// The text of a finding, with its values and its field; a forecast is worded as one.
pub fn finding_text(finding: &Finding, lang: Lang, context: &MessageContext) -> MessageText {
    let facts = Facts {
        code: finding.code,
        path: &finding.path,
        measured: finding.measured.as_ref(),
        allowed: finding.allowed.as_ref(),
        position: None,
        judged: Some(finding.judged),
        advice: finding.severity != Severity::Blocking,
    };
    facts.text(lang, context)
}

/// The templates of a code: what is wrong, and what to do.
pub(super) const fn templates(code: Code, lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Es => es::templates(code),
        Lang::En => en::templates(code),
    }
}

/// What a finding and an error have in common.
struct Facts<'a> {
    code: Code,
    path: &'a str,
    measured: Option<&'a Measure>,
    allowed: Option<&'a Allowed>,
    position: Option<Position>,
    judged: Option<Judged>,
    /// It is advice, not a rule: the post would go out all the same.
    advice: bool,
}

impl Facts<'_> {
    fn text(&self, lang: Lang, context: &MessageContext) -> MessageText {
        let values = self.values(lang, context);
        let (message, action) = templates(self.code, lang);
        MessageText {
            message: render(message, |name| values.by_name(name)),
            action: render(action, |name| values.by_name(name)),
        }
    }

    fn values(&self, lang: Lang, context: &MessageContext) -> Values {
        let path = match self.path {
            "" => context.field.as_deref().unwrap_or_default(),
            path => path,
        };
        let format = Formatter::new(lang, context.zone.unwrap_or(Zone::UTC));
        let number = |value: i64| format.number(value as f64, 0);
        let mut values = Values {
            channel: word::channel_name(context.channel, lang),
            allows: if self.advice {
                lang.pick("recomienda", "recommends")
            } else {
                lang.pick("admite", "allows")
            },
            file: file_phrase(path, lang),
            field: field_phrase(path, lang),
            when: when_phrase(path, lang),
            zone: context.zone.map(|zone| zone.to_string()),
            line: self.position.map(|position| number(position.line)),
            column: self.position.map(|position| number(position.column)),
            later: (self.judged == Some(Judged::AtSchedule)).then(String::new),
            case: case::case(
                self.code,
                path,
                self.judged,
                self.advice,
                self.measured,
                self.allowed,
            ),
            advised: self.advice.then(String::new),
            ..Values::default()
        };
        // Places are counted from 0 in the data and from 1 by people, so they aren't told as numbers.
        if !path.ends_with(".index") {
            values.measure(self.measured, self.allowed, &format);
            if self.code == Code::FieldTypeInvalid {
                values.types(self.measured, self.allowed, &format);
            }
        }
        values
    }
}

/// The placeholders of the templates. Each kind of value has a name of its own, so that a sentence
/// made for a number never receives a date.
#[derive(Default)]
struct Values {
    /// `{channel}`, always there: the brand, or "the platform".
    channel: &'static str,
    /// `{allows}`, always there: "allows", or "recommends" where it is only advice.
    allows: &'static str,
    /// `{file}`, always there: the file the path lies in.
    file: String,
    /// `{field}`: what the path stands for, with its article.
    field: Option<String>,
    /// `{when}`: what the path stands for, if that is a date or a time.
    when: Option<String>,
    /// `{found}`: the type of what arrived.
    found: Option<String>,
    /// `{expected}`: the type of what was expected.
    expected: Option<String>,
    /// `{measured}`: a measured number with its unit.
    measured: Option<String>,
    /// `{none}`: empty, and there only if the measured number is 0.
    none: Option<String>,
    /// `{excess}`: by how much it exceeds what is allowed.
    excess: Option<String>,
    /// `{text}`: a measured text.
    text: Option<String>,
    /// `{at}`: a measured instant.
    at: Option<String>,
    /// `{allowed}`: the allowed range.
    allowed: Option<String>,
    /// `{bound}`: the allowed maximum, without its noun.
    bound: Option<String>,
    /// `{choices}`: the allowed values.
    choices: Option<String>,
    /// `{pattern}`: the allowed writing.
    pattern: Option<String>,
    /// `{from}`: the first allowed instant.
    from: Option<String>,
    /// `{zone}`: the zone of the account.
    zone: Option<String>,
    /// `{line}` of the document.
    line: Option<String>,
    /// `{column}` of the document.
    column: Option<String>,
    /// `{later}`: empty, and there only in a forecast.
    later: Option<String>,
    /// `{<case>}`: empty, and there only in that [case](case::case) of the code.
    case: Option<&'static str>,
    /// `{advised}`: empty, and there only in advice.
    advised: Option<String>,
}

impl Values {
    fn measure(&mut self, measured: Option<&Measure>, allowed: Option<&Allowed>, f: &Formatter) {
        match allowed {
            Some(Allowed::OneOf { values }) => self.choices = f.readable_choices(values),
            Some(Allowed::Pattern { pattern }) => self.pattern = word::pattern(pattern, f.lang),
            Some(Allowed::NotBefore { at }) => self.from = Some(f.instant(*at)),
            Some(range) => {
                self.allowed = f.range_alone(range);
                if let Allowed::AtMost { max, .. } = range {
                    self.bound = Some(f.number(*max, 2));
                }
            }
            None => {}
        }
        self.none = matches!(measured, Some(Measure::Number { value: 0.0, .. })).then(String::new);
        match (measured, allowed) {
            (Some(Measure::Number { value, unit }), Some(allowed)) => {
                let (measured, range, excess) = f.compared(*value, *unit, allowed);
                self.measured = Some(measured);
                self.allowed = range;
                self.excess = excess;
            }
            (Some(number @ Measure::Number { .. }), None) => {
                self.measured = Some(f.measure(number));
            }
            (Some(Measure::Text { value }), _) => self.text = f.text(value),
            (Some(Measure::Instant { at }), _) => self.at = Some(f.instant(*at)),
            (None, _) => {}
        }
    }

    /// The types of a value that has the wrong one, in words instead of their names in JSON.
    fn types(&mut self, measured: Option<&Measure>, allowed: Option<&Allowed>, f: &Formatter) {
        let word = |name: &String| word::json_type(name, f.lang);
        if let Some(Measure::Text { value }) = measured {
            self.found = word(value).map(str::to_owned);
        }
        if self.found.is_some() {
            self.text = None;
        }
        if let Some(Allowed::OneOf { values }) = allowed {
            let types: Option<Vec<&str>> = values.iter().map(word).collect();
            self.expected = types
                .filter(|types| !types.is_empty())
                .map(|types| f.list(&types, Conjunction::Or));
        }
    }

    fn by_name(&self, name: &str) -> Option<String> {
        match name {
            "channel" => Some(self.channel.to_owned()),
            "allows" => Some(self.allows.to_owned()),
            "file" => Some(self.file.clone()),
            "field" => self.field.clone(),
            "when" => self.when.clone(),
            "found" => self.found.clone(),
            "expected" => self.expected.clone(),
            "measured" => self.measured.clone(),
            "none" => self.none.clone(),
            "excess" => self.excess.clone(),
            "text" => self.text.clone(),
            "at" => self.at.clone(),
            "allowed" => self.allowed.clone(),
            "bound" => self.bound.clone(),
            "choices" => self.choices.clone(),
            "pattern" => self.pattern.clone(),
            "from" => self.from.clone(),
            "zone" => self.zone.clone(),
            "line" => self.line.clone(),
            "column" => self.column.clone(),
            "later" => self.later.clone(),
            "advised" => self.advised.clone(),
            _ => (self.case == Some(name)).then(String::new),
        }
    }
}
