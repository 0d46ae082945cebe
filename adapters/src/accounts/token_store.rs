//! The port behind which sealed tokens, renewals under way and sign-ins under way are kept.

use std::fmt;

use async_trait::async_trait;
use calendar_publish::model::{
    AccountId, AccountStatus, Channel, ChannelAccount, Timestamp, UserId, Zone,
};
use calendar_publish::ports::StoreError;
use serde::{Deserialize, Serialize};

/// The sign-in an account was linked by. Instagram has two, which differ in hosts, tokens and renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    /// TikTok's Login Kit.
    Tiktok,
    /// Instagram API with Instagram Login.
    Instagram,
    /// Instagram API with Facebook Login: the account belongs to a Page.
    Facebook,
}

impl Login {
    /// The channel whose accounts it links.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Tiktok => Channel::Tiktok,
            Self::Instagram | Self::Facebook => Channel::Instagram,
        }
    }
}

/// An account's tokens, sealed. `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedTokens {
    /// The access token.
    pub access: String,
    /// The refresh token, where the platform gives one.
    pub refresh: Option<String>,
}

impl fmt::Debug for SealedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedTokens")
            .field("has_refresh", &self.refresh.is_some())
            .finish_non_exhaustive()
    }
}

/// An account with its tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenRecord {
    /// The account, as its row is.
    pub account: ChannelAccount,
    /// How it was linked.
    pub login: Login,
    /// Counts the account's tokens up from 1.
    pub version: i64,
    /// The tokens.
    pub tokens: SealedTokens,
    /// When the platform issued them.
    pub issued_at: Timestamp,
    /// From when they are renewed although nobody uses them; `None` where that needn't be.
    pub renew_at: Option<Timestamp>,
    /// Whether they replaced tokens that the platform refused before their time.
    pub replaced_refused: bool,
}

/// A person's account as a sign-in gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLink {
    /// The account. Its tokens are sealed for its id.
    pub account: ChannelAccount,
    /// How it was linked.
    pub login: Login,
    /// The tokens.
    pub tokens: SealedTokens,
    /// When the platform issued them.
    pub issued_at: Timestamp,
    /// From when they are renewed although nobody uses them.
    pub renew_at: Option<Timestamp>,
}

/// What storing a link came to.
#[derive(Clone, Debug, PartialEq)]
pub enum PutLink {
    /// It is durable.
    Stored(Box<TokenRecord>),
    /// The user has linked this account of the platform before, under this id. Nothing was stored: the
    /// tokens are to be sealed for that id.
    KnownAs(AccountId),
}

/// What asking for the right to renew came to.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimRefresh {
    /// The caller, and nobody else, renews.
    Granted(RefreshClaim),
    /// Somebody else does, until then at the latest.
    Busy {
        /// When the claim ends by itself.
        until: Timestamp,
    },
    /// A renewal failed a moment ago: not again before then.
    Resting {
        /// From when it can be tried.
        until: Timestamp,
    },
    /// The account has other tokens than the version that was named, or another status than `ok`.
    Changed(Box<TokenRecord>),
    /// There are no tokens.
    Missing,
}

/// The right to renew one account's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshClaim {
    /// The account.
    pub account: AccountId,
    /// Names the claim: a later one has a higher number.
    pub fence: i64,
    /// The version of the tokens to be renewed.
    pub version: i64,
    /// Whether an earlier renewal of this version was begun whose answer nobody knows: the platform may have
    /// rotated the refresh token then.
    pub unanswered_before: bool,
    /// How often the platform has refused to renew this version.
    pub refusals: u32,
}

/// How a renewal ended.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshEnd {
    /// The platform gave new tokens.
    Renewed(RenewedTokens),
    /// The account can't be renewed (any more).
    Ended {
        /// What the account is from now on.
        status: AccountStatus,
    },
    /// The platform refused, but what it refused may have been rotated by an answer that was lost: the
    /// refusal is counted, and the claim given back.
    Doubted,
    /// Nothing changed.
    Released {
        /// Whether the platform may have renewed without our knowing.
        unanswered: bool,
        /// For how long nobody should try again, in milliseconds of the store's time.
        rest_millis: i64,
    },
}

/// The tokens that a renewal gave.
#[derive(Clone, Debug, PartialEq)]
pub struct RenewedTokens {
    /// The tokens, sealed for the account.
    pub tokens: SealedTokens,
    /// When the platform issued them.
    pub issued_at: Timestamp,
    /// From when they are renewed although nobody uses them.
    pub renew_at: Option<Timestamp>,
    /// When the access token runs out.
    pub expires_at: Option<Timestamp>,
    /// Until when the authorisation can be renewed.
    pub renewable_until: Option<Timestamp>,
    /// The scopes, where the platform named them.
    pub scopes: Option<Vec<String>>,
    /// Whether they replace tokens that the platform refused before their time.
    pub replaced_refused: bool,
}

/// A sign-in under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLink {
    /// The SHA-256 of its state, in hexadecimal: who reads the store can't finish another's sign-in.
    pub state_hash: String,
    /// Who began it.
    pub user_id: UserId,
    /// The sign-in.
    pub login: Login,
    /// Where the platform sends the person back.
    pub redirect: String,
    /// The zone that the account's wall-clock times will be meant in.
    pub timezone: Zone,
    /// What else it needs, sealed: a verifier, or the token with which pages were listed.
    pub secret: Option<String>,
    /// Until when it can be finished.
    pub expires_at: Timestamp,
}

/// What taking a sign-in came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenLink {
    /// It is the caller's, and nobody can take it again.
    Taken(PendingLink),
    /// It was begun by another user; it stays theirs.
    OtherUser,
    /// It ran out. It is gone.
    Expired,
    /// There is none (any more).
    Unknown,
}

/// Storage of sealed tokens. Each operation is one transaction, and durable when it has answered.
///
/// The store's clock decides when claims and sign-ins end. Account ids name one account among all users;
/// whoever removes an account's row removes its tokens with it.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Stores an account's row with its tokens. The user's own account with the same channel and external
    /// id keeps its id, grace, cool-down and quota, and its tokens' version counts up; another
    /// user's is another account.
    ///
    /// # Errors
    /// [`StoreError`] where nothing was stored.
    async fn put_link(&self, link: NewLink) -> Result<PutLink, StoreError>;

    /// The account with its tokens; `None` where it isn't linked (any more), or has none.
    async fn tokens(&self, account: AccountId) -> Result<Option<TokenRecord>, StoreError>;

    /// Asks for the right to renew `version`, for `lease_millis` of the store's time.
    async fn claim_refresh(
        &self,
        account: AccountId,
        version: i64,
        lease_millis: i64,
    ) -> Result<ClaimRefresh, StoreError>;

    /// Ends a renewal, and writes what it came to into the account's row. New tokens are stored as long as the
    /// account still has the version they replace, even where the claim has ended meanwhile: whoever
    /// holds the platform's latest tokens must not lose them. Anything else is stored for the latest
    /// claim alone. Answers whether it was.
    async fn finish_refresh(
        &self,
        claim: RefreshClaim,
        end: RefreshEnd,
    ) -> Result<bool, StoreError>;

    /// Keeps a sign-in under way, and forgets those that have run out.
    async fn put_pending(&self, pending: PendingLink) -> Result<(), StoreError>;

    /// Takes a sign-in that `user` began; it can be taken once.
    async fn take_pending(&self, state_hash: String, user: UserId)
    -> Result<TakenLink, StoreError>;

    /// Accounts with a token whose sealed text doesn't begin with `prefix`, by id, after `after`, at most
    /// `limit`.
    async fn sealed_otherwise(
        &self,
        prefix: String,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError>;

    /// Replaces the sealed text of the same tokens. Answers whether it did: not where the account has
    /// another version meanwhile.
    async fn reseal(
        &self,
        account: AccountId,
        version: i64,
        tokens: SealedTokens,
    ) -> Result<bool, StoreError>;

    /// Accounts with the status `ok` that are to be renewed at `now` although nobody uses them, by id, after
    /// `after`, at most `limit`.
    async fn renewal_due(
        &self,
        now: Timestamp,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError>;

    /// Sets the zone of a user's account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the user has no such account.
    async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, StoreError>;

    /// Removes a user's account with its tokens.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the user has no such account.
    async fn unlink(&self, user: UserId, account: AccountId) -> Result<(), StoreError>;

    /// The user's accounts, by channel, name and id.
    async fn linked(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError>;
}
