-- Making jobs, and giving them to workers.

-- Makes jobs of one user, each `{"id", "entryId", "calendarId", "accountId", "channel", "scheduledAt",
-- "entry", "contentHash"}`, where `entry` is the entry's JSON as text and `channel` the entry's. The answer is
-- `{"repeated", "outcomes"}`, or `{"conflict"}`; a job that is refused leaves the others alone.
create or replace function calendar_publish.schedule_jobs(
  p_user uuid, p_key text, p_fingerprint text, p_jobs jsonb, p_now timestamptz default null
) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set jit = off
set enable_seqscan = off as $$
declare
  v_answer jsonb := calendar_publish.earlier_answer(p_user, p_key, p_fingerprint);
  v_now timestamptz;
  v_new jsonb[];
  v_outcomes jsonb;
  v_made uuid[];
begin
  if v_answer is not null then
    return v_answer;
  end if;
  v_now := calendar_publish.store_time(p_now);
  -- Of two jobs in one call with the same id or for the same entry, the first is made. Rows go in by entry,
  -- so that two calls with the same entries wait for each other in one order.
  with asked as materialized (
    select a.place, (a.body ->> 'id')::uuid as id, (a.body ->> 'entryId')::uuid as entry_id,
      (a.body ->> 'calendarId')::uuid as calendar_id, (a.body ->> 'accountId')::uuid as account_id,
      a.body ->> 'channel' as channel, a.body ->> 'entry' as entry, a.body ->> 'contentHash' as hash,
      date_trunc('milliseconds', (a.body ->> 'scheduledAt')::timestamptz) as scheduled_at
    from jsonb_array_elements(p_jobs) with ordinality as a (body, place)
  ), first as (
    select distinct on (a.entry_id) a.*
    from (select distinct on (a.id) a.* from asked a
          join public.channel_accounts c on c.id = a.account_id and c.user_id = p_user and c.channel = a.channel
          where a.scheduled_at >= v_now order by a.id, a.place) a
    where not exists (select 1 from public.publish_jobs o
      where o.calendar_entry_id = a.entry_id and o.user_id = p_user and o.status = 'published')
    order by a.entry_id, a.place
  ), made as (
    insert into public.publish_jobs (id, calendar_entry_id, calendar_id, user_id, account_id, channel,
      scheduled_at, status, content_version, content_hash, created_at, updated_at)
    select f.id, f.entry_id, f.calendar_id, p_user, f.account_id, f.channel, f.scheduled_at, 'scheduled', 1,
      coalesce(f.hash, encode(sha256(convert_to(f.entry, 'UTF8')), 'hex')), v_now, v_now
    from first f order by f.entry_id
    on conflict do nothing
    returning id, account_id, channel
  )
  select array_agg(m.id) into v_made from made m;
  -- A statement of its own: what was just made is found by its key, not by comparing two lists.
  insert into calendar_publish.job_contents (job_id, version, content)
    select j.id, 1, a.body ->> 'entry'
    from jsonb_array_elements(p_jobs) with ordinality as a (body, place)
    join public.publish_jobs j on j.id = (a.body ->> 'id')::uuid and j.user_id = p_user
      and j.calendar_entry_id = (a.body ->> 'entryId')::uuid and j.account_id = (a.body ->> 'accountId')::uuid
      and j.content_hash = coalesce(a.body ->> 'contentHash',
        encode(sha256(convert_to(a.body ->> 'entry', 'UTF8')), 'hex'))
    where v_made is not null and j.content_version = 1
    order by a.place
    on conflict do nothing;

  insert into calendar_publish.ledger_heads (account_id, user_id, channel)
    select distinct on (j.account_id) j.account_id, j.user_id, j.channel
    from public.publish_jobs j where j.id = any (v_made) order by j.account_id
    on conflict do nothing;
  perform 1 from calendar_publish.ledger_heads h
    where h.account_id in (select j.account_id from public.publish_jobs j where j.id = any (v_made))
    order by h.account_id for update;
  perform calendar_publish.place_accounts(array(
    select distinct j.account_id from public.publish_jobs j where j.id = any (v_made)));

  select jsonb_agg(case
      when a.same then jsonb_build_object('jobId', a.id, 'result', 'done',
        'job', calendar_publish.job_json(a.job), 'effects', '[]'::jsonb)
      else jsonb_build_object('jobId', a.id, 'result', 'refused', 'error', a.error)
    end order by a.place)
  into v_outcomes
  from (
    select a.place, a.id,
      j as job,
      j.user_id = p_user and j.calendar_entry_id = a.entry_id and j.account_id = a.account_id as same,
      case
        when j.id is not null then
          calendar_publish.refusal('JOB_EXISTS', 'id', a.id::text)
        when c.id is null then
          calendar_publish.refusal('ACCOUNT_NOT_FOUND', 'accountId', a.account_id::text)
        when c.channel <> a.channel then
          calendar_publish.refusal('ACCOUNT_CHANNEL_MISMATCH', 'accountId', c.channel)
          || jsonb_build_object('allowed', jsonb_build_object('type', 'one_of', 'values', jsonb_build_array(a.channel)))
        when o.id is not null and o.status = 'published' then
          calendar_publish.refusal('ENTRY_PUBLISHED', 'entry.id', o.id::text)
        when o.id is not null then
          calendar_publish.refusal('JOB_EXISTS', 'entry.id', o.id::text)
        else jsonb_build_object('code', 'SCHEDULE_IN_PAST', 'path', 'scheduledAt',
          'measured', jsonb_build_object('type', 'instant', 'at', calendar_publish.instant(a.scheduled_at)),
          'allowed', jsonb_build_object('type', 'not_before', 'at', calendar_publish.instant(v_now)))
      end as error
    from (
      select a.place, (a.body ->> 'id')::uuid as id, (a.body ->> 'entryId')::uuid as entry_id,
        (a.body ->> 'accountId')::uuid as account_id, a.body ->> 'channel' as channel,
        date_trunc('milliseconds', (a.body ->> 'scheduledAt')::timestamptz) as scheduled_at
      from jsonb_array_elements(p_jobs) with ordinality as a (body, place)
    ) a
    left join public.publish_jobs j on j.id = a.id
    left join public.channel_accounts c on c.id = a.account_id and c.user_id = p_user
    left join lateral (
      select o.id, o.status, 1 as rank from public.publish_jobs o
      where j.id is null and o.calendar_entry_id = a.entry_id and o.user_id = p_user and o.status = 'published'
      union all
      select o.id, o.status, 2 from public.publish_jobs o
      where j.id is null and o.calendar_entry_id = a.entry_id and o.user_id = p_user and o.live
      order by rank limit 1
    ) o on true
  ) a;
  if p_key is not null then
    insert into calendar_publish.publish_commands (user_id, key, fingerprint, answer)
    values (p_user, p_key, p_fingerprint, coalesce(v_outcomes, '[]')::text);
  end if;
  if v_made is not null then
    perform pg_notify('calendar_publish_jobs', '');
  end if;
  return jsonb_build_object('repeated', false, 'outcomes', coalesce(v_outcomes, '[]'));
end $$;

-- An error that names what was found.
create or replace function calendar_publish.refusal(p_code text, p_path text, p_measured text) returns jsonb
language sql immutable as $$
  select jsonb_build_object('code', p_code, 'path', p_path,
    'measured', jsonb_build_object('type', 'text', 'value', p_measured))
$$;

-- What a worker needs of an account: the row without its tokens.
create or replace function calendar_publish.account_json(p_account public.channel_accounts) returns jsonb
language sql stable as $$
  select to_jsonb(p_account) - 'access_token_encrypted' - 'refresh_token_encrypted'
$$;

-- Claims jobs that were found claimable, but for those that somebody else is writing at this moment. A
-- claim that begins anew freezes the content as it was last saved, and forgets progress that was made with
-- other content; one that finds a write begun keeps both.
--
-- PL/pgSQL, like what else a claim calls, since its plans are kept for the session: a function in SQL is
-- planned again at every call.
create or replace function calendar_publish.take_jobs(p_jobs uuid[], p_lease_end timestamptz, p_now timestamptz)
returns uuid[]
language plpgsql volatile as $$
declare
  v_taken uuid[];
begin
  with locked as materialized (
    select j.id from public.publish_jobs j where j.id = any (p_jobs) for update skip locked
  ), taken as (
    update public.publish_jobs j set
      status = 'publishing',
      held_until = null,
      last_token = j.last_token + 1,
      lease_token = j.last_token + 1,
      lease_expires_at = p_lease_end,
      write_started = w.begun,
      updated_at = p_now,
      progress_stage = case when w.keeps then j.progress_stage end,
      progress_kind = case when w.keeps then j.progress_kind end,
      progress_state = case when w.keeps then j.progress_state end,
      frozen_version = case when w.begun then j.frozen_version else j.content_version end,
      frozen_hash = case when w.begun then j.frozen_hash else j.content_hash end
    from (
      select j.id, x.begun, x.begun or j.frozen_hash is not distinct from j.content_hash as keeps
      from locked l join public.publish_jobs j on j.id = l.id
      cross join lateral (
        select j.status = 'publishing' and (j.write_started or j.lease_token is null) as begun
      ) x
    ) w
    where j.id = w.id
    returning j.id
  )
  select coalesce(array_agg(t.id), '{}') into v_taken from taken t;
  return v_taken;
end $$;

-- Lets the accounts back into line whose cool-down is over.
create or replace function calendar_publish.wake_accounts(p_channels text[], p_now timestamptz) returns void
language plpgsql volatile as $$
begin
  update calendar_publish.ledger_heads h set cooling_until = null
  where h.account_id in (select o.account_id from calendar_publish.ledger_heads o
    where o.channel = any (p_channels) and o.cooling_until <= p_now
    for update skip locked);
end $$;

-- Until when a pause keeps a channel's waiting jobs from being begun, as far as is known: its end, and
-- after that the end of the claims that try whether it is over. Null where nothing keeps them.
create or replace function calendar_publish.blocked_until(p_channel text, p_now timestamptz) returns timestamptz
language sql stable as $$
  select case
    when p.paused_until > p_now then p.paused_until
    else (select max(j.lease_expires_at) from public.publish_jobs j
      where j.status = 'publishing' and j.channel = p_channel and j.lease_expires_at > p_now)
  end
  from public.channel_pauses p where p.channel = p_channel
$$;

-- When the next job becomes due or the next lease ends, on these channels.
create or replace function calendar_publish.next_due(p_channels text[], p_now timestamptz) returns timestamptz
language sql stable as $$
  select min(least(over.at, greatest(least(ready.at, cooling.at),
    case when least(ready.at, cooling.at) is not null then calendar_publish.blocked_until(c.channel, p_now) end)))
  from unnest(p_channels) as c (channel)
  left join lateral (
    select h.takeover_at as at from calendar_publish.ledger_heads h
    where h.channel = c.channel and h.takeover_at is not null order by h.channel, h.takeover_at limit 1
  ) over on true
  left join lateral (
    select h.next_at as at from calendar_publish.ledger_heads h
    where h.channel = c.channel and h.next_at is not null and h.cooling_until is null
    order by h.channel, h.next_at, h.next_job limit 1
  ) ready on true
  left join lateral (
    select h.cooling_until as at from calendar_publish.ledger_heads h
    where h.channel = c.channel and h.cooling_until is not null order by h.channel, h.cooling_until limit 1
  ) cooling on true
$$;

-- Gives a worker due jobs, at most one an account, as the port `claim_jobs` says. The answer is
-- `{"at", "jobs": [{"job", "entry", "contentHash", "account", "progress",
-- "attemptStartedAt", "postsInWindow"}], "missed": [job],
-- "nextDueAt", "pauses"}`; `entry` is JSON as text, and `account` the account's row.
--
-- Accounts are locked first, without waiting, and their jobs read under the lock: what two workers can both
-- see is never given twice. A claim waits for nobody, but for another one on a paused channel.
create or replace function calendar_publish.claim_jobs(
  p_limit integer, p_lease_seconds integer, p_channels text[], p_now timestamptz default null
) returns jsonb
-- Every look goes through an index and a nested loop, whatever the statistics say at the moment: a queue's
-- tables change faster than they are analysed.
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set jit = off
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_bitmapscan = off
as $$
declare
  v_now timestamptz := calendar_publish.store_time(p_now);
  v_lease_end timestamptz := v_now + p_lease_seconds * interval '1 second';
  v_channel text;
  v_room integer;
  v_some uuid[];
  v_accounts uuid[];
  v_begun uuid[];
  v_orphans uuid[];
  v_late uuid[];
  v_ready uuid[];
  v_taken uuid[];
  v_looked uuid[];
  v_left uuid[] := '{}';
  v_again boolean := true;
  v_given uuid[] := '{}';
  v_missed uuid[] := '{}';
begin
  -- Leases that have ended. Where a write was begun, the job goes before all others; where not, the account
  -- waits with those that wait.
  v_accounts := array(
    select h.account_id from calendar_publish.ledger_heads h
    where h.channel = any (p_channels) and h.takeover_at <= v_now
    order by h.takeover_at limit p_limit
    for update skip locked);
  if cardinality(v_accounts) > 0 then
    select array_agg(j.id order by j.lease_expires_at, j.id) filter (where a.id is not null),
      array_agg(j.id) filter (where a.id is null)
    into v_begun, v_orphans
    from unnest(v_accounts) as given (account_id)
    join public.publish_jobs j on j.account_id = given.account_id and j.status = 'publishing'
      and (j.write_started or j.lease_token is null)
    left join public.channel_accounts a on a.id = j.account_id and a.user_id = j.user_id;
    if v_begun is not null then
      v_taken := calendar_publish.take_jobs(v_begun, v_lease_end, v_now);
      v_given := array(select b.id from unnest(v_begun) with ordinality as b (id, place)
        where b.id = any (v_taken) order by b.place);
    end if;
    -- Nobody can look for the post any more where the account is gone.
    v_orphans := array(select j.id from public.publish_jobs j where j.id = any (v_orphans) for update skip locked);
    if cardinality(v_orphans) > 0 then
      perform calendar_publish.apply_writes(null, '{}', (
        select jsonb_agg(jsonb_build_object('jobId', o.id, 'event', '{"type": "lease_expired"}'::jsonb))
        from unnest(v_orphans) as o (id)), v_now);
    end if;
    perform calendar_publish.place_accounts(v_accounts);
    update calendar_publish.ledger_heads h set takeover_at = null, next_job = i.id, next_at = i.at,
      cooling_until = case when i.cooling_until > greatest(i.at, v_now) then i.cooling_until end
    from (
      select j.id, j.account_id, a.cooling_down_until as cooling_until,
        case when a.id is not null then j.lease_expires_at else greatest(j.lease_expires_at,
          calendar_publish.too_late_from(coalesce(j.next_attempt_at, j.scheduled_at))) end as at
      from unnest(v_accounts) as given (account_id)
      join public.publish_jobs j on j.account_id = given.account_id and j.status = 'publishing'
        and j.lease_token is not null and not j.write_started and j.lease_expires_at <= v_now
      left join public.channel_accounts a on a.id = j.account_id and a.user_id = j.user_id
    ) i
    where h.account_id = i.account_id;
  end if;

  -- Then the accounts whose job has been due the longest. What is later than the account's grace is
  -- stopped; the account's next job then has its turn.
  while v_again and cardinality(v_given) < p_limit and cardinality(v_missed) < p_limit loop
    perform calendar_publish.wake_accounts(p_channels, v_now);
    v_accounts := '{}';
    -- In one order everywhere: two claims may wait for each other's pauses.
    for v_channel in select distinct c.channel from unnest(p_channels) as c (channel) order by 1 loop
      v_room := p_limit - cardinality(v_given);
      -- A pause that is over lets one job of its channel through at a time, until it is lifted.
      perform 1 from public.channel_pauses p where p.channel = v_channel for update;
      if found then
        continue when calendar_publish.blocked_until(v_channel, v_now) is not null;
        v_room := 1;
      end if;
      v_some := array(
        select h.account_id from calendar_publish.ledger_heads h
        where h.channel = v_channel and h.next_at <= v_now and h.cooling_until is null
          and not h.account_id = any (v_left)
        order by h.channel, h.next_at, h.next_job limit v_room
        for update skip locked);
      v_accounts := v_accounts || v_some;
    end loop;
    exit when cardinality(v_accounts) = 0;

    with found as (
      select h.account_id, h.next_at, h.next_job, j.id, coalesce(
        v_now - coalesce(j.next_attempt_at, j.scheduled_at) > coalesce(a.grace_minutes, 60) * interval '1 minute',
        false) as late
      from unnest(v_accounts) as given (account_id)
      join calendar_publish.ledger_heads h on h.account_id = given.account_id
      left join public.publish_jobs j on j.id = h.next_job and case j.status
          when 'scheduled' then greatest(coalesce(j.next_attempt_at, j.scheduled_at), j.held_until) <= v_now
          when 'failed' then greatest(coalesce(j.next_attempt_at, j.scheduled_at), j.held_until) <= v_now
          when 'publishing' then not j.write_started and j.lease_expires_at <= v_now
          else false
        end
      left join public.channel_accounts a on a.id = j.account_id and a.user_id = j.user_id
      order by h.next_at, h.next_job
      limit p_limit - cardinality(v_given)
    ), counted as (
      select f.*, count(*) filter (where f.late) over (order by f.next_at, f.next_job) - f.late::int as late_before
      from found f
    )
    select array_agg(c.account_id), coalesce(array_agg(c.id order by c.next_at, c.next_job) filter (where c.late), '{}'),
      coalesce(array_agg(c.id order by c.next_at, c.next_job) filter (where c.id is not null and not c.late), '{}'),
      bool_or(c.late or c.id is null), array_agg(c.next_job)
    into v_accounts, v_late, v_ready, v_again, v_looked
    from counted c where c.late_before < p_limit - cardinality(v_missed);

    if cardinality(v_late) > 0 then
      v_taken := array(select j.id from public.publish_jobs j where j.id = any (v_late) for update skip locked);
      v_late := array(select l.id from unnest(v_late) with ordinality as l (id, place)
        where l.id = any (v_taken) order by l.place);
      update public.publish_jobs j set status = 'needs_attention', last_error = 'MISSED_SCHEDULE',
        next_attempt_at = null, held_until = null, lease_token = null, lease_expires_at = null,
        write_started = false, cancel_requested = false, updated_at = v_now
        where j.id = any (v_late);
      v_missed := v_missed || v_late;
    end if;
    v_taken := calendar_publish.take_jobs(v_ready, v_lease_end, v_now);
    v_given := v_given || array(select r.id from unnest(v_ready) with ordinality as r (id, place)
      where r.id = any (v_taken) order by r.place);
    perform calendar_publish.place_accounts(v_accounts);
    -- The account's next job may have been due before a cool-down that is over by now.
    update calendar_publish.ledger_heads h set cooling_until = null
      where h.account_id = any (v_accounts) and h.cooling_until <= v_now;
    -- Somebody else writes their jobs at this moment: they are left for the next claim.
    v_left := v_left || array(select h.account_id from calendar_publish.ledger_heads h
      where h.account_id = any (v_accounts) and h.next_job = any (v_looked));
  end loop;
  perform calendar_publish.wake_accounts(p_channels, v_now);

  return jsonb_build_object(
    'at', calendar_publish.instant(v_now),
    'jobs', coalesce((
      select jsonb_agg(jsonb_build_object(
        'job', calendar_publish.job_json(j),
        'entry', c.content,
        'contentHash', j.frozen_hash,
        'account', calendar_publish.account_json(a),
        'progress', case when j.progress_stage is not null then jsonb_build_object('stage', j.progress_stage,
          'kind', j.progress_kind, 'state', j.progress_state) end,
        'attemptStartedAt', case when j.write_started then (
          select calendar_publish.instant(t.started_at) from public.publish_attempts t
          where t.publish_job_id = j.id and t.number = j.last_attempt) end,
        'postsInWindow', (select count(*) from public.publish_jobs o
          where o.account_id = j.account_id
            and o.out_at > greatest(v_now - interval '24 hours', a.quota_read_at))
      ) order by given.place)
      from unnest(v_given) with ordinality as given (id, place)
      join public.publish_jobs j on j.id = given.id
      join public.channel_accounts a on a.id = j.account_id and a.user_id = j.user_id
      left join calendar_publish.job_contents c on c.job_id = j.id and c.version = j.frozen_version), '[]'),
    'missed', coalesce((
      select jsonb_agg(calendar_publish.job_json(j) order by missed.place)
      from unnest(v_missed) with ordinality as missed (id, place)
      join public.publish_jobs j on j.id = missed.id), '[]'),
    'nextDueAt', calendar_publish.instant(calendar_publish.next_due(p_channels, v_now)),
    'pauses', calendar_publish.pauses());
end $$;

-- The channels that are paused.
create or replace function calendar_publish.pauses() returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('channel', p.channel, 'code', p.code,
    'since', calendar_publish.instant(p.paused_since), 'until', calendar_publish.instant(p.paused_until))
    order by p.channel desc), '[]')
  from public.channel_pauses p
$$;

-- Pauses a channel, or moves the end of its pause; whether there was none.
create or replace function calendar_publish.pause_channel(
  p_channel text, p_code text, p_since timestamptz, p_until timestamptz
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.channel_pauses (channel, code, paused_since, paused_until)
  values (p_channel, p_code, p_since, p_until)
  on conflict (channel) do nothing;
  if found then
    return true;
  end if;
  update public.channel_pauses set paused_until = p_until where channel = p_channel;
  return false;
end $$;

-- Lifts the pause of a channel; whether there was one.
create or replace function calendar_publish.lift_pause(p_channel text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from public.channel_pauses where channel = p_channel;
  if found then
    perform pg_notify('calendar_publish_jobs', '');
    return true;
  end if;
  return false;
end $$;

-- How many jobs wait: `{"at", "counts": [{"channel", "status", "count"}], "oldestDueAt"}`.
create or replace function calendar_publish.queue_depth(p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_now timestamptz := calendar_publish.store_time(p_now);
begin
  return (
    select jsonb_build_object('at', calendar_publish.instant(v_now),
      'counts', coalesce(jsonb_agg(jsonb_build_object('channel', c.channel, 'status', c.status, 'count', c.count)
        order by c.channel, c.status), '[]'),
      'oldestDueAt', calendar_publish.instant(min(c.oldest)))
    from (
      select j.channel, j.status, count(*) as count,
        min(coalesce(j.next_attempt_at, j.scheduled_at)) filter (where j.status in ('scheduled', 'failed')
          and coalesce(j.next_attempt_at, j.scheduled_at) <= v_now) as oldest
      from public.publish_jobs j
      where j.live
      group by j.channel, j.status
    ) c);
end $$;

-- Hands a saved calendar's content to its live jobs: `p_entries` is the whole calendar, each entry
-- `{"entryId", "entry", "contentHash"}`, with `entry` as text and absent where the row can't be read. Jobs of
-- entries that are no longer there are asked to cancel. The answer has the cancellations' outcomes.
create or replace function calendar_publish.hand_content_to_jobs(
  p_user uuid, p_calendar uuid, p_entries jsonb, p_now timestamptz default null
) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set jit = off
set enable_seqscan = off as $$
declare
  v_cancels jsonb;
begin
  perform 1 from public.publish_jobs j
    where j.user_id = p_user and j.calendar_id = p_calendar
      and j.live
    order by j.id for update;
  with saved as materialized (
    select distinct on (1) (e.body ->> 'entryId')::uuid as entry_id, e.body ->> 'entry' as entry,
      e.body ->> 'contentHash' as hash
    from jsonb_array_elements(p_entries) as e (body)
  ), live as (
    select j.id, j.calendar_entry_id, j.content_version
    from public.publish_jobs j
    where j.user_id = p_user and j.calendar_id = p_calendar
      and j.live
  ), changed as materialized (
    select l.id, l.content_version + 1 as version, s.entry,
      coalesce(s.hash, encode(sha256(convert_to(s.entry, 'UTF8')), 'hex')) as hash
    from live l
    join saved s on s.entry_id = l.calendar_entry_id
    join calendar_publish.job_contents c on c.job_id = l.id and c.version = l.content_version
    where s.entry is not null and s.entry <> c.content
  ), added as (
    insert into calendar_publish.job_contents (job_id, version, content)
    select c.id, c.version, c.entry from changed c
  ), handed as (
    update public.publish_jobs j set content_version = c.version, content_hash = c.hash
    from changed c where j.id = c.id
  ), outdated as (
    -- What was neither frozen nor is the newest content is kept by nobody.
    delete from calendar_publish.job_contents o
    using changed c join public.publish_jobs j on j.id = c.id
    where o.job_id = c.id and o.version < c.version and o.version is distinct from j.frozen_version
  )
  select jsonb_agg(jsonb_build_object('jobId', l.id, 'event', '{"type": "cancel_requested"}'::jsonb))
  into v_cancels
  from live l
  where not exists (select 1 from saved s where s.entry_id = l.calendar_entry_id);
  if v_cancels is null then
    return '[]';
  end if;
  return calendar_publish.apply_writes(p_user, '{}', v_cancels, p_now);
end $$;
