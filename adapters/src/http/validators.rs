//! Noticing that a file is another one than a moment ago.

use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use reqwest::header::{ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

/// How many files are remembered at once: more than a worker reads at the same time.
const FILES: usize = 64;

/// What distinguishes two versions of a file (RFC 9110, 8.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validators {
    total_bytes: u64,
    etag: Option<String>,
    last_modified: Option<String>,
}

impl Validators {
    pub(super) fn new(total_bytes: u64, headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            total_bytes,
            // A weak one doesn't promise the same bytes.
            etag: text(&ETAG).filter(|etag| !etag.starts_with("W/")),
            last_modified: text(&LAST_MODIFIED),
        }
    }

    /// Whether both may be the same version: the stronger validator that both have decides.
    fn agree(&self, other: &Self) -> bool {
        let same = match (&self.etag, &other.etag) {
            (Some(one), Some(other)) => one == other,
            _ => match (&self.last_modified, &other.last_modified) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            },
        };
        same && self.total_bytes == other.total_bytes
    }
}

/// The versions of the files read last. Addresses may be signed, and are kept as hashes only.
#[derive(Debug, Default)]
pub(super) struct Versions {
    hasher: RandomState,
    files: Mutex<VecDeque<(u64, Validators)>>,
}

impl Versions {
    /// Whether the file is the one that was read before. Reading from the first byte begins anew with what
    /// is there then.
    pub(super) fn agree(&self, url: &str, offset: u64, seen: Validators) -> bool {
        let key = self.hasher.hash_one(url);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match files.iter_mut().find(|(other, _)| *other == key) {
            Some((_, known)) if offset == 0 => *known = seen,
            Some((_, known)) => return known.agree(&seen),
            None => {
                if files.len() == FILES {
                    files.pop_front();
                }
                files.push_back((key, seen));
            }
        }
        true
    }
}
