//! Everything the simulator remembers.

use std::collections::BTreeMap;

use calendar_publish::model::Timestamp;

use super::account::{Account, App, Consent, Token};
use super::comment::Comment;
use super::container::{Container, Kind};
use super::fault::Fault;
use super::knobs::Knobs;
use super::oauth::GivenCode;
use crate::LoggedRequest;

/// The first ids; every one is above 2^53, where a JavaScript number loses digits.
const FIRST_CONTAINER: u64 = 17_900_000_000_000_101;
const FIRST_MEDIA: u64 = 18_000_000_000_000_201;

#[derive(Default)]
pub(super) struct State {
    pub(super) app: App,
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) codes: BTreeMap<String, GivenCode>,
    pub(super) consent: Option<(String, Consent)>,
    pub(super) containers: BTreeMap<String, Container>,
    /// Published media, oldest first.
    pub(super) media: Vec<Media>,
    pub(super) comments: Vec<Comment>,
    /// Subscribed webhook fields by account.
    pub(super) subscriptions: BTreeMap<String, Vec<String>>,
    pub(super) knobs: Knobs,
    pub(super) faults: Vec<Fault>,
    pub(super) log: Vec<LoggedRequest>,
    /// Where the simulator is served.
    pub(super) origin: Option<String>,
    traces: u64,
    secrets: u64,
}

/// A published media.
#[derive(Clone, Debug)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) account: String,
    /// The container; `None` for a post that was made in the app.
    pub(super) container: Option<String>,
    pub(super) kind: Kind,
    pub(super) caption: String,
    pub(super) hashes: Vec<String>,
    pub(super) at: Timestamp,
    /// Reads that answered 100/33.
    pub(super) missed: u32,
    pub(super) deleted: bool,
    pub(super) comments_off: bool,
}

impl Media {
    /// The public name, which has nothing to do with the id.
    pub(super) fn shortcode(&self) -> String {
        let number: u64 = self.id.parse().unwrap_or_default();
        let mut rest = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut code = String::from("D");
        for _ in 0..10 {
            code.push(char::from(letters[(rest % 64) as usize]));
            rest /= 64;
        }
        code
    }
}

impl State {
    pub(super) fn next_container(&self) -> String {
        (FIRST_CONTAINER + self.containers.len() as u64).to_string()
    }

    pub(super) fn next_media(&self) -> String {
        (FIRST_MEDIA + self.media.len() as u64).to_string()
    }

    pub(super) fn next_trace(&mut self) -> u64 {
        self.traces += 1;
        self.traces
    }

    /// A code or token that was never given out before.
    pub(super) fn next_secret(&mut self, prefix: &str) -> String {
        self.secrets += 1;
        let mixed = self.secrets.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("{prefix}{mixed:016x}{:04}", self.secrets)
    }

    /// The account that a call is about, as far as that shows without judging the call.
    pub(super) fn account_of(&self, object: &str, token: Option<&str>) -> Option<String> {
        let of_token = || {
            token
                .and_then(|token| self.tokens.get(token))
                .map(|token| token.ig_id.clone())
        };
        let of_media = || self.media.iter().find(|media| media.id == object);
        self.accounts
            .get(object)
            .map(|account| account.ig_id.clone())
            .or_else(|| self.containers.get(object).map(|own| own.account.clone()))
            .or_else(|| of_media().map(|media| media.account.clone()))
            .or_else(of_token)
    }

    pub(super) fn origin_of(&self, host: &str) -> String {
        match &self.origin {
            Some(origin) => format!("{origin}/{host}"),
            None => format!("https://{host}"),
        }
    }
}
