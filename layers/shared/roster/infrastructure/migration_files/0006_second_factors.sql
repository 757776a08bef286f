-- The second factor: a user's TOTP secret, the codes for who lost it, and logins that wait for a code.
-- What belongs to a factor goes with it.

CREATE TABLE second_factors (
    user_id      bigint         NOT NULL,
    key_id       text           NOT NULL,
    secret       bytea          NOT NULL,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    confirmed_at timestamptz(3),
    last_step    bigint,

    -- One factor a user, found by each login of theirs; also serves the foreign key.
    CONSTRAINT second_factors_pkey PRIMARY KEY (user_id),
    CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),

    -- Whoever confirms a factor has used a code, and no code is good twice.
    CONSTRAINT second_factors_step_once_confirmed CHECK ((confirmed_at IS NULL) = (last_step IS NULL))
);

CREATE TABLE recovery_codes (
    user_id   bigint NOT NULL,
    code_hash bytea  NOT NULL,

    -- Finds a code when it is used, and all of a user's; also serves the foreign key.
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash),
    CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES second_factors (user_id) ON DELETE CASCADE,
    CONSTRAINT recovery_codes_code_hash_is_sha256 CHECK (octet_length(code_hash) = 32)
);

-- The password was right, a code is awaited. password_changed_at says which password: a change of it ends the login.
CREATE TABLE login_challenges (
    token_hash          bytea          NOT NULL,
    user_id             bigint         NOT NULL,
    password_changed_at timestamptz(3) NOT NULL,
    tries_left          integer        NOT NULL,
    expires_at          timestamptz(3) NOT NULL,

    -- Finds a login by what its client holds.
    CONSTRAINT login_challenges_pkey PRIMARY KEY (token_hash),
    CONSTRAINT login_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES second_factors (user_id) ON DELETE CASCADE,
    CONSTRAINT login_challenges_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT login_challenges_tries_left_not_negative CHECK (tries_left >= 0)
);
-- Serves the foreign key: what waits for a factor goes with it.
CREATE INDEX login_challenges_of_user ON login_challenges (user_id);
-- Finds those that nobody finished; every new one removes some.
CREATE INDEX login_challenges_expires_at ON login_challenges (expires_at);
