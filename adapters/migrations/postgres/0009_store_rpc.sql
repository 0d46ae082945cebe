-- The store by documents, continued: accounts, intents and jobs, and the function that is called.

-- An account on the wire, from its row as JSON.
create or replace function calendar_publish.account_document(p_row jsonb) returns jsonb
language sql stable as $$
  select jsonb_strip_nulls(
    (coalesce(p_row ->> 'details', '{}')::jsonb - 'coolingDownUntil' - 'graceMinutes')
    || jsonb_build_object(
      'id', p_row -> 'id', 'userId', p_row -> 'user_id', 'channel', p_row -> 'channel',
      'externalAccountId', p_row -> 'external_account_id', 'displayName', p_row -> 'display_name',
      'timezone', p_row -> 'timezone', 'status', p_row -> 'status',
      'expiresAt', calendar_publish.instant((p_row ->> 'expires_at')::timestamptz),
      'coolingDownUntil', calendar_publish.instant((p_row ->> 'cooling_down_until')::timestamptz),
      'graceMinutes', p_row -> 'grace_minutes'))
$$;

create or replace function calendar_publish.store_put_account(p_account json) returns text
language plpgsql volatile as $$
begin
  -- The sealed tokens, which stand beside it, stay as they are.
  insert into public.channel_accounts (user_id, id, channel, external_account_id, display_name, timezone, status,
    expires_at, cooling_down_until, grace_minutes, quota_read_at, details)
  values ((p_account ->> 'userId')::uuid, (p_account ->> 'id')::uuid, p_account ->> 'channel',
    calendar_publish.word(p_account, 'externalAccountId'), calendar_publish.word(p_account, 'displayName'),
    p_account ->> 'timezone', p_account ->> 'status', (p_account ->> 'expiresAt')::timestamptz,
    (p_account ->> 'coolingDownUntil')::timestamptz, (p_account ->> 'graceMinutes')::bigint,
    (p_account -> 'quota' ->> 'readAt')::timestamptz,
    (select concat('{', string_agg(to_json(d.key)::text || ':' || calendar_publish.unmasked(d.value::text), ','
        order by d.place), '}')
      from json_each(p_account) with ordinality as d (key, value, place)
      where d.key in ('renewableUntil', 'scopes', 'coolingDownUntil', 'graceMinutes', 'quota', 'tiktokCreator')))
  on conflict (user_id, id) do update set
    channel = excluded.channel, external_account_id = excluded.external_account_id,
    display_name = excluded.display_name, timezone = excluded.timezone, status = excluded.status,
    expires_at = excluded.expires_at, cooling_down_until = excluded.cooling_down_until,
    grace_minutes = excluded.grace_minutes, quota_read_at = excluded.quota_read_at, details = excluded.details;
  return 'null';
end $$;

create or replace function calendar_publish.store_remove_account(p_request json) returns text
language plpgsql volatile as $$
begin
  delete from public.channel_accounts
    where user_id = (p_request ->> 'userId')::uuid and id = (p_request ->> 'accountId')::uuid;
  if not found then
    perform calendar_publish.refuse_missing('account');
  end if;
  return 'null';
end $$;

create or replace function calendar_publish.store_record_intents(p_record json) returns text
language plpgsql volatile as $$
declare
  v_user uuid := (p_record ->> 'userId')::uuid;
  v_command json := calendar_publish.masked(calendar_publish.raw(p_record, 'command'))::json;
  v_key text;
  v_earlier record;
  v_new bigint;
begin
  perform calendar_publish.refuse_invalid('FIELD_VALUE_INVALID', format('intents[%s].userId', i.place - 1), null)
    from json_array_elements(p_record -> 'intents') with ordinality as i (intent, place)
    where (i.intent ->> 'userId')::uuid <> v_user order by i.place limit 1;
  if v_command is not null then
    v_key := calendar_publish.command_key(v_command);
    -- Whoever comes second with the same key waits here for the first to commit.
    insert into calendar_publish.publish_commands (user_id, key, fingerprint, answer)
    values (v_user, v_key, v_command ->> 'fingerprint', calendar_publish.word(v_command, 'answer'))
    on conflict do nothing;
    if not found then
      select c.fingerprint, c.answer into v_earlier from calendar_publish.publish_commands c
        where c.user_id = v_user and c.key = v_key;
      if v_earlier.fingerprint <> v_command ->> 'fingerprint' then
        perform calendar_publish.refuse(jsonb_build_object('type', 'command_conflict', 'key', v_key));
      end if;
      return jsonb_build_object('type', 'before', 'answer', v_earlier.answer)::text;
    end if;
  end if;
  insert into public.publish_intents (id, own_id, user_id, calendar_id, run_id, entry_id, channel, payload,
    payload_text, status, error, error_text, created_at, sequence)
  select case when taken.id is null then n.id else gen_random_uuid() end, n.id, v_user, n.calendar_id, n.run_id,
    n.entry_id, n.channel, calendar_publish.readable(n.payload), n.payload, n.status,
    calendar_publish.readable(n.error), n.error, n.created_at, nextval('calendar_publish.intents_in_order')
  from (
    select i.place, (i.intent ->> 'id')::uuid as id, (i.intent ->> 'calendarId')::uuid as calendar_id,
      (i.intent ->> 'runId')::uuid as run_id, (i.intent ->> 'entryId')::uuid as entry_id, i.intent ->> 'channel' as channel,
      calendar_publish.word(i.intent, 'payload') as payload, i.intent ->> 'status' as status,
      calendar_publish.raw(i.intent, 'error') as error, (i.intent ->> 'createdAt')::timestamptz as created_at
    from json_array_elements(p_record -> 'intents') with ordinality as i (intent, place)
    order by i.place
  ) n
  left join public.publish_intents taken on taken.id = n.id and taken.user_id <> v_user
  order by n.place
  on conflict (user_id, (coalesce(own_id, id))) do nothing;
  get diagnostics v_new = row_count;
  return jsonb_build_object('type', 'now', 'new', v_new)::text;
end $$;

-- The host's own rows say nothing of a single entry, and aren't read.
create or replace function calendar_publish.store_intents(p_request json) returns text
language sql stable as $$
  select concat('[', string_agg(calendar_publish.object(concat(
    calendar_publish.member('id', calendar_publish.quoted(i.own_id::text)),
    calendar_publish.member('calendarId', calendar_publish.quoted(i.calendar_id::text)),
    calendar_publish.member('runId', calendar_publish.quoted(i.run_id::text)),
    calendar_publish.member('userId', calendar_publish.quoted(i.user_id::text)),
    calendar_publish.member('entryId', calendar_publish.quoted(i.entry_id::text)),
    calendar_publish.member('channel', calendar_publish.quoted(i.channel)),
    calendar_publish.member('payload', calendar_publish.quoted(coalesce(i.payload_text, i.payload::text))),
    calendar_publish.member('status', calendar_publish.quoted(i.status)),
    calendar_publish.member('error', coalesce(i.error_text, i.error::text)),
    calendar_publish.member('createdAt', calendar_publish.quoted(calendar_publish.instant(i.created_at))))), ','
    order by i.sequence), ']')
  from public.publish_intents i
  where i.user_id = (p_request ->> 'userId')::uuid and i.calendar_id = (p_request ->> 'calendarId')::uuid
    and i.own_id is not null and i.entry_id is not null
$$;

-- The outcomes of a command, or the store's refusal.
create or replace function calendar_publish.store_outcomes(p_key text, p_answer jsonb) returns text
language plpgsql as $$
begin
  if p_answer ? 'conflict' then
    perform calendar_publish.refuse(jsonb_build_object('type', 'command_conflict', 'key', p_key));
  end if;
  return jsonb_build_object('repeated', p_answer -> 'repeated', 'outcomes', p_answer -> 'outcomes')::text;
end $$;

create or replace function calendar_publish.store_schedule(p_request json, p_now timestamptz) returns text
language plpgsql volatile as $$
declare
  v_key text := calendar_publish.command_key(p_request -> 'command');
begin
  return calendar_publish.store_outcomes(v_key, calendar_publish.schedule_jobs((p_request ->> 'userId')::uuid, v_key,
    p_request -> 'command' ->> 'fingerprint', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', j.job ->> 'id', 'entryId', j.job -> 'entry' ->> 'id', 'calendarId', j.job -> 'entry' ->> 'calendarId',
        'accountId', j.job ->> 'accountId', 'channel', j.job -> 'entry' -> 'piece' ->> 'channel',
        'scheduledAt', j.job ->> 'scheduledAt', 'entry', calendar_publish.raw(j.job, 'entry'),
        'contentHash', calendar_publish.exact_content_hash(j.job -> 'entry')) order by j.place), '[]')
      from json_array_elements(p_request -> 'jobs') with ordinality as j (job, place)), p_now));
end $$;

create or replace function calendar_publish.delays(p_policy json) returns int[]
language sql immutable as $$
  select array(select least(d::bigint, 2147483647)::int from json_array_elements_text(p_policy -> 'delayMinutes') d)
$$;

create or replace function calendar_publish.store_command_jobs(p_request json, p_now timestamptz) returns text
language plpgsql volatile as $$
declare
  v_key text := calendar_publish.command_key(p_request -> 'command');
begin
  return calendar_publish.store_outcomes(v_key, calendar_publish.command_jobs((p_request ->> 'userId')::uuid, v_key,
    p_request -> 'command' ->> 'fingerprint', calendar_publish.delays(p_request -> 'policy'),
    calendar_publish.readable(calendar_publish.raw(p_request, 'writes')),
    coalesce((p_request ->> 'allOrNothing')::boolean, false), p_now));
end $$;

create or replace function calendar_publish.store_advance(p_request json, p_now timestamptz) returns text
language sql volatile as $$
  select calendar_publish.advance_jobs(calendar_publish.delays(p_request -> 'policy'),
    calendar_publish.readable(calendar_publish.raw(p_request, 'writes')), p_now)::text
$$;

-- Gives a worker jobs. One whose content is no JSON is stopped, and keeps nobody else waiting.
create or replace function calendar_publish.store_claim(p_request json, p_now timestamptz) returns text
language plpgsql volatile as $$
declare
  v_claimed jsonb;
  v_stops jsonb;
begin
  if (p_request ->> 'leaseSeconds')::bigint < 1 then
    perform calendar_publish.refuse(calendar_publish.invalid(
      '{"code": "LEASE_TOO_SHORT", "path": "leaseSeconds",
        "measured": {"type": "number", "value": 0, "unit": "seconds"},
        "allowed": {"type": "at_least", "min": 1, "unit": "seconds"}}'));
  end if;
  v_claimed := calendar_publish.claim_jobs(least((p_request ->> 'limit')::bigint, 2147483647)::int,
    least((p_request ->> 'leaseSeconds')::bigint, 2147483647)::int,
    array(select json_array_elements_text(p_request -> 'channels')), p_now);
  select jsonb_agg(jsonb_build_object('jobId', j -> 'job' -> 'id', 'note', '{"message": "the content can''t be read"}'::jsonb,
      'event', case when (j -> 'job' -> 'lease' ->> 'writeStarted')::boolean
        then jsonb_build_object('type', 'outcome_unknown', 'token', j -> 'job' -> 'lease' -> 'token')
        else jsonb_build_object('type', 'preflight_failed', 'token', j -> 'job' -> 'lease' -> 'token',
          'code', 'STORE_CORRUPT') end))
    into v_stops
    from jsonb_array_elements(v_claimed -> 'jobs') j where not calendar_publish.is_json(j ->> 'entry');
  if v_stops is not null then
    perform calendar_publish.advance_jobs('{}', v_stops, p_now);
  end if;
  return calendar_publish.object(concat(
    calendar_publish.member('at', (v_claimed -> 'at')::text),
    calendar_publish.member('jobs', (
      select concat('[', string_agg(calendar_publish.object(concat(
        calendar_publish.member('job', (j.job -> 'job')::text),
        calendar_publish.member('entry', j.job ->> 'entry'),
        calendar_publish.member('contentHash', (j.job -> 'contentHash')::text),
        calendar_publish.member('account', calendar_publish.account_document(j.job -> 'account')::text),
        calendar_publish.member('progress', nullif(j.job -> 'progress', 'null')::text),
        calendar_publish.member('attemptStartedAt', nullif(j.job -> 'attemptStartedAt', 'null')::text),
        calendar_publish.member('surroundings',
          jsonb_build_object('postsInWindow', j.job -> 'postsInWindow')::text))), ',' order by j.place), ']')
      from jsonb_array_elements(v_claimed -> 'jobs') with ordinality as j (job, place)
      where calendar_publish.is_json(j.job ->> 'entry'))),
    calendar_publish.member('missed', (v_claimed -> 'missed')::text),
    calendar_publish.member('nextDueAt', nullif(v_claimed -> 'nextDueAt', 'null')::text),
    calendar_publish.member('pauses', (v_claimed -> 'pauses')::text)));
end $$;

create or replace function calendar_publish.is_json(p_text text) returns boolean
language plpgsql immutable as $$
begin
  return json_typeof(p_text::json) = 'object';
exception when data_exception then
  return false;
end $$;

create or replace function calendar_publish.store_job(p_request json) returns text
language sql stable as $$
  select coalesce((
    select calendar_publish.object(concat(
      calendar_publish.member('record', calendar_publish.object(concat(
        calendar_publish.member('job', calendar_publish.job_json(j)::text),
        calendar_publish.member('entry', c.content),
        calendar_publish.member('frozen', case when f.content is not null then calendar_publish.object(concat(
          calendar_publish.member('entry', f.content),
          calendar_publish.member('hash', calendar_publish.quoted(j.frozen_hash)))) end),
        calendar_publish.member('progress', case when j.progress_stage is not null then
          jsonb_build_object('stage', j.progress_stage, 'kind', j.progress_kind, 'state', j.progress_state)::text end),
        calendar_publish.member('stamp', case when j.stamp_token is not null then
          jsonb_build_object('token', j.stamp_token, 'sequence', j.stamp_sequence)::text end),
        calendar_publish.member('lastToken', j.last_token::text),
        calendar_publish.member('receipt', j.receipt::text),
        calendar_publish.member('attempt', (calendar_publish.attempts_json(j.id) -> -1)::text)))),
      calendar_publish.member('attempts', calendar_publish.attempts_json(j.id)::text)))
    from public.publish_jobs j
    join calendar_publish.job_contents c on c.job_id = j.id and c.version = j.content_version
    left join calendar_publish.job_contents f on f.job_id = j.id and f.version = j.frozen_version
    where j.id = (p_request ->> 'jobId')::uuid and j.user_id = (p_request ->> 'userId')::uuid), 'null')
$$;

-- A filter for `list_jobs`, where an empty list means any.
create or replace function calendar_publish.job_filter(p_filter json) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_object_agg(f.key, f.value), '{}')
  from jsonb_each(p_filter::jsonb) f where f.value not in ('[]', 'null')
$$;

create or replace function calendar_publish.store_ledger(p_request json) returns text
language sql stable as $$
  select calendar_publish.ledger_rows((p_request ->> 'accountId')::uuid, (p_request ->> 'after')::bigint,
    (p_request ->> 'limit')::bigint)::text
$$;

-- One call of the store. `p_now` is for tests: the store's time, instead of the database's.
create or replace function public.publish_store(p_method text, p_request text, p_now timestamptz default null)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_request json := calendar_publish.masked(p_request)::json;
  v_answer text;
  v_state text;
begin
  v_answer := case p_method
    when 'saveCalendar' then calendar_publish.store_save(v_request, '{}', null, p_now)
    when 'saveCalendarAndJobs' then calendar_publish.store_save(v_request -> 'save',
      calendar_publish.delays(v_request -> 'policy'), calendar_publish.raw(v_request, 'writes'), p_now)
    when 'calendar' then calendar_publish.store_calendar(p_method, v_request)
    when 'run' then calendar_publish.store_calendar(p_method, v_request)
    when 'lastGeneration' then calendar_publish.store_calendar(p_method, v_request)
    when 'runs' then calendar_publish.store_runs(v_request)
    when 'putAccount' then calendar_publish.store_put_account(v_request)
    when 'removeAccount' then calendar_publish.store_remove_account(v_request)
    when 'accounts' then (
      select coalesce(jsonb_agg(calendar_publish.account_document(calendar_publish.account_json(a))
        order by a.channel collate "C", a.display_name collate "C", a.id), '[]')::text
      from public.channel_accounts a where a.user_id = (v_request ->> 'userId')::uuid)
    when 'recordIntents' then calendar_publish.store_record_intents(v_request)
    when 'intents' then calendar_publish.store_intents(v_request)
    when 'command' then (
      select jsonb_build_object('key', c.key, 'fingerprint', c.fingerprint, 'answer', c.answer)::text
      from calendar_publish.publish_commands c
      where c.user_id = (v_request ->> 'userId')::uuid and strpos(v_request::text, U&'\E0F0u0000') = 0
        and c.key = calendar_publish.word(v_request, 'key'))
    when 'scheduleJobs' then calendar_publish.store_schedule(v_request, p_now)
    when 'commandJobs' then calendar_publish.store_command_jobs(v_request, p_now)
    when 'claimJobs' then calendar_publish.store_claim(v_request, p_now)
    when 'advanceJobs' then calendar_publish.store_advance(v_request, p_now)
    when 'job' then calendar_publish.store_job(v_request)
    when 'jobs' then calendar_publish.list_jobs((v_request ->> 'userId')::uuid,
      calendar_publish.job_filter(v_request -> 'filter'))::text
    when 'allJobs' then calendar_publish.list_jobs(null, calendar_publish.job_filter(v_request))::text
    when 'queueDepth' then jsonb_strip_nulls(calendar_publish.queue_depth(p_now))::text
    when 'pauseChannel' then to_json(calendar_publish.pause_channel(v_request ->> 'channel', v_request ->> 'code',
      (v_request ->> 'since')::timestamptz, (v_request ->> 'until')::timestamptz))::text
    when 'liftPause' then to_json(calendar_publish.lift_pause(v_request ->> 'channel'))::text
    when 'ledger' then calendar_publish.store_ledger(v_request)
    else calendar_publish.refuse_invalid('OPERATION_UNKNOWN', '', p_method)::text
  end;
  return '{"answer":' || coalesce(v_answer, 'null') || '}';
exception
  when sqlstate 'CP008' then
    return '{"error":' || sqlerrm || '}';
  when unique_violation or serialization_failure or deadlock_detected then
    -- Another writer came between: the client makes the same call again.
    raise;
  when data_exception or integrity_constraint_violation or program_limit_exceeded then
    -- What can't be stored now can't be stored later: nobody must wait for it.
    get stacked diagnostics v_state = returned_sqlstate;
    return '{"error":' || calendar_publish.invalid(jsonb_build_object('code', 'FIELD_VALUE_INVALID', 'path', '',
      'measured', jsonb_build_object('type', 'text', 'value', v_state || ': ' || sqlerrm)))::text || '}';
end $$;

-- The service alone calls it, and it calls the rest.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid::regprocedure from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.prokind = 'f' and (n.nspname = 'calendar_publish' or n.nspname = 'public' and p.proname = 'publish_store')
  loop
    execute pg_catalog.format('revoke all on function %s from public, anon, authenticated', v_function);
  end loop;
  grant execute on function public.publish_store(text, text, timestamptz) to service_role;
end $$;
