//! Claims, what a renewal writes, and what is found to be sealed or renewed.

use calendar_publish::model::{AccountId, AccountStatus, Quota};
use calendar_publish_adapters::accounts::{ClaimRefresh, RefreshEnd, SealedTokens};
use chrono::TimeDelta;

use super::{LEASE, account_id, granted, later, link, put, renewed, sealed, stores};
use crate::fixture::{start, user};

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
        expected.renew_at = Some(later(8_000));
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
async fn what_is_to_be_renewed_at_rest_is_found_page_by_page() {
    for (name, case) in stores().await {
        let mut due = Vec::new();
        for (external, renew_at, status) in [
            ("a", Some(later(300)), AccountStatus::Ok),
            ("b", Some(later(100)), AccountStatus::Ok),
            ("c", Some(later(301)), AccountStatus::Ok),
            ("d", None, AccountStatus::Ok),
            ("e", Some(later(50)), AccountStatus::Revoked),
            ("f", Some(later(50)), AccountStatus::Ok),
        ] {
            let mut link = link("ana", external, external);
            link.renew_at = renew_at;
            link.account.status = status;
            let id = put(&case, link).await.account.id;
            if ["a", "b", "f"].contains(&external) {
                due.push(id);
            }
        }
        due.sort();
        let find = async |after, limit| -> Vec<AccountId> {
            let found = case.store.renewal_due(later(300), after, limit);
            let found = found.await.unwrap().into_iter();
            found.map(|record| record.account.id).collect()
        };
        assert_eq!(find(None, 10).await, due, "{name}");
        assert_eq!(find(None, 2).await, due[..2], "{name}");
        assert_eq!(find(Some(due[1]), 2).await, due[2..], "{name}");
    }
}
