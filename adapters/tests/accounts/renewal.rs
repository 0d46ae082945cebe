//! Renewals that meet crashes, a store that is down, other callers and a rotation of keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{AccountId, AccountStatus, ChannelAccount, Timestamp, UserId, Zone};
use calendar_publish::ports::{KeyError, StoreError};
use calendar_publish_adapters::access::{AccessError, AccessTokens};
use calendar_publish_adapters::accounts::{
    AccountService, ClaimRefresh, MemoryTokens, NewLink, PendingLink, PutLink, RefreshClaim,
    RefreshEnd, ResealReport, SealedTokens, TakenLink, TokenRecord, TokenStore, VaultError,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret;

use crate::fixture::{
    Hasty, INVALID_GRANT, Next, TIKTOK_RENEWED, World, json, key, logins, start, user, vault,
};

/// A store that can't finish renewals for a while.
struct Flaky {
    inner: MemoryTokens,
    refusals: AtomicU32,
}

#[async_trait]
impl TokenStore for Flaky {
    async fn put_link(&self, link: NewLink) -> Result<PutLink, StoreError> {
        self.inner.put_link(link).await
    }
    async fn tokens(&self, account: AccountId) -> Result<Option<TokenRecord>, StoreError> {
        self.inner.tokens(account).await
    }
    async fn claim_refresh(
        &self,
        account: AccountId,
        version: i64,
        lease_millis: i64,
    ) -> Result<ClaimRefresh, StoreError> {
        self.inner
            .claim_refresh(account, version, lease_millis)
            .await
    }
    async fn finish_refresh(
        &self,
        claim: RefreshClaim,
        end: RefreshEnd,
    ) -> Result<bool, StoreError> {
        let left = self.refusals.load(Ordering::SeqCst);
        if left > 0 {
            self.refusals.store(left - 1, Ordering::SeqCst);
            return Err(StoreError::unavailable("down"));
        }
        self.inner.finish_refresh(claim, end).await
    }
    async fn put_pending(&self, pending: PendingLink) -> Result<(), StoreError> {
        self.inner.put_pending(pending).await
    }
    async fn take_pending(&self, state: String, user: UserId) -> Result<TakenLink, StoreError> {
        self.inner.take_pending(state, user).await
    }
    async fn sealed_otherwise(
        &self,
        prefix: String,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        self.inner.sealed_otherwise(prefix, after, limit).await
    }
    async fn reseal(
        &self,
        account: AccountId,
        version: i64,
        tokens: SealedTokens,
    ) -> Result<bool, StoreError> {
        self.inner.reseal(account, version, tokens).await
    }
    async fn renewal_due(
        &self,
        now: Timestamp,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        self.inner.renewal_due(now, after, limit).await
    }
    async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, StoreError> {
        self.inner.set_timezone(user, account, timezone).await
    }
    async fn unlink(&self, user: UserId, account: AccountId) -> Result<(), StoreError> {
        self.inner.unlink(user, account).await
    }
    async fn linked(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.inner.linked(user).await
    }
}

#[tokio::test]
async fn new_tokens_are_never_used_before_they_are_stored_and_never_lost() {
    for (refusals, at_once) in [(2, true), (5, false)] {
        let clock = Arc::new(ManualClock::new(start()));
        let store = Arc::new(Flaky {
            inner: MemoryTokens::new(clock.clone()),
            refusals: AtomicU32::new(0),
        });
        let world = World::over(store.clone(), clock);
        let linked = world.link_tiktok("ana").await;
        world.pass(TimeDelta::hours(3));
        store.refusals.store(refusals, Ordering::SeqCst);
        world.script.then([json(200, TIKTOK_RENEWED)]);
        let first = world.service.access_token(linked.id).await;
        if !at_once {
            assert!(matches!(first, Err(AccessError::Unavailable { .. })));
            assert_eq!(store.tokens(linked.id).await.unwrap().unwrap().version, 1);
        }
        // The platform isn't asked again: what it gave is stored first.
        let token = world.service.access_token(linked.id).await.unwrap();
        assert_eq!(
            (token.secret.expose_secret(), token.version),
            ("act.sim-A2", 2)
        );
        assert_eq!(store.tokens(linked.id).await.unwrap().unwrap().version, 2);
        assert_eq!(world.script.asked().len(), 1);
    }
}

/// Somebody claimed, called the platform perhaps, and died.
async fn after_a_crash() -> (World, ChannelAccount) {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::hours(3));
    let claimed = world
        .store
        .claim_refresh(linked.id, 1, 60_000)
        .await
        .unwrap();
    assert!(matches!(claimed, ClaimRefresh::Granted(_)));
    (world, linked)
}

#[tokio::test]
async fn after_a_crash_the_next_caller_waits_for_the_claim_to_end_and_renews() {
    let (world, linked) = after_a_crash().await;
    world.script.then([json(200, TIKTOK_RENEWED)]);
    let before = calendar_publish::ports::Clock::now(&*world.clock);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.version, 2);
    let waited = calendar_publish::ports::Clock::now(&*world.clock).since(before);
    assert!(waited >= TimeDelta::seconds(60), "{waited}");
    assert_eq!(world.row(&linked).await.status, AccountStatus::Ok);
}

#[tokio::test]
async fn after_a_crash_one_refusal_alone_does_not_end_the_account() {
    // The dead one had rotated the token: the platform refuses twice.
    let (world, linked) = after_a_crash().await;
    world
        .script
        .then([json(200, INVALID_GRANT), json(200, INVALID_GRANT)]);
    let refused = world.service.access_token(linked.id).await.unwrap_err();
    assert_eq!(refused, AccessError::Revoked);
    assert_eq!(world.script.asked().len(), 2);

    // It had not, and the platform erred once.
    let (world, linked) = after_a_crash().await;
    world
        .script
        .then([json(200, INVALID_GRANT), json(200, TIKTOK_RENEWED)]);
    assert_eq!(
        world.service.access_token(linked.id).await.unwrap().version,
        2
    );
    assert_eq!(world.row(&linked).await.status, AccountStatus::Ok);
}

#[tokio::test]
async fn whoever_was_only_slow_still_stores_what_it_got() {
    let (world, linked) = after_a_crash().await;
    let record = world.store.tokens(linked.id).await.unwrap().unwrap();
    let slow = RefreshClaim {
        account: linked.id,
        fence: 1,
        version: 1,
        unanswered_before: false,
        refusals: 0,
    };
    world
        .script
        .then([json(200, INVALID_GRANT), json(200, INVALID_GRANT)]);
    world.service.access_token(linked.id).await.unwrap_err();
    // The account counts as revoked; the slow one's tokens bring it back.
    let renewed = calendar_publish_adapters::accounts::RenewedTokens {
        tokens: record.tokens,
        issued_at: start(),
        renew_at: None,
        expires_at: Some(start().plus(TimeDelta::days(1))),
        renewable_until: Some(start().plus(TimeDelta::days(180))),
        scopes: None,
        replaced_refused: false,
    };
    let end = RefreshEnd::Renewed(renewed);
    assert!(world.store.finish_refresh(slow, end).await.unwrap());
    assert_eq!(world.row(&linked).await.status, AccountStatus::Ok);
    assert_eq!(
        world.service.access_token(linked.id).await.unwrap().version,
        2
    );
}

#[tokio::test]
async fn fifty_callers_of_one_process_make_one_call() {
    let world = Arc::new(World::new());
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::hours(3));
    world.script.then([json(200, TIKTOK_RENEWED)]);
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { world.service.access_token(linked.id).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().version, 2);
    }
    assert_eq!(world.script.asked().len(), 1);
}

/// The same store and platform, with other keys.
fn with_keys(world: &World, keys: Vec<calendar_publish::ports::SealingKey>) -> AccountService {
    AccountService::new(
        world.store.clone(),
        vault(keys),
        world.script.clone(),
        Arc::new(Hasty(world.clock.clone())),
        logins(),
    )
}

#[tokio::test]
async fn rotation_seals_everything_anew_and_old_keys_open_until_then() {
    let world = World::new();
    let tiktok = world.link_tiktok("ana").await;
    let instagram = world.link_instagram("luis").await;
    let rotated = with_keys(&world, vec![key("k2", 2), key("k1", 1)]);
    let token = rotated.access_token(tiktok.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "act.sim-A1");
    let report = rotated.reseal_all().await.unwrap();
    assert_eq!(
        report,
        ResealReport {
            resealed: 2,
            ..ResealReport::default()
        }
    );
    assert!(report.is_complete());
    assert_eq!(rotated.reseal_all().await.unwrap(), ResealReport::default());
    // The old key can go.
    let alone = with_keys(&world, vec![key("k2", 2)]);
    let token = alone.access_token(instagram.id).await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.version),
        ("IG.LONG1", 1)
    );
    world.pass(TimeDelta::hours(3));
    world.script.then([json(200, TIKTOK_RENEWED)]);
    alone.access_token(tiktok.id).await.unwrap();
    assert!(world.script.asked()[0].contains("refresh_token=rft.sim-R1"));
}

#[tokio::test]
async fn tokens_whose_key_is_gone_are_counted_and_disconnect_nobody() {
    let world = World::new();
    let linked = world.link_tiktok("ana").await;
    let lost = with_keys(&world, vec![key("k2", 2)]);
    let report = lost.reseal_all().await.unwrap();
    let missing = VaultError::Key(KeyError::Missing {
        id: "k1".to_owned(),
    });
    assert_eq!(report.failed, [(linked.id, missing)]);
    assert!(!report.is_complete());
    let refused = lost.access_token(linked.id).await.unwrap_err();
    assert!(matches!(&refused, AccessError::Unavailable { reason } if reason.contains("`k1`")));
    world.pass(TimeDelta::hours(3));
    // Nothing is asked of the platform with a token that can't be opened.
    lost.access_token(linked.id).await.unwrap_err();
    assert_eq!(world.script.asked().len(), 0);
    assert_eq!(world.row(&linked).await.status, AccountStatus::Ok);
    // With the key everything works again.
    world.script.then([json(200, TIKTOK_RENEWED)]);
    assert_eq!(
        world.service.access_token(linked.id).await.unwrap().version,
        2
    );
}

#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_secret() {
    let world = World::new();
    let begun = world
        .service
        .begin_link(
            user("ana"),
            calendar_publish_adapters::accounts::Login::Tiktok,
            crate::fixture::DESKTOP,
            crate::fixture::madrid(),
        )
        .await
        .unwrap();
    let linked = world.link_tiktok("ana").await;
    let record = world.store.tokens(linked.id).await.unwrap().unwrap();
    let token = world.service.access_token(linked.id).await.unwrap();
    world.pass(TimeDelta::hours(3));
    let planted = r#"{"error":"invalid_client","error_description":"rft.sim-R1 of sim_client_secret","log_id":"rft.sim-R1 !"}"#;
    world.script.then([json(400, planted)]);
    let refused = world.service.access_token(linked.id).await.unwrap_err();
    let state = world
        .begin(
            "ana",
            calendar_publish_adapters::accounts::Login::Tiktok,
            crate::fixture::DESKTOP,
        )
        .await;
    world.script.then([json(400, planted)]);
    let callback = format!("code=PLANTED-CODE&state={state}");
    let failed = world
        .service
        .finish_link(user("ana"), &callback)
        .await
        .unwrap_err();
    world.script.then([Next::Lost; 0]);
    let keys = calendar_publish_adapters::accounts::StaticKeys::new(vec![key("k1", b'P')]).unwrap();
    let sealed = (
        record.tokens.access.clone(),
        record.tokens.refresh.clone().unwrap(),
    );
    let shown = format!(
        "{:?} {begun:?} {record:?} {token:?} {refused:?} {refused} {failed:?} {failed} {keys:?} {:?} {:?}",
        world.service,
        logins(),
        vault(vec![key("k1", b'P')]),
    );
    for secret in [
        "act.sim",
        "rft.sim",
        "client_secret\"",
        "sim_client_secret",
        "PLANTED",
        "80, 80",
        &begun.state,
        &state,
        &sealed.0,
        &sealed.1,
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}
