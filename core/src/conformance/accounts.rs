//! Cases about linked accounts.

use super::fixture::{account, account_id, user};
use super::{Cases, ConformanceError, Verdict, equal, refused};
use crate::model::AccountStatus;
use crate::ports::{Missing, Store, StoreError};

pub(super) async fn run<S: Store>(
    cases: &mut Cases<impl AsyncFn() -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("accounts come back in order", comes_back)
        .await?;
    cases
        .check("an account is put in place of itself", replaced)
        .await?;
    cases.check("a removed account is gone", removed).await?;
    cases.check("other users' accounts are absent", users).await
}

async fn comes_back(store: &dyn Store) -> Verdict {
    let ana = user("ana");
    equal("before any", &store.accounts(ana).await?, &vec![])?;
    let expected = vec![
        account(ana, "Panadería", "instagram")?,
        account(ana, "Café", "tiktok")?,
        account(ana, "Pan", "tiktok")?,
    ];
    for index in [2, 0, 1] {
        store.put_account(expected[index].clone()).await?;
    }
    equal("the accounts", &store.accounts(ana).await?, &expected)
}

async fn replaced(store: &dyn Store) -> Verdict {
    let ana = user("ana");
    let mut changed = account(ana, "Pan", "tiktok")?;
    store.put_account(changed.clone()).await?;
    changed.status = AccountStatus::Revoked;
    changed.expires_at = None;
    changed.quota = None;
    store.put_account(changed.clone()).await?;
    equal("the accounts", &store.accounts(ana).await?, &vec![changed])
}

async fn removed(store: &dyn Store) -> Verdict {
    let ana = user("ana");
    let absent = StoreError::NotFound {
        what: Missing::Account,
    };
    let pan = account_id("Pan");
    refused("before", store.remove_account(ana, pan).await, &absent)?;
    store.put_account(account(ana, "Pan", "tiktok")?).await?;
    store.put_account(account(ana, "Café", "tiktok")?).await?;
    store.remove_account(ana, pan).await?;
    refused("twice", store.remove_account(ana, pan).await, &absent)?;
    equal(
        "the accounts",
        &store.accounts(ana).await?,
        &vec![account(ana, "Café", "tiktok")?],
    )
}

async fn users(store: &dyn Store) -> Verdict {
    let (ana, luis) = (user("ana"), user("luis"));
    let hers = account(ana, "Pan", "tiktok")?;
    store.put_account(hers.clone()).await?;
    equal("his accounts", &store.accounts(luis).await?, &vec![])?;
    refused(
        "removing hers",
        store.remove_account(luis, hers.id).await,
        &StoreError::NotFound {
            what: Missing::Account,
        },
    )?;
    // The same id in another user's hands is another row.
    let his = account(luis, "Pan", "instagram")?;
    store.put_account(his.clone()).await?;
    equal("hers", &store.accounts(ana).await?, &vec![hers])?;
    equal("his", &store.accounts(luis).await?, &vec![his])
}
