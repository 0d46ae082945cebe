-- Publish jobs, their attempts, the ledger and pauses. Columns of the host's tables have the host's
-- names. Instants are milliseconds since 1970 in UTC, so that due times compare as numbers.

-- One row per account that has jobs: which of them comes next. A claim walks lanes and not jobs, so
-- that an account with thousands of due jobs keeps nobody waiting.
CREATE TABLE publish_lanes (
    id            INTEGER PRIMARY KEY,
    user_id       TEXT    NOT NULL,
    account_id    TEXT    NOT NULL,
    -- The job that can be claimed next: the one that is publishing, else the one that is due first.
    head          TEXT,
    channel       TEXT,
    -- When the head can be claimed if waiting is all it takes.
    due_at        INTEGER,
    -- Whether a write to the platform was begun for the head.
    begun         INTEGER,
    -- Whether the account is there: without it nobody can publish its jobs, and they wait until they
    -- are too late.
    linked        INTEGER NOT NULL,
    -- Copies of what the account says, so that a claim reads no documents.
    cooling_until INTEGER,
    grace_minutes INTEGER,
    UNIQUE (user_id, account_id)
) STRICT;

CREATE INDEX publish_lanes_due ON publish_lanes (begun, channel, due_at, head, cooling_until)
    WHERE due_at IS NOT NULL;

-- What a job publishes: the entry as it was saved. A job names the latest and the one it was claimed
-- with, which may be the same row.
CREATE TABLE publish_job_contents (
    number       INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL,
    entry_key    TEXT,
    payload      TEXT    NOT NULL,
    scheduled_at TEXT,
    readiness    TEXT,
    details      TEXT    NOT NULL,
    revision     INTEGER NOT NULL
) STRICT;

CREATE TABLE publish_jobs (
    sequence            INTEGER PRIMARY KEY,
    id                  TEXT    NOT NULL UNIQUE,
    user_id             TEXT    NOT NULL,
    calendar_id         TEXT    NOT NULL,
    calendar_entry_id   TEXT    NOT NULL,
    account_id          TEXT    NOT NULL,
    lane                INTEGER NOT NULL REFERENCES publish_lanes (id),
    channel             TEXT    NOT NULL,
    scheduled_at        INTEGER NOT NULL,
    status              TEXT    NOT NULL CHECK (status IN ('scheduled', 'publishing', 'published',
                            'delivered_to_inbox', 'failed', 'needs_attention', 'cancelled')),
    attempt_count       INTEGER NOT NULL,
    last_error          TEXT,
    next_attempt_at     INTEGER,
    held_until          INTEGER,
    lease_token         INTEGER,
    lease_expires_at    INTEGER,
    lease_write_started INTEGER NOT NULL DEFAULT 0,
    cancel_requested    INTEGER NOT NULL DEFAULT 0,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    -- When it can be claimed if waiting is all it takes; null once it can't.
    claimable_at        INTEGER,
    -- Numbers of contents. They aren't declared as references: whenever one is deleted, SQLite would
    -- look for it among all jobs.
    content             INTEGER NOT NULL,
    frozen_content      INTEGER,
    content_hash        TEXT,
    progress_stage      TEXT,
    progress_kind       TEXT,
    progress_state      TEXT,
    stamp_token         INTEGER,
    stamp_sequence      INTEGER,
    last_token          INTEGER NOT NULL,
    receipt             TEXT,
    -- What of the row couldn't be read; such a job isn't claimed until it is mended and this is null.
    unreadable          TEXT,
    CHECK ((status = 'publishing') = (lease_token IS NOT NULL)),
    CHECK ((lease_token IS NULL) = (lease_expires_at IS NULL)),
    CHECK ((status IN ('scheduled', 'failed', 'publishing')) = (claimable_at IS NOT NULL))
) STRICT;

-- One live job per entry.
CREATE UNIQUE INDEX publish_jobs_live_entry ON publish_jobs (user_id, calendar_entry_id)
    WHERE status IN ('scheduled', 'publishing', 'failed', 'needs_attention');

-- One publishing job per account.
CREATE UNIQUE INDEX publish_jobs_publishing_account ON publish_jobs (lane)
    WHERE status = 'publishing';

-- The next job of an account. Finished jobs have no due time, so they aren't in it.
CREATE INDEX publish_jobs_next ON publish_jobs (lane, (status <> 'publishing'), claimable_at, id)
    WHERE claimable_at IS NOT NULL AND (unreadable IS NULL OR status = 'publishing');

-- How many wait, and which is due the longest.
CREATE INDEX publish_jobs_live
    ON publish_jobs (channel, status, coalesce(next_attempt_at, scheduled_at))
    WHERE status IN ('scheduled', 'publishing', 'failed', 'needs_attention');

CREATE INDEX publish_jobs_leases ON publish_jobs (channel, lease_expires_at)
    WHERE status = 'publishing';

-- What was published lately counts against the account's cap.
CREATE INDEX publish_jobs_out ON publish_jobs (lane, updated_at)
    WHERE status IN ('published', 'delivered_to_inbox');

CREATE INDEX publish_jobs_published_entry ON publish_jobs (user_id, calendar_entry_id)
    WHERE status = 'published';

CREATE INDEX publish_jobs_unreadable ON publish_jobs (lane) WHERE unreadable IS NOT NULL;

CREATE INDEX publish_jobs_of_user ON publish_jobs (user_id, id);

CREATE INDEX publish_jobs_of_calendar ON publish_jobs (user_id, calendar_id, id);

CREATE TABLE publish_attempts (
    id             TEXT    NOT NULL,
    publish_job_id TEXT    NOT NULL REFERENCES publish_jobs (id),
    number         INTEGER NOT NULL,
    started_at     INTEGER NOT NULL,
    finished_at    INTEGER,
    status         TEXT    NOT NULL,
    error_code     TEXT,
    error_message  TEXT,
    response_meta  TEXT,
    PRIMARY KEY (publish_job_id, number)
) STRICT, WITHOUT ROWID;

-- What was written to the platforms and what came of it: a chain for each account. It outlives jobs
-- and accounts, so it references nothing.
CREATE TABLE publish_ledger (
    number        INTEGER PRIMARY KEY,
    account_id    TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,
    record        TEXT    NOT NULL,
    previous_hash TEXT    NOT NULL,
    hash          TEXT    NOT NULL,
    UNIQUE (account_id, sequence)
) STRICT;

CREATE TABLE channel_pauses (
    channel TEXT    NOT NULL PRIMARY KEY,
    code    TEXT    NOT NULL,
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
