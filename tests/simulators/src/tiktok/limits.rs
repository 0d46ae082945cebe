//! Calls a minute.

use std::collections::{HashMap, VecDeque};

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;

/// What is counted together for one access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Counted {
    /// The three inits. Each page says 6; whether they share it isn't said, so they do.
    Inits,
    /// The creator's settings.
    CreatorInfo,
    /// A publish's state.
    Status,
    /// What the Display API gives.
    Display,
}

impl Counted {
    /// Calls a minute (TikTok, the reference of each endpoint; API v2 rate limit for the Display API).
    const fn limit(self) -> usize {
        match self {
            Self::Inits => 6,
            Self::CreatorInfo => 20,
            Self::Status => 30,
            Self::Display => 600,
        }
    }
}

/// The calls of the last minute.
#[derive(Debug, Default)]
pub(super) struct Limits {
    calls: HashMap<(String, Counted), VecDeque<Timestamp>>,
}

impl Limits {
    /// Counts a call, unless the minute that ends now is full.
    pub(super) fn admits(&mut self, token: &str, counted: Counted, now: Timestamp) -> bool {
        let calls = self.calls.entry((token.to_owned(), counted)).or_default();
        while calls
            .front()
            .is_some_and(|first| now.since(*first) >= TimeDelta::minutes(1))
        {
            calls.pop_front();
        }
        let admitted = calls.len() < counted.limit();
        if admitted {
            calls.push_back(now);
        }
        admitted
    }
}
