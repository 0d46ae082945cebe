//! The migrations on a database that has the host's tables, with rows in them.

use serde_json::Value;
use tokio_postgres::Client;

use crate::support::{connect, json_of, migrate};

/// The tables as the host made them, with a row each.
const HOST: &str = "
    create table calendar_runs (id uuid primary key default gen_random_uuid(), calendar_id uuid not null,
      user_id uuid not null, plan_id uuid, status text not null, started_at timestamptz, completed_at timestamptz,
      tokens int, model text, latency_ms int, piece_count int, diff jsonb, constraints jsonb, cadence text,
      channels text[], start_date date, end_date date, created_at timestamptz not null default now());
    create table calendar_entries (id uuid primary key default gen_random_uuid(),
      run_id uuid references calendar_runs (id), calendar_id uuid not null, user_id uuid not null, plan_id uuid,
      entry_key text, payload jsonb not null, created_at timestamptz not null default now());
    create table publish_intents (id uuid primary key default gen_random_uuid(), calendar_id uuid not null,
      run_id uuid, user_id uuid not null, channel text not null, payload jsonb, status text not null, error jsonb,
      created_at timestamptz not null default now());
    create table assets (id uuid primary key default gen_random_uuid(), user_id uuid not null, piece_id uuid,
      file_name text, file_url text, file_type text, file_size bigint, created_at timestamptz not null default now());
    insert into calendar_runs (calendar_id, user_id, status) select gen_random_uuid(), gen_random_uuid(), 'completed';
    insert into calendar_entries (run_id, calendar_id, user_id, payload)
      select id, calendar_id, user_id, '{\"title\": \"Pan\", \"hashtags\": [1.50]}' from calendar_runs;
    insert into publish_intents (calendar_id, user_id, channel, payload, status)
      select calendar_id, user_id, 'tiktok', '{}', 'queued' from calendar_runs;
    insert into assets (user_id, file_name) select user_id, 'pan.jpg' from calendar_runs;";

const ROWS: &str = "select jsonb_build_object(
    'runs', (select jsonb_agg(to_jsonb(r)) from (select id, calendar_id, user_id, status, created_at from calendar_runs) r),
    'entries', (select jsonb_agg(to_jsonb(r)) from (select id, run_id, payload, created_at from calendar_entries) r),
    'intents', (select jsonb_agg(to_jsonb(r)) from (select id, channel, payload, status from publish_intents) r),
    'assets', (select jsonb_agg(to_jsonb(a)) from assets a))::text";

/// Everything that the migrations made, by its own words.
async fn schema(client: &Client) -> Value {
    json_of(
        client,
        "select jsonb_build_object(
           'columns', (select jsonb_agg(concat_ws(' ', table_schema, table_name, column_name, data_type, column_default)
              order by table_schema, table_name, column_name) from information_schema.columns
              where table_schema in ('public', 'calendar_publish', 'auth')),
           'indexes', (select jsonb_agg(indexdef order by indexname) from pg_indexes
              where schemaname in ('public', 'calendar_publish')),
           'policies', (select jsonb_agg(concat_ws(' ', tablename, policyname, cmd, roles, qual) order by tablename, policyname)
              from pg_policies),
           'functions', (select jsonb_agg(pg_get_functiondef(p.oid) order by p.oid::regprocedure::text) from pg_proc p
              join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'calendar_publish'),
           'constraints', (select jsonb_agg(conname order by conname) from pg_constraint
              where connamespace in ('public'::regnamespace, 'calendar_publish'::regnamespace)),
           'triggers', (select jsonb_agg(tgname order by tgname) from pg_trigger where not tgisinternal))::text",
        &[],
    )
    .await
}

#[tokio::test]
async fn the_hosts_rows_stay_and_a_second_run_changes_nothing() {
    let url = calendar_publish_postgres_harness::shared().create_database();
    let client = connect(&url).await;
    client.batch_execute(HOST).await.unwrap();
    let before = json_of(&client, ROWS, &[]).await;
    migrate(&client).await;
    assert_eq!(json_of(&client, ROWS, &[]).await, before);
    let once = schema(&client).await;
    migrate(&client).await;
    assert_eq!(schema(&client).await, once);
    assert_eq!(json_of(&client, ROWS, &[]).await, before);
}

/// A Supabase project has `auth.uid()` and grants everything in `public` to its roles.
#[tokio::test]
async fn on_supabase_its_own_functions_stay_and_its_grants_open_nothing() {
    let url = calendar_publish_postgres_harness::shared().create_database();
    let client = connect(&url).await;
    // The roles may be there from another database of the server.
    client
        .batch_execute(
            "do $$ declare r text; begin
               foreach r in array array['anon', 'authenticated', 'service_role'] loop
                 begin execute format('create role %I nologin', r);
                 exception when duplicate_object or unique_violation then null; end;
               end loop; end $$;
             create schema auth;
             create function auth.uid() returns uuid language sql stable as
               $$ select '00000000-0000-0000-0000-000000000007'::uuid $$;
             grant usage on schema auth to anon, authenticated, service_role;
             alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
             alter default privileges in schema public grant all on functions to anon, authenticated, service_role;",
        )
        .await
        .unwrap();
    migrate(&client).await;
    let rows = client
        .query(
            "select r.role || ' ' || p.privilege || ' ' || t.name
             from unnest(array['anon', 'authenticated', 'service_role']) r (role)
             cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) p (privilege)
             cross join unnest(array['public.publish_jobs', 'public.publish_attempts', 'public.publish_ledger',
               'public.channel_pauses', 'calendar_publish.job_contents', 'calendar_publish.ledger_heads']) t (name)
             where has_table_privilege(r.role, t.name, p.privilege) order by 1",
            &[],
        )
        .await
        .unwrap();
    let granted: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        granted,
        [
            "authenticated select public.publish_attempts",
            "authenticated select public.publish_ledger",
            "service_role select public.channel_pauses",
            "service_role select public.publish_attempts",
            "service_role select public.publish_jobs",
            "service_role select public.publish_ledger",
        ]
    );
    let anon: bool = client
        .query_one(
            "select has_function_privilege('anon', 'public.publish_list(jsonb)', 'execute')
               or has_function_privilege('authenticated', 'public.publish_claim(integer, integer, text[])', 'execute')",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert!(!anon);
    let uid: String = client
        .query_one("select auth.uid()::text", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(uid, "00000000-0000-0000-0000-000000000007");
}
