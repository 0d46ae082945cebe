//! Documents as Rust values, and back.

use calendar_publish::error::Measure;
use calendar_publish::{Code, Error};
use serde::Serialize;

pub(crate) use calendar_publish::operation::read_document as read;

/// # Errors
/// [`Code::FieldValueInvalid`] where it has no form as JSON.
pub(crate) fn write(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(Code::FieldValueInvalid).measured(Measure::text(error.to_string()))
    })
}
