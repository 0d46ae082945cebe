-- A database as an operator finds it: one user with an account for each job, and each job in another stand.
-- The job called `unknown` has the id that ends in 01, its account the same, and so on.

create schema prepared;

create table prepared.stands (
  number  integer primary key,
  name    text not null,
  job     uuid not null,
  account uuid not null
);
insert into prepared.stands
select n, name, ('018f0000-0000-7000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid,
  ('018f0000-0000-7000-9000-0000000000' || lpad(n::text, 2, '0'))::uuid
from unnest(array['unknown', 'exhausted', 'token', 'missed', 'failed', 'lost', 'held', 'cooling', 'published',
  'scheduled', 'platform', 'due']) with ordinality as s (name, n);

create function prepared.job_user() returns uuid language sql immutable as
  $$ select '018f0000-0000-7000-8000-0000000000b1'::uuid $$;

insert into public.channel_accounts
  (id, user_id, channel, external_account_id, display_name, timezone, status, access_token_encrypted, details)
select account, prepared.job_user(), 'instagram', number::text, 'Panadería', 'Europe/Madrid', 'ok', 'sealed', '{}'
from prepared.stands;

-- Makes the job called `p_name` at `p_at`, due at once, and lets a worker claim it and report the events
-- in turn, each so many seconds after the claim.
create function prepared.work(p_name text, p_at timestamptz, p_lease integer, p_events jsonb) returns void
language plpgsql as $$
declare
  s prepared.stands;
  v_event jsonb;
  v_token bigint;
  v_outcome jsonb;
begin
  select * into strict s from prepared.stands where name = p_name;
  if not exists (select 1 from public.publish_jobs where id = s.job) then
    perform calendar_publish.schedule_jobs(prepared.job_user(), null, null, jsonb_build_array(jsonb_build_object(
      'id', s.job, 'entryId', ('018f0000-0000-7000-a000-0000000000' || lpad(s.number::text, 2, '0')),
      'calendarId', '018f0000-0000-7000-8000-0000000000c1', 'accountId', s.account, 'channel', 'instagram',
      'scheduledAt', p_at, 'entry', '{}')), p_at);
  end if;
  if p_lease = 0 then
    return;
  end if;
  perform calendar_publish.claim_jobs(1, p_lease, array['instagram'], p_at);
  select lease_token into strict v_token from public.publish_jobs where id = s.job and status = 'publishing';
  for v_event in select * from jsonb_array_elements(p_events) loop
    v_outcome := calendar_publish.advance_jobs('{5,15,30}', jsonb_build_array(jsonb_build_object('jobId', s.job,
      'event', (v_event - 'after' - 'note') || jsonb_build_object('token', v_token),
      'note', coalesce(v_event -> 'note', '{}'), 'progress', jsonb_build_object('type', 'keep'))),
      p_at + coalesce((v_event ->> 'after')::integer, 1) * interval '1 second');
    if v_outcome -> 0 ->> 'result' <> 'done' then
      raise exception '%: % gave %', p_name, v_event, v_outcome;
    end if;
  end loop;
end $$;

do $$
declare
  v_at timestamptz := date_trunc('second', clock_timestamp()) - interval '3 hours';
  v_failure jsonb := '[{"type": "write_started"},
    {"type": "failed_for_certain", "code": "PLATFORM_TEMPORARY", "after": 2, "note": {"message": "503"}}]';
begin
  perform prepared.work('published', v_at, 60, '[{"type": "write_started"},
    {"type": "published", "receipt": {"postId": "17900000000000201"}, "after": 2}]');
  perform prepared.work('exhausted', v_at, 60, v_failure);
  perform prepared.work('exhausted', v_at + interval '6 minutes', 60, v_failure);
  perform prepared.work('exhausted', v_at + interval '22 minutes', 60, v_failure);
  perform prepared.work('exhausted', v_at + interval '53 minutes', 60, v_failure);
  perform prepared.work('missed', v_at + interval '55 minutes', 0, '[]');
  perform calendar_publish.claim_jobs(1, 60, array['instagram'], v_at + interval '120 minutes');
  perform prepared.work('token', v_at + interval '130 minutes', 60,
    '[{"type": "preflight_failed", "code": "TOKEN_EXPIRED"}]');
  perform prepared.work('platform', v_at + interval '131 minutes', 60, '[{"type": "write_started"},
    {"type": "rejected_permanently", "code": "APP_MISCONFIGURED", "after": 2}]');
  perform prepared.work('unknown', v_at + interval '160 minutes', 60, '[{"type": "write_started"},
    {"type": "outcome_unknown", "after": 2, "note": {"message": "no answer within 30 s"}}]');
  perform prepared.work('failed', v_at + interval '178 minutes', 60, v_failure);
  perform prepared.work('cooling', v_at + interval '178 minutes 10 seconds', 60, jsonb_build_array(jsonb_build_object(
    'type', 'account_limited', 'code', 'RATE_LIMITED', 'until', v_at + interval '200 minutes')));
  perform prepared.work('held', v_at + interval '178 minutes 30 seconds', 300, '[{"type": "write_started"}]');
  -- Nobody claims after this one: it would be taken over.
  perform prepared.work('lost', v_at + interval '178 minutes 40 seconds', 40, '[{"type": "write_started"}]');
  perform prepared.work('scheduled', clock_timestamp() + interval '1 day', 0, '[]');
  perform prepared.work('due', clock_timestamp() - interval '10 minutes', 0, '[]');
end $$;
