-- Calendars, their runs, entries and intents, and linked accounts. Names and columns follow the
-- host's tables; what is ours stands beside them. Every key begins with the user: rows of another
-- user can't be met by accident. Instants are RFC 3339 in UTC, ids hyphenated UUIDs.

CREATE TABLE calendars (
    user_id    TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    run_id     TEXT    NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, run_id) REFERENCES calendar_runs (user_id, id) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

CREATE TABLE calendar_runs (
    user_id      TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    calendar_id  TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    plan_id      TEXT,
    status       TEXT    NOT NULL,
    started_at   TEXT    NOT NULL,
    completed_at TEXT    NOT NULL,
    piece_count  INTEGER NOT NULL,
    cadence      TEXT    NOT NULL,
    channels     TEXT    NOT NULL,
    start_date   TEXT,
    end_date     TEXT,
    -- What the run's own row says of its plan; `plan_id` is the calendar's.
    run_plan_id  TEXT,
    -- 'none', 'entries' (saved as generated) or 'generated_entries' (kept apart by a merge).
    generation   TEXT    NOT NULL,
    fingerprint  TEXT    NOT NULL,
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, calendar_id, revision),
    FOREIGN KEY (user_id, calendar_id) REFERENCES calendars (user_id, id)
) WITHOUT ROWID;

-- `payload` is the host's piece, to the letter; `details` holds what only this library knows.
CREATE TABLE calendar_entries (
    user_id      TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    position     INTEGER NOT NULL,
    id           TEXT    NOT NULL,
    calendar_id  TEXT    NOT NULL,
    entry_key    TEXT,
    payload      TEXT    NOT NULL,
    channel      TEXT,
    scheduled_at TEXT,
    readiness    TEXT,
    details      TEXT    NOT NULL DEFAULT '{}',
    revision     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, run_id, position),
    FOREIGN KEY (user_id, run_id) REFERENCES calendar_runs (user_id, id)
) WITHOUT ROWID;

-- What a run generated, where a merge saved something else.
CREATE TABLE generated_entries (
    user_id      TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    position     INTEGER NOT NULL,
    id           TEXT    NOT NULL,
    calendar_id  TEXT    NOT NULL,
    entry_key    TEXT,
    payload      TEXT    NOT NULL,
    channel      TEXT,
    scheduled_at TEXT,
    readiness    TEXT,
    details      TEXT    NOT NULL DEFAULT '{}',
    revision     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, run_id, position),
    FOREIGN KEY (user_id, run_id) REFERENCES calendar_runs (user_id, id)
) WITHOUT ROWID;

-- Pieces that couldn't be read, as they came, and why.
CREATE TABLE refused_entries (
    user_id  TEXT    NOT NULL,
    run_id   TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    payload  TEXT    NOT NULL,
    error    TEXT    NOT NULL,
    PRIMARY KEY (user_id, run_id, sequence),
    FOREIGN KEY (user_id, run_id) REFERENCES calendar_runs (user_id, id)
) WITHOUT ROWID;

-- An intent is a note of what was asked for: it outlives its calendar, so it references nothing.
CREATE TABLE publish_intents (
    sequence    INTEGER PRIMARY KEY,
    user_id     TEXT NOT NULL,
    id          TEXT NOT NULL,
    calendar_id TEXT NOT NULL,
    run_id      TEXT,
    entry_id    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    payload     TEXT NOT NULL,
    status      TEXT NOT NULL,
    error       TEXT,
    created_at  TEXT NOT NULL,
    UNIQUE (user_id, id)
);

CREATE INDEX publish_intents_by_calendar ON publish_intents (user_id, calendar_id, sequence);

-- Commands that carried an idempotency key, and what they were answered.
CREATE TABLE publish_commands (
    user_id     TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer      TEXT NOT NULL,
    PRIMARY KEY (user_id, key)
) WITHOUT ROWID;

CREATE TABLE channel_accounts (
    user_id             TEXT NOT NULL,
    id                  TEXT NOT NULL,
    channel             TEXT NOT NULL,
    external_account_id TEXT NOT NULL,
    display_name        TEXT NOT NULL,
    timezone            TEXT NOT NULL,
    status              TEXT NOT NULL,
    expires_at          TEXT,
    details             TEXT NOT NULL,
    PRIMARY KEY (user_id, id)
) WITHOUT ROWID;
