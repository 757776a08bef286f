-- Who changed what, when and from where; a row is written in the transaction of the change that it tells about.
--
-- before and after hold the fields that changed, and no secrets. When a user is erased, their address, name and source
-- addresses are taken out of the rows and the rows stay. There are no foreign keys on purpose: ids of users are never
-- used again, and checking actor_id would lock the actor's row, in another order than those who lock the admins.

CREATE TABLE audit_events (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    occurred_at      timestamptz(3) NOT NULL DEFAULT now(),
    actor_id         bigint,
    actor_session_id text,
    source_ip        text,
    request_id       text           NOT NULL,
    action           text           NOT NULL,
    subject_id       bigint,
    before           jsonb,
    after            jsonb,

    -- The keyset of the list, newest first.
    CONSTRAINT audit_events_pkey PRIMARY KEY (id)
);

-- The same keyset for what happened to one user, for what one user did, and for one kind of event; the first two also
-- find the rows of a user who is erased. Most events of logins have no actor, so those stay out of the index.
CREATE INDEX audit_events_subject ON audit_events (subject_id, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_events_action ON audit_events (action, id);
