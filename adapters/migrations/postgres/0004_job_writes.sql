-- Writes: what workers report and what people want, applied to the jobs, their attempts and the ledger.
-- Locks are taken in one order everywhere, so that no two calls wait for each other: jobs by id, then
-- accounts by id, then `ledger_heads` by account.

-- The id of a job's attempt: the same on every machine. The core's `deterministic_uuid`.
create or replace function calendar_publish.attempt_id(p_job uuid, p_number integer) returns uuid
language plpgsql immutable as $$
declare
  v_bytes bytea := substr(sha256(
    int8send(7) || convert_to('attempt', 'UTF8')
    || int8send(36) || convert_to(p_job::text, 'UTF8')
    || int8send(length(p_number::text)) || convert_to(p_number::text, 'UTF8')), 1, 16);
begin
  v_bytes := set_byte(v_bytes, 6, (get_byte(v_bytes, 6) & 15) | 128);
  v_bytes := set_byte(v_bytes, 8, (get_byte(v_bytes, 8) & 63) | 128);
  return encode(v_bytes, 'hex')::uuid;
end $$;

-- The hash of a row of the ledger whose predecessor has the hash `p_previous`.
create or replace function calendar_publish.link(p_previous text, p_record text) returns text
language sql stable as $$
  select encode(sha256(convert_to(p_previous || chr(10) || p_record, 'UTF8')), 'hex')
$$;

-- JSON text as jsonb; what jsonb can't hold is kept as a string.
create or replace function calendar_publish.as_jsonb(p_text text) returns jsonb
language plpgsql immutable as $$
begin
  return p_text::jsonb;
exception when others then
  return to_jsonb(p_text);
end $$;

-- The first instant at which what was due is later than the grace that holds where nobody says otherwise.
create or replace function calendar_publish.too_late_from(p_due timestamptz) returns timestamptz
language sql stable as $$
  select p_due + interval '3600.001 seconds'
$$;

-- What an account can next have claimed; see `ledger_heads`. Of an account that was removed nothing can be
-- published: its jobs are looked at when they have become too late.
create or replace function calendar_publish.account_times(p_account uuid)
returns table (next_at timestamptz, next_job uuid, cooling_until timestamptz, takeover_at timestamptz)
language sql stable as $$
  select t.next_at, case when t.next_at is not null then waiting.id end,
    case when account.cooling_down_until > t.next_at then account.cooling_down_until end, t.takeover_at
  from (select p_account as id) asked
  left join public.publish_jobs held on held.account_id = p_account and held.status = 'publishing'
  left join lateral (
    select j.id, j.user_id, coalesce(j.next_attempt_at, j.scheduled_at) as due,
      greatest(coalesce(j.next_attempt_at, j.scheduled_at), j.held_until) as at
    from public.publish_jobs j
    where j.account_id = p_account and j.status in ('scheduled', 'failed')
    order by j.account_id, greatest(coalesce(j.next_attempt_at, j.scheduled_at), j.held_until), j.id
    limit 1
  ) waiting on true
  left join public.channel_accounts account on account.id = p_account and account.user_id = waiting.user_id
  cross join lateral (
    select
      case
        when held.id is not null then null
        when account.id is not null then waiting.at
        else greatest(waiting.at, calendar_publish.too_late_from(waiting.due))
      end as next_at,
      case when held.id is not null then coalesce(held.lease_expires_at, held.updated_at) end as takeover_at
  ) t
$$;

-- Brings what accounts can next have claimed up to date. Their rows are locked by the caller.
--
-- Its plan is kept for the session, and must not depend on who asked first: the settings stand here.
create or replace function calendar_publish.place_accounts(p_accounts uuid[]) returns void
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off
as $$
begin
  update calendar_publish.ledger_heads h
    set next_at = t.next_at, next_job = t.next_job, cooling_until = t.cooling_until, takeover_at = t.takeover_at
    from calendar_publish.ledger_heads o cross join lateral calendar_publish.account_times(o.account_id) t
    where o.account_id = any (p_accounts) and h.account_id = o.account_id
      and (o.next_at, o.next_job, o.cooling_until, o.takeover_at)
        is distinct from (t.next_at, t.next_job, t.cooling_until, t.takeover_at);
end $$;

-- An account was linked, removed, or is to be left alone for another while.
create or replace function calendar_publish.account_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_account uuid := case when tg_op = 'DELETE' then old.id else new.id end;
begin
  perform 1 from calendar_publish.ledger_heads h where h.account_id = v_account for update;
  if found then
    perform calendar_publish.place_accounts(array[v_account]);
  end if;
  return null;
end $$;

create or replace trigger channel_accounts_pace
  after insert or delete or update of cooling_down_until on public.channel_accounts
  for each row execute function calendar_publish.account_changed();

-- Appends records to the ledgers of their accounts, in order, and brings what the accounts can next have
-- claimed up to date. The arrays hold a place a write: its account, user and job, its record where it has
-- one, and whether it may have changed what can be claimed.
create or replace function calendar_publish.append_ledger(
  p_accounts uuid[], p_users uuid[], p_jobs uuid[], p_records text[], p_moves boolean[]
) returns void
language plpgsql as $$
declare
  v_turns integer;
begin
  select max(c.writes) into v_turns
    from (select count(*) as writes from unnest(p_accounts) as a (id) group by a.id) c;
  -- An account's second record hangs on its first: each turn appends at most one an account.
  for v_turn in 1 .. v_turns loop
    with headed as (
      update calendar_publish.ledger_heads h set
        sequence = w.sequence,
        hash = w.hash,
        next_at = case when w.moves then w.next_at else h.next_at end,
        next_job = case when w.moves then w.next_job else h.next_job end,
        cooling_until = case when w.moves then w.cooling_until else h.cooling_until end,
        takeover_at = case when w.moves then w.takeover_at else h.takeover_at end
      from (
        select r.account_id, r.user_id, r.job_id, r.record, r.moves, o.hash as previous_hash, t.*,
          case when r.record is null then o.sequence else o.sequence + 1 end as sequence,
          case when r.record is null then o.hash else calendar_publish.link(o.hash, r.record) end as hash
        from (
          select w.*, row_number() over (partition by w.account_id order by w.place) as turn
          from unnest(p_accounts, p_users, p_jobs, p_records, p_moves)
            with ordinality as w (account_id, user_id, job_id, record, moves, place)
        ) r
        join calendar_publish.ledger_heads o on o.account_id = r.account_id
        left join lateral calendar_publish.account_times(r.account_id) t on r.moves
        where r.turn = v_turn
      ) w
      where h.account_id = w.account_id
      returning w.*
    )
    insert into public.publish_ledger (account_id, sequence, user_id, job_id, record, previous_hash, hash)
    select h.account_id, h.sequence, h.user_id, h.job_id, h.record, h.previous_hash, h.hash
    from headed h where h.record is not null;
  end loop;
end $$;

-- What a job's row becomes with a decided write, the attempts and the ledger's records included. Writes
-- of one job are applied one after the other; the answer has one outcome a write, in their order.
-- `p_user` is null for a worker: it may write every user's jobs.
create or replace function calendar_publish.apply_writes(
  p_user uuid, p_policy int[], p_writes jsonb, p_now timestamptz
) returns jsonb
language plpgsql as $$
declare
  v_now timestamptz;
  v_ids uuid[];
  v_turns bigint;
  v_outcomes jsonb[] := array_fill(null::jsonb, array[jsonb_array_length(p_writes)]);
  v_accounts uuid[] := '{}';
  v_users uuid[] := '{}';
  v_jobs uuid[] := '{}';
  v_records text[] := '{}';
  v_moves boolean[] := '{}';
  v_part record;
begin
  select array_agg(w.id order by w.id), max(w.writes) into v_ids, v_turns
  from (
    select (w ->> 'jobId')::uuid as id, count(*) as writes
    from jsonb_array_elements(p_writes) w group by 1
  ) w;
  if v_ids is null then
    return '[]';
  end if;
  perform 1 from public.publish_jobs j
    where j.id = any (v_ids) and (p_user is null or j.user_id = p_user)
    order by j.id for update;
  if jsonb_path_exists(p_writes, '$[*].event ? (@.type == "account_limited")') then
    perform 1 from public.channel_accounts a
      where a.id in (select j.account_id from public.publish_jobs j where j.id = any (v_ids))
      order by a.id for no key update;
  end if;
  perform 1 from calendar_publish.ledger_heads h
    where h.account_id in (select j.account_id from public.publish_jobs j
      where j.id = any (v_ids) and (p_user is null or j.user_id = p_user))
    order by h.account_id for update;
  v_now := calendar_publish.store_time(p_now);

  for v_turn in 1 .. v_turns loop
    with write as materialized (
      select w.place, w.id, w.body
      from (
        select e.place, (e.body ->> 'jobId')::uuid as id, e.body,
          row_number() over (partition by e.body ->> 'jobId' order by e.place) as turn
        from jsonb_array_elements(p_writes) with ordinality as e (body, place)
      ) w
      where w.turn = v_turn
    ), decided as materialized (
      select w.place, w.id, w.body, j as was, s.*,
        j.id is not null and s.effects is null as repeated,
        w.body -> 'progress' ->> 'type' as progress,
        case when s.code is null and (s.opened or s.finished is not null and j.last_attempt is not null) then concat(
          '{"at":"', calendar_publish.instant(v_now),
          '","userId":"', (s.job).user_id,
          '","accountId":"', (s.job).account_id,
          '","channel":"', (s.job).channel,
          '","jobId":"', w.id,
          '","entryId":"', (s.job).calendar_entry_id,
          '","attempt":', (s.job).last_attempt,
          ',"token":' || j.lease_token,
          ',"contentHash":"', (s.job).frozen_hash,
          '","status":"', case when s.opened then 'open' else s.finished end,
          '","errorCode":"' || s.finished_code,
          '"',
          ',"postId":' || case when s.finished = 'ok' then ((s.job).receipt -> 'postId')::text end,
          ',"message":' || (w.body -> 'note' -> 'message')::text,
          ',"responseMeta":' || (w.body -> 'note' -> 'responseMeta')::text,
          '}') end as record
      from write w
      left join public.publish_jobs j on j.id = w.id and (p_user is null or j.user_id = p_user)
      left join public.channel_accounts a on a.id = j.account_id and a.user_id = j.user_id
      left join lateral calendar_publish.advance_job(p_policy, j,
          case when p_user is null then w.body -> 'event' else calendar_publish.wished(w.body -> 'event', j.status) end,
          a.grace_minutes, v_now) s
        -- Only workers' writes have names.
        on j.id is not null and not coalesce(p_user is null
          and j.stamp_token = (w.body -> 'stamp' ->> 'token')::bigint
          and j.stamp_sequence = (w.body -> 'stamp' ->> 'sequence')::bigint, false)
    ), moved as (
      update public.publish_jobs j set
        scheduled_at = (d.job).scheduled_at,
        status = (d.job).status,
        attempt_count = (d.job).attempt_count,
        last_error = (d.job).last_error,
        next_attempt_at = (d.job).next_attempt_at,
        held_until = (d.job).held_until,
        cancel_requested = (d.job).cancel_requested,
        lease_token = (d.job).lease_token,
        lease_expires_at = (d.job).lease_expires_at,
        write_started = (d.job).write_started,
        last_attempt = (d.job).last_attempt,
        receipt = (d.job).receipt,
        updated_at = (d.job).updated_at,
        stamp_token = coalesce(case when p_user is null then (d.body -> 'stamp' ->> 'token')::bigint end, j.stamp_token),
        stamp_sequence = coalesce(case when p_user is null then (d.body -> 'stamp' ->> 'sequence')::bigint end, j.stamp_sequence),
        progress_stage = case d.progress when 'set' then d.body -> 'progress' -> 'progress' ->> 'stage'
          when 'clear' then null else j.progress_stage end,
        progress_kind = case d.progress when 'set' then d.body -> 'progress' -> 'progress' ->> 'kind'
          when 'clear' then null else j.progress_kind end,
        progress_state = case d.progress when 'set' then d.body -> 'progress' -> 'progress' ->> 'state'
          when 'clear' then null else j.progress_state end
      from decided d
      where j.id = d.id and d.effects is not null and d.code is null
    ), begun as (
      insert into public.publish_attempts
        (id, publish_job_id, user_id, number, started_at, status, error_message, response_text, response_meta)
      select calendar_publish.attempt_id(d.id, (d.job).last_attempt), d.id, (d.job).user_id, (d.job).last_attempt,
        v_now, 'open', d.body -> 'note' ->> 'message', d.body -> 'note' ->> 'responseMeta',
        case when d.body -> 'note' ? 'responseMeta'
          then calendar_publish.as_jsonb(d.body -> 'note' ->> 'responseMeta') end
      from decided d where d.opened and d.code is null
      on conflict (publish_job_id, number) do update set started_at = excluded.started_at, finished_at = null,
        status = 'open', error_code = null, error_message = excluded.error_message,
        response_text = excluded.response_text, response_meta = excluded.response_meta
    ), ended as (
      update public.publish_attempts t set
        status = d.finished, error_code = d.finished_code, finished_at = v_now,
        error_message = d.body -> 'note' ->> 'message',
        response_text = d.body -> 'note' ->> 'responseMeta',
        response_meta = case when d.body -> 'note' ? 'responseMeta'
          then calendar_publish.as_jsonb(d.body -> 'note' ->> 'responseMeta') end
      from decided d
      where d.finished is not null and d.code is null
        and t.publish_job_id = d.id and t.number = (d.was).last_attempt
    ), cooled as (
      -- An earlier, longer cool-down still holds.
      update public.channel_accounts a set cooling_down_until = greatest(a.cooling_down_until, c.cool_until)
      from (
        select (d.job).account_id as account_id, (d.job).user_id as user_id, max(d.cool_until) as cool_until
        from decided d where d.cool_until is not null and d.code is null
        group by 1, 2
      ) c
      where a.id = c.account_id and a.user_id = c.user_id
    )
    select
      array_agg(d.place) as places,
      array_agg(case
        when (d.was).id is null then jsonb_build_object('jobId', d.id, 'result', 'refused',
          'error', jsonb_build_object('code', 'JOB_NOT_FOUND', 'path', 'jobId'))
        when d.code is not null then jsonb_build_object('jobId', d.id, 'result', 'refused',
          'error', jsonb_build_object('code', d.code, 'path', d.path),
          'job', calendar_publish.job_json(d.was))
        else jsonb_build_object('jobId', d.id, 'result', 'done',
          'job', calendar_publish.job_json(case when d.repeated then d.was else d.job end),
          'effects', coalesce(d.effects, '[]'))
      end) as outcomes,
      array_agg((d.job).account_id order by d.place) filter (where d.code is null and d.effects is not null) as accounts,
      array_agg((d.job).user_id order by d.place) filter (where d.code is null and d.effects is not null) as users,
      array_agg(d.id order by d.place) filter (where d.code is null and d.effects is not null) as jobs,
      array_agg(d.record order by d.place) filter (where d.code is null and d.effects is not null) as records,
      -- The start of a write moves nothing.
      array_agg(not d.opened order by d.place) filter (where d.code is null and d.effects is not null) as moves
    into v_part
    from decided d;
    for v_index in 1 .. cardinality(v_part.places) loop
      v_outcomes[v_part.places[v_index]] := v_part.outcomes[v_index];
    end loop;
    v_accounts := v_accounts || v_part.accounts;
    v_users := v_users || v_part.users;
    v_jobs := v_jobs || v_part.jobs;
    v_records := v_records || v_part.records;
    v_moves := v_moves || v_part.moves;
  end loop;

  if cardinality(v_accounts) > 0 then
    perform calendar_publish.append_ledger(v_accounts, v_users, v_jobs, v_records, v_moves);
  end if;
  return to_jsonb(v_outcomes);
end $$;

-- Applies what workers report, each write for itself. The answer has one outcome a write: `done` with
-- the job and the effects, or `refused` with the error and the job as it is.
create or replace function calendar_publish.advance_jobs(p_policy int[], p_writes jsonb, p_now timestamptz default null)
returns jsonb
-- Every look goes through an index, whatever the statistics say at the moment: a queue's tables change faster
-- than they are analysed.
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set jit = off
set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
begin
  return calendar_publish.apply_writes(null, p_policy, p_writes, p_now);
end $$;

-- The stored answer to a command: `null` where the key is new, and `conflict` where it was used for
-- other content. Two calls with one key wait for each other.
create or replace function calendar_publish.earlier_answer(p_user uuid, p_key text, p_fingerprint text)
returns jsonb
language plpgsql volatile as $$
declare
  v_stored record;
begin
  if p_key is null then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(p_user::text || chr(10) || p_key, 6021));
  select c.fingerprint, c.answer into v_stored
    from calendar_publish.publish_commands c where c.user_id = p_user and c.key = p_key;
  if not found then
    return null;
  elsif v_stored.fingerprint is distinct from p_fingerprint then
    return '{"conflict": true}';
  end if;
  return jsonb_build_object('repeated', true, 'outcomes', v_stored.answer::jsonb);
end $$;

-- Applies events that a person wants of their own jobs: `{"repeated", "outcomes"}`, or `{"conflict"}`.
-- With `p_all_or_nothing` one refusal leaves every job as it was; the others are then refused with the same
-- error, and `because` is the place of the write that it was about.
create or replace function calendar_publish.command_jobs(
  p_user uuid, p_key text, p_fingerprint text, p_policy int[], p_writes jsonb,
  p_all_or_nothing boolean default false, p_now timestamptz default null
) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set jit = off
set enable_seqscan = off
as $$
declare
  v_answer jsonb := calendar_publish.earlier_answer(p_user, p_key, p_fingerprint);
  v_outcomes jsonb;
begin
  if v_answer is not null then
    return v_answer;
  end if;
  begin
    v_outcomes := calendar_publish.apply_writes(p_user, p_policy, p_writes, p_now);
    if p_all_or_nothing and jsonb_path_exists(v_outcomes, '$[*] ? (@.result == "refused")') then
      raise exception using errcode = 'CP001', message = 'one write is refused: none is made';
    end if;
  exception when sqlstate 'CP001' then
    -- Of each that would have been done it is said that it wasn't, and because of which one.
    select jsonb_agg(case
        when o.outcome ->> 'result' = 'refused' then o.outcome
        else jsonb_build_object('jobId', o.outcome -> 'jobId', 'result', 'refused',
          'because', first.place - 1,
          'error', first.error || jsonb_build_object('path', concat('writes[', first.place - 1, '].', first.error ->> 'path')))
      end order by o.place)
    into v_outcomes
    from jsonb_array_elements(v_outcomes) with ordinality as o (outcome, place)
    cross join (
      select f.place, f.outcome -> 'error' as error
      from jsonb_array_elements(v_outcomes) with ordinality as f (outcome, place)
      where f.outcome ->> 'result' = 'refused' order by f.place limit 1
    ) first;
  end;
  if p_key is not null then
    insert into calendar_publish.publish_commands (user_id, key, fingerprint, answer)
    values (p_user, p_key, p_fingerprint, v_outcomes::text);
  end if;
  perform pg_notify('calendar_publish_jobs', '');
  return jsonb_build_object('repeated', false, 'outcomes', v_outcomes);
end $$;
