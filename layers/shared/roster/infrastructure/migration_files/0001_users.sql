-- Users and their passwords.
--
-- email is what the user typed, email_canonical what it is compared by (computed by the application, which knows
-- NFKC, case folding and IDNA). Both are candidate keys, so the table is in third normal form (BCNF, in fact).
-- An erased user keeps the row, so that the id is never used again and what refers to it stays whole.

CREATE TABLE users (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    email           text,
    email_canonical text,
    name            text,
    role            text           NOT NULL DEFAULT 'user',
    status          text           NOT NULL DEFAULT 'active',
    email_verified  boolean        NOT NULL DEFAULT false,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    erased_at       timestamptz(3),
    version         bigint         NOT NULL DEFAULT 1,

    -- Finds a user by id, and is the keyset of the list.
    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- One living user an address, and the look-up of every login; NULLs, the erased users, do not collide.
    CONSTRAINT users_email_canonical_key UNIQUE (email_canonical),

    CONSTRAINT users_role_known CHECK (role IN ('user', 'admin')),
    CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')),
    CONSTRAINT users_version_positive CHECK (version > 0),
    CONSTRAINT users_personal_data_until_erased CHECK (
        CASE WHEN erased_at IS NULL
            THEN email IS NOT NULL AND email_canonical IS NOT NULL AND name IS NOT NULL
            ELSE email IS NULL AND email_canonical IS NULL AND name IS NULL
        END
    )
);

-- Apart from users, so that no query about users can show a hash and the cache never holds one.
CREATE TABLE user_passwords (
    user_id    bigint         NOT NULL,
    hash       text           NOT NULL,
    changed_at timestamptz(3) NOT NULL DEFAULT now(),

    -- One password a user; also serves the foreign key.
    CONSTRAINT user_passwords_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
