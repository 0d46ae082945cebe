-- What clients call: `supabase.rpc('publish_…')` for people, with the user from the session, and claim and
-- advance for the service alone. jsonb in, jsonb out, in the core's names. Another user's jobs are not found.
--
-- Nothing else of this library can be called by anybody but the service: each function runs with the rights
-- of who made it.

-- The session's user; an error where there is none, so that nobody's rows are never everybody's.
create or replace function calendar_publish.session_user_id() returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_user uuid := auth.uid();
begin
  if v_user is null then
    raise exception using errcode = '28000', message = 'no user is signed in';
  end if;
  return v_user;
end $$;

-- An instant that a client names; an error for one that the core can't tell, as `infinity`: it could be stored,
-- and nobody could read the job any more.
create or replace function calendar_publish.client_instant(p_text text) returns text
language plpgsql stable as $$
begin
  if not p_text::timestamptz between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z' then
    raise exception using errcode = '22008', message = 'the instant lies outside the years 1 to 9999';
  end if;
  return p_text;
end $$;

-- A client's key, as the core takes it: the core derives keys of its own with control characters.
create or replace function calendar_publish.client_key(p_key text) returns text
language plpgsql immutable as $$
begin
  if octet_length(p_key) not between 1 and 255 or p_key ~ '[[:cntrl:]]' then
    raise exception using errcode = '22023',
      message = 'an idempotency key has 1 to 255 bytes and no control characters';
  end if;
  return p_key;
end $$;

-- A job as its user sees it: without the claim of whoever holds it.
create or replace function calendar_publish.user_outcomes(p_answer jsonb) returns jsonb
language sql immutable as $$
  select case when p_answer ? 'outcomes' then jsonb_set(p_answer, '{outcomes}', (
    select coalesce(jsonb_agg(case when o.outcome ? 'job' then o.outcome #- '{job,lease}' else o.outcome end
      order by o.place), '[]')
    from jsonb_array_elements(p_answer -> 'outcomes') with ordinality as o (outcome, place)))
  else p_answer end
$$;

-- A key's content: the same command comes to the same fingerprint.
create or replace function calendar_publish.fingerprint(p_command jsonb) returns text
language sql immutable as $$
  select encode(sha256(convert_to(p_command::text, 'UTF8')), 'hex')
$$;

-- What an entry would publish, without when it is due and how it stands, hashed.
create or replace function calendar_publish.content_hash(p_entry jsonb) returns text
language sql immutable as $$
  select encode(sha256(convert_to(
    (p_entry - array['scheduledAt', 'draft', 'reviewed', 'readiness', 'revision'])::text, 'UTF8')), 'hex')
$$;

-- Schedules entries: `p_jobs` is an array of `{"id"?, "accountId", "scheduledAt", "entry"}`, with the entry as the
-- core writes it. Answers `{"repeated", "outcomes"}`, or `{"conflict": true}` where the key was used for
-- other content.
create or replace function public.publish_schedule(p_jobs jsonb, p_key text default null) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_user uuid := calendar_publish.session_user_id();
begin
  return calendar_publish.user_outcomes(calendar_publish.schedule_jobs(
    v_user, calendar_publish.client_key(p_key), case when p_key is not null then calendar_publish.fingerprint(p_jobs) end, (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', coalesce(j.body ->> 'id', gen_random_uuid()::text),
        'entryId', j.body -> 'entry' ->> 'id',
        'calendarId', j.body -> 'entry' ->> 'calendarId',
        'accountId', j.body ->> 'accountId',
        'channel', case lower(j.body -> 'entry' -> 'piece' ->> 'channel')
          when 'ig' then 'instagram' else lower(j.body -> 'entry' -> 'piece' ->> 'channel') end,
        'scheduledAt', calendar_publish.client_instant(j.body ->> 'scheduledAt'),
        'entry', (j.body -> 'entry')::text,
        'contentHash', calendar_publish.content_hash(j.body -> 'entry')) order by j.place), '[]')
      from jsonb_array_elements(p_jobs) with ordinality as j (body, place))));
end $$;

-- Moves jobs: `p_command` is `{"action", "jobIds", "at"?, "published"?, "allOrNothing"?, "policy"?}`, where `action` is
-- `cancel`, `reschedule` (with `at`), `retry`, `resume`, or `confirm` (with `published`: whether the post is on the
-- platform). Answers as `publish_schedule` does.
create or replace function public.publish_command(p_command jsonb, p_key text default null) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_user uuid := calendar_publish.session_user_id();
  v_event jsonb := case p_command ->> 'action'
    when 'cancel' then jsonb_build_object('type', 'cancel_requested')
    when 'reschedule' then jsonb_build_object('type', 'rescheduled',
      'at', calendar_publish.client_instant(p_command ->> 'at'))
    when 'retry' then jsonb_build_object('type', 'retry_now')
    when 'resume' then jsonb_build_object('type', 'resumed')
    when 'confirm' then case (p_command ->> 'published')::boolean
      when true then jsonb_build_object('type', 'confirmed_published')
      when false then jsonb_build_object('type', 'confirmed_not_published')
    end
  end;
begin
  if v_event is null or v_event ->> 'type' = 'rescheduled' and v_event ->> 'at' is null then
    raise exception using errcode = '22023', message = 'the command can''t be read',
      hint = 'action is cancel, reschedule (with at), retry, resume or confirm (with published)';
  end if;
  return calendar_publish.user_outcomes(calendar_publish.command_jobs(
    v_user, calendar_publish.client_key(p_key), case when p_key is not null then calendar_publish.fingerprint(p_command) end,
    '{5,15,30}', (
      select coalesce(jsonb_agg(jsonb_build_object('jobId', i.id, 'event', v_event) order by i.place), '[]')
      from jsonb_array_elements_text(p_command -> 'jobIds') with ordinality as i (id, place)),
    coalesce((p_command ->> 'allOrNothing')::boolean, false)));
end $$;

-- The user's jobs that fit, by id: `p_filter` is `{"calendarId"?, "entryIds"?, "channel"?, "statuses"?, "after"?,
-- "limit"?}`; at most 1,000.
create or replace function public.publish_list(p_filter jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_user uuid := calendar_publish.session_user_id();
begin
  return (
    select coalesce(jsonb_agg(calendar_publish.job_json(j) - 'lease' order by j.id), '[]')
    from (
      select f.id from public.publish_jobs f
      where f.user_id = v_user
        and (not p_filter ? 'calendarId' or f.calendar_id = (p_filter ->> 'calendarId')::uuid)
        and (not p_filter ? 'entryIds' or p_filter -> 'entryIds' ? f.calendar_entry_id::text)
        and (not p_filter ? 'channel' or f.channel = p_filter ->> 'channel')
        and (not p_filter ? 'statuses' or p_filter -> 'statuses' ? f.status)
        and (not p_filter ? 'after' or f.id > (p_filter ->> 'after')::uuid)
      order by f.id
      limit least(coalesce((p_filter ->> 'limit')::integer, 1000), 1000)
    ) page join public.publish_jobs j on j.id = page.id);
end $$;

-- One of the user's jobs with its attempts, the first one first: `{"job", "attempts"}`; null where there is none.
create or replace function public.publish_job(p_job uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_user uuid := calendar_publish.session_user_id();
begin
  return (
    select jsonb_build_object('job', calendar_publish.job_json(j) - 'lease', 'receipt', j.receipt,
      'attempts', calendar_publish.attempts_json(j.id))
    from public.publish_jobs j where j.id = p_job and j.user_id = v_user);
end $$;

-- A job's attempts, the first one first.
create or replace function calendar_publish.attempts_json(p_job uuid) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'id', t.id, 'publishJobId', t.publish_job_id, 'number', t.number,
    'startedAt', calendar_publish.instant(t.started_at), 'finishedAt', calendar_publish.instant(t.finished_at),
    'status', t.status, 'errorCode', t.error_code, 'errorMessage', t.error_message,
    'responseMeta', t.response_text)) order by t.number), '[]')
  from public.publish_attempts t where t.publish_job_id = p_job
$$;

-- A job as the engine stores it, with its attempts: `{"job", "entry", "contentHash", "frozen"?: {"entry", "hash"},
-- "progress"?, "stamp"?, "lastToken", "receipt"?, "attempts"}`; null where the user has no such job.
create or replace function calendar_publish.job_history(p_user uuid, p_job uuid) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'job', calendar_publish.job_json(j),
    'entry', c.content,
    'contentHash', j.content_hash,
    'frozen', case when f.content is not null then
      jsonb_build_object('entry', f.content, 'hash', j.frozen_hash) end,
    'progress', case when j.progress_stage is not null then jsonb_build_object('stage', j.progress_stage,
      'kind', j.progress_kind, 'state', j.progress_state) end,
    'stamp', case when j.stamp_token is not null then
      jsonb_build_object('token', j.stamp_token, 'sequence', j.stamp_sequence) end,
    'lastToken', j.last_token,
    'receipt', j.receipt,
    'lastAttempt', j.last_attempt,
    'attempts', calendar_publish.attempts_json(j.id)))
  from public.publish_jobs j
  left join calendar_publish.job_contents c on c.job_id = j.id and c.version = j.content_version
  left join calendar_publish.job_contents f on f.job_id = j.id and f.version = j.frozen_version
  where j.id = p_job and j.user_id = p_user
$$;

-- Jobs that fit, by id, claims included; of every user where `p_user` is null. `p_filter` as in `publish_list`; a
-- limit of 0 is none.
create or replace function calendar_publish.list_jobs(p_user uuid, p_filter jsonb) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(calendar_publish.job_json(j) order by j.id), '[]')
  from (
    select f.id from public.publish_jobs f
    where (p_user is null or f.user_id = p_user)
      and (not p_filter ? 'calendarId' or f.calendar_id = (p_filter ->> 'calendarId')::uuid)
      and (not p_filter ? 'entryIds' or p_filter -> 'entryIds' ? f.calendar_entry_id::text)
      and (not p_filter ? 'channel' or f.channel = p_filter ->> 'channel')
      and (not p_filter ? 'statuses' or p_filter -> 'statuses' ? f.status)
      and (not p_filter ? 'after' or f.id > (p_filter ->> 'after')::uuid)
    order by f.id
    limit nullif((p_filter ->> 'limit')::bigint, 0)
  ) page join public.publish_jobs j on j.id = page.id
$$;

-- An account's ledger after row `p_after`, at most `p_limit` rows.
create or replace function calendar_publish.ledger_rows(p_account uuid, p_after bigint, p_limit bigint) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('accountId', l.account_id, 'sequence', l.sequence, 'record', l.record,
    'previousHash', l.previous_hash, 'hash', l.hash) order by l.sequence), '[]')
  from (
    select * from public.publish_ledger r
    where r.account_id = p_account and r.sequence > p_after order by r.sequence limit p_limit
  ) l
$$;

-- For the service: a worker that is a program of its own, written in any language.
create or replace function public.publish_claim(p_limit integer, p_lease_seconds integer, p_channels text[])
returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(p_limit, -1) < 0 or coalesce(p_lease_seconds, 0) < 1 then
    raise exception using errcode = '22023', message = 'a claim has a limit and a lease of at least one second';
  end if;
  return calendar_publish.claim_jobs(p_limit, p_lease_seconds, p_channels);
end $$;

create or replace function public.publish_advance(p_writes jsonb, p_policy integer[] default '{5,15,30}')
returns jsonb
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select calendar_publish.advance_jobs(p_policy, p_writes)
$$;

-- Who may call what. New functions can be called by everybody unless it is taken away, and Supabase gives
-- them to its roles by name.
do $$
declare
  v_function record;
begin
  for v_function in
    select p.oid::regprocedure as name, n.nspname as space, p.proname as short
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.prokind = 'f' and (n.nspname = 'calendar_publish' or n.nspname = 'public' and p.proname in
      ('publish_schedule', 'publish_command', 'publish_list', 'publish_job', 'publish_claim', 'publish_advance'))
  loop
    execute pg_catalog.format('revoke all on function %s from public, anon, authenticated', v_function.name);
    if v_function.space = 'public' and v_function.short not in ('publish_claim', 'publish_advance') then
      execute pg_catalog.format('grant execute on function %s to authenticated', v_function.name);
    end if;
    execute pg_catalog.format('grant execute on function %s to service_role', v_function.name);
  end loop;
end $$;
grant usage on schema calendar_publish to service_role;
