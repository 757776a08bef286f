"""Migrations expand: what would break or stop the code that runs meanwhile needs a written reason."""

import pytest
from roster.infrastructure import migrations

from tests.structure.migration_rules import FIRST_RELEASE, dangers, statements

ALL = migrations.read_all()
PLANTED = [
    "DROP TABLE orders",
    "ALTER TABLE users DROP COLUMN name",
    "ALTER TABLE users DROP name",
    "ALTER TABLE users RENAME COLUMN name TO full_name",
    "ALTER TABLE users RENAME TO people",
    "ALTER TABLE users ALTER COLUMN version TYPE integer",
    "ALTER TABLE users ALTER version SET DATA TYPE integer",
    "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
    "ALTER TABLE users ADD COLUMN badge text NOT NULL",
    "ALTER TABLE users ADD badge text NOT NULL",
    "ALTER TABLE users ADD CONSTRAINT c CHECK (version > 1)",
    "ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES orders (id)",
    "ALTER TABLE users ADD CONSTRAINT c UNIQUE (name)",
    "ALTER TABLE users DROP CONSTRAINT users_role_known",
    "ALTER TABLE users ALTER role DROP DEFAULT",
    "CREATE INDEX by_name ON users (name)",
    "CREATE UNIQUE INDEX by_name ON users (name)",
    "DROP INDEX sessions_of_user",
    "UPDATE users SET name = ''",
    "DELETE FROM sessions",
    "TRUNCATE sessions",
    "LOCK TABLE users",
    "VACUUM FULL users",
    "REVOKE SELECT ON users FROM roster_reader",
    "-- safe: no\nDROP TABLE orders",
    "CREATE TABLE badges (id bigint);\n-- safe: nobody has ever seen this one\nDROP TABLE a; DROP TABLE orders",
    "ALTER TABLE\n    users\n    DROP COLUMN name",
]
HARMLESS = [
    "CREATE TABLE badges (id bigint NOT NULL, CONSTRAINT c CHECK (id > 0)); CREATE INDEX b ON badges (id)",
    "CREATE TABLE badges (id bigint); UPDATE badges SET id = 1; ALTER TABLE badges ALTER id SET NOT NULL",
    "ALTER TABLE users ADD COLUMN badge text",
    "ALTER TABLE users ADD COLUMN badge text NOT NULL DEFAULT ''",
    "ALTER TABLE users ADD CONSTRAINT c CHECK (version > 1) NOT VALID",
    "ALTER TABLE users VALIDATE CONSTRAINT c",
    "ALTER TABLE users ALTER name DROP NOT NULL",
    "CREATE INDEX IF NOT EXISTS by_name ON users (name)",
    "GRANT UPDATE, DELETE ON users TO roster_writer",
    "INSERT INTO users (name) VALUES ('DROP TABLE orders; DROP TABLE users')",
    "-- DROP TABLE orders;\nSELECT 1",
    "-- safe: no release since 0.4 reads it\nALTER TABLE users DROP COLUMN name",
    "SET LOCAL lock_timeout = '2s'",
]


def test_what_endangers_the_running_code_has_a_reason() -> None:
    assert {each.name: dangers(each.sql) for each in ALL[FIRST_RELEASE:] if dangers(each.sql)} == {}


@pytest.mark.parametrize("sql", PLANTED)
def test_a_danger_is_found(sql: str) -> None:
    assert dangers(sql)


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_is_harmless_passes(sql: str) -> None:
    assert dangers(sql) == []


def test_the_migrations_that_were_there_first_are_read_whole_and_some_would_need_reasons() -> None:
    counted = {each.name: len(list(statements(each.sql))) for each in ALL[:FIRST_RELEASE]}
    assert min(counted.values()) >= 1
    assert counted["0012_audit_filters"] == 10
    assert len(dangers(ALL[9].sql)) >= 5


def test_numbers_have_no_gaps_and_names_say_what_comes() -> None:
    assert [migration.number for migration in ALL] == list(range(1, len(ALL) + 1))
