-- Who tries too often. Both tables name accounts and sources by SHA-256 only, and judge time by this server's clock.

CREATE TABLE login_failures (
    account       bytea       NOT NULL,
    failures      integer     NOT NULL,
    attempted_at  timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,

    -- One count an account, whether or not anyone has it; what every login waits for its turn at.
    CONSTRAINT login_failures_pkey PRIMARY KEY (account),
    CONSTRAINT login_failures_account_sha256 CHECK (octet_length(account) = 32),
    CONSTRAINT login_failures_failures_not_negative CHECK (failures >= 0)
);
-- Finds the counts that mean nothing any more; every login removes some.
CREATE INDEX login_failures_attempted_at ON login_failures (attempted_at);

CREATE TABLE rate_limits (
    bucket   bytea       NOT NULL,
    full_at  timestamptz NOT NULL,

    -- One bucket for each limit and whom it limits; what requests wait for their turn at while Redis is away.
    CONSTRAINT rate_limits_pkey PRIMARY KEY (bucket),
    CONSTRAINT rate_limits_bucket_sha256 CHECK (octet_length(bucket) = 32)
);
-- Finds the buckets that have filled up again; every request that counts here removes some.
CREATE INDEX rate_limits_full_at ON rate_limits (full_at);
