-- What the fenced cache obeys (docs/sessions.md): the epoch that its keys carry, whether it may be used, and which Redis it
-- is on. There is one row, and whoever changes the epoch has fenced off everything that was cached before.
--
-- recent_moves are the fence moves of the last ten minutes; a third one keeps the cache off until off_until.

CREATE TABLE cache_control (
    id           smallint          NOT NULL DEFAULT 1,
    epoch        bigint            NOT NULL,
    is_enabled   boolean           NOT NULL,
    server_id    text,
    changed_at   timestamptz(3)    NOT NULL,
    recent_moves timestamptz(3)[]  NOT NULL DEFAULT '{}',
    off_until    timestamptz(3),

    -- The one row.
    CONSTRAINT cache_control_pkey PRIMARY KEY (id),

    CONSTRAINT cache_control_one_row CHECK (id = 1),
    CONSTRAINT cache_control_server_known_if_enabled CHECK (server_id IS NOT NULL OR NOT is_enabled)
);

-- Off for ages: the first environment that reaches Redis turns it on, under a random epoch.
INSERT INTO cache_control (epoch, is_enabled, changed_at) VALUES (0, false, 'epoch');
