-- What the renewal of linked accounts' tokens needs, and sign-ins under way. The sealed tokens themselves stand
-- where the host looks for them, in `channel_accounts`. Everything here only adds, and can be run again.

alter table public.channel_accounts
  add column if not exists access_token_encrypted  text,
  add column if not exists refresh_token_encrypted text;

-- One row an account that was linked through the service. An account's id names one account among all users
-- here.
create table if not exists calendar_publish.account_tokens (
  account_id       uuid primary key,
  user_id          uuid not null,
  login            text not null,
  version          bigint not null,
  issued_at        timestamptz not null,
  -- From when they are renewed although nobody uses them.
  renew_at         timestamptz,
  replaced_refused boolean not null default false,
  -- The latest claim, until when it holds, and until when nobody should try.
  fence            bigint not null default 0,
  claimed_until    timestamptz,
  rests_until      timestamptz,
  -- Renewals of this version without a known answer, and refusals of it.
  unanswered       bigint not null default 0,
  refusals         bigint not null default 0
);
create index if not exists account_tokens_due on calendar_publish.account_tokens (renew_at)
  where renew_at is not null;
create index if not exists channel_accounts_external
  on public.channel_accounts (user_id, channel, external_account_id);

create table if not exists calendar_publish.pending_links (
  state_hash text primary key,
  user_id    uuid not null,
  login      text not null,
  redirect   text not null,
  timezone   text not null,
  secret     text,
  expires_at timestamptz not null
);
create index if not exists pending_links_expiring on calendar_publish.pending_links (expires_at);

-- Whoever removes an account, the person included, removes what belongs to it.
create or replace function calendar_publish.forget_account_tokens() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from calendar_publish.account_tokens t where t.account_id = old.id and t.user_id = old.user_id;
  return null;
end $$;
revoke all on function calendar_publish.forget_account_tokens() from public;
create or replace trigger channel_accounts_gone
  after delete on public.channel_accounts
  for each row execute function calendar_publish.forget_account_tokens();

-- These are the service's alone.
do $$
declare
  v_table text;
begin
  foreach v_table in array array['account_tokens', 'pending_links'] loop
    execute pg_catalog.format('alter table calendar_publish.%I enable row level security', v_table);
    execute pg_catalog.format('revoke all on calendar_publish.%I from public, anon, authenticated', v_table);
    execute pg_catalog.format('grant select, insert, update, delete on calendar_publish.%I to service_role', v_table);
    execute pg_catalog.format('drop policy if exists %I on calendar_publish.%I', v_table || '_service', v_table);
    execute pg_catalog.format(
      'create policy %I on calendar_publish.%I for all to service_role using (true) with check (true)',
      v_table || '_service', v_table);
  end loop;
end $$;
