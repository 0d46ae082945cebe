//! Reading JSON bodies as strictly as they are documented.

use serde_json::{Map, Value};

use super::answer::Refusal;
use crate::Request;

/// The body of a request as an object.
pub(super) fn object(request: &Request) -> Result<Map<String, Value>, Refusal> {
    let is_json = request
        .header("content-type")
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(Refusal::invalid(
            "The content type must be application/json",
        ));
    }
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Refusal::invalid("The request body is not a JSON object")),
    }
}

/// An object's fields, each read as its documented type. `null` is no type of any.
pub(super) struct Fields<'a> {
    fields: &'a Map<String, Value>,
    /// What a wrong field is told.
    message: &'static str,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(fields: &'a Map<String, Value>, message: &'static str) -> Self {
        Self { fields, message }
    }

    /// The object in the field `name`.
    pub(super) fn within(
        fields: &'a Map<String, Value>,
        name: &str,
        message: &'static str,
    ) -> Result<Self, Refusal> {
        match fields.get(name) {
            Some(Value::Object(fields)) => Ok(Self::new(fields, message)),
            _ => Err(Refusal::invalid(message)),
        }
    }

    /// Refuses fields other than these.
    pub(super) fn only(&self, known: &[&str], strict: bool) -> Result<(), Refusal> {
        if strict && self.fields.keys().any(|key| !known.contains(&key.as_str())) {
            return Err(self.wrong());
        }
        Ok(())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        self.read(name, Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.read(name, Value::as_bool)?.unwrap_or(false))
    }

    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.read(name, Value::as_i64)
    }

    pub(super) fn list(&self, name: &str) -> Result<Vec<&'a str>, Refusal> {
        let items = self
            .read(name, Value::as_array)?
            .ok_or_else(|| self.wrong())?;
        items
            .iter()
            .map(|item| item.as_str().ok_or_else(|| self.wrong()))
            .collect()
    }

    /// A number of bytes or chunks, which must be there.
    pub(super) fn size(&self, name: &str) -> Result<u64, Refusal> {
        let size = self.whole(name)?.and_then(|size| u64::try_from(size).ok());
        size.ok_or_else(|| self.wrong())
    }

    /// A text of at most `limit` UTF-16 code units; empty where there is none.
    pub(super) fn limited(&self, name: &str, limit: usize) -> Result<String, Refusal> {
        let text = self.text(name)?.unwrap_or_default();
        if text.encode_utf16().count() > limit {
            return Err(self.wrong());
        }
        Ok(text.to_owned())
    }

    pub(super) fn wrong(&self) -> Refusal {
        Refusal::invalid(self.message)
    }

    fn read<T>(
        &self,
        name: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        match self.fields.get(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.wrong()),
        }
    }
}
