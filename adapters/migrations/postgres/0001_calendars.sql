-- Calendars, their runs, entries and intents, and linked accounts. `public` holds the host's tables, with
-- the host's columns and ours beside them; the schema `calendar_publish` holds what only this library
-- needs. Everything here only adds, leaves the rows that are there as they are, and can be run again.

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

-- Which tables were there before: their policies and grants are the host's affair.
create temporary table calendar_publish_found on commit drop as
  select tablename::text as name from pg_catalog.pg_tables where schemaname = 'public';

-- A calendar as it is now: the last run that was saved. A calendar that only the host has written has no
-- row here, and counts as never saved. `run_id` is the run's row.
create table if not exists calendar_publish.calendars (
  user_id  uuid   not null,
  id       uuid   not null,
  revision bigint not null,
  run_id   uuid,
  primary key (user_id, id)
);

-- The host's ids are unique among all users. Ours are unique for a user, so that nobody can learn or
-- block another's: `own_id` is the id that this library's callers gave, the row's `id` is the same
-- wherever that was free. Rows without it are the host's.
create table if not exists public.calendar_runs (
  id           uuid primary key,
  calendar_id  uuid not null,
  user_id      uuid not null,
  plan_id      uuid,
  status       text not null,
  started_at   timestamptz,
  completed_at timestamptz,
  tokens       integer,
  model        text,
  latency_ms   integer,
  piece_count  integer,
  diff         jsonb,
  constraints  jsonb,
  cadence      text,
  channels     text[],
  start_date   date,
  end_date     date,
  created_at   timestamptz not null default now()
);
-- `calendar_plan_id` is the calendar's plan when it was saved; `plan_id` is the run's. `generation` says
-- where the run's generated entries are: 'none', 'entries' (saved as generated) or 'generated_entries'
-- (kept apart by a merge).
alter table public.calendar_runs
  add column if not exists own_id           uuid,
  add column if not exists revision         bigint,
  add column if not exists calendar_plan_id uuid,
  add column if not exists generation       text,
  add column if not exists fingerprint      text;
create unique index if not exists calendar_runs_own
  on public.calendar_runs (user_id, (coalesce(own_id, id)));
create index if not exists calendar_runs_by_calendar
  on public.calendar_runs (user_id, calendar_id, revision desc);

-- The entries of each calendar as it is now. `payload_text` is the piece to the letter: jsonb reorders
-- keys, rounds nothing but forgets how a number was written, and can't hold every character. `details`
-- holds what only this library knows.
create table if not exists public.calendar_entries (
  id          uuid primary key,
  run_id      uuid references public.calendar_runs (id),
  calendar_id uuid not null,
  user_id     uuid not null,
  plan_id     uuid,
  entry_key   text,
  payload     jsonb not null,
  created_at  timestamptz not null default now()
);
alter table public.calendar_entries
  add column if not exists readiness    text,
  add column if not exists scheduled_at timestamptz,
  add column if not exists channel      text,
  add column if not exists own_id       uuid,
  add column if not exists position     integer,
  add column if not exists payload_text text,
  add column if not exists details      text,
  add column if not exists revision     bigint;
create unique index if not exists calendar_entries_own
  on public.calendar_entries (user_id, calendar_id, (coalesce(own_id, id)));
create index if not exists calendar_entries_by_run on public.calendar_entries (run_id);

-- Whoever edits the host's column means it: the older text is no longer what the entry says.
create or replace function calendar_publish.forget_payload_text() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.payload is distinct from old.payload and new.payload_text is not distinct from old.payload_text then
    new.payload_text := null;
  end if;
  return new;
end $$;
create or replace trigger calendar_entries_payload_edited
  before update of payload on public.calendar_entries
  for each row execute function calendar_publish.forget_payload_text();

-- JSON text as jsonb, for the host to read. What jsonb can't hold (a null character, half of a surrogate
-- pair, a number without end) is replaced; the text beside it stays whole.
create or replace function calendar_publish.readable(p_text text) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return p_text::jsonb;
exception when data_exception or program_limit_exceeded then
  begin
    -- A backslash that is itself escaped begins no escape.
    return pg_catalog.regexp_replace(p_text, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')::jsonb;
  exception when data_exception or program_limit_exceeded then
    return pg_catalog.to_jsonb(p_text);
  end;
end $$;

-- Entries of earlier runs, as a later save found them.
create table if not exists calendar_publish.past_entries (
  user_id      uuid not null,
  run_id       uuid not null references public.calendar_runs (id) on delete cascade,
  id           uuid not null,
  calendar_id  uuid not null,
  position     integer,
  entry_key    text,
  payload      jsonb,
  payload_text text,
  scheduled_at timestamptz,
  readiness    text,
  details      text,
  revision     bigint,
  created_at   timestamptz,
  primary key (run_id, id)
);

-- What a run generated, where a merge saved something else.
create table if not exists calendar_publish.generated_entries (
  user_id      uuid not null,
  run_id       uuid not null references public.calendar_runs (id) on delete cascade,
  id           uuid not null,
  calendar_id  uuid not null,
  position     integer not null,
  entry_key    text,
  payload_text text not null,
  scheduled_at timestamptz,
  readiness    text,
  details      text not null,
  revision     bigint not null,
  primary key (run_id, id)
);

-- Pieces that couldn't be read, byte for byte, and why.
create table if not exists calendar_publish.refused_entries (
  user_id  uuid not null,
  run_id   uuid not null references public.calendar_runs (id) on delete cascade,
  sequence integer not null,
  position bigint not null,
  id       uuid not null,
  payload  bytea not null,
  error    text not null,
  primary key (run_id, sequence)
);

-- An intent is a note of what was asked for: it outlives its calendar, so it references nothing.
create table if not exists public.publish_intents (
  id          uuid primary key,
  calendar_id uuid not null,
  run_id      uuid,
  user_id     uuid not null,
  channel     text not null,
  payload     jsonb not null,
  status      text not null,
  error       jsonb,
  created_at  timestamptz not null default now()
);
create sequence if not exists calendar_publish.intents_in_order;
alter table public.publish_intents
  add column if not exists own_id       uuid,
  add column if not exists entry_id     uuid,
  add column if not exists payload_text text,
  add column if not exists error_text   text,
  add column if not exists sequence     bigint;
create unique index if not exists publish_intents_own
  on public.publish_intents (user_id, (coalesce(own_id, id)));
create index if not exists publish_intents_by_calendar
  on public.publish_intents (user_id, calendar_id, sequence);

-- Commands that carried an idempotency key, and what they were answered.
create table if not exists calendar_publish.publish_commands (
  user_id     uuid not null,
  key         text not null,
  fingerprint text not null,
  answer      text not null,
  created_at  timestamptz not null default now(),
  primary key (user_id, key)
);

-- Linked accounts. The sealed tokens stand beside them, for the service alone.
create table if not exists public.channel_accounts (
  id                      uuid not null,
  user_id                 uuid not null,
  channel                 text not null,
  external_account_id     text not null,
  display_name            text not null,
  timezone                text not null,
  access_token_encrypted  text,
  refresh_token_encrypted text,
  expires_at              timestamptz,
  status                  text not null,
  created_at              timestamptz not null default now(),
  primary key (user_id, id)
);
-- `cooling_down_until`, `grace_minutes` and `quota_read_at` are what claims decide by; `details` holds the
-- rest.
alter table public.channel_accounts
  add column if not exists cooling_down_until timestamptz,
  add column if not exists grace_minutes      bigint,
  add column if not exists quota_read_at      timestamptz,
  add column if not exists details            text;
create index if not exists channel_accounts_by_id on public.channel_accounts (id);

-- A command's answer is nobody's business but the service's: whoever asks it gets it from there.
alter table calendar_publish.publish_commands enable row level security;
revoke all on calendar_publish.publish_commands from public, anon, authenticated;
grant select, insert, update, delete on calendar_publish.publish_commands to service_role;
drop policy if exists publish_commands_service on calendar_publish.publish_commands;
create policy publish_commands_service on calendar_publish.publish_commands for all to service_role
  using (true) with check (true);

-- Who sees what. On tables that the host made before, its own policies and grants stay as they are.
do $$
declare
  v_table text;
begin
  foreach v_table in array array['calendar_runs', 'calendar_entries', 'publish_intents', 'channel_accounts'] loop
    continue when exists (select 1 from pg_temp.calendar_publish_found where name = v_table);
    execute pg_catalog.format('alter table public.%I enable row level security', v_table);
    -- Supabase grants everything on new tables of `public` to these roles by default.
    execute pg_catalog.format('revoke all on public.%I from public, anon, authenticated', v_table);
    execute pg_catalog.format('grant select, insert, update, delete on public.%I to service_role', v_table);
    execute pg_catalog.format(
      'create policy %I on public.%I for all to authenticated
         using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()))',
      v_table || '_own', v_table);
    execute pg_catalog.format(
      'create policy %I on public.%I for all to service_role using (true) with check (true)',
      v_table || '_service', v_table);
    if v_table in ('calendar_runs', 'calendar_entries') then
      execute pg_catalog.format('grant select, insert, update, delete on public.%I to authenticated', v_table);
    elsif v_table = 'publish_intents' then
      execute pg_catalog.format('grant select on public.%I to authenticated', v_table);
    else
      -- A person may see and remove their account; linking, and the tokens, are the service's.
      execute pg_catalog.format('grant select (id, user_id, channel, external_account_id, display_name, timezone,
        expires_at, status, created_at, cooling_down_until, grace_minutes, quota_read_at, details), delete
        on public.%I to authenticated', v_table);
    end if;
  end loop;
  foreach v_table in array array['calendars', 'past_entries', 'generated_entries', 'refused_entries'] loop
    execute pg_catalog.format('alter table calendar_publish.%I enable row level security', v_table);
    execute pg_catalog.format('revoke all on calendar_publish.%I from public, anon, authenticated', v_table);
    execute pg_catalog.format('grant select, insert, update, delete on calendar_publish.%I to service_role', v_table);
    execute pg_catalog.format('drop policy if exists %I on calendar_publish.%I', v_table || '_own', v_table);
    execute pg_catalog.format(
      'create policy %I on calendar_publish.%I for select to authenticated using (user_id = (select auth.uid()))',
      v_table || '_own', v_table);
    execute pg_catalog.format('drop policy if exists %I on calendar_publish.%I', v_table || '_service', v_table);
    execute pg_catalog.format(
      'create policy %I on calendar_publish.%I for all to service_role using (true) with check (true)',
      v_table || '_service', v_table);
    execute pg_catalog.format('grant select on calendar_publish.%I to authenticated', v_table);
  end loop;
end $$;
grant usage on schema calendar_publish to authenticated, service_role;
grant usage on sequence calendar_publish.intents_in_order to service_role;
drop table pg_temp.calendar_publish_found;
