//! What every `TokenStore` must do, sentence by sentence of the port's documentation, in memory, in SQLite and in
//! PostgreSQL.

use std::sync::Arc;

use calendar_publish::memory::ManualClock;
use calendar_publish::model::{
    AccountId, AccountStatus, ChannelAccount, Quota, Timestamp, Zone, deterministic_uuid,
};
use calendar_publish::ports::{Missing, StoreError};
use calendar_publish_adapters::accounts::{
    ClaimRefresh, Login, MemoryTokens, NewLink, PendingLink, PutLink, RefreshClaim, RefreshEnd,
    RenewedTokens, SealedTokens, TakenLink, TokenRecord, TokenStore,
};
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_postgres_harness::shared;
use chrono::TimeDelta;
use tempfile::TempDir;

use crate::fixture::{madrid, start, user};

const LEASE: i64 = 60_000;

/// A store, its clock, and what must live as long as it.
struct Case {
    store: Arc<dyn TokenStore>,
    clock: Arc<ManualClock>,
    _folder: Option<TempDir>,
}

async fn stores() -> Vec<(&'static str, Case)> {
    let clock = || Arc::new(ManualClock::new(start()));
    let memory = clock();
    let folder = TempDir::new().unwrap();
    let sqlite = clock();
    let file = SqliteStore::open(folder.path().join("a.db")).unwrap();
    let postgres = clock();
    let database = PostgresStore::connect(&shared().create_database())
        .await
        .unwrap();
    database.migrate().await.unwrap();
    vec![
        (
            "memory",
            Case {
                store: Arc::new(MemoryTokens::new(memory.clone())),
                clock: memory,
                _folder: None,
            },
        ),
        (
            "sqlite",
            Case {
                store: Arc::new(file.with_clock(sqlite.clone())),
                clock: sqlite,
                _folder: Some(folder),
            },
        ),
        (
            "postgres",
            Case {
                store: Arc::new(database.with_clock(postgres.clone())),
                clock: postgres,
                _folder: None,
            },
        ),
    ]
}

fn account_id(name: &str) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", name]))
}

fn sealed(name: &str) -> SealedTokens {
    SealedTokens {
        access: format!("v1.k1.access.{name}"),
        refresh: Some(format!("v1.k1.refresh.{name}")),
    }
}

/// Ana's account of the external id `name`, or somebody else's, with the id of `id`.
fn link(owner: &str, name: &str, id: &str) -> NewLink {
    let account: ChannelAccount = serde_json::from_value(serde_json::json!({
        "id": account_id(id), "userId": user(owner), "channel": "tiktok", "externalAccountId": name,
        "displayName": name, "timezone": "Europe/Madrid", "status": "ok",
        "expiresAt": "2026-11-20T12:15:00Z", "renewableUntil": "2027-05-19T10:15:00Z",
        "scopes": ["video.publish"],
    }))
    .unwrap();
    NewLink {
        account,
        login: Login::Tiktok,
        tokens: sealed("1"),
        issued_at: start(),
    }
}

async fn put(case: &Case, link: NewLink) -> TokenRecord {
    match case.store.put_link(link).await.unwrap() {
        PutLink::Stored(record) => *record,
        known => panic!("{known:?}"),
    }
}

async fn granted(case: &Case, account: AccountId, version: i64) -> RefreshClaim {
    match case
        .store
        .claim_refresh(account, version, LEASE)
        .await
        .unwrap()
    {
        ClaimRefresh::Granted(claim) => claim,
        other => panic!("{other:?}"),
    }
}

fn renewed(name: &str) -> RefreshEnd {
    RefreshEnd::Renewed(RenewedTokens {
        tokens: sealed(name),
        issued_at: later(7_000),
        expires_at: Some(later(7_200)),
        renewable_until: None,
        scopes: Some(vec!["video.upload".to_owned()]),
        replaced_refused: true,
    })
}

fn later(seconds: i64) -> Timestamp {
    start().plus(TimeDelta::seconds(seconds))
}

#[tokio::test]
async fn a_link_comes_back_whole_and_one_again_keeps_what_is_the_accounts() {
    for (name, case) in stores().await {
        let first = put(&case, link("ana", "pan", "a")).await;
        assert_eq!(first.version, 1, "{name}");
        let expected = TokenRecord {
            account: link("ana", "pan", "a").account,
            login: Login::Tiktok,
            version: 1,
            tokens: sealed("1"),
            issued_at: start(),
            replaced_refused: false,
        };
        assert_eq!(first, expected, "{name}");
        assert_eq!(
            case.store.tokens(account_id("a")).await.unwrap(),
            Some(expected),
            "{name}"
        );

        // The same account of the same user is known by its id, and nothing is stored under another.
        let known = case.store.put_link(link("ana", "pan", "b")).await.unwrap();
        assert_eq!(known, PutLink::KnownAs(account_id("a")), "{name}");
        assert_eq!(
            case.store.tokens(account_id("b")).await.unwrap(),
            None,
            "{name}"
        );
        let mut again = link("ana", "pan", "a");
        again.tokens = sealed("2");
        again.account.display_name = "Pan nuevo".to_owned();
        let second = put(&case, again).await;
        assert_eq!((second.version, second.tokens), (2, sealed("2")), "{name}");

        // Another user's account of the same external id is another row.
        let his = put(&case, link("luis", "pan", "c")).await;
        assert_eq!(
            (his.version, his.account.id),
            (1, account_id("c")),
            "{name}"
        );
        let names = |accounts: Vec<ChannelAccount>| -> Vec<String> {
            accounts
                .into_iter()
                .map(|account| account.display_name)
                .collect()
        };
        assert_eq!(
            names(case.store.linked(user("ana")).await.unwrap()),
            ["Pan nuevo"]
        );
        assert_eq!(
            names(case.store.linked(user("luis")).await.unwrap()),
            ["pan"]
        );
    }
}

#[tokio::test]
async fn one_claim_at_a_time_until_its_lease_ends_by_the_stores_clock() {
    for (name, case) in stores().await {
        let id = account_id("a");
        let missing = case.store.claim_refresh(id, 1, LEASE).await.unwrap();
        assert_eq!(missing, ClaimRefresh::Missing, "{name}");
        put(&case, link("ana", "pan", "a")).await;
        let first = granted(&case, id, 1).await;
        assert_eq!(
            (first.version, first.unanswered_before, first.refusals),
            (1, false, 0)
        );
        case.clock.advance(TimeDelta::milliseconds(LEASE - 1));
        let busy = case.store.claim_refresh(id, 1, LEASE).await.unwrap();
        assert_eq!(busy, ClaimRefresh::Busy { until: later(60) }, "{name}");
        case.clock.advance(TimeDelta::milliseconds(1));
        // Whoever was first has died: nobody knows what became of its call.
        let second = granted(&case, id, 1).await;
        assert!(
            second.fence > first.fence && second.unanswered_before,
            "{name}"
        );
        // What the dead one has to say about the account isn't heard any more.
        for end in [
            RefreshEnd::Ended {
                status: AccountStatus::Revoked,
            },
            RefreshEnd::Doubted,
            RefreshEnd::Released {
                unanswered: false,
                rest_millis: 0,
            },
        ] {
            assert!(
                !case.store.finish_refresh(first, end).await.unwrap(),
                "{name}"
            );
        }
        // Its new tokens are: they are the platform's latest.
        assert!(
            case.store
                .finish_refresh(first, renewed("2"))
                .await
                .unwrap(),
            "{name}"
        );
        let stale = RefreshEnd::Ended {
            status: AccountStatus::Revoked,
        };
        assert!(
            !case.store.finish_refresh(second, stale).await.unwrap(),
            "{name}"
        );
        assert!(
            !case
                .store
                .finish_refresh(second, renewed("3"))
                .await
                .unwrap(),
            "{name}"
        );
        let now = case.store.tokens(id).await.unwrap().unwrap();
        assert_eq!(
            (now.version, now.tokens.clone()),
            (2, sealed("2")),
            "{name}"
        );
        let changed = case.store.claim_refresh(id, 1, LEASE).await.unwrap();
        assert_eq!(changed, ClaimRefresh::Changed(Box::new(now)), "{name}");
        let third = granted(&case, id, 2).await;
        assert!(
            third.fence > second.fence && !third.unanswered_before,
            "{name}"
        );
    }
}

#[tokio::test]
async fn new_tokens_are_written_with_the_accounts_row() {
    for (name, case) in stores().await {
        let id = account_id("a");
        let mut before = link("ana", "pan", "a");
        before.account.cooling_down_until = Some(later(600));
        before.account.grace_minutes = Some(15);
        before.account.quota = Some(Quota {
            used: 3,
            total: 15,
            window_seconds: 86_400,
            read_at: start(),
        });
        let mut expected = put(&case, before).await;
        let claim = granted(&case, id, 1).await;
        assert!(
            case.store
                .finish_refresh(claim, renewed("2"))
                .await
                .unwrap()
        );
        expected.version = 2;
        expected.tokens = sealed("2");
        expected.issued_at = later(7_000);
        expected.replaced_refused = true;
        expected.account.expires_at = Some(later(7_200));
        expected.account.renewable_until = None;
        expected.account.scopes = vec!["video.upload".to_owned()];
        assert_eq!(
            case.store.tokens(id).await.unwrap(),
            Some(expected.clone()),
            "{name}"
        );
        assert_eq!(
            case.store.linked(user("ana")).await.unwrap(),
            [expected.account],
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_end_is_written_into_the_row_and_nobody_renews_after_it() {
    for (name, case) in stores().await {
        let id = account_id("a");
        put(&case, link("ana", "pan", "a")).await;
        let claim = granted(&case, id, 1).await;
        let end = RefreshEnd::Ended {
            status: AccountStatus::Revoked,
        };
        assert!(
            case.store.finish_refresh(claim, end).await.unwrap(),
            "{name}"
        );
        assert_eq!(
            case.store.linked(user("ana")).await.unwrap()[0].status,
            AccountStatus::Revoked
        );
        let after = case.store.claim_refresh(id, 1, LEASE).await.unwrap();
        assert!(
            matches!(after, ClaimRefresh::Changed(_)),
            "{name}: {after:?}"
        );
        // Whoever links again has a working account.
        let again = put(&case, link("ana", "pan", "a")).await;
        assert_eq!(
            (again.version, again.account.status),
            (2, AccountStatus::Ok),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_released_claim_rests_and_a_doubt_is_counted() {
    for (name, case) in stores().await {
        let id = account_id("a");
        put(&case, link("ana", "pan", "a")).await;
        let claim = granted(&case, id, 1).await;
        let released = RefreshEnd::Released {
            unanswered: true,
            rest_millis: 30_000,
        };
        assert!(
            case.store.finish_refresh(claim, released).await.unwrap(),
            "{name}"
        );
        let resting = case.store.claim_refresh(id, 1, LEASE).await.unwrap();
        assert_eq!(
            resting,
            ClaimRefresh::Resting { until: later(30) },
            "{name}"
        );
        case.clock.advance(TimeDelta::seconds(30));
        let claim = granted(&case, id, 1).await;
        assert!(claim.unanswered_before, "{name}");
        assert!(
            case.store
                .finish_refresh(claim, RefreshEnd::Doubted)
                .await
                .unwrap(),
            "{name}"
        );
        let claim = granted(&case, id, 1).await;
        assert_eq!(claim.refusals, 1, "{name}");
        let answered = RefreshEnd::Released {
            unanswered: false,
            rest_millis: 0,
        };
        assert!(
            case.store
                .finish_refresh(claim, answered.clone())
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !case.store.finish_refresh(claim, answered).await.unwrap(),
            "{name}: twice"
        );
    }
}

fn pending(name: &str, minutes: i64) -> PendingLink {
    PendingLink {
        state_hash: name.to_owned(),
        user_id: user("ana"),
        login: Login::Facebook,
        redirect: "https://app.test/cb".to_owned(),
        timezone: madrid(),
        secret: Some("v1.k1.a.b".to_owned()),
        expires_at: start().plus(TimeDelta::minutes(minutes)),
    }
}

#[tokio::test]
async fn a_sign_in_is_taken_once_by_its_user_in_time() {
    for (name, case) in stores().await {
        let take = async |state: &str, owner: &str| {
            case.store
                .take_pending(state.to_owned(), user(owner))
                .await
                .unwrap()
        };
        assert_eq!(take("one", "ana").await, TakenLink::Unknown, "{name}");
        for (state, minutes) in [("one", 10), ("two", 10), ("old", 5)] {
            case.store
                .put_pending(pending(state, minutes))
                .await
                .unwrap();
        }
        assert_eq!(take("one", "luis").await, TakenLink::OtherUser, "{name}");
        assert_eq!(
            take("one", "ana").await,
            TakenLink::Taken(pending("one", 10)),
            "{name}"
        );
        assert_eq!(take("one", "ana").await, TakenLink::Unknown, "{name}");
        case.clock.advance(TimeDelta::minutes(5));
        assert_eq!(take("old", "ana").await, TakenLink::Expired, "{name}");
        assert_eq!(take("old", "ana").await, TakenLink::Unknown, "{name}");
        case.clock.advance(TimeDelta::minutes(6));
        // Those that ran out are forgotten with the next.
        case.store.put_pending(pending("three", 30)).await.unwrap();
        assert_eq!(take("two", "ana").await, TakenLink::Unknown, "{name}");
    }
}

#[tokio::test]
async fn of_many_who_take_a_sign_in_one_gets_it() {
    for (name, case) in stores().await {
        case.store.put_pending(pending("one", 10)).await.unwrap();
        let takers: Vec<_> = (0..8)
            .map(|_| {
                let store = case.store.clone();
                tokio::spawn(async move { store.take_pending("one".to_owned(), user("ana")).await })
            })
            .collect();
        let mut taken = 0;
        for taker in takers {
            taken += u32::from(matches!(taker.await.unwrap().unwrap(), TakenLink::Taken(_)));
        }
        assert_eq!(taken, 1, "{name}");
    }
}

#[tokio::test]
async fn of_many_who_claim_or_link_one_is_first() {
    for (name, case) in stores().await {
        let links: Vec<_> = (0..8)
            .map(|number| {
                let store = case.store.clone();
                let link = link("ana", "pan", &number.to_string());
                tokio::spawn(async move { store.put_link(link).await })
            })
            .collect();
        let mut stored = Vec::new();
        for link in links {
            if let PutLink::Stored(record) = link.await.unwrap().unwrap() {
                stored.push(record.account.id);
            }
        }
        assert_eq!(stored.len(), 1, "{name}");
        assert_eq!(
            case.store.linked(user("ana")).await.unwrap().len(),
            1,
            "{name}"
        );
        let id = stored[0];
        let claims: Vec<_> = (0..8)
            .map(|_| {
                let store = case.store.clone();
                tokio::spawn(async move { store.claim_refresh(id, 1, LEASE).await })
            })
            .collect();
        let mut granted = 0;
        for claim in claims {
            granted += u32::from(matches!(
                claim.await.unwrap().unwrap(),
                ClaimRefresh::Granted(_)
            ));
        }
        assert_eq!(granted, 1, "{name}");
    }
}

#[tokio::test]
async fn what_another_key_sealed_is_found_page_by_page_and_replaced() {
    for (name, case) in stores().await {
        let mut ids = Vec::new();
        for number in 0..5 {
            let text = number.to_string();
            let mut link = link("ana", &text, &text);
            // `_` would match anything where a store took the prefix for a pattern.
            if number == 0 {
                link.tokens.access = "v1.kx1.access".to_owned();
                link.tokens.refresh = None;
            }
            ids.push(put(&case, link).await.account.id);
        }
        ids.sort();
        let find = async |prefix: &str, after, limit| -> Vec<AccountId> {
            let found = case.store.sealed_otherwise(prefix.to_owned(), after, limit);
            found
                .await
                .unwrap()
                .into_iter()
                .map(|record| record.account.id)
                .collect()
        };
        assert_eq!(find("v1.k1.", None, 10).await, [account_id("0")], "{name}");
        assert_eq!(find("v1.k_1.", None, 10).await, ids, "{name}");
        assert_eq!(find("v1.k2.", None, 2).await, ids[..2], "{name}");
        assert_eq!(find("v1.k2.", Some(ids[1]), 10).await, ids[2..], "{name}");

        let resealed = SealedTokens {
            access: "v1.k2.access".to_owned(),
            refresh: Some("v1.k2.refresh".to_owned()),
        };
        assert!(
            case.store
                .reseal(ids[0], 1, resealed.clone())
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !case
                .store
                .reseal(ids[1], 2, resealed.clone())
                .await
                .unwrap(),
            "{name}"
        );
        let now = case.store.tokens(ids[0]).await.unwrap().unwrap();
        assert_eq!((now.version, now.tokens), (1, resealed), "{name}");
        assert_eq!(find("v1.k2.", None, 10).await, ids[1..], "{name}");
        // One of an account's two is enough.
        let half = SealedTokens {
            access: "v1.k2.access".to_owned(),
            refresh: Some("v1.k1.refresh".to_owned()),
        };
        assert!(case.store.reseal(ids[1], 1, half).await.unwrap(), "{name}");
        assert_eq!(find("v1.k2.", None, 10).await, ids[1..], "{name}");
    }
}

#[tokio::test]
async fn what_runs_out_is_found_soonest_first() {
    for (name, case) in stores().await {
        for (external, expires_at, status) in [
            ("late", Some(later(300)), AccountStatus::Ok),
            ("soon", Some(later(100)), AccountStatus::Ok),
            (
                "sooner by a bit",
                Some(later(100).plus(TimeDelta::milliseconds(-1))),
                AccountStatus::Ok,
            ),
            ("never", None, AccountStatus::Ok),
            ("revoked", Some(later(50)), AccountStatus::Revoked),
            ("much later", Some(later(900)), AccountStatus::Ok),
        ] {
            let mut link = link("ana", external, external);
            link.account.expires_at = expires_at;
            link.account.status = status;
            put(&case, link).await;
        }
        let find = async |limit| -> Vec<String> {
            let found = case.store.expiring(later(900), limit).await.unwrap();
            found
                .into_iter()
                .map(|record| record.account.external_account_id)
                .collect()
        };
        assert_eq!(
            find(10).await,
            ["sooner by a bit", "soon", "late"],
            "{name}"
        );
        assert_eq!(find(1).await, ["sooner by a bit"], "{name}");
    }
}

#[tokio::test]
async fn zone_and_unlinking_are_the_owners_alone() {
    let absent = StoreError::NotFound {
        what: Missing::Account,
    };
    for (name, case) in stores().await {
        let id = account_id("a");
        let lima: Zone = "America/Lima".parse().unwrap();
        put(&case, link("ana", "pan", "a")).await;
        let refused = case.store.set_timezone(user("luis"), id, lima).await;
        assert_eq!(refused.unwrap_err(), absent, "{name}");
        assert_eq!(
            case.store.unlink(user("luis"), id).await.unwrap_err(),
            absent,
            "{name}"
        );
        let moved = case
            .store
            .set_timezone(user("ana"), id, lima)
            .await
            .unwrap();
        assert_eq!(moved.timezone, lima, "{name}");
        let record = case.store.tokens(id).await.unwrap().unwrap();
        assert_eq!(
            (record.account, record.tokens),
            (moved, sealed("1")),
            "{name}"
        );
        case.store.unlink(user("ana"), id).await.unwrap();
        assert_eq!(case.store.tokens(id).await.unwrap(), None, "{name}");
        assert_eq!(case.store.linked(user("ana")).await.unwrap(), [], "{name}");
        assert_eq!(
            case.store.unlink(user("ana"), id).await.unwrap_err(),
            absent,
            "{name}"
        );
        // Linked again it starts anew: the tokens of before are gone.
        assert_eq!(
            put(&case, link("ana", "pan", "a")).await.version,
            1,
            "{name}"
        );
    }
}
