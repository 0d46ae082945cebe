//! The operations of `message`.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use crate::error::{Allowed, Code, Error, Measure};
use crate::message::{
    self, Conjunction, ExplanationText, Formatter, Labels, Lang, MessageContext, MessageText,
    UxState, UxText, code_text, error_text, field_label, finding_text,
};
use crate::model::{Channel, Explanation, Finding, Zone};

/// What `messageText` words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MessageTextInput {
    /// The language.
    pub lang: Lang,
    /// What the text is about.
    pub about: MessageSubject,
    /// What else is known of it.
    #[serde(default)]
    pub context: MessageContext,
}

/// What a text is about.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum MessageSubject {
    /// A code, without anything that was measured.
    Code {
        /// The code.
        code: Code,
    },
    /// A finding of an entry's readiness.
    Finding {
        /// The finding.
        finding: Finding,
    },
    /// An error of an operation.
    Error {
        /// The error.
        error: Error,
    },
}

pub(super) fn message_text(input: MessageTextInput) -> Result<MessageText, Error> {
    let MessageTextInput {
        lang,
        about,
        context,
    } = input;
    Ok(match about {
        MessageSubject::Code { code } => code_text(code, lang, &context),
        MessageSubject::Finding { finding } => finding_text(&finding, lang, &context),
        MessageSubject::Error { error } => error_text(&error, lang, &context),
    })
}

/// What `explainText` words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExplainTextInput {
    /// The language.
    pub lang: Lang,
    /// The explanation.
    pub explanation: Explanation,
    /// The platform; the text says "the platform" if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The zone instants are told in; UTC if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
}

pub(super) fn explain_text(input: ExplainTextInput) -> Result<ExplanationText, Error> {
    let context = MessageContext {
        channel: input.channel,
        zone: input.zone,
        field: None,
    };
    Ok(message::explain_text(
        &input.explanation,
        input.lang,
        &context,
    ))
}

/// What `uxText` words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UxTextInput {
    /// The language.
    pub lang: Lang,
    /// The state of the page.
    pub state: UxState,
}

pub(super) fn ux_text(input: UxTextInput) -> Result<UxText, Error> {
    Ok(message::ux_text(input.state, input.lang))
}

/// The language of `labels`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelsInput {
    /// The language.
    pub lang: Lang,
}

pub(super) fn labels(input: LabelsInput) -> Result<Labels, Error> {
    Ok(message::labels(input.lang))
}

/// What `formatValue` words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormatValueInput {
    /// The language.
    pub lang: Lang,
    /// The value.
    pub value: FormattableValue,
    /// The zone instants are told in; UTC if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
}

/// A value to word.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum FormattableValue {
    /// Something measured.
    Measured {
        /// The measured value.
        measured: Measure,
    },
    /// What is allowed.
    Allowed {
        /// The range or the choices.
        allowed: Allowed,
    },
    /// The name of a field.
    Field {
        /// Its path.
        path: String,
    },
    /// A list.
    List {
        /// Its items.
        items: Vec<String>,
        /// The word before the last one.
        conjunction: Conjunction,
    },
}

/// A worded value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormattedValue {
    /// The text.
    pub text: String,
}

pub(super) fn format_value(input: FormatValueInput) -> Result<FormattedValue, Error> {
    let format = Formatter::new(input.lang, input.zone.unwrap_or(Zone::UTC));
    Ok(FormattedValue {
        text: match input.value {
            FormattableValue::Measured { measured } => format.measure(&measured),
            FormattableValue::Allowed { allowed } => format.allowed(&allowed),
            FormattableValue::Field { path } => field_label(&path, input.lang),
            FormattableValue::List { items, conjunction } => format.list(&items, conjunction),
        },
    })
}
