//! A request with its parameters, wherever they travel: in the query, a form or a JSON body.

use calendar_publish::ports::Method;
use serde_json::Value;

use super::endpoint::Route;
use super::error::GraphError;
use crate::Request;

/// What may stand beside any call's own parameters.
const EVERYWHERE: [&str; 4] = [
    "access_token",
    "appsecret_proof",
    "appsecret_time",
    "fields",
];

/// A request, read.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) request: Request,
    pub(super) route: Route,
    /// The parameters; lists and objects as JSON text.
    parameters: Vec<(String, String)>,
    /// Why the body couldn't be read.
    broken: Option<&'static str>,
}

impl Call {
    pub(super) fn read(request: Request) -> Self {
        let route = Route::of(&request);
        let mut parameters = request.query.clone();
        let mut broken = None;
        if request.method == Method::Post && request.host != super::endpoint::RUPLOAD {
            match body_parameters(&request) {
                Ok(more) => parameters.extend(more),
                Err(reason) => broken = Some(reason),
            }
        }
        Self {
            request,
            route,
            parameters,
            broken,
        }
    }

    /// The parameter's value; an empty one counts as none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        crate::request::value_of(&self.parameters, name).filter(|value| !value.is_empty())
    }

    /// A parameter that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, GraphError> {
        self.get(name)
            .ok_or_else(|| GraphError::parameter(format!("The parameter {name} is required")))
    }

    /// A boolean.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, GraphError> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(GraphError::parameter(format!(
                "Param {name} must be a boolean"
            ))),
        }
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, GraphError> {
        self.get(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| GraphError::parameter(format!("Param {name} must be an integer")))
            })
            .transpose()
    }

    /// A list of texts: JSON, or separated by commas.
    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, GraphError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        if text.starts_with('[') {
            let values: Vec<Value> = self.json(name)?.unwrap_or_default();
            return values
                .into_iter()
                .map(|value| match value {
                    Value::String(text) => Ok(text),
                    Value::Number(number) => Ok(number.to_string()),
                    _ => Err(GraphError::parameter(format!(
                        "Param {name} must be a list of texts"
                    ))),
                })
                .collect::<Result<_, _>>()
                .map(Some);
        }
        Ok(Some(
            text.split(',').map(|part| part.trim().to_owned()).collect(),
        ))
    }

    /// A list or object, which travels as JSON text.
    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, GraphError> {
        self.get(name)
            .map(|text| {
                serde_json::from_str(text).map_err(|_| {
                    GraphError::parameter(format!("Param {name} isn't the JSON that it must be"))
                })
            })
            .transpose()
    }

    /// The names of the call's own parameters.
    ///
    /// # Errors
    /// Where the body can't be read, or a parameter stands twice: which one counts is undefined.
    pub(super) fn names(&self) -> Result<Vec<&str>, GraphError> {
        if let Some(reason) = self.broken {
            return Err(GraphError::parameter(reason));
        }
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.parameters {
            if names.contains(&name.as_str()) {
                return Err(GraphError::parameter(format!(
                    "The parameter {name} stands twice"
                )));
            }
            names.push(name);
        }
        names.retain(|name| !EVERYWHERE.contains(name));
        Ok(names)
    }

    /// Refuses every parameter but these.
    pub(super) fn only(&self, allowed: &[&str]) -> Result<(), GraphError> {
        match self.names()?.iter().find(|name| !allowed.contains(name)) {
            Some(name) => Err(GraphError::parameter(format!(
                "The parameter {name} is not supported"
            ))),
            None => Ok(()),
        }
    }

    /// The token, from the header or the parameter.
    pub(super) fn token(&self) -> Option<&str> {
        let header = self.request.header("authorization").and_then(|value| {
            value
                .strip_prefix("Bearer ")
                .or_else(|| value.strip_prefix("OAuth "))
        });
        header.or_else(|| self.get("access_token"))
    }
}

fn body_parameters(request: &Request) -> Result<Vec<(String, String)>, &'static str> {
    if request.body.is_empty() {
        return Ok(Vec::new());
    }
    let kind = request.header("content-type").unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim() {
        "application/x-www-form-urlencoded" => Ok(request.form()),
        "application/json" => match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => Ok(fields
                .into_iter()
                .map(|(name, value)| match value {
                    Value::String(text) => (name, text),
                    other => (name, other.to_string()),
                })
                .collect()),
            _ => Err("The body is not a JSON object"),
        },
        _ => Err("The body is neither a form nor JSON"),
    }
}
