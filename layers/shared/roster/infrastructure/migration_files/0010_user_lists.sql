-- What lists of users are sorted and searched by.
--
-- name_folded is what a name is compared by: the first 200 characters of its folded form, computed by the application as
-- email_canonical is. Names that were there before get an approximation until they are changed.

ALTER TABLE users ADD COLUMN name_folded text COLLATE "C";
UPDATE users SET name_folded = left(lower(normalize(name, NFKC)), 200) WHERE erased_at IS NULL;

ALTER TABLE users DROP CONSTRAINT users_personal_data_until_erased;
ALTER TABLE users ADD CONSTRAINT users_personal_data_until_erased CHECK (
    CASE WHEN erased_at IS NULL
        THEN email IS NOT NULL AND email_canonical IS NOT NULL AND name IS NOT NULL AND name_folded IS NOT NULL
        ELSE email IS NULL AND email_canonical IS NULL AND name IS NULL AND name_folded IS NULL
    END
);

-- A registration that is completed later brings the folded name with it.
ALTER TABLE pending_registrations ADD COLUMN name_folded text COLLATE "C";
UPDATE pending_registrations SET name_folded = left(lower(normalize(name, NFKC)), 200);
ALTER TABLE pending_registrations ALTER COLUMN name_folded SET NOT NULL;

-- The keysets of the lists, for each role and status by itself. What filters look at stands in the index, too, so that
-- whoever does not fit is passed over without a look at the table. The second also finds a range of time, the third
-- names that begin with something, the fourth addresses.
CREATE INDEX users_listed_by_id ON users (role, status, id)
    INCLUDE (created_at, name_folded, email_canonical) WHERE erased_at IS NULL;
CREATE INDEX users_listed_by_created_at ON users (role, status, created_at, id)
    INCLUDE (name_folded, email_canonical) WHERE erased_at IS NULL;
CREATE INDEX users_listed_by_name ON users (role, status, name_folded, id)
    INCLUDE (created_at, email_canonical) WHERE erased_at IS NULL;
CREATE INDEX users_found_by_address ON users (role, status, email_canonical COLLATE "C")
    INCLUDE (id, created_at, name_folded) WHERE erased_at IS NULL;
