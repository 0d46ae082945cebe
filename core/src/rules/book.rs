//! The rule book: every limit of every kind of post, replaceable while a host runs.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Limit, ParameterRule, PostKind, Source, instagram, tiktok};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{CalendarEntry, Channel, ChannelAccount, LocalDate, Severity};

/// What a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CapSubject {
    /// Posts of one account.
    Posts,
    /// TikTok drafts of one account that wait in its inbox.
    PendingDrafts,
    /// Instagram containers of one account; a carousel takes one an item and one for itself.
    Containers,
    /// Accounts that post through an app TikTok hasn't audited.
    PostingAccounts,
}

impl CapSubject {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::PendingDrafts => "pending_drafts",
            Self::Containers => "containers",
            Self::PostingAccounts => "posting_accounts",
        }
    }
}

/// How many of something a channel allows in a moving window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cap {
    /// The channel.
    pub channel: Channel,
    /// What is counted.
    pub subject: CapSubject,
    /// How many.
    pub max: u32,
    /// The length of the window in seconds.
    pub window_seconds: u32,
    /// `blocking` for the value that is used, another for what other sources say.
    pub severity: Severity,
    /// Who says so.
    pub source: Source,
}

/// How many posts an account may make in a moving window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DailyCap {
    /// How many.
    pub max: u32,
    /// The length of the window in seconds.
    pub window_seconds: u32,
}

impl DailyCap {
    /// No bound: what a book without a cap comes to.
    const NONE: Self = Self {
        max: u32::MAX,
        window_seconds: 86_400,
    };
}

/// The rules of one kind of post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostRules {
    /// The kind of post.
    pub kind: PostKind,
    /// The scopes an account must have granted.
    pub scopes: Vec<String>,
    /// The page that describes the kind of post and its scopes.
    pub source: Source,
    /// The limits, in the order they are judged.
    pub limits: Vec<Limit>,
    /// What becomes of each choice; one that isn't listed can be made.
    pub parameters: Vec<ParameterRule>,
}

/// A set of rules, complete and plain: a host can keep its own and replace it at run time.
///
/// A kind of post that a book doesn't hold can't be published.
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::model::Channel;
/// use calendar_publish::rules::RuleBook;
///
/// let builtin = RuleBook::builtin();
/// assert_eq!(builtin.daily_cap(Channel::Tiktok).max, 15);
///
/// let json = serde_json::to_string(builtin)?;
/// assert_eq!(&RuleBook::from_json(&json)?, builtin);
///
/// let broken = json.replacen(r#""windowSeconds":86400"#, r#""windowSeconds":0"#, 1);
/// let error = RuleBook::from_json(&broken).unwrap_err();
/// assert_eq!((error.code, error.path.as_str()), (Code::FieldValueInvalid, "caps[0].windowSeconds"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleBook {
    /// The book's own version.
    pub version: String,
    /// The day the book was last held against the platforms' pages.
    pub date: LocalDate,
    /// The rules, by kind of post.
    pub posts: Vec<PostRules>,
    /// The caps.
    pub caps: Vec<Cap>,
}

static BUILTIN: LazyLock<RuleBook> = LazyLock::new(|| RuleBook {
    version: "1".to_owned(),
    date: super::READ,
    posts: tiktok::posts()
        .into_iter()
        .chain(instagram::posts())
        .collect(),
    caps: tiktok::caps()
        .into_iter()
        .chain(instagram::caps())
        .collect(),
});

impl RuleBook {
    /// The rules this library was built with.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads a host's own book and checks it.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] (or the code of the field) with line and column where the document
    /// isn't a rule book, and whatever [`check`](Self::check) refuses.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let book: Self =
            crate::json::from_str(json).map_err(|error| crate::operation::json_error(&error))?;
        book.check()?;
        Ok(book)
    }

    /// Checks that every rule can be applied and says where it comes from.
    ///
    /// # Errors
    /// [`Code::FieldMissing`] for an empty version or source, [`Code::IdDuplicate`] for a kind of post
    /// that stands twice, [`Code::FieldValueInvalid`] for a bound that can't be kept or isn't of its
    /// subject's unit; each with the path in the book.
    pub fn check(&self) -> Result<(), Error> {
        if self.version.trim().is_empty() {
            return Err(Error::new(Code::FieldMissing).at("version"));
        }
        let mut kinds = HashSet::new();
        for (index, post) in self.posts.iter().enumerate() {
            if !kinds.insert(post.kind) {
                return Err(Error::new(Code::IdDuplicate)
                    .at(format!("posts[{index}].kind"))
                    .measured(Measure::text(post.kind.as_str())));
            }
            check_post(post).map_err(|error| error.under(&format!("posts[{index}]")))?;
        }
        for (index, cap) in self.caps.iter().enumerate() {
            check_cap(cap).map_err(|error| error.under(&format!("caps[{index}]")))?;
        }
        Ok(())
    }

    /// The rules of `kind`, if such posts can be published.
    pub fn post(&self, kind: PostKind) -> Option<&PostRules> {
        self.posts.iter().find(|post| post.kind == kind)
    }

    /// How many posts `channel` allows an account in a moving window, for planning. An account whose
    /// quota has been read knows better: [`daily_cap_of`](Self::daily_cap_of).
    pub fn daily_cap(&self, channel: Channel) -> DailyCap {
        self.caps
            .iter()
            .filter(|cap| cap.channel == channel && cap.subject == CapSubject::Posts)
            .min_by_key(|cap| cap.severity)
            .map_or(DailyCap::NONE, |cap| DailyCap {
                max: cap.max,
                window_seconds: cap.window_seconds,
            })
    }

    /// How many posts `account` may make in a moving window: what the platform last said of the
    /// account, or else [`daily_cap`](Self::daily_cap).
    pub fn daily_cap_of(&self, account: &ChannelAccount) -> DailyCap {
        account.quota.map_or_else(
            || self.daily_cap(account.channel),
            |quota| DailyCap {
                max: quota.total,
                window_seconds: quota.window_seconds,
            },
        )
    }

    /// The scopes that an account on `channel` must have granted before `entry` can be published there.
    pub fn required_scopes(&self, channel: Channel, entry: &CalendarEntry) -> &[String] {
        self.post(PostKind::on(channel, entry))
            .map_or(&[], |post| &post.scopes)
    }
}

fn check_post(post: &PostRules) -> Result<(), Error> {
    check_source(&post.source)?;
    for (index, scope) in post.scopes.iter().enumerate() {
        if scope.trim().is_empty() {
            return Err(Error::new(Code::FieldMissing).at(format!("scopes[{index}]")));
        }
    }
    for (index, limit) in post.limits.iter().enumerate() {
        check_source(&limit.source)
            .and_then(|()| check_allowed(limit))
            .map_err(|error| error.under(&format!("limits[{index}]")))?;
    }
    for (index, rule) in post.parameters.iter().enumerate() {
        check_source(&rule.source).map_err(|error| error.under(&format!("parameters[{index}]")))?;
    }
    Ok(())
}

fn check_source(source: &Source) -> Result<(), Error> {
    if source.page.trim().is_empty() {
        return Err(Error::new(Code::FieldMissing).at("source.page"));
    }
    Ok(())
}

/// A limit's bounds are numbers that exist, in order, not negative, and in a unit of the subject;
/// or words, where the subject is read as a word.
fn check_allowed(limit: &Limit) -> Result<(), Error> {
    let bounds: &[f64] = match &limit.allowed {
        Allowed::AtMost { max, .. } => &[*max],
        Allowed::AtLeast { min, .. } => &[*min],
        Allowed::Between { min, max, .. } => &[*min, *max],
        _ => &[],
    };
    let units = limit.subject.units();
    let fits = match &limit.allowed {
        Allowed::OneOf { values } => units.is_empty() && !values.is_empty(),
        Allowed::Pattern { .. } | Allowed::NotBefore { .. } => false,
        _ => units.contains(&limit.unit()) && bounds.is_sorted() && bounds.iter().all(is_bound),
    };
    if fits {
        return Ok(());
    }
    let allowed = match units {
        [] => Allowed::pattern("one of a list of words"),
        units => Allowed::pattern(format!(
            "bounds from 0, in order, in {}",
            units
                .iter()
                .map(|unit| unit.as_str())
                .collect::<Vec<_>>()
                .join(" or ")
        )),
    };
    Err(Error::new(Code::FieldValueInvalid)
        .at("allowed")
        .measured(Measure::text(limit.allowed.to_string()))
        .allowed(allowed))
}

fn is_bound(bound: &f64) -> bool {
    bound.is_finite() && *bound >= 0.0
}

fn check_cap(cap: &Cap) -> Result<(), Error> {
    check_source(&cap.source)?;
    if cap.window_seconds == 0 {
        return Err(Error::new(Code::FieldValueInvalid)
            .at("windowSeconds")
            .measured(Measure::number(0, Unit::Seconds))
            .allowed(Allowed::at_least(1, Unit::Seconds)));
    }
    Ok(())
}
