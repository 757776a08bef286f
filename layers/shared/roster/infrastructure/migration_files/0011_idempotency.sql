-- What requests came to that carried an Idempotency-Key, kept for 24 hours.
--
-- A row is there before the effect begins, without an answer; the transaction of the effect holds it and puts the answer
-- in. scope is the caller, or a keyed hash of where an anonymous request came from; the fingerprint is a keyed hash too,
-- since a body may hold a password. There is no foreign key on purpose: ids of users are never used again, and whoever
-- erases a user deletes the rows that are theirs or about them.

CREATE TABLE idempotency_keys (
    scope       text           NOT NULL,
    key         text           NOT NULL,
    fingerprint bytea          NOT NULL,
    answer      jsonb,
    subject_id  bigint,
    created_at  timestamptz(3) NOT NULL DEFAULT now(),

    -- One request a name, and all of a caller who is erased.
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key),
    CONSTRAINT idempotency_keys_fingerprint_sha256 CHECK (octet_length(fingerprint) = 32),
    CONSTRAINT idempotency_keys_subject_with_answer CHECK (subject_id IS NULL OR answer IS NOT NULL)
);

-- Finds the answers about a user who is erased.
CREATE INDEX idempotency_keys_subject ON idempotency_keys (subject_id) WHERE subject_id IS NOT NULL;
-- Finds those that expired; every new one removes some.
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
