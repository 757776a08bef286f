-- Mail: what is to be sent, to whom links were sent, and who waits for their address to be verified.
--
-- A request only ever adds a row to the outbox. Who gets a mail is decided when it is sent, and the token in its link
-- is made then: no token stands anywhere but in the mail, only its SHA-256 does.

-- Registrations whose address is not verified yet; they are no users and take no address.
CREATE TABLE pending_registrations (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    email           text           NOT NULL,
    email_canonical text           NOT NULL,
    name            text           NOT NULL,
    password_hash   text           NOT NULL,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    expires_at      timestamptz(3) NOT NULL,

    CONSTRAINT pending_registrations_pkey PRIMARY KEY (id)
);

-- Finds all of one address: when one of them is confirmed, the others go.
CREATE INDEX pending_registrations_email_canonical ON pending_registrations (email_canonical);
-- Finds those that expired.
CREATE INDEX pending_registrations_expires_at ON pending_registrations (expires_at);

-- A sender claims a row until claimed_until and counts the attempt; a sender that dies leaves the row to the next.
CREATE TABLE outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    kind            text           NOT NULL,
    email_canonical text,
    user_id         bigint,
    registration_id bigint,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    attempts        integer        NOT NULL DEFAULT 0,
    -- Cut off, not rounded: it is due at once.
    next_attempt_at timestamptz(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    claimed_until   timestamptz(3),
    sent_at         timestamptz(3),
    bounced_at      timestamptz(3),
    failed_at       timestamptz(3),
    error_code      text,

    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT outbox_registration_id_fkey FOREIGN KEY (registration_id)
        REFERENCES pending_registrations (id) ON DELETE CASCADE,
    CONSTRAINT outbox_attempts_countable CHECK (attempts >= 0),
    CONSTRAINT outbox_kind_with_its_subject CHECK (
        CASE kind
            WHEN 'reset_password' THEN email_canonical IS NOT NULL AND registration_id IS NULL
            WHEN 'verify_email' THEN user_id IS NOT NULL AND email_canonical IS NULL AND registration_id IS NULL
            WHEN 'registration' THEN registration_id IS NOT NULL AND email_canonical IS NULL AND user_id IS NULL
            ELSE false
        END
    )
);

-- Finds what is due: few rows among many that are done.
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE sent_at IS NULL AND failed_at IS NULL;
-- Finds what is done and old.
CREATE INDEX outbox_done ON outbox ((coalesce(failed_at, sent_at)));
-- Serve the foreign keys; an erased user's mails go with them.
CREATE INDEX outbox_user_id ON outbox (user_id);
CREATE INDEX outbox_registration_id ON outbox (registration_id);

-- The links that were sent: each works once, for the address that it was sent to, until it expires.
CREATE TABLE mailed_tokens (
    token_hash      bytea          NOT NULL,
    kind            text           NOT NULL,
    user_id         bigint,
    registration_id bigint,
    email_canonical text           NOT NULL,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    expires_at      timestamptz(3) NOT NULL,

    CONSTRAINT mailed_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT mailed_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT mailed_tokens_registration_id_fkey FOREIGN KEY (registration_id)
        REFERENCES pending_registrations (id) ON DELETE CASCADE,
    CONSTRAINT mailed_tokens_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT mailed_tokens_kind_with_its_subject CHECK (
        CASE kind
            WHEN 'reset_password' THEN user_id IS NOT NULL AND registration_id IS NULL
            WHEN 'verify_email' THEN user_id IS NOT NULL AND registration_id IS NULL
            WHEN 'registration' THEN registration_id IS NOT NULL AND user_id IS NULL
            ELSE false
        END
    )
);

-- Serve the foreign keys; using one link to reset a password ends the user's others.
CREATE INDEX mailed_tokens_user_id ON mailed_tokens (user_id);
CREATE INDEX mailed_tokens_registration_id ON mailed_tokens (registration_id);
-- Finds those that expired.
CREATE INDEX mailed_tokens_expires_at ON mailed_tokens (expires_at);
