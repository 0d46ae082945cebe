//! The operations of `message`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::{Allowed, Code, Error, Measure};
use crate::message::{
    Conjunction, ExplanationText, Formatter, Labels, Lang, MessageContext, MessageText, UxState,
    UxText, code_text, error_text, explanation_text, field_label, finding_text, labels, ux_text,
};
use crate::model::{Channel, Explanation, Finding, Zone};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "messageText",
        run: |input| answer(input, message_text),
    },
    Operation {
        name: "explainText",
        run: |input| answer(input, explain_text),
    },
    Operation {
        name: "uxText",
        run: |input| {
            answer(input, |i: UxTextInput| {
                Ok::<UxText, _>(ux_text(i.state, i.lang))
            })
        },
    },
    Operation {
        name: "formatValue",
        run: |input| answer(input, format_value),
    },
    Operation {
        name: "labels",
        run: |input| answer(input, |i: LabelsInput| Ok::<Labels, _>(labels(i.lang))),
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MessageTextInput {
    lang: Lang,
    about: About,
    #[serde(default)]
    context: MessageContext,
}

/// What a text is about.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum About {
    Code { code: Code },
    Finding { finding: Finding },
    Error { error: Error },
}

fn message_text(input: MessageTextInput) -> Result<MessageText, Error> {
    let MessageTextInput {
        lang,
        about,
        context,
    } = input;
    Ok(match about {
        About::Code { code } => code_text(code, lang, &context),
        About::Finding { finding } => finding_text(&finding, lang, &context),
        About::Error { error } => error_text(&error, lang, &context),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExplainTextInput {
    lang: Lang,
    explanation: Explanation,
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    zone: Option<Zone>,
}

fn explain_text(input: ExplainTextInput) -> Result<ExplanationText, Error> {
    let context = MessageContext {
        channel: input.channel,
        zone: input.zone,
        field: None,
    };
    Ok(explanation_text(&input.explanation, input.lang, &context))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UxTextInput {
    lang: Lang,
    state: UxState,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LabelsInput {
    lang: Lang,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FormatValueInput {
    lang: Lang,
    value: Value,
    /// The zone instants are told in; UTC without one.
    #[serde(default)]
    zone: Option<Zone>,
}

/// A value to word.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Value {
    Measured {
        measured: Measure,
    },
    Allowed {
        allowed: Allowed,
    },
    Field {
        path: String,
    },
    List {
        items: Vec<String>,
        conjunction: Conjunction,
    },
}

#[derive(Serialize)]
struct FormattedValue {
    text: String,
}

fn format_value(input: FormatValueInput) -> Result<FormattedValue, Error> {
    let format = Formatter::new(input.lang, input.zone.unwrap_or(Zone::UTC));
    Ok(FormattedValue {
        text: match input.value {
            Value::Measured { measured } => format.measure(&measured),
            Value::Allowed { allowed } => format.allowed(&allowed),
            Value::Field { path } => field_label(&path, input.lang),
            Value::List { items, conjunction } => format.list(&items, conjunction),
        },
    })
}
