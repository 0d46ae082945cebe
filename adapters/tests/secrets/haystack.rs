//! What is sought, and what it is sought in.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex};

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Shorter texts could be anywhere by chance.
const SHORTEST: usize = 8;

/// Values that must not be said.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<Mutex<BTreeSet<String>>>);

impl Secrets {
    pub(crate) fn add(&self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        assert!(
            secret.len() >= SHORTEST,
            "{secret} is too short to be sought"
        );
        self.0.lock().unwrap().insert(secret.to_owned());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().cloned().collect()
    }
}

/// A secret as it may be written: itself, as a query or a form has it, in hexadecimal and in base64.
fn spellings(secret: &str) -> [String; 4] {
    let mut hexadecimal = String::new();
    for byte in secret.bytes() {
        write!(hexadecimal, "{byte:02x}").unwrap();
    }
    // Without the last signs, which depend on what follows.
    let encoded = STANDARD.encode(secret);
    let whole = secret.len() / 3 * 4;
    [
        secret.to_owned(),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        hexadecimal,
        encoded[..whole].to_owned(),
    ]
}

/// What was said, each with where, and each once.
#[derive(Clone, Default)]
pub(crate) struct Haystack(Arc<Mutex<BTreeSet<(String, String)>>>);

impl Haystack {
    pub(crate) fn add(&self, place: &str, said: impl Into<String>) {
        let said = (place.to_owned(), said.into());
        self.0.lock().unwrap().insert(said);
    }

    pub(crate) fn debug(&self, place: &str, said: &impl Debug) {
        self.add(place, format!("{said:?}"));
    }

    /// An error: what it shows to developers and to people.
    pub(crate) fn error(&self, place: &str, error: &(impl Debug + Display)) {
        self.add(place, format!("{error:?} {error}"));
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|(_, said)| said.len())
            .sum()
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        self.0
            .lock()
            .unwrap()
            .iter()
            .any(|(_, said)| said.contains(text))
    }

    /// Where which secret is, with what stands before it.
    pub(crate) fn find(&self, secrets: &Secrets) -> Vec<String> {
        let sought: Vec<String> = secrets
            .all()
            .iter()
            .flat_map(|one| spellings(one))
            .collect();
        // One pass for all of them: hundreds of secrets are sought in tens of megabytes.
        let search = AhoCorasick::new(&sought).unwrap();
        let mut found = BTreeSet::new();
        for (place, said) in &*self.0.lock().unwrap() {
            for leak in search.find_iter(said) {
                let around: String = said[..leak.start()].chars().rev().take(120).collect();
                let around: String = around.chars().rev().collect();
                found.insert(format!("{place}: …{around}⟨{}⟩", &said[leak.range()]));
            }
        }
        found.into_iter().collect()
    }

    /// Nothing is in it; and it is found where it is put in on purpose, so that the search can find it.
    pub(crate) fn holds_none_of(&self, secrets: &Secrets, what: &str) {
        let found = self.find(secrets);
        let places: BTreeSet<&str> = found
            .iter()
            .map(|line| line.split(": …").next().unwrap())
            .collect();
        assert!(
            found.is_empty(),
            "{what}: {} leaks in {places:?}, first:\n{}",
            found.len(),
            found[..found.len().min(12)].join("\n")
        );
        let spoilt = Self::default();
        for secret in secrets.all() {
            for spelling in spellings(&secret) {
                spoilt.add(&spelling, format!("before {spelling} after"));
            }
        }
        let found = spoilt.find(secrets);
        let found: BTreeSet<&str> = found
            .iter()
            .map(|line| line.split(": …").next().unwrap())
            .collect();
        for (place, _) in &*spoilt.0.lock().unwrap() {
            assert!(found.contains(place.as_str()), "{place} isn't found");
        }
        assert!(!found.is_empty(), "nothing was sought");
        println!(
            "{what}: {} secrets sought in {} bytes",
            secrets.all().len(),
            self.bytes()
        );
    }
}
