-- Sessions: a login opens one, its refresh tokens keep it alive, and it ends by its row going away.
--
-- token_hash is of the one refresh token that is good now; the ones before it stand in used_refresh_tokens, so that
-- using one again is told from guessing. From a used token and its seed follows the successor: neither alone is worth
-- anything, and no refresh token is kept.

CREATE TABLE sessions (
    id           uuid           NOT NULL,
    user_id      bigint         NOT NULL,
    token_hash   bytea          NOT NULL,
    source_ip    text           NOT NULL,
    user_agent   text           NOT NULL,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    refreshed_at timestamptz(3) NOT NULL DEFAULT now(),
    idle_until   timestamptz(3) NOT NULL,
    expires_at   timestamptz(3) NOT NULL,

    -- Whether a session lives, asked with every request.
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    -- Finds the session of a refresh token.
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT sessions_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_idle_before_expiry CHECK (idle_until <= expires_at)
);
-- The sessions of a user, to list and to end them; also serves the foreign key.
CREATE INDEX sessions_of_user ON sessions (user_id, refreshed_at);

CREATE TABLE used_refresh_tokens (
    token_hash bytea          NOT NULL,
    session_id uuid           NOT NULL,
    seed       bytea          NOT NULL,
    used_at    timestamptz(3) NOT NULL DEFAULT now(),

    -- Whether a refresh token was good once.
    CONSTRAINT used_refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT used_refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT used_refresh_tokens_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
-- Serves the foreign key: the used tokens go with their session.
CREATE INDEX used_refresh_tokens_of_session ON used_refresh_tokens (session_id);
