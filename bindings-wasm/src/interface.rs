//! The pure operations without those for servers, where every byte counts.

use calendar_publish::error::Measure;
use calendar_publish::{Code, Error, operation};

/// Runs the operation `name`, unless it is one for servers.
pub(crate) fn run(name: &str, input: &str) -> Result<String, Error> {
    match function(name) {
        Some(run) => run(input),
        None => Err(Error::new(Code::OperationUnknown).measured(Measure::text(name))),
    }
}

macro_rules! table {
    ($( $(#[$doc:meta])* $name:literal $function:ident $input:ty => $answer:ty )*) => {
        /// The operation `name`. Which are there is decided when this is compiled, so that nothing is left of
        /// the others.
        fn function(name: &str) -> Option<fn(&str) -> Result<String, Error>> {
            match name {
                $($name => const {
                    if operation::is_for_servers($name) {
                        None
                    } else {
                        Some(|input| operation::on_document(input, operation::$function))
                    }
                },)*
                _ => None,
            }
        }
    };
}

calendar_publish::for_each_operation!(table);
