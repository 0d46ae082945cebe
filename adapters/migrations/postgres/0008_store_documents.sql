-- The whole store behind one function, `public.publish_store('saveCalendar', request)`, for a client that can
-- only call functions, as PostgREST and Supabase's `rpc` can. The methods are the store's in camelCase, requests
-- and answers the documents of the library's store by documents. The answer is text: `{"answer": …}`, or
-- `{"error": …}` with the store's refusal, and then nothing was written. Only what may pass by itself, or is the
-- database's own trouble, is an SQL error. It is the service's alone: the request names the user.
--
-- Documents are read as `json`, which keeps a payload to the letter; jsonb would reorder it. `json` chokes on
-- escapes that stand for no character of PostgreSQL's, as \u0000: `masked` hides every \u, `unmasked` shows it.

create or replace function calendar_publish.masked(p_text text) returns text
language sql immutable as $$
  select case when strpos(p_text, '\u') = 0 and strpos(p_text, U&'\E0F0') = 0 then p_text
    else regexp_replace(replace(p_text, U&'\E0F0', U&'\E0F0m'), '(?<!\\)((?:\\\\)*)\\u', U&'\\1\E0F0u', 'g') end
$$;

create or replace function calendar_publish.unmasked(p_text text) returns text
language sql immutable as $$
  select case when strpos(p_text, U&'\E0F0') = 0 then p_text
    else replace(replace(p_text, U&'\E0F0u', '\u'), U&'\E0F0m', U&'\E0F0') end
$$;

-- A member's JSON to the letter; null where it is absent or null.
create or replace function calendar_publish.raw(p_json json, p_name text) returns text
language sql immutable as $$
  select calendar_publish.unmasked(nullif((p_json -> p_name)::text, 'null'))
$$;

-- A member's text. One that PostgreSQL can't hold is an error of the data.
create or replace function calendar_publish.word(p_json json, p_name text) returns text
language sql immutable as $$
  select case when strpos((p_json -> p_name)::text, U&'\E0F0') = 0 then p_json ->> p_name
    else calendar_publish.unmasked((p_json -> p_name)::text)::jsonb #>> '{}' end
$$;

-- Ends a call with a refusal of the store's.
create or replace function calendar_publish.refuse(p_error jsonb) returns void
language plpgsql as $$
begin
  raise exception using errcode = 'CP008', message = p_error::text;
end $$;

-- An error of the core's as the store's refusal.
create or replace function calendar_publish.invalid(p_error jsonb) returns jsonb
language sql immutable as $$
  select jsonb_build_object('type', 'invalid') || p_error
$$;

-- Refuses what contradicts itself.
create or replace function calendar_publish.refuse_invalid(p_code text, p_path text, p_measured text) returns void
language sql as $$
  select calendar_publish.refuse(calendar_publish.invalid(
    jsonb_strip_nulls(jsonb_build_object('code', p_code, 'path', p_path,
      'measured', case when p_measured is not null then
        jsonb_build_object('type', 'text', 'value', p_measured) end))))
$$;

create or replace function calendar_publish.refuse_missing(p_what text) returns void
language sql as $$
  select calendar_publish.refuse(jsonb_build_object('type', 'not_found', 'what', p_what))
$$;

-- An idempotency key; one with a null character would be another key here.
create or replace function calendar_publish.command_key(p_command json) returns text
language plpgsql as $$
begin
  if strpos((p_command -> 'key')::text, U&'\E0F0' || 'u0000') > 0 then
    perform calendar_publish.refuse_invalid('FIELD_VALUE_INVALID', 'idempotencyKey', null);
  end if;
  return calendar_publish.word(p_command, 'key');
end $$;

-- An entry's columns, in the order of the list.
create or replace function calendar_publish.entry_columns(p_entries json)
returns table (place bigint, id uuid, calendar_id uuid, entry_key text, payload text, channel text,
  scheduled_at timestamptz, readiness text, details text, revision bigint, entry json)
language sql immutable as $$
  select e.place, (e.entry ->> 'id')::uuid, (e.entry ->> 'calendarId')::uuid, calendar_publish.word(e.entry, 'entryKey'),
    calendar_publish.raw(e.entry, 'piece'), e.entry -> 'piece' ->> 'channel',
    (e.entry ->> 'scheduledAt')::timestamptz, e.entry ->> 'readiness',
    -- What has no column of the host's, as the other stores write it.
    (select '{' || string_agg(to_json(d.key)::text || ':' || calendar_publish.unmasked(d.value::text), ','
        order by d.place) || '}'
      from json_each(e.entry) with ordinality as d (key, value, place)
      where d.key in ('accountId', 'draft', 'media', 'cover', 'tiktok', 'instagram', 'reviewed')),
    coalesce((e.entry ->> 'revision')::bigint, 0), e.entry
  from json_array_elements(p_entries) with ordinality as e (entry, place)
$$;

-- An entry as it is handed to jobs: with the revision it has here.
create or replace function calendar_publish.entry_at(p_entry json, p_revision bigint) returns text
language sql immutable as $$
  select '{' || string_agg(to_json(d.key)::text || ':' || case d.key when 'revision' then p_revision::text
      else calendar_publish.unmasked(d.value::text) end, ',' order by d.place) || '}'
  from json_each(p_entry) with ordinality as d (key, value, place)
$$;

-- The hash of what an entry publishes, as the core makes it: without when it is due and how it stands.
create or replace function calendar_publish.exact_content_hash(p_entry json) returns text
language sql immutable as $$
  select encode(sha256(convert_to('{' || string_agg(to_json(d.key)::text || ':' || case
      when d.key in ('draft', 'reviewed') then 'false'
      when d.key = 'revision' then '0'
      else calendar_publish.unmasked(d.value::text) end, ',' order by d.place) || '}', 'UTF8')), 'hex')
  from json_each(p_entry) with ordinality as d (key, value, place)
  where d.key not in ('scheduledAt', 'readiness')
$$;

-- Refuses a save whose parts don't belong together, and gives the fingerprint of its content.
create or replace function calendar_publish.save_fingerprint(p_save json) returns text
language plpgsql as $$
declare
  v_found record;
  v_list text;
begin
  if p_save -> 'run' ->> 'userId' is distinct from p_save ->> 'userId' then
    perform calendar_publish.refuse_invalid('FIELD_VALUE_INVALID', 'run.userId', p_save -> 'run' ->> 'userId');
  elsif p_save -> 'run' ->> 'calendarId' is distinct from p_save ->> 'calendarId' then
    perform calendar_publish.refuse_invalid('FIELD_VALUE_INVALID', 'run.calendarId', p_save -> 'run' ->> 'calendarId');
  end if;
  foreach v_list in array array['entries', 'generated'] loop
    continue when calendar_publish.raw(p_save, v_list) is null;
    for v_found in
      select e.place - 1 as at, e.entry ->> 'id' as id, e.entry ->> 'calendarId' as calendar_id,
        e.entry ->> 'calendarId' <> p_save ->> 'calendarId' as strange
      from (select a.*, row_number() over (partition by a.entry ->> 'id' order by a.place) as nth
        from json_array_elements(p_save -> v_list) with ordinality as a (entry, place)) e
      where e.nth > 1 or e.entry ->> 'calendarId' <> p_save ->> 'calendarId'
      order by e.place limit 1
    loop
      if v_found.strange then
        perform calendar_publish.refuse_invalid('FIELD_VALUE_INVALID',
          format('%s[%s].calendarId', v_list, v_found.at), v_found.calendar_id);
      end if;
      perform calendar_publish.refuse_invalid('ID_DUPLICATE', format('%s[%s].id', v_list, v_found.at), v_found.id);
    end loop;
    continue when v_list <> 'entries' or calendar_publish.raw(p_save, 'refused') is null;
    for v_found in
      select r.place - 1 as at, r.row ->> 'id' as id
      from json_array_elements(p_save -> 'refused') with ordinality as r (row, place)
      where r.row ->> 'id' in (select e ->> 'id' from json_array_elements(p_save -> 'entries') e)
        or exists (select from json_array_elements(p_save -> 'refused') with ordinality as o (row, place)
          where o.place < r.place and o.row ->> 'id' = r.row ->> 'id')
      order by r.place limit 1
    loop
      perform calendar_publish.refuse_invalid('ID_DUPLICATE', format('refused[%s].id', v_found.at), v_found.id);
    end loop;
  end loop;
  return encode(sha256(convert_to(format('[%s,%s,%s,%s,%s]',
    coalesce(calendar_publish.raw(p_save, 'planId'), 'null'), calendar_publish.raw(p_save, 'run'),
    calendar_publish.raw(p_save, 'entries'), coalesce(calendar_publish.raw(p_save, 'refused'), '[]'),
    coalesce(calendar_publish.raw(p_save, 'generated'), 'null')), 'UTF8')), 'hex');
end $$;

-- Saves a calendar, moves jobs by `p_writes` and hands the saved content to live jobs.
create or replace function calendar_publish.store_save(
  p_save json, p_policy int[], p_writes text, p_now timestamptz
) returns text
language plpgsql volatile as $$
declare
  v_fingerprint text := calendar_publish.save_fingerprint(p_save);
  v_user uuid := (p_save ->> 'userId')::uuid;
  v_calendar uuid := (p_save ->> 'calendarId')::uuid;
  v_plan uuid := (p_save ->> 'planId')::uuid;
  v_expected bigint := (p_save ->> 'expectedRevision')::bigint;
  v_run json := p_save -> 'run';
  v_run_id uuid := (v_run ->> 'id')::uuid;
  v_row uuid;
  v_found bigint;
  v_earlier record;
  v_writes jsonb := calendar_publish.readable(p_writes);
  v_moved jsonb;
  v_generated boolean := calendar_publish.raw(p_save, 'generated') is not null;
begin
  -- Whoever saves the same calendar waits here: nobody comes between the check and the commit.
  insert into calendar_publish.calendars (user_id, id, revision) values (v_user, v_calendar, 0)
    on conflict do nothing;
  select c.revision into v_found from calendar_publish.calendars c
    where c.user_id = v_user and c.id = v_calendar for update;
  select r.calendar_id, r.fingerprint, r.revision into v_earlier from public.calendar_runs r
    where r.user_id = v_user and coalesce(r.own_id, r.id) = v_run_id;
  if found then
    if v_earlier.calendar_id = v_calendar and v_earlier.fingerprint is not distinct from v_fingerprint then
      return jsonb_build_object('runId', v_run_id, 'revision', v_earlier.revision, 'repeated', true)::text;
    end if;
    perform calendar_publish.refuse(jsonb_build_object('type', 'run_conflict', 'runId', v_run_id));
  end if;
  if v_found <> v_expected then
    perform calendar_publish.refuse(
      jsonb_build_object('type', 'revision_conflict', 'expected', v_expected, 'found', v_found));
  end if;
  v_found := v_found + 1;

  insert into public.calendar_runs (id, own_id, calendar_id, user_id, plan_id, status, started_at, completed_at,
    piece_count, cadence, channels, start_date, end_date, revision, calendar_plan_id, generation, fingerprint)
  select case when exists (select from public.calendar_runs where id = v_run_id) then gen_random_uuid() else v_run_id end,
    v_run_id, v_calendar, v_user, (v_run ->> 'planId')::uuid, v_run ->> 'status', (v_run ->> 'startedAt')::timestamptz,
    (v_run ->> 'completedAt')::timestamptz, least((v_run ->> 'pieceCount')::bigint, 2147483647)::integer,
    v_run ->> 'cadence', array(select json_array_elements_text(v_run -> 'channels')),
    (v_run ->> 'startDate')::date, (v_run ->> 'endDate')::date, v_found, v_plan,
    case when v_generated then 'generated_entries' when v_run ->> 'cadence' = 'manual' then 'none' else 'entries' end,
    v_fingerprint
  returning id into v_row;

  insert into calendar_publish.past_entries (user_id, run_id, id, calendar_id, position, entry_key, payload,
    payload_text, scheduled_at, readiness, details, revision, created_at)
  select user_id, run_id, coalesce(own_id, id), calendar_id, position, entry_key,
    case when payload_text is null then payload end, payload_text, scheduled_at, readiness, details, revision, created_at
  from public.calendar_entries
  where user_id = v_user and calendar_id = v_calendar and run_id is not null
  on conflict do nothing;

  -- A row whose entry stays is changed in place: whatever refers to it still does.
  insert into public.calendar_entries as e (id, own_id, run_id, calendar_id, user_id, plan_id, entry_key, payload,
    payload_text, readiness, scheduled_at, channel, position, details, revision)
  select case when taken.id is null then n.id else gen_random_uuid() end, n.id, v_row, v_calendar, v_user, v_plan,
    n.entry_key, calendar_publish.readable(n.payload), n.payload, n.readiness, n.scheduled_at, n.channel,
    n.place - 1, n.details, 1
  from calendar_publish.entry_columns(p_save -> 'entries') n
  left join public.calendar_entries taken on taken.id = n.id and (taken.user_id, taken.calendar_id) <> (v_user, v_calendar)
  on conflict (user_id, calendar_id, (coalesce(own_id, id))) do update set
    own_id = excluded.own_id, run_id = excluded.run_id, plan_id = excluded.plan_id, entry_key = excluded.entry_key,
    payload = excluded.payload, payload_text = excluded.payload_text, readiness = excluded.readiness,
    scheduled_at = excluded.scheduled_at, channel = excluded.channel, position = excluded.position,
    details = excluded.details,
    revision = case when (e.entry_key, e.payload_text, e.scheduled_at, e.readiness, e.details)
        is not distinct from (excluded.entry_key, excluded.payload_text, excluded.scheduled_at, excluded.readiness,
          excluded.details)
      then e.revision else coalesce(e.revision, 0) + 1 end;
  delete from public.calendar_entries
    where user_id = v_user and calendar_id = v_calendar and run_id is distinct from v_row;

  if v_generated then
    insert into calendar_publish.generated_entries (user_id, run_id, id, calendar_id, position, entry_key,
      payload_text, scheduled_at, readiness, details, revision)
    select v_user, v_row, n.id, v_calendar, n.place - 1, n.entry_key, n.payload, n.scheduled_at, n.readiness,
      n.details, n.revision
    from calendar_publish.entry_columns(p_save -> 'generated') n;
  end if;
  if calendar_publish.raw(p_save, 'refused') is not null then
    -- A refused payload may hold what no text of PostgreSQL's can: the JSON string goes in as it came.
    insert into calendar_publish.refused_entries (user_id, run_id, sequence, position, id, payload, error)
    select v_user, v_row, n.place - 1, (n.row ->> 'position')::bigint, (n.row ->> 'id')::uuid,
      calendar_publish.string_bytes(calendar_publish.raw(n.row, 'payload')), calendar_publish.raw(n.row, 'error')
    from json_array_elements(p_save -> 'refused') with ordinality as n (row, place);
  end if;
  update calendar_publish.calendars set revision = v_found, run_id = v_row where user_id = v_user and id = v_calendar;

  if jsonb_array_length(coalesce(v_writes, '[]')) > 0 then
    -- All jobs that the save can touch, by id and before any account: in the order of everybody else.
    perform 1 from public.publish_jobs j
      where j.id in (
        select o.id from public.publish_jobs o where o.user_id = v_user
          and o.id in (select (w ->> 'jobId')::uuid from jsonb_array_elements(v_writes) w)
        union
        select o.id from public.publish_jobs o where o.user_id = v_user and o.calendar_id = v_calendar and o.live)
      order by j.id for update;
    v_moved := calendar_publish.command_jobs(v_user, null, null, p_policy, v_writes, true, p_now);
    perform calendar_publish.refuse(calendar_publish.invalid(o.outcome -> 'error'
        || jsonb_build_object('path', concat_ws('.', format('writes[%s]', o.place - 1),
          nullif(o.outcome -> 'error' ->> 'path', '')))))
      from jsonb_array_elements(v_moved -> 'outcomes') with ordinality as o (outcome, place)
      where o.outcome ->> 'result' = 'refused' and not o.outcome ? 'because'
      order by o.place limit 1;
  end if;
  if exists (select from public.publish_jobs j where j.user_id = v_user and j.calendar_id = v_calendar and j.live) then
    perform calendar_publish.hand_content_to_jobs(v_user, v_calendar, (
      select coalesce(jsonb_agg(s.row), '[]') from (
        select jsonb_build_object('entryId', n.id, 'entry', calendar_publish.entry_at(n.entry, e.revision),
          'contentHash', calendar_publish.exact_content_hash(n.entry)) as row
        from calendar_publish.entry_columns(p_save -> 'entries') n
        join public.calendar_entries e on e.user_id = v_user and e.calendar_id = v_calendar
          and coalesce(e.own_id, e.id) = n.id
        union all
        select jsonb_build_object('entryId', r ->> 'id')
        from json_array_elements(coalesce(p_save -> 'refused', '[]')) r
      ) s), p_now);
  end if;
  return jsonb_build_object('runId', v_run_id, 'revision', v_found, 'repeated', false)::text;
end $$;

-- The bytes of a JSON string, null characters included.
create or replace function calendar_publish.string_bytes(p_json text) returns bytea
language sql immutable as $$
  select string_agg(convert_to(('"' || calendar_publish.unmasked(p.part) || '"')::jsonb #>> '{}', 'UTF8'), '\x00'::bytea
    order by p.place)
  from string_to_table(calendar_publish.masked(substr(p_json, 2, length(p_json) - 2)), U&'\E0F0u0000')
    with ordinality as p (part, place)
$$;

-- Bytes of UTF-8 as a JSON string.
create or replace function calendar_publish.bytes_string(p_bytes bytea) returns text
language plpgsql immutable as $$
declare
  v_rest bytea := p_bytes;
  v_text text := '';
  v_at integer;
  v_part text;
begin
  loop
    v_at := position('\x00'::bytea in v_rest);
    v_part := to_json(convert_from(case when v_at = 0 then v_rest else substring(v_rest for v_at - 1) end, 'UTF8'))::text;
    v_text := v_text || substr(v_part, 2, length(v_part) - 2);
    exit when v_at = 0;
    v_text := v_text || '\u0000';
    v_rest := substring(v_rest from v_at + 1);
  end loop;
  return '"' || v_text || '"';
end $$;

-- `"name":value,` of an object, nothing where there is no value.
create or replace function calendar_publish.member(p_name text, p_value text) returns text
language sql immutable as $$
  select case when p_value is null then '' else ',"' || p_name || '":' || p_value end
$$;

-- Members that `member` made, as the object.
create or replace function calendar_publish.object(p_members text) returns text
language sql immutable as $$
  select '{' || substr(p_members, 2) || '}'
$$;

create or replace function calendar_publish.quoted(p_text text) returns text
language sql immutable as $$
  select to_json(p_text)::text
$$;

-- A run on the wire. What the host left open takes the value that says the least.
create or replace function calendar_publish.run_json(p_run public.calendar_runs) returns text
language sql stable as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'id', coalesce(p_run.own_id, p_run.id), 'calendarId', p_run.calendar_id, 'userId', p_run.user_id,
    'planId', p_run.plan_id,
    'status', case when p_run.status in ('completed', 'timeout', 'failed') or p_run.revision is not null
      then p_run.status else 'completed' end,
    'startedAt', calendar_publish.instant(coalesce(p_run.started_at, p_run.created_at)),
    'completedAt', calendar_publish.instant(coalesce(p_run.completed_at, p_run.started_at, p_run.created_at)),
    'pieceCount', greatest(coalesce(p_run.piece_count, 0), 0),
    'cadence', case when p_run.revision is not null or p_run.cadence = any (array['daily', 'weekly', 'monthly', 'manual'])
      then p_run.cadence else 'manual' end,
    'channels', (select coalesce(jsonb_agg(c.channel order by c.place), '[]')
      from unnest(p_run.channels) with ordinality as c (channel, place) where c.channel in ('tiktok', 'instagram')),
    'startDate', p_run.start_date::text, 'endDate', p_run.end_date::text))::text
$$;

create or replace function calendar_publish.generation_of(p_run public.calendar_runs) returns text
language sql immutable as $$
  select coalesce(p_run.generation, case when p_run.cadence = 'manual' then 'none' else 'entries' end)
$$;

-- A calendar as a run left it. What only the host has written is an entry where it has what the core asks of
-- one, and else a refused row that is named and blocks nothing.
create or replace function calendar_publish.calendar_json(p_run public.calendar_runs, p_generated boolean) returns text
language plpgsql stable as $$
declare
  v_entries text;
  v_refused text;
begin
  with saved as (
    select e.*, e.payload_text is null and p_generated is false as foreign_row from (
      select coalesce(own_id, id) as id, position, entry_key, payload_text, coalesce(payload_text, payload::text) as payload,
        scheduled_at, readiness, details, revision, created_at,
        case when position is null and jsonb_typeof(payload -> 'order') = 'number'
          then (payload ->> 'order')::numeric end as host_order
      from public.calendar_entries where run_id = p_run.id and not p_generated
      union all
      select id, position, entry_key, payload_text, coalesce(payload_text, payload::text), scheduled_at, readiness,
        details, revision, created_at, case when position is null and jsonb_typeof(payload -> 'order') = 'number'
          then (payload ->> 'order')::numeric end
      from calendar_publish.past_entries where run_id = p_run.id and not p_generated
      union all
      select id, position, entry_key, payload_text, payload_text, scheduled_at, readiness, details, revision, null, null
      from calendar_publish.generated_entries where run_id = p_run.id and p_generated
    ) e
  ), placed as (
    select s.*, row_number() over (order by s.position nulls last, s.host_order nulls last, s.created_at, s.id) as place,
      case when s.foreign_row then calendar_publish.payload_error(s.payload) end as error
    from saved s
  ), rows as (
    select true as is_entry, p.place as place, calendar_publish.object(concat(
        calendar_publish.member('id', calendar_publish.quoted(p.id::text)),
        calendar_publish.member('calendarId', calendar_publish.quoted(p_run.calendar_id::text)),
        calendar_publish.member('entryKey', calendar_publish.quoted(p.entry_key)),
        calendar_publish.member('piece', p.payload),
        calendar_publish.member('scheduledAt', calendar_publish.quoted(calendar_publish.instant(p.scheduled_at))),
        calendar_publish.member('readiness', calendar_publish.quoted(p.readiness)),
        calendar_publish.member('revision', coalesce(p.revision, 0)::text),
        case when length(p.details) > 2 then ',' || substr(p.details, 2, length(p.details) - 2) end)) as body
    from placed p where p.error is null
    union all
    select false, coalesce(p.position, p.place - 1), calendar_publish.object(concat(
        calendar_publish.member('id', calendar_publish.quoted(p.id::text)),
        calendar_publish.member('position', coalesce(p.position, p.place - 1)::text),
        calendar_publish.member('payload', calendar_publish.quoted(p.payload)),
        calendar_publish.member('error', p.error::text)))
    from placed p where p.error is not null
    union all
    select false, r.position, calendar_publish.object(concat(
        calendar_publish.member('id', calendar_publish.quoted(r.id::text)),
        calendar_publish.member('position', r.position::text),
        calendar_publish.member('payload', calendar_publish.bytes_string(r.payload)),
        calendar_publish.member('error', r.error)))
    from (select * from calendar_publish.refused_entries f where f.run_id = p_run.id order by f.sequence) r
  )
  select string_agg(r.body, ',' order by r.place) filter (where r.is_entry),
    string_agg(r.body, ',' order by r.place) filter (where not r.is_entry)
  into v_entries, v_refused from rows r;
  return calendar_publish.object(concat(
    calendar_publish.member('calendarId', calendar_publish.quoted(p_run.calendar_id::text)),
    calendar_publish.member('planId', calendar_publish.quoted(
      (case when p_run.revision is null then p_run.plan_id else p_run.calendar_plan_id end)::text)),
    calendar_publish.member('revision', coalesce(p_run.revision, 0)::text),
    calendar_publish.member('run', calendar_publish.run_json(p_run)),
    calendar_publish.member('entries', concat('[', v_entries, ']')),
    calendar_publish.member('refused', concat('[', v_refused, ']'))));
end $$;

-- What keeps a payload of the host's from being read as a piece; null where nothing does.
create or replace function calendar_publish.payload_error(p_payload text) returns jsonb
language sql immutable as $$
  select case
    when jsonb_typeof(p.body) is distinct from 'object' then
      jsonb_build_object('code', 'FIELD_VALUE_INVALID', 'path', 'payload')
    when lower(coalesce(p.body ->> 'channel', '')) not in ('tiktok', 'instagram', 'ig') then
      jsonb_build_object('code', 'CHANNEL_UNSUPPORTED', 'path', 'payload.channel')
    when coalesce(p.body ->> 'date', '') !~ '^\d{4}-\d\d-\d\d$' then
      jsonb_build_object('code', 'FIELD_VALUE_INVALID', 'path', 'payload.date')
    when coalesce(p.body ->> 'time', '') !~ '^\d\d:\d\d' then
      jsonb_build_object('code', 'FIELD_VALUE_INVALID', 'path', 'payload.time')
  end
  from (select calendar_publish.readable(p_payload) as body) p
$$;

-- `calendar`, `run` and `lastGeneration`. A run of the host's may have come to nothing: the calendar is the last
-- one that has entries.
create or replace function calendar_publish.store_calendar(p_method text, p_request json) returns text
language plpgsql stable as $$
declare
  v_user uuid := (p_request ->> 'userId')::uuid;
  v_calendar uuid := (p_request ->> 'calendarId')::uuid;
  v_run public.calendar_runs;
begin
  select r.* into v_run from public.calendar_runs r
  where r.user_id = v_user and r.calendar_id = v_calendar
    and (p_method <> 'run' or coalesce(r.own_id, r.id) = (p_request ->> 'runId')::uuid)
    and (p_method <> 'lastGeneration' or calendar_publish.generation_of(r) <> 'none')
  order by r.revision desc nulls last,
    exists (select from public.calendar_entries e where e.run_id = r.id) desc,
    coalesce(r.completed_at, r.created_at) desc, r.id
  limit 1;
  if found then
    return calendar_publish.calendar_json(v_run,
      p_method = 'lastGeneration' and calendar_publish.generation_of(v_run) = 'generated_entries');
  end if;
  if not exists (select from public.calendar_runs r where r.user_id = v_user and r.calendar_id = v_calendar) then
    perform calendar_publish.refuse_missing('calendar');
  elsif p_method = 'run' then
    perform calendar_publish.refuse_missing('run');
  end if;
  return 'null';
end $$;

create or replace function calendar_publish.store_runs(p_request json) returns text
language plpgsql stable as $$
declare
  v_runs text;
begin
  select string_agg(calendar_publish.run_json(r), ',' order by r.revision desc nulls last,
    coalesce(r.completed_at, r.created_at) desc, r.id) into v_runs
  from public.calendar_runs r
  where r.user_id = (p_request ->> 'userId')::uuid and r.calendar_id = (p_request ->> 'calendarId')::uuid;
  if v_runs is null then
    perform calendar_publish.refuse_missing('calendar');
  end if;
  return '[' || v_runs || ']';
end $$;
