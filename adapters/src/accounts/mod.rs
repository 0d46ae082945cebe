//! Linking TikTok and Instagram accounts, and keeping their tokens sealed and fresh (feature `accounts`).
//!
//! [`AccountService`] sends a person to the platform and takes them back, stores what came of it sealed by a
//! [`Vault`], and gives channel adapters tokens that work ([`AccessTokens`](crate::access::AccessTokens)). A token
//! is renewed by one caller at a time, in however many processes, and is durable before it is used. A passing
//! fault never disconnects an account.
//!
//! Tokens are kept by a [`TokenStore`]: [`MemoryTokens`], and with their features `SqliteStore` and
//! `PostgresStore`, where they stand beside the accounts' rows. It holds app secrets: for servers only.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use calendar_publish::model::{UserId, Zone};
//! # use calendar_publish::ports::{Clock, HttpTransport};
//! use calendar_publish_adapters::accounts::{
//!     AccountService, AppCredentials, Login, Logins, StaticKeys, TiktokLogin, TokenStore, Vault,
//! };
//!
//! # async fn example(
//! #     store: Arc<dyn TokenStore>, transport: Arc<dyn HttpTransport>, clock: Arc<dyn Clock>, user: UserId,
//! # ) -> Result<(), calendar_publish::Error> {
//! let keys = StaticKeys::from_env(StaticKeys::VARIABLE)?;
//! let logins = Logins {
//!     tiktok: Some(TiktokLogin::new(AppCredentials {
//!         client_key: "awx…".to_owned(),
//!         client_secret: "…".into(),
//!     })),
//!     ..Logins::default()
//! };
//! let accounts = AccountService::new(store, Vault::new(Arc::new(keys)), transport, clock, logins);
//! let madrid: Zone = "Europe/Madrid".parse()?;
//! let link = accounts
//!     .begin_link(user, Login::Tiktok, "https://app.example/tiktok/callback/", madrid)
//!     .await?;
//! // The person goes to `link.url` and comes back to the redirect:
//! let linked = accounts.finish_link(user, "https://app.example/tiktok/callback/?code=…&state=…").await?;
//! # Ok(())
//! # }
//! ```

mod access;
mod callback;
mod creator;
mod facebook;
mod graph;
mod instagram;
mod linking;
mod memory;
mod oauth;
mod pages;
pub(crate) mod renewal;
mod rotation;
mod service;
mod tiktok;
mod token_store;

pub use crate::sealing::{
    KeysError, RandomError, RandomSource, SealContext, SecretKind, StaticKeys, SystemRandom, Vault,
    VaultError,
};
pub use facebook::FacebookLogin;
pub use instagram::InstagramLogin;
pub use linking::{LINK_MINUTES, LinkOutcome, LinkRequest};
pub use memory::MemoryTokens;
pub use oauth::AppCredentials;
pub use pages::{PageAccount, PageChoice};
pub use rotation::ResealReport;
pub use service::{AccountService, Logins, RenewalReport, Revocation};
pub use tiktok::TiktokLogin;
pub use token_store::{
    ClaimRefresh, Login, NewLink, PendingLink, PutLink, RefreshClaim, RefreshEnd, RenewedTokens,
    SealedTokens, TakenLink, TokenRecord, TokenStore,
};
