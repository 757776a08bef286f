-- The indexes of the audit trail's filters end in -id, and filtered lists are sorted by it, so that the planner cannot walk
-- along the primary key instead: it would expect to meet what fits soon, and where that is old, or two frequent things
-- never came together, read all there is.

DROP INDEX audit_events_subject;
DROP INDEX audit_events_actor;
DROP INDEX audit_events_action;
CREATE INDEX audit_events_subject ON audit_events (subject_id, (-id));
CREATE INDEX audit_events_actor ON audit_events (actor_id, (-id)) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_events_action ON audit_events (action, (-id));

-- Each two filters that may both leave very many, and together few or none; a third one is compared within the index.
CREATE INDEX audit_events_subject_action ON audit_events (subject_id, action, (-id), actor_id);
CREATE INDEX audit_events_actor_action ON audit_events (actor_id, action, (-id), subject_id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_events_subject_actor ON audit_events (subject_id, actor_id, (-id), action) WHERE actor_id IS NOT NULL;

-- Erasing a user changes what is recorded of them, in no column that an index has: where a page has room for the new row,
-- the indexes need no new entries (a HOT update).
ALTER TABLE audit_events SET (fillfactor = 70);
