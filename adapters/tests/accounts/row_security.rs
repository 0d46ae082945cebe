//! Who sees tokens in PostgreSQL: the service alone, as PostgREST asks for people.

use std::sync::Arc;

use calendar_publish::memory::ManualClock;
use calendar_publish::model::UserId;
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::accounts::Login;
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_postgres_harness::shared;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use tokio_postgres::{Client, NoTls, Transaction};

use crate::fixture::{DESKTOP, TIKTOK_RENEWED, World, json, start, user};

/// A world whose store is connected as the service, and a connection of the database's owner.
async fn world() -> (World, Client) {
    let url = shared().create_database();
    PostgresStore::connect(&url)
        .await
        .unwrap()
        .migrate()
        .await
        .unwrap();
    let as_service = format!("{url}?options=-c%20role%3Dservice_role");
    let clock = Arc::new(ManualClock::new(start()));
    let store = PostgresStore::connect(&as_service).await.unwrap();
    let world = World::over(Arc::new(store.with_clock(clock.clone())), clock);
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    (world, client)
}

/// A transaction as PostgREST opens one for a request.
async fn request<'a>(client: &'a mut Client, role: &str, user: UserId) -> Transaction<'a> {
    let transaction = client.transaction().await.unwrap();
    let claims = format!(r#"{{"sub":"{user}"}}"#);
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

#[tokio::test]
async fn the_services_role_links_renews_reseals_and_unlinks() {
    let (world, _client) = world().await;
    let linked = world.link_tiktok("ana").await;
    world.pass(TimeDelta::hours(3));
    world.script.then([json(200, TIKTOK_RENEWED)]);
    let token = world.service.access_token(linked.id).await.unwrap();
    assert_eq!(token.secret.expose_secret(), "act.sim-A2");
    assert_eq!(world.service.reseal_all().await.unwrap().resealed, 0);
    world.script.asked();
    world.script.then([json(200, "{}")]);
    world.service.unlink(user("ana"), linked.id).await.unwrap();
    assert_eq!(world.store.tokens(linked.id).await.unwrap(), None);
}

#[tokio::test]
async fn neither_the_owner_nor_others_nor_strangers_read_a_token() {
    let (world, mut client) = world().await;
    world.link_tiktok("ana").await;
    world.begin("ana", Login::Tiktok, DESKTOP).await;
    for (role, who) in [
        ("authenticated", "ana"),
        ("authenticated", "luis"),
        ("anon", "ana"),
    ] {
        for query in [
            "select access_token_encrypted from public.channel_accounts",
            "select refresh_token_encrypted from public.channel_accounts",
            "select row_to_json(a) from public.channel_accounts a",
            "select * from calendar_publish.account_tokens",
            "select * from calendar_publish.pending_links",
            "delete from calendar_publish.pending_links",
        ] {
            let request = request(&mut client, role, user(who)).await;
            assert!(
                request.query(query, &[]).await.is_err(),
                "{role} {who}: {query}"
            );
        }
    }
    // What is stored is sealed: neither token stands in the database.
    let stored: String = client
        .query_one(
            "select string_agg(t::text, ' ') from (
                select to_jsonb(a) as t from public.channel_accounts a
                union all select to_jsonb(p) from calendar_publish.pending_links p
                union all select to_jsonb(k) from calendar_publish.account_tokens k) as everything",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert!(stored.contains("v1.k1.") && !stored.contains("sim-A1") && !stored.contains("sim-R1"));
}

#[tokio::test]
async fn a_person_who_removes_their_account_removes_its_tokens() {
    let (world, mut client) = world().await;
    let hers = world.link_tiktok("ana").await;
    let his = world.link_tiktok("luis").await;
    let request = request(&mut client, "authenticated", user("ana")).await;
    let removed = request
        .execute("delete from public.channel_accounts", &[])
        .await
        .unwrap();
    assert_eq!(removed, 1);
    request.commit().await.unwrap();
    assert_eq!(world.store.tokens(hers.id).await.unwrap(), None);
    assert!(world.store.tokens(his.id).await.unwrap().is_some());
    let left: i64 = client
        .query_one("select count(*) from calendar_publish.account_tokens", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(left, 1);
}
