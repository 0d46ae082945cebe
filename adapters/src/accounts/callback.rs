//! What a platform sends the person back with.

use std::fmt;

use calendar_publish::error::Measure;
use calendar_publish::model::Channel;
use calendar_publish::{Code, Error};
use secrecy::SecretString;

/// The parameters of a callback. `Debug` shows neither code nor state.
pub(super) struct Callback {
    pub(super) state: Option<SecretString>,
    pub(super) code: Option<SecretString>,
    /// What the person granted, where the callback says it.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) error: Option<String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl Callback {
    /// Reads the whole address that was called, or its query alone. A value that comes twice is not taken: who
    /// adds a second code to an address mustn't have a say in which is used.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        // Instagram appends `#_`, which is no part of the code; a fragment never is.
        let text = text.split('#').next().unwrap_or_default();
        let query = match text.split_once('?') {
            Some((_, query)) => query,
            None if text.contains("://") => "",
            None => text,
        };
        let mut callback = Self {
            state: None,
            code: None,
            scopes: None,
            error: None,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let twice = match &*name {
                "state" => callback
                    .state
                    .replace(SecretString::from(&*value))
                    .is_some(),
                "code" => callback.code.replace(SecretString::from(&*value)).is_some(),
                "scopes" => {
                    let scopes = value.split(',').filter(|scope| !scope.is_empty());
                    let scopes = scopes.map(str::to_owned).collect();
                    callback.scopes.replace(scopes).is_some()
                }
                "error" => callback.error.replace(value.into_owned()).is_some(),
                _ => false,
            };
            if twice {
                return Err(Error::new(Code::LinkInvalid).at(format!("callback.{name}")));
            }
        }
        Ok(callback)
    }

    /// Why the platform sent the person back without a code, where it did.
    pub(super) fn refusal(&self, channel: Channel) -> Option<Error> {
        let code = match self.error.as_deref()? {
            // The person said no: nothing is linked, and nothing is wrong.
            "access_denied" => Code::ChannelAuthMissing,
            "server_error" | "temporarily_unavailable" => Code::PlatformTemporary,
            _ => Code::AppMisconfigured,
        };
        let channel = Measure::text(channel.as_str());
        Some(Error::new(code).at("callback.error").measured(channel))
    }
}
