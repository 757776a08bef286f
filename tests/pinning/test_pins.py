"""What pins RDS Proxy is told from what looks like it."""

import pytest

from tests.pinning.pins import why_it_pins, without_values

PINS = {
    "SET statement_timeout = 0": "a setting",
    "set local statement_timeout = 0": "a setting",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY": "a setting",
    "RESET ALL": "a setting",
    "BEGIN; SET TRANSACTION READ ONLY": "a setting",
    "SELECT 1; /* then */ SET x.y = 1": "a setting",
    "-- first\nSET x.y = 1": "a setting",
    "SELECT set_config('x.y', '1', false)": "a setting",
    "PREPARE x AS SELECT 1": "a prepared statement",
    "EXECUTE x": "a prepared statement",
    "DEALLOCATE ALL": "a prepared statement",
    'DECLARE "a cursor" CURSOR WITH HOLD FOR SELECT 1': "a cursor",
    "FETCH ALL FROM c": "a cursor",
    "CLOSE ALL": "a cursor",
    "LISTEN news": "a channel",
    "UNLISTEN *": "a channel",
    "NOTIFY news": "a channel",
    "SELECT pg_notify('news', '')": "a channel",
    "DISCARD ALL": "discarded state",
    "ABORT; DISCARD ALL": "discarded state",
    "LOAD 'auto_explain'": "a library",
    "CREATE TEMP TABLE x ()": "something temporary",
    "CREATE OR REPLACE TEMPORARY VIEW x AS SELECT 1": "something temporary",
    "CREATE LOCAL TEMP SEQUENCE x": "something temporary",
    "SELECT 1 INTO TEMPORARY x": "something temporary",
    "CREATE TABLE pg_temp.x ()": "something temporary",
    "SELECT pg_advisory_lock(1)": "an advisory lock",
    "SELECT pg_try_advisory_lock_shared(1)": "an advisory lock",
    "SELECT pg_advisory_unlock_all()": "an advisory lock",
    "SELECT pg_advisory_xact_lock(1)": "an advisory lock",
    "SELECT nextval('users_id_seq')": "a sequence by hand",
    "SELECT setval('users_id_seq', 1)": "a sequence by hand",
    "SELECT lastval()": "a sequence by hand",
    "SELECT setseed(0)": "a seed",
    f"SELECT '{'é' * 8192}'": "more than 16 KB",
}
HARMLESS = (
    "BEGIN",
    "COMMIT",
    "SAVEPOINT a",
    "UPDATE users SET name = 'x; SET y = 1'",
    r"INSERT INTO users VALUES (E'it\'s; LISTEN news')",
    "INSERT INTO users VALUES ('it''s; DISCARD ALL')",
    "SELECT 1 -- ; SET x.y = 1",
    'SELECT "; SET" FROM users',
    "ALTER ROLE roster_reader SET statement_timeout = '2s'",
    "DO $$ BEGIN EXECUTE 'CREATE ROLE a'; EXECUTE 'CREATE ROLE b'; END $$",
    "SELECT pg_current_xact_id(), pg_xact_status(pg_current_xact_id())",
    "LOCK TABLE schema_migrations IN EXCLUSIVE MODE",
    "SELECT * FROM users FOR UPDATE SKIP LOCKED",
    "SELECT nextval_of_users FROM settings",
)


@pytest.mark.parametrize("statement", PINS)
def test_what_pins_is_told_with_the_reason(statement: str) -> None:
    assert why_it_pins(statement) == PINS[statement]


@pytest.mark.parametrize("statement", HARMLESS)
def test_what_only_looks_like_it_is_harmless(statement: str) -> None:
    assert why_it_pins(statement) is None


def test_a_statement_is_shown_without_anybodys_values() -> None:
    shown = without_values("SELECT 'ada@example.com', E'a\\'b', $x$c$x$ -- d\nFROM \"users\"")
    assert shown == "SELECT '…', '…', '…'  \nFROM \"…\""
