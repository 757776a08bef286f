-- Finds the admins who can log in, and locks them, when one of them may cease to be one: there has to be another.
-- They are few among many, so the index has no other rows.
CREATE INDEX users_active_admins ON users (id) WHERE role = 'admin' AND status = 'active' AND erased_at IS NULL;
