//! Ids: newtypes over UUID, so that a calendar's id can't be passed where a user's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::text_form::read_as_text;
use crate::error::{Code, Error, Measure};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// On the wire: the hyphenated lower-case UUID.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        read_as_text!($name);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(on_the_wire(&self.0, &mut Uuid::encode_buffer()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(on_the_wire(&self.0, &mut Uuid::encode_buffer()))
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| Error::new(Code::IdInvalid).measured(Measure::text(text)))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    )*};
}

fn on_the_wire<'a>(uuid: &Uuid, buffer: &'a mut [u8]) -> &'a str {
    uuid.hyphenated().encode_lower(buffer)
}

ids! {
    /// A calendar: what a user plans, generates and publishes as a whole.
    CalendarId;
    /// An entry of a calendar. It stays the same through edits, moves and regenerations.
    EntryId;
    /// One generation or save of a calendar.
    RunId;
    /// The person (or workspace) that owns a row; the host's `x-user-id`.
    UserId;
    /// The plan a calendar was generated from.
    PlanId;
    /// A linked TikTok or Instagram account.
    AccountId;
    /// A publish job: one entry on its way to one account.
    JobId;
    /// One attempt of a job: a write to the platform was started.
    AttemptId;
    /// A publish intent: the durable note that somebody asked for an entry to be published.
    IntentId;
    /// A stored media file.
    AssetId;
}

/// A UUIDv8 made from `parts` alone: the same parts give the same id on every machine.
///
/// It is for answers that must be deterministic (dry runs, a switched-off flag). The parts are
/// separated while hashing, so that `["ab", "c"]` and `["a", "bc"]` give different ids.
///
/// ```
/// use calendar_publish::model::deterministic_uuid;
///
/// assert_eq!(deterministic_uuid(&["intent", "a"]), deterministic_uuid(&["intent", "a"]));
/// assert_ne!(deterministic_uuid(&["ab", "c"]), deterministic_uuid(&["a", "bc"]));
/// ```
pub fn deterministic_uuid(parts: &[&str]) -> Uuid {
    use sha2::{Digest, Sha256};

    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A UUIDv7 from an instant and random bytes, both given by the caller: core reads no clock and
/// draws no randomness.
pub fn time_ordered_uuid(now: super::Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
