-- Two filters at once that each leave very many events, and together few or none: without these, as many events are read
-- as there are. A third filter is compared within the index. For one filter, and for none, there are those of 0008.

CREATE INDEX audit_events_subject_action ON audit_events (subject_id, action, id);
CREATE INDEX audit_events_actor_action ON audit_events (actor_id, action, id, subject_id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_events_subject_actor ON audit_events (subject_id, actor_id, id, action) WHERE actor_id IS NOT NULL;
