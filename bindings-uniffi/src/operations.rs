//! The pure operations.

use crate::CalendarPublishError;

/// Runs the operation `name` on the JSON document `input` and gives its answer as JSON: for hosts that
/// pass documents on, and for what isn't a function of its own.
#[uniffi::export]
pub fn call(name: &str, input: &str) -> Result<String, CalendarPublishError> {
    Ok(calendar_publish::operation::call(name, input)?)
}

/// The name of every operation that `call` knows.
#[uniffi::export]
pub fn operation_names() -> Vec<String> {
    calendar_publish::operation::OPERATIONS
        .iter()
        .flat_map(|area| area.iter())
        .map(|operation| operation.name.to_owned())
        .collect()
}
