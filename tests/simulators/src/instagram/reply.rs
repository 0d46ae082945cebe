//! What an endpoint decides, before it becomes an answer.

use serde_json::Value;

use super::error::{GraphError, Language, token_host_error, upload_error};
use crate::Answer;

/// What an endpoint grants.
#[derive(Debug)]
pub(super) enum Reply {
    Json(Value),
    Redirect(String),
    Html(String),
}

/// What an endpoint refuses, in the shape of its host.
#[derive(Debug)]
pub(super) enum Refusal {
    Graph(GraphError),
    TokenHost(&'static str),
    Upload {
        status: u16,
        retriable: bool,
        kind: &'static str,
        message: &'static str,
    },
    /// A page for people.
    Page(u16, &'static str),
}

impl From<GraphError> for Refusal {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

pub(super) type Outcome = Result<Reply, Refusal>;

/// What the log says of an outcome.
pub(super) fn decided(outcome: &Outcome) -> String {
    match outcome {
        Ok(_) => "ok".to_owned(),
        Err(Refusal::Graph(error)) => error.name(),
        Err(Refusal::TokenHost(_)) => "400".to_owned(),
        Err(Refusal::Upload { kind, .. }) => (*kind).to_owned(),
        Err(Refusal::Page(status, _)) => status.to_string(),
    }
}

pub(super) fn answer(outcome: Outcome, language: Language, trace: u64) -> Answer {
    let html = |status, text: &str| {
        Answer::body(status, "text/html; charset=utf-8", text.as_bytes().to_vec())
    };
    match outcome {
        Ok(Reply::Json(value)) => Answer::json(200, &value),
        Ok(Reply::Redirect(to)) => html(302, "").with_header("location", to),
        Ok(Reply::Html(text)) => html(200, &text),
        Err(Refusal::Graph(error)) => error.answer(language, trace),
        Err(Refusal::TokenHost(message)) => token_host_error(message),
        Err(Refusal::Upload {
            status,
            retriable,
            kind,
            message,
        }) => upload_error(status, retriable, kind, &message.into()),
        Err(Refusal::Page(status, text)) => html(status, text),
    }
}
