-- Sealed tokens of linked accounts, renewals under way, and sign-ins under way. Instants are milliseconds since
-- 1970. An account's id names one account among all users here.

CREATE TABLE account_tokens (
    account_id         TEXT    NOT NULL PRIMARY KEY,
    user_id            TEXT    NOT NULL,
    login              TEXT    NOT NULL,
    version            INTEGER NOT NULL,
    access_sealed      TEXT    NOT NULL,
    refresh_sealed     TEXT,
    issued_at          INTEGER NOT NULL,
    -- From when they are renewed although nobody uses them.
    renew_at           INTEGER,
    replaced_refused   INTEGER NOT NULL DEFAULT 0,
    -- The latest claim, until when it holds, and until when nobody should try.
    fence              INTEGER NOT NULL DEFAULT 0,
    claimed_until      INTEGER,
    rests_until        INTEGER,
    -- Renewals of this version without a known answer, and refusals of it.
    unanswered         INTEGER NOT NULL DEFAULT 0,
    refusals           INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE INDEX account_tokens_due ON account_tokens (renew_at) WHERE renew_at IS NOT NULL;

-- Whoever removes an account removes its tokens. A row that is put in place of itself isn't removed.
CREATE TRIGGER account_tokens_gone AFTER DELETE ON channel_accounts BEGIN
    DELETE FROM account_tokens WHERE account_id = old.id AND user_id = old.user_id;
END;

CREATE INDEX channel_accounts_external
    ON channel_accounts (user_id, channel, external_account_id);

CREATE TABLE pending_links (
    state_hash TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL,
    login      TEXT    NOT NULL,
    redirect   TEXT    NOT NULL,
    timezone   TEXT    NOT NULL,
    secret     TEXT,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX pending_links_expiring ON pending_links (expires_at);
