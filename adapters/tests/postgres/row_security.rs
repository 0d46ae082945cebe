//! Who sees what, as PostgREST asks for people.

use calendar_publish::model::UserId;
use calendar_publish::ports::{JobStore, RefusedEntry, Store};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::postgres::PostgresStore;
use tokio_postgres::{Client, Transaction};

use crate::fixture::{
    account, all_done, claim, connect, database, entries, entry, entry_id, job, save, schedule,
    soon, store_at, user,
};

/// Ana's and Luis's calendars and accounts, in one database.
async fn two_users() -> (String, Client) {
    let url = database();
    let store = store_at(&url).await;
    for (owner, name, count) in [(user("ana"), "hers", 2), (user("luis"), "his", 3)] {
        let mut first = save(owner, name, 0, entries(count));
        first.generated = Some(vec![entry("generated")]);
        first.refused = vec![RefusedEntry {
            id: entry_id("unreadable"),
            position: 9,
            payload: "{}".to_owned(),
            error: Error::new(Code::ChannelUnsupported),
        }];
        store.save_calendar(first).await.unwrap();
        let second = format!("{name} again");
        store
            .save_calendar(save(owner, &second, 1, entries(count)))
            .await
            .unwrap();
        store.put_account(account(owner, name)).await.unwrap();
    }
    let client = connect(&url).await;
    client
        .batch_execute("update channel_accounts set access_token_encrypted = 'sealed'")
        .await
        .unwrap();
    (url, client)
}

/// A transaction as PostgREST opens one for a request.
async fn request<'a>(client: &'a mut Client, role: &str, user: Option<UserId>) -> Transaction<'a> {
    let transaction = client.transaction().await.unwrap();
    let claims = user.map_or("{}".to_owned(), |user| format!(r#"{{"sub":"{user}"}}"#));
    transaction
        .execute(
            "select set_config('request.jwt.claims', $1, true)",
            &[&claims],
        )
        .await
        .unwrap();
    transaction
        .batch_execute(&format!("set local role {role}"))
        .await
        .unwrap();
    transaction
}

const TABLES: [&str; 7] = [
    "public.calendar_runs",
    "public.calendar_entries",
    "public.channel_accounts",
    "calendar_publish.calendars",
    "calendar_publish.past_entries",
    "calendar_publish.generated_entries",
    "calendar_publish.refused_entries",
];

#[tokio::test]
async fn a_person_sees_their_own_rows_alone() {
    let (_url, mut client) = two_users().await;
    for owner in [user("ana"), user("luis")] {
        for table in TABLES {
            let request = request(&mut client, "authenticated", Some(owner)).await;
            let row = request
                .query_one(
                    &format!("select count(*) filter (where user_id = $1), count(*) from {table}"),
                    &[&owner.uuid()],
                )
                .await
                .unwrap();
            let (own, all): (i64, i64) = (row.get(0), row.get(1));
            assert!(own > 0, "{table}");
            assert_eq!(all, own, "{table}");
        }
    }
}

#[tokio::test]
async fn a_person_changes_their_own_calendar_and_no_other() {
    let (_url, mut client) = two_users().await;
    let (ana, luis) = (user("ana"), user("luis"));
    let request_of = request(&mut client, "authenticated", Some(ana)).await;
    let changed = request_of
        .execute("update calendar_entries set readiness = 'ready'", &[])
        .await
        .unwrap();
    assert_eq!(changed, 2, "hers");
    let removed = request_of
        .execute(
            "delete from channel_accounts where user_id = $1",
            &[&luis.uuid()],
        )
        .await
        .unwrap();
    assert_eq!(removed, 0, "his");
    let smuggled = request_of
        .execute("update calendar_entries set user_id = $1", &[&luis.uuid()])
        .await;
    assert!(smuggled.is_err());
}

#[tokio::test]
async fn nobody_but_the_service_reads_a_token_or_a_commands_answer() {
    let (_url, mut client) = two_users().await;
    for query in [
        "select access_token_encrypted from channel_accounts",
        "select refresh_token_encrypted from channel_accounts",
        "select * from channel_accounts",
        "select * from calendar_publish.publish_commands",
        "select * from calendar_publish.account_tokens",
        "select * from calendar_publish.pending_links",
        "insert into calendar_publish.pending_links values ('x', auth.uid(), 'tiktok', 'x', 'UTC', null, now())",
        "update calendar_publish.account_tokens set user_id = auth.uid()",
        "select calendar_publish.forget_account_tokens()",
        "select * from calendar_publish.schema_version",
        "update channel_accounts set access_token_encrypted = ''",
        "insert into channel_accounts (id, user_id, channel, external_account_id, display_name, timezone, status)
            values (gen_random_uuid(), auth.uid(), 'tiktok', 'x', 'x', 'UTC', 'ok')",
    ] {
        for role in ["authenticated", "anon"] {
            let request = request(&mut client, role, Some(user("ana"))).await;
            assert!(request.query(query, &[]).await.is_err(), "{role}: {query}");
        }
    }
    let request = request(&mut client, "service_role", None).await;
    let tokens: i64 = request
        .query_one(
            "select count(access_token_encrypted) from channel_accounts",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(tokens, 2);
}

#[tokio::test]
async fn who_has_not_signed_in_sees_nothing() {
    let (_url, mut client) = two_users().await;
    for table in TABLES {
        let request = request(&mut client, "anon", None).await;
        let seen = request
            .query_one(&format!("select count(*) from {table}"), &[])
            .await;
        assert!(seen.is_err(), "{table}");
    }
}

#[tokio::test]
async fn relinking_an_account_keeps_its_tokens() {
    let (url, client) = two_users().await;
    let store = store_at(&url).await;
    let mut renamed = account(user("ana"), "hers");
    renamed.display_name = "Pan de Ana".to_owned();
    store.put_account(renamed).await.unwrap();
    let row = client
        .query_one(
            "select display_name, access_token_encrypted from channel_accounts where user_id = $1",
            &[&user("ana").uuid()],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), "Pan de Ana");
    assert_eq!(row.get::<_, &str>(1), "sealed");
}

#[tokio::test]
async fn the_services_role_is_enough_for_a_store() {
    let (url, _client) = two_users().await;
    let store = PostgresStore::connect(&format!("{url}?options=-c%20role%3Dservice_role"))
        .await
        .unwrap();
    let ana = user("ana");
    store
        .save_calendar(save(ana, "by the service", 2, entries(4)))
        .await
        .unwrap();
    store.put_account(account(ana, "another")).await.unwrap();
    let at = soon(&store).await;
    let made = store
        .schedule_jobs(schedule(ana, vec![job("0", "another", at)]))
        .await
        .unwrap();
    assert!(all_done(&made.outcomes), "{made:?}");
    store
        .save_calendar(save(ana, "with a job", 3, entries(1)))
        .await
        .unwrap();
    let claimed = store.claim_jobs(claim(1)).await.unwrap();
    assert_eq!(claimed.jobs.len(), 0, "not due yet");
    assert!(store.queue_depth().await.unwrap().counts.len() == 1);
    assert_eq!(store.accounts(ana).await.unwrap().len(), 2);
}
