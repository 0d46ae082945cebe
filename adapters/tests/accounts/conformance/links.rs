//! Accounts and sign-ins under way.

use calendar_publish::model::{ChannelAccount, Zone};
use calendar_publish::ports::{Missing, StoreError};
use calendar_publish_adapters::accounts::{
    ClaimRefresh, Login, PendingLink, PutLink, TakenLink, TokenRecord,
};
use chrono::TimeDelta;

use super::{LEASE, account_id, later, link, put, sealed, stores};
use crate::fixture::{madrid, start, user};

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
            renew_at: Some(later(9_000)),
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
