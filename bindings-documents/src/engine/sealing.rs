//! The keys that seal what workers hand on to each other, as documents.

use std::fmt;
use std::sync::Arc;

use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::sealing::{KeysError, StateSealer, StaticKeys, Vault};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::EngineSettings;

/// A key that seals. No log and no error shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "SealingKey")
)]
#[serde(deny_unknown_fields)]
pub struct SealingKeyOption {
    /// Its name, which stands beside whatever it sealed: 1 to 64 letters, digits, `-` or `_`.
    pub id: String,
    /// The key: 32 random bytes in Base64. `openssl rand -base64 32` makes one.
    pub key: String,
}

impl fmt::Debug for SealingKeyOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKeyOption")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Reads keys. What stands where it doesn't belong stays untold, the name of a field too, for it may be a key; its
/// place is told.
pub(super) fn read_keys<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<SealingKeyOption>>, D::Error> {
    Option::deserialize(deserializer).map_err(|error: D::Error| {
        let said = error.to_string();
        if ["missing field", "duplicate field"]
            .iter()
            .any(|told| said.starts_with(told))
        {
            return error;
        }
        // serde_json reads the place off the end of the text.
        let place = said.rfind(" at line ").map_or("", |start| &said[start..]);
        D::Error::custom(format_args!("{}{place}", Error::new(Code::InputInvalid)))
    })
}

/// An error about keys whose path names only fields that there are: any other may be a key.
pub(super) fn without_strange_names(mut error: Error) -> Error {
    let place = error.path.strip_prefix("sealingKeys[").unwrap_or_default();
    if let Some((_, name)) = place.split_once("].")
        && !["id", "key"].contains(&name)
    {
        error.path.truncate(error.path.len() - name.len() - 1);
    }
    error
}

impl EngineSettings {
    /// What seals, where there are keys.
    ///
    /// # Errors
    /// What is wrong with them, at its path.
    pub(super) fn sealer(&self) -> Result<Option<Arc<dyn StateSealer>>, Error> {
        const PATH: &str = "sealingKeys";
        let Some(given) = &self.sealing_keys else {
            return Ok(None);
        };
        let pairs = given.iter().map(|key| (key.id.as_str(), key.key.as_str()));
        let keys = StaticKeys::from_base64(pairs, PATH)
            .map_err(|error| refusal(&error, given).under(PATH))?;
        Ok(Some(Arc::new(Vault::new(Arc::new(keys)))))
    }
}

/// What is wrong with the keys. An id that can't be one is only measured: it may be a key in the wrong place.
fn refusal(error: &KeysError, given: &[SealingKeyOption]) -> Error {
    let at = |number: usize, field: &str, code: Code| {
        Error::new(code).at(format!("[{}].{field}", number - 1))
    };
    let id = |number: usize| given.get(number - 1).map_or("", |key| key.id.as_str());
    match *error {
        KeysError::LengthInvalid { number, bytes, .. } => {
            at(number, "key", Code::FieldValueInvalid)
                .measured(Measure::count(bytes, Unit::Bytes))
                .allowed(Allowed::between(32, 32, Unit::Bytes))
        }
        KeysError::Malformed { number, .. } => {
            at(number, "key", Code::FieldValueInvalid).allowed(Allowed::pattern("Base64"))
        }
        KeysError::IdInvalid { number, .. } => at(number, "id", Code::FieldValueInvalid)
            .measured(Measure::count(id(number).chars().count(), Unit::CodePoints))
            .allowed(Allowed::pattern("[A-Za-z0-9_-]{1,64}")),
        KeysError::IdTwice { number, .. } => {
            at(number, "id", Code::IdDuplicate).measured(Measure::text(id(number)))
        }
        KeysError::Empty | KeysError::Missing { .. } => Error::new(Code::FieldValueInvalid)
            .measured(Measure::count(0, Unit::Items))
            .allowed(Allowed::at_least(1, Unit::Items)),
    }
}
