-- Publish jobs: their tables, indexes and who may see them. `publish_jobs` and `publish_attempts` have
-- the host's names and columns; what is ours stands beside them. Everything here only adds, and can be
-- run again.

create schema if not exists calendar_publish;

-- Supabase has these roles and `auth.uid()`; elsewhere they are made, so that the policies below mean
-- the same on any server.
do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select 1 from pg_catalog.pg_roles where rolname = v_role) then
      begin
        execute pg_catalog.format('create role %I nologin', v_role);
      exception when duplicate_object or unique_violation then
        -- Roles belong to the whole server: another database's migration made it meanwhile.
        null;
      end;
    end if;
  end loop;
  if pg_catalog.to_regnamespace('auth') is null then
    create schema auth;
    create function auth.uid() returns uuid language sql stable as $uid$
      select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), ''),
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
      )::uuid
    $uid$;
    grant usage on schema auth to anon, authenticated, service_role;
  end if;
end $$;

-- A job. Instants are to the millisecond. `content_*` is the entry as it was last saved, `frozen_*` the
-- one that the present or last claim publishes; both are rows of `job_contents`.
create table if not exists public.publish_jobs (
  id                uuid primary key,
  calendar_entry_id uuid not null,
  user_id           uuid not null,
  channel           text not null,
  scheduled_at      timestamptz not null,
  status            text not null default 'scheduled',
  attempt_count     integer not null default 0,
  last_error        text,
  next_attempt_at   timestamptz,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now()
);
alter table public.publish_jobs
  add column if not exists account_id       uuid not null,
  add column if not exists calendar_id      uuid,
  add column if not exists held_until       timestamptz,
  add column if not exists cancel_requested boolean not null default false,
  add column if not exists lease_token      bigint,
  add column if not exists lease_expires_at timestamptz,
  add column if not exists write_started    boolean not null default false,
  add column if not exists last_token       bigint not null default 0,
  add column if not exists stamp_token      bigint,
  add column if not exists stamp_sequence   bigint,
  add column if not exists progress_stage   text,
  add column if not exists progress_kind    text,
  add column if not exists progress_state   text,
  add column if not exists content_version  integer not null default 1,
  add column if not exists content_hash     text not null default '',
  add column if not exists frozen_version   integer,
  add column if not exists frozen_hash      text,
  add column if not exists last_attempt     integer,
  add column if not exists receipt          jsonb,
  add column if not exists live             boolean
    generated always as (status in ('scheduled', 'publishing', 'failed', 'needs_attention')) stored,
  -- When it went out. `updated_at` moves with every write: an index on it would let no write keep out of the
  -- indexes, while this is null until the last one.
  add column if not exists out_at           timestamptz
    generated always as (case when status in ('published', 'delivered_to_inbox') then updated_at end) stored;

-- A row is rewritten a few times in its life: room in its page keeps most rewrites out of the indexes,
-- and queues turn over faster than the server's defaults expect.
alter table public.publish_jobs set (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.1,
  autovacuum_analyze_scale_factor = 0.05
);

do $$
begin
  if not exists (select 1 from pg_catalog.pg_constraint where conname = 'publish_jobs_status_known') then
    alter table public.publish_jobs add constraint publish_jobs_status_known check (status in (
      'scheduled', 'publishing', 'published', 'delivered_to_inbox', 'failed', 'needs_attention', 'cancelled'));
  end if;
end $$;

-- One live job per entry, and one publishing job per account, whoever writes. Each index is found by
-- conditions that imply its own predicate and no other index's: the planner has no wrong one to choose
-- while its statistics are stale. Finished jobs are in no index that a claim looks at.
create unique index if not exists publish_jobs_one_live on public.publish_jobs (calendar_entry_id, user_id)
  where live;
create unique index if not exists publish_jobs_one_publishing on public.publish_jobs (account_id)
  where status = 'publishing';
-- The jobs of an account that wait, the longest due first.
create index if not exists publish_jobs_waiting on public.publish_jobs
  (account_id, (greatest(coalesce(next_attempt_at, scheduled_at), held_until)), id)
  where status in ('scheduled', 'failed');
-- The live jobs of a calendar, for a save.
create index if not exists publish_jobs_live_calendar on public.publish_jobs (calendar_id) where live;
-- What else an account has published lately, and whether an entry is out.
create index if not exists publish_jobs_out on public.publish_jobs (account_id, out_at)
  where out_at is not null;
create index if not exists publish_jobs_published on public.publish_jobs (calendar_entry_id)
  where status = 'published';
create index if not exists publish_jobs_by_user on public.publish_jobs (user_id, id);

-- An entry's content as a save left it, to the letter: JSON text, since jsonb reorders keys and can't
-- hold every character. Rows don't change: a save adds a version.
create table if not exists calendar_publish.job_contents (
  job_id  uuid not null references public.publish_jobs (id) on delete cascade,
  version integer not null,
  content text not null,
  primary key (job_id, version)
);

-- An attempt. `response_text` is the platform's answer to the letter; the host's `response_meta` is the
-- same for reading with jsonb's operators.
create table if not exists public.publish_attempts (
  id             uuid primary key,
  publish_job_id uuid not null,
  started_at     timestamptz not null,
  finished_at    timestamptz,
  status         text not null,
  error_code     text,
  error_message  text,
  response_meta  jsonb
);
alter table public.publish_attempts
  add column if not exists user_id       uuid not null,
  add column if not exists number        integer not null,
  add column if not exists response_text text;
alter table public.publish_attempts set (fillfactor = 80);
create unique index if not exists publish_attempts_by_job on public.publish_attempts (publish_job_id, number);

-- The ledger: per account a chain, each row's hash over the one before and the record's exact text.
create table if not exists public.publish_ledger (
  account_id    uuid not null,
  sequence      bigint not null,
  user_id       uuid not null,
  job_id        uuid not null,
  record        text not null,
  previous_hash text not null,
  hash          text not null,
  primary key (account_id, sequence)
);

-- One row an account that has had jobs: where its ledger ends, and what it can next have claimed. Claims
-- look at accounts, not at jobs, so that no account's jobs stand in the way of the others', however many
-- they are. Whoever changes a job of the account holds this row's lock.
--
-- `next_at` and `next_job` are set while nothing of the account is publishing: the first job that waits,
-- and from when it can be claimed. `cooling_until` is set while the account is left alone for longer than
-- that. `takeover_at` is set while something is publishing: when its lease ends.
create table if not exists calendar_publish.ledger_heads (
  account_id    uuid primary key,
  user_id       uuid not null,
  channel       text not null,
  sequence      bigint not null default 0,
  hash          text not null default repeat('0', 64),
  next_at       timestamptz,
  next_job      uuid,
  cooling_until timestamptz,
  takeover_at   timestamptz
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
create index if not exists ledger_heads_ready on calendar_publish.ledger_heads (channel, next_at, next_job)
  where next_at is not null and cooling_until is null;
create index if not exists ledger_heads_cooling on calendar_publish.ledger_heads (channel, cooling_until)
  where cooling_until is not null;
create index if not exists ledger_heads_takeover on calendar_publish.ledger_heads (channel, takeover_at)
  where takeover_at is not null;

-- Channels on which nothing is begun for a while.
create table if not exists public.channel_pauses (
  channel      text primary key,
  code         text not null,
  paused_since timestamptz not null,
  paused_until timestamptz not null
);

-- What the engine needs to know of an account besides the host's columns.
alter table public.channel_accounts
  add column if not exists cooling_down_until timestamptz,
  add column if not exists grace_minutes      bigint,
  add column if not exists quota_read_at      timestamptz;

-- A host may let its users write their accounts: one row that can't be counted with must not stop the
-- claims of everybody.
do $$
begin
  if not exists (select 1 from pg_catalog.pg_constraint where conname = 'channel_accounts_times_told') then
    alter table public.channel_accounts add constraint channel_accounts_times_told check (
      grace_minutes between 0 and 4294967295
      and cooling_down_until between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z'
      and quota_read_at between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z') not valid;
  end if;
end $$;

-- Who sees what. A user reads their own rows; only the functions write. Leases, stamps and the adapters'
-- progress are nobody's business but the workers': users have no right to those columns.
alter table public.publish_jobs enable row level security;
alter table public.publish_attempts enable row level security;
alter table public.publish_ledger enable row level security;
alter table public.channel_pauses enable row level security;
alter table calendar_publish.job_contents enable row level security;
alter table calendar_publish.ledger_heads enable row level security;

-- Supabase grants everything on new tables of `public` to these roles by default.
revoke all on public.publish_jobs, public.publish_attempts, public.publish_ledger, public.channel_pauses,
  calendar_publish.job_contents, calendar_publish.ledger_heads from public, anon, authenticated, service_role;
grant select (id, calendar_entry_id, calendar_id, user_id, account_id, channel, scheduled_at, status,
  attempt_count, last_error, next_attempt_at, held_until, cancel_requested, receipt, created_at, updated_at)
  on public.publish_jobs to authenticated;
grant select on public.publish_attempts, public.publish_ledger to authenticated;
grant select on public.publish_jobs, public.publish_attempts, public.publish_ledger, public.channel_pauses
  to service_role;

do $$
declare
  v_table text;
begin
  foreach v_table in array array['publish_jobs', 'publish_attempts', 'publish_ledger'] loop
    execute pg_catalog.format('drop policy if exists %I on public.%I', v_table || '_own', v_table);
    execute pg_catalog.format(
      'create policy %I on public.%I for select to authenticated using (user_id = (select auth.uid()))',
      v_table || '_own', v_table);
  end loop;
  foreach v_table in array array['publish_jobs', 'publish_attempts', 'publish_ledger', 'channel_pauses'] loop
    execute pg_catalog.format('drop policy if exists %I on public.%I', v_table || '_service', v_table);
    execute pg_catalog.format(
      'create policy %I on public.%I for select to service_role using (true)',
      v_table || '_service', v_table);
  end loop;
end $$;
