//! Words that are logged as they stand, and so have no room for a secret.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::text_form::read_as_text;

/// Gives a word that is logged as it stands the serde form of a validated string.
macro_rules! logged_word {
    ($name:ident) => {
        read_as_text!($name);

        impl $name {
            /// The word.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                logged_word(text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> String {
                word.0
            }
        }
    };
}

/// A request's id: 1 to 64 ASCII letters, digits and `-_.:`, so that no sentence, no URL and hardly a
/// token can pass for one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
#[serde(into = "String")]
pub struct RequestId(String);

logged_word!(RequestId);

/// A release's name, such as `v1.4.2` or a commit: 1 to 64 ASCII letters, digits and `-_.:`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
#[serde(into = "String")]
pub struct Release(String);

logged_word!(Release);

const MAX_WORD: usize = 64;

fn logged_word(text: String) -> Result<String, Error> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    if (1..=MAX_WORD).contains(&text.len()) && text.bytes().all(fits) {
        Ok(text)
    } else {
        // What was refused may be a secret: its length is all that is told.
        Err(Error::new(Code::FieldValueInvalid)
            .measured(Measure::count(text.len(), Unit::Bytes))
            .allowed(Allowed::pattern("[A-Za-z0-9-_.:]{1,64}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logged_word_has_no_room_for_secrets() {
        let token = "act.9Xk".repeat(12);
        for text in [
            "",
            "Bearer abc",
            "https://cdn.example/a?sig=1",
            "pan\n",
            &token,
        ] {
            let refused = text.parse::<RequestId>().unwrap_err();
            assert_eq!(refused.code, Code::FieldValueInvalid);
            assert!(text.is_empty() || !refused.to_string().contains(text));
        }
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace.parse::<RequestId>().unwrap().as_str(), trace);
    }
}
