-- The job's state machine: what an event makes of a job. It reads nothing but its arguments and decides
-- as the core's `job` module does, whose transition table is the whole of it.

-- An instant on the wire: RFC 3339 in UTC, milliseconds only where there are any.
create or replace function calendar_publish.instant(p_at timestamptz) returns text
language sql stable as $$
  select replace(to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')
$$;

-- The store's time: the database's, unless a test says otherwise.
create or replace function calendar_publish.store_time(p_now timestamptz) returns timestamptz
language sql volatile as $$
  select date_trunc('milliseconds', coalesce(p_now, clock_timestamp()))
$$;

-- Whether a code can pass by itself.
create or replace function calendar_publish.is_temporary(p_code text) returns boolean
language sql immutable as $$
  select p_code = any (array[
    'CALENDAR_SAVE_FAILED', 'CALENDAR_EXPORT_ERROR', 'PUBLISH_ERROR', 'AI_TIMEOUT', 'AI_ERROR',
    'STREAM_ENDED_EARLY', 'STREAM_STALLED', 'STREAM_PIECE_MISSING', 'GENERATION_BUSY',
    'TOKEN_REFRESH_NEEDED', 'ACCOUNT_COOLING_DOWN', 'DAILY_CAP_EXCEEDED', 'JOB_LEASE_LOST',
    'OUTBOX_FULL', 'STORE_UNAVAILABLE', 'WRITE_FAILED', 'RATE_LIMITED', 'QUOTA_EXHAUSTED',
    'MEDIA_UNREACHABLE', 'PLATFORM_TEMPORARY'])
$$;

-- A job on the wire, its claim included.
create or replace function calendar_publish.job_json(p_job public.publish_jobs) returns jsonb
language sql stable as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'id', p_job.id,
    'calendarEntryId', p_job.calendar_entry_id,
    'userId', p_job.user_id,
    'accountId', p_job.account_id,
    'channel', p_job.channel,
    'scheduledAt', calendar_publish.instant(p_job.scheduled_at),
    'status', p_job.status,
    'attemptCount', p_job.attempt_count,
    'lastError', p_job.last_error,
    'nextAttemptAt', calendar_publish.instant(p_job.next_attempt_at),
    'heldUntil', calendar_publish.instant(p_job.held_until),
    'lease', case when p_job.lease_token is not null then jsonb_build_object(
      'token', p_job.lease_token,
      'expiresAt', calendar_publish.instant(p_job.lease_expires_at),
      'writeStarted', p_job.write_started) end,
    'cancelRequested', p_job.cancel_requested,
    'createdAt', calendar_publish.instant(p_job.created_at),
    'updatedAt', calendar_publish.instant(p_job.updated_at)))
$$;

-- An event as a person may want it of a job in `p_status`. What only a worker can know becomes `not_a_wish`,
-- which every job refuses; while a worker holds the job it is the worker's to say what was seen.
create or replace function calendar_publish.wished(p_event jsonb, p_status text) returns jsonb
language sql immutable as $$
  select case
    when p_event ->> 'type' = 'reconciled' and p_status = 'publishing' then p_event - 'token'
    when p_event ->> 'type' in ('reconciled', 'cancel_requested', 'rescheduled', 'retry_now',
      'confirmed_published', 'confirmed_not_published', 'resumed') then p_event
    else '{"type": "not_a_wish"}'::jsonb
  end
$$;

-- What becomes of `p_job` when `p_event` happens at `p_now`. An event that leaves its grace open takes
-- the account's, `p_grace`, else 60 minutes.
--
-- Refused: `code` and `path` say why, and the job is as it was. Else `code` is null, and besides the job
-- and the effects the answer says what the caller has to store: `opened` (an attempt begins), `finished`
-- and `finished_code` (how the last attempt ended), `cool_until` (leave the account alone).
create or replace function calendar_publish.advance_job(
  p_policy int[], p_job public.publish_jobs, p_event jsonb, p_grace bigint, p_now timestamptz,
  out job public.publish_jobs, out effects jsonb, out code text, out path text,
  out opened boolean, out finished text, out finished_code text, out cool_until timestamptz
)
language plpgsql stable as $$
declare
  c_longest_wait constant interval := interval '86400 seconds';
  v_kind text := p_event ->> 'type';
  v_token bigint;
  v_stand text;
  v_due timestamptz := coalesce(p_job.next_attempt_at, p_job.scheduled_at);
  v_grace interval := coalesce((p_event ->> 'graceMinutes')::bigint, p_grace, 60) * interval '1 minute';
  v_until timestamptz;
  v_code text;
  v_outcome text;
  v_asked bigint;
  v_own bigint;
  -- What the event comes to: the status in which no worker holds the job, and what goes with it.
  v_to text;
  v_error text;
  v_next timestamptz;
  v_held timestamptz;
  v_answer text;
  v_receipt jsonb;
  v_reconcile boolean := false;
  v_keeps_cancel boolean := false;
  -- The code of a failure that is known not to have published, and may be tried again.
  v_failed text;
begin
  job := p_job;
  job.updated_at := p_now;
  effects := '[]';
  opened := false;
  v_stand := case p_job.status
    when 'publishing' then case when p_job.lease_token is null or p_job.write_started then 'writing' else 'claimed' end
    when 'needs_attention' then case when p_job.last_error = 'OUTCOME_UNKNOWN' then 'unknown' else 'attention' end
    when 'scheduled' then 'scheduled'
    when 'failed' then 'failed'
    else 'terminal'
  end;

  -- Events of a worker under its claim: the stand decides first, then the token, then the code.
  if v_kind in ('write_started', 'published', 'lease_moved', 'preflight_failed', 'deferred', 'delivered_to_inbox',
                'failed_for_certain', 'rejected_permanently', 'account_limited', 'outcome_unknown') then
    if not (v_stand = 'claimed' and v_kind in ('write_started', 'lease_moved', 'preflight_failed', 'deferred', 'account_limited')
            or v_stand = 'writing' and v_kind not in ('write_started', 'preflight_failed', 'deferred')) then
      code := 'JOB_TRANSITION_ILLEGAL';
      path := 'job.status';
      job := p_job;
      return;
    end if;
    v_token := (p_event ->> 'token')::bigint;
    if p_job.lease_token is distinct from v_token
       or v_kind in ('write_started', 'lease_moved') and p_job.lease_expires_at <= p_now then
      code := 'JOB_LEASE_LOST';
      path := 'event.token';
      job := p_job;
      return;
    end if;
    v_code := p_event ->> 'code';
    v_until := date_trunc('milliseconds', (p_event ->> 'until')::timestamptz);
    if v_kind in ('deferred', 'failed_for_certain') and not calendar_publish.is_temporary(v_code)
       or v_kind = 'rejected_permanently' and v_code = 'OUTCOME_UNKNOWN'
       or v_kind = 'account_limited' and v_code not in ('RATE_LIMITED', 'QUOTA_EXHAUSTED')
          and not (v_stand = 'claimed' and v_code in ('ACCOUNT_COOLING_DOWN', 'DAILY_CAP_EXCEEDED')) then
      code := 'FIELD_VALUE_INVALID';
      path := 'event.code';
      job := p_job;
      return;
    end if;

    case v_kind
    when 'write_started' then
      job.write_started := true;
      job.attempt_count := job.attempt_count + 1;
      job.next_attempt_at := null;
      opened := true;
    when 'published' then
      finished := 'ok';
      v_to := 'published';
      v_receipt := jsonb_strip_nulls(p_event -> 'receipt');
    when 'lease_moved' then
      if v_until < p_now then
        code := 'LEASE_TOO_SHORT';
        path := 'event.until';
        job := p_job;
        return;
      end if;
      job.lease_expires_at := v_until;
    when 'preflight_failed' then
      v_to := 'needs_attention';
      v_error := v_code;
    when 'deferred' then
      v_error := v_code;
      -- It stays due when it was due: giving it back can't make a late post punctual.
      if greatest(v_until, p_now) - v_due > v_grace then
        v_to := 'needs_attention';
      else
        v_to := case when p_job.attempt_count = 0 then 'scheduled' else 'failed' end;
        v_next := p_job.next_attempt_at;
        v_held := greatest(v_until, p_now);
      end if;
    when 'delivered_to_inbox' then
      finished := 'ok';
      v_to := 'delivered_to_inbox';
    when 'failed_for_certain' then
      v_failed := v_code;
    when 'rejected_permanently' then
      finished := 'failed';
      finished_code := v_code;
      v_to := 'needs_attention';
      v_error := v_code;
    when 'account_limited' then
      cool_until := v_until;
      if v_stand = 'writing' then
        -- A limit says nothing about the post: the attempt is given back.
        finished := 'failed';
        finished_code := v_code;
        job.attempt_count := greatest(job.attempt_count - 1, 0);
      end if;
      v_error := v_code;
      -- From the post's time on: one limit after the other must not put it off for ever.
      if v_until > least(p_now, p_job.scheduled_at) + c_longest_wait then
        v_to := 'needs_attention';
      else
        v_to := 'failed';
        v_next := greatest(v_until, p_now);
      end if;
    when 'outcome_unknown' then
      v_outcome := 'still_unknown';
    end case;

  elsif v_kind = 'claim' and v_stand in ('scheduled', 'failed', 'claimed', 'writing') then
    v_token := (p_event -> 'lease' ->> 'token')::bigint;
    v_until := date_trunc('milliseconds', (p_event -> 'lease' ->> 'expiresAt')::timestamptz);
    if v_stand in ('claimed', 'writing') then
      if p_now < p_job.lease_expires_at then
        code := 'JOB_TRANSITION_ILLEGAL';
        path := 'job.status';
      elsif v_token <= p_job.lease_token then
        code := 'JOB_LEASE_LOST';
        path := 'event.token';
      end if;
    elsif p_now < greatest(v_due, p_job.held_until) then
      code := 'JOB_TRANSITION_ILLEGAL';
      path := 'now';
    end if;
    if code is null and v_stand <> 'writing' and p_now - v_due > v_grace then
      code := 'MISSED_SCHEDULE';
      path := 'job.scheduledAt';
    end if;
    if code is null and v_until <= p_now then
      code := 'LEASE_TOO_SHORT';
      path := 'event.lease.expiresAt';
    end if;
    if code is not null then
      job := p_job;
      return;
    end if;
    job.status := 'publishing';
    job.held_until := null;
    job.lease_token := v_token;
    job.lease_expires_at := v_until;
    job.write_started := v_stand = 'writing';
    v_reconcile := v_stand = 'writing';

  elsif v_kind = 'reconciled' and v_stand in ('writing', 'unknown') then
    if v_stand = 'writing'
       and p_job.lease_token is distinct from coalesce((p_event ->> 'token')::bigint, 0) then
      code := 'JOB_LEASE_LOST';
      path := 'event.token';
      job := p_job;
      return;
    end if;
    -- What was seen before the last claim says nothing about what that wrote.
    if v_stand = 'unknown' and (p_event ->> 'token')::bigint <> p_job.last_token then
      code := 'JOB_LEASE_LOST';
      path := 'event.token';
      job := p_job;
      return;
    end if;
    v_outcome := p_event -> 'outcome' ->> 'type';
    if v_outcome = 'published' then
      v_receipt := jsonb_strip_nulls(p_event -> 'outcome' -> 'receipt');
    elsif v_outcome = 'still_unknown' and v_stand = 'unknown' then
      v_outcome := 'nothing_new';
    end if;

  elsif v_kind = 'confirmed_published' and v_stand = 'unknown' then
    v_outcome := 'published';
  elsif v_kind = 'confirmed_not_published' and v_stand = 'unknown' then
    v_outcome := 'not_published';

  elsif v_kind = 'lease_expired' and v_stand in ('claimed', 'writing') then
    if p_now < p_job.lease_expires_at then
      code := 'JOB_TRANSITION_ILLEGAL';
      path := 'now';
      job := p_job;
      return;
    end if;
    if v_stand = 'writing' then
      v_outcome := 'still_unknown';
      v_reconcile := true;
    else
      v_to := 'failed';
      v_error := 'JOB_LEASE_LOST';
      v_next := v_due;
    end if;

  elsif v_kind = 'missed_schedule' and (v_stand in ('scheduled', 'failed')
        -- Nothing was written, and nobody holds it any more.
        or v_stand = 'claimed' and p_job.lease_expires_at <= p_now) then
    if p_now - v_due <= v_grace then
      code := 'JOB_TRANSITION_ILLEGAL';
      path := 'now';
      job := p_job;
      return;
    end if;
    v_to := 'needs_attention';
    v_error := 'MISSED_SCHEDULE';

  elsif v_kind = 'cancel_requested' and v_stand = 'writing' then
    job.cancel_requested := true;
  elsif v_kind = 'cancel_requested' and v_stand in ('scheduled', 'claimed', 'failed', 'attention') then
    v_answer := 'honoured';
    v_to := 'cancelled';
    v_error := 'CANCELLED';

  elsif v_kind = 'rescheduled' and v_stand in ('scheduled', 'failed', 'attention') then
    v_until := date_trunc('milliseconds', (p_event ->> 'at')::timestamptz);
    if v_until <= p_now then
      code := 'SCHEDULE_IN_PAST';
      path := 'event.at';
      job := p_job;
      return;
    end if;
    job.scheduled_at := v_until;
    if v_stand = 'failed' then
      job.next_attempt_at := v_until;
    else
      v_to := 'scheduled';
    end if;

  elsif v_kind = 'retry_now' and v_stand = 'failed' then
    job.next_attempt_at := p_now;
  elsif v_kind = 'retry_now' and v_stand = 'attention' then
    v_to := 'scheduled';
    v_next := p_now;

  elsif v_kind = 'resumed' and v_stand = 'attention' and p_job.attempt_count < cardinality(p_policy) + 1 then
    if p_now - v_due > v_grace then
      v_to := 'needs_attention';
      v_error := 'MISSED_SCHEDULE';
    else
      v_to := 'scheduled';
    end if;

  else
    code := 'JOB_TRANSITION_ILLEGAL';
    path := 'job.status';
    if v_kind = 'not_a_wish' then
      code := 'FIELD_VALUE_INVALID';
      path := 'event.type';
    end if;
    job := p_job;
    return;
  end if;

  -- What somebody saw on the platform, or that nobody can say.
  if v_outcome is not null and v_outcome <> 'nothing_new' then
    if v_outcome in ('published', 'delivered_to_inbox') then
      finished := 'ok';
      v_to := v_outcome;
    elsif v_outcome = 'still_unknown' then
      finished := 'unknown';
      finished_code := 'OUTCOME_UNKNOWN';
      v_to := 'needs_attention';
      v_error := 'OUTCOME_UNKNOWN';
      -- Still wanted: if it turns out not to be published, it isn't tried again.
      v_keeps_cancel := p_job.cancel_requested;
      if p_job.cancel_requested then
        v_answer := 'unknown';
      end if;
    elsif p_now - p_job.scheduled_at <= v_grace then
      v_failed := 'PUBLISH_ERROR';
    else
      -- It turned out too late: the person decides, instead of a post that goes out days late.
      finished := 'failed';
      finished_code := 'PUBLISH_ERROR';
      v_to := 'needs_attention';
      v_error := 'MISSED_SCHEDULE';
    end if;
  end if;

  -- The one way back to the ladder.
  if v_failed is not null then
    finished := 'failed';
    finished_code := v_failed;
    v_asked := coalesce((p_event ->> 'retryAfterSeconds')::bigint, 0);
    v_own := case when p_job.attempt_count = 0 then 0 else p_policy[p_job.attempt_count] * 60 end;
    if v_own is not null and v_asked <= 86400 then
      v_to := 'failed';
      v_error := v_failed;
      v_next := p_now + greatest(v_own, v_asked) * interval '1 second';
    else
      v_to := 'needs_attention';
      v_error := case when p_job.attempt_count > cardinality(p_policy) then 'RETRIES_EXHAUSTED' else v_failed end;
    end if;
  end if;

  if finished is not null then
    if finished = 'ok' then
      if p_job.cancel_requested then
        v_answer := 'too_late';
      end if;
    elsif finished = 'failed' and p_job.cancel_requested then
      v_answer := 'honoured';
      v_to := 'cancelled';
      v_error := 'CANCELLED';
      v_next := null;
    end if;
  end if;

  if v_to is not null then
    job.status := v_to;
    job.last_error := v_error;
    job.next_attempt_at := v_next;
    job.held_until := v_held;
    job.lease_token := null;
    job.lease_expires_at := null;
    job.write_started := false;
    job.cancel_requested := v_keeps_cancel;
  end if;
  if v_receipt is not null then
    job.receipt := v_receipt;
  end if;

  -- In the order in which they must become durable.
  if cool_until is not null then
    effects := effects || jsonb_build_object('type', 'cool_down_account', 'code', v_code,
      'until', calendar_publish.instant(cool_until));
  end if;
  if opened then
    job.last_attempt := job.attempt_count;
    effects := effects || jsonb_build_object('type', 'open_attempt', 'number', job.attempt_count,
      'startedAt', calendar_publish.instant(p_now));
  end if;
  if finished is not null then
    effects := effects || jsonb_strip_nulls(jsonb_build_object('type', 'finish_attempt', 'status', finished,
      'code', finished_code, 'finishedAt', calendar_publish.instant(p_now)));
  end if;
  if v_answer is not null then
    effects := effects || jsonb_build_object('type', 'answer_cancel', 'answer', v_answer);
  end if;
  if v_receipt is not null then
    effects := effects || jsonb_build_object('type', 'store_receipt', 'receipt', v_receipt);
  end if;
  if v_reconcile then
    effects := effects || '{"type": "reconcile"}'::jsonb;
  end if;
end $$;
