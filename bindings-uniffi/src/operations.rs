//! The pure operations, each as a function with core's own types, and all by name.

use calendar_publish::operation;

use crate::CalendarPublishError;

macro_rules! export_operations {
    ($( $(#[$doc:meta])* $name:literal $function:ident $input:ty => $answer:ty )*) => {$(
        $(#[$doc])*
        #[uniffi::export]
        pub fn $function(input: $input) -> Result<$answer, CalendarPublishError> {
            Ok(operation::$function(input)?)
        }
    )*};
}

calendar_publish::for_each_operation!(export_operations);

/// Runs the operation `name` on the JSON document `input` and gives its answer as JSON: for hosts that
/// pass documents on.
#[uniffi::export]
pub fn call(name: &str, input: &str) -> Result<String, CalendarPublishError> {
    Ok(operation::call(name, input)?)
}

/// The name of every operation that `call` knows.
#[uniffi::export]
pub fn operation_names() -> Vec<String> {
    operation::OPERATIONS
        .iter()
        .map(|operation| operation.name.to_owned())
        .collect()
}
