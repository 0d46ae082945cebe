//! What a platform does with a post, told beforehand or drawn from a seed.

use std::time::Duration;

use calendar_publish::error::Code;

use crate::random::Random;

/// How a platform takes posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// As Instagram: read the quota, create a container, wait until it is ready, publish it, read its
    /// address. Publishing the same container again changes nothing.
    Container,
    /// As TikTok with an upload by us: read what the creator may do, begin the upload, send the chunks;
    /// the last one publishes; then wait. An entry in inbox mode becomes a draft in the inbox.
    Upload,
    /// As TikTok with a file that it fetches: the first call publishes; then wait.
    PullFromUrl,
    /// TikTok both ways: each job always takes the same one.
    UploadOrPull,
}

/// What happens to a post at the step that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It comes out at once.
    Published,
    /// It comes out, but the platform needs so long to process it.
    PublishedAfter(Duration),
    /// The platform refuses it, for certain. The code says whether trying again can help.
    Refused {
        /// Why.
        code: Code,
        /// How long the platform asks to wait.
        retry_after: Option<Duration>,
    },
    /// No answer comes within the deadline of a call.
    AnswerLost {
        /// Whether the call took effect all the same.
        published: bool,
    },
    /// The platform answers with a 5xx.
    ServerError {
        /// Whether the call took effect all the same.
        published: bool,
    },
    /// The platform answers with a 403 that doesn't say what it is about.
    Forbidden {
        /// Whether the call took effect all the same.
        published: bool,
    },
    /// No answer comes, and the call takes effect so much later, at most the deadline of a call.
    Slow(Duration),
}

impl Outcome {
    /// A passing refusal.
    pub const TEMPORARY: Self = Self::refused(Code::PlatformTemporary);
    /// A refusal for good.
    pub const PERMANENT: Self = Self::refused(Code::ContentRejected);
    /// The token is dead.
    pub const DEAD_TOKEN: Self = Self::refused(Code::ChannelAuthInvalid);
    /// The account's quota is spent.
    pub const QUOTA_SPENT: Self = Self::refused(Code::QuotaExhausted);

    /// A refusal with `code`.
    pub const fn refused(code: Code) -> Self {
        Self::Refused {
            code,
            retry_after: None,
        }
    }

    /// A rate limit, with or without `Retry-After`.
    pub const fn rate_limited(retry_after: Option<Duration>) -> Self {
        Self::Refused {
            code: Code::RateLimited,
            retry_after,
        }
    }
}

/// At which step a refusal strikes. Every other outcome strikes at the step that decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// At the first read, before anything is written.
    Read,
    /// At the first write that publishes nothing.
    Write,
    /// At the step that decides.
    #[default]
    Decisive,
    /// While the platform processes what it was given.
    Processing,
}

/// What can be seen when somebody looks for a post whose outcome isn't known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evidence {
    /// What there is.
    #[default]
    Clear,
    /// Nothing until so long after the call.
    After(Duration),
    /// Nothing ever: only a person can tell.
    Never,
}

/// What happens to one try of a job, and what can be seen of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What happens.
    pub outcome: Outcome,
    /// At which step.
    pub place: Place,
    /// What can be seen.
    pub evidence: Evidence,
}

impl Turn {
    /// The same, striking elsewhere.
    #[must_use]
    pub const fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same, leaving other evidence.
    #[must_use]
    pub const fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = evidence;
        self
    }
}

impl From<Outcome> for Turn {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            place: Place::Decisive,
            evidence: Evidence::Clear,
        }
    }
}

/// How often what happens, for jobs without a script: the weight of each kind of outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// Out at once.
    pub published: u64,
    /// Out after up to ten minutes.
    pub published_later: u64,
    /// A passing refusal.
    pub temporary: u64,
    /// A refusal for good.
    pub permanent: u64,
    /// A rate limit, with or without `Retry-After`.
    pub rate_limited: u64,
    /// A dead token.
    pub dead_token: u64,
    /// A spent quota.
    pub quota_spent: u64,
    /// A lost answer.
    pub answer_lost: u64,
    /// A 5xx.
    pub server_error: u64,
    /// A 403.
    pub forbidden: u64,
    /// A call that takes effect late.
    pub slow: u64,
}

impl Mix {
    /// Nothing ever fails.
    pub const FLAWLESS: Self = Self {
        published: 1,
        published_later: 0,
        temporary: 0,
        permanent: 0,
        rate_limited: 0,
        dead_token: 0,
        quota_spent: 0,
        answer_lost: 0,
        server_error: 0,
        forbidden: 0,
        slow: 0,
    };
    /// A usual day: of a hundred tries, some ninety come out.
    pub const USUAL: Self = Self {
        published: 60,
        published_later: 30,
        temporary: 4,
        permanent: 1,
        rate_limited: 2,
        dead_token: 0,
        quota_spent: 0,
        answer_lost: 1,
        server_error: 1,
        forbidden: 0,
        slow: 1,
    };
    /// Everything that can go wrong does so often.
    pub const ROUGH: Self = Self {
        published: 20,
        published_later: 12,
        temporary: 14,
        permanent: 4,
        rate_limited: 8,
        dead_token: 3,
        quota_spent: 3,
        answer_lost: 14,
        server_error: 9,
        forbidden: 5,
        slow: 8,
    };

    /// Draws a turn. `deadline` is the longest that a call can take.
    pub fn draw(&self, random: &mut Random, deadline: Duration) -> Turn {
        let published = random.percent(50);
        let deadline_millis = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        let retry_after = random
            .percent(50)
            .then(|| Duration::from_secs(random.between(5, 3600)));
        let choices = [
            (self.published, Outcome::Published),
            (
                self.published_later,
                Outcome::PublishedAfter(random.millis(1_000, 600_000)),
            ),
            (
                self.temporary,
                Outcome::Refused {
                    code: Code::PlatformTemporary,
                    retry_after: retry_after.filter(|_| random.percent(30)),
                },
            ),
            (self.permanent, Outcome::PERMANENT),
            (self.rate_limited, Outcome::rate_limited(retry_after)),
            (self.dead_token, Outcome::DEAD_TOKEN),
            (self.quota_spent, Outcome::QUOTA_SPENT),
            (self.answer_lost, Outcome::AnswerLost { published }),
            (self.server_error, Outcome::ServerError { published }),
            (self.forbidden, Outcome::Forbidden { published }),
            (
                self.slow,
                Outcome::Slow(random.millis(1, deadline_millis.max(1))),
            ),
        ];
        let outcome = random.weighted(&choices).unwrap_or(Outcome::Published);
        let place = random
            .weighted(&[
                (15, Place::Read),
                (15, Place::Write),
                (55, Place::Decisive),
                (15, Place::Processing),
            ])
            .unwrap_or_default();
        let evidence = match random.below(10) {
            0 => Evidence::Never,
            1..=3 => Evidence::After(random.millis(1_000, 900_000)),
            _ => Evidence::Clear,
        };
        Turn {
            outcome,
            place,
            evidence,
        }
    }
}
