"""The schema: every index has a name and a reason, and bad rows are refused by the database itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure import migrations

from tests.servers import connected, execute

pytestmark = pytest.mark.integration

INDEXES = {
    "schema_migrations_pkey": "which migrations are applied",
    "users_pkey": "finds a user by id",
    "users_email_canonical_key": "one living user an address, and the look-up of every login",
    "users_active_admins": "the admins who can log in, locked when one may cease to be one",
    "users_listed_by_id": "the keyset of lists by id, and whom filters leave out of them",
    "users_listed_by_created_at": "the same by time of registration, and those of a range of time",
    "users_listed_by_name": "the same by name, and the names that begin with something",
    "users_found_by_address": "the addresses that begin with something",
    "audit_events_pkey": "the keyset of the audit trail, newest first",
    "audit_events_subject": "the same for what happened to one user, and the rows of a user who is erased",
    "audit_events_actor": "the same for what one user did",
    "audit_events_action": "the same for one kind of event, by -id: the planner cannot walk the primary key",
    "audit_events_subject_action": "the same for one kind of what happened to one user",
    "audit_events_actor_action": "the same for one kind of what one user did",
    "audit_events_subject_actor": "the same for what one user did to another",
    "sessions_pkey": "whether a session lives, asked with every request",
    "sessions_token_hash_key": "the session of a refresh token",
    "sessions_of_user": "the sessions of a user, to list and to end them; serves the foreign key",
    "used_refresh_tokens_pkey": "whether a refresh token was good once",
    "used_refresh_tokens_of_session": "the used tokens go with their session; serves the foreign key",
    "user_passwords_pkey": "one password a user, and serves the foreign key",
    "login_failures_pkey": "one count of failed logins an account",
    "login_failures_attempted_at": "the counts that mean nothing any more",
    "rate_limits_pkey": "one bucket for each limit and whom it limits",
    "rate_limits_full_at": "the buckets that have filled up again",
    "cache_control_pkey": "the one row",
    "idempotency_keys_pkey": "one request a name, and all of a caller who is erased",
    "idempotency_keys_subject": "the answers about a user who is erased",
    "idempotency_keys_created_at": "the answers that expired",
    "outbox_pkey": "a mail, for whoever claimed it or hears of it",
    "outbox_due": "the mails that wait to be sent, the oldest first",
    "outbox_done": "the mails that are done and old",
    "outbox_user_id": "a user's mails, which go with them; serves the foreign key",
    "outbox_registration_id": "serves the foreign key",
    "mailed_tokens_pkey": "whether a link was ever made",
    "mailed_tokens_user_id": "a user's links, which end together; serves the foreign key",
    "mailed_tokens_registration_id": "serves the foreign key",
    "mailed_tokens_expires_at": "the links that expired",
    "pending_registrations_pkey": "a registration, for its mail and its link",
    "pending_registrations_email_canonical": "all of one address, which end together",
    "pending_registrations_expires_at": "the registrations that expired",
    "second_factors_pkey": "one second factor a user, looked at by each login; serves the foreign key",
    "recovery_codes_pkey": "a recovery code when it is used; serves the foreign key",
    "login_challenges_pkey": "a login that waits for a code, by what its client holds",
    "login_challenges_of_user": "what waits for a factor goes with it; serves the foreign key",
    "login_challenges_expires_at": "the logins that nobody finished",
    "orders_pkey": "an order by its id",
    "orders_of_user": "the keyset of a user's orders, newest first; serves the foreign key",
    "orders_of_user_by_status": "the same for those in one status",
    "order_items_pkey": "the items of an order, with what its total is made of; serves the foreign key",
}

_USER = "INSERT INTO users (email, email_canonical, name, name_folded"
_FAILURES = "INSERT INTO login_failures (account, failures, attempted_at, blocked_until)"
_CHALLENGE = "INSERT INTO login_challenges (token_hash, user_id, password_changed_at, tries_left, expires_at) VALUES"
_KEY = "INSERT INTO idempotency_keys (scope, key, fingerprint, subject_id) VALUES"
_DIGEST = "sha256('ada@x.org')"
_SESSION = "INSERT INTO sessions (id, user_id, token_hash, source_ip, user_agent, idle_until, expires_at) VALUES"
_USED = "INSERT INTO used_refresh_tokens (token_hash, session_id, seed) VALUES"
_ID, _OTHER_ID = "'b7f0a1c2-0000-4000-8000-000000000001'", "'b7f0a1c2-0000-4000-8000-000000000002'"
_HASH, _OTHER_HASH = "sha256('a')", "sha256('b')"
_MAIL = "INSERT INTO outbox (kind, email_canonical, user_id, registration_id"
_TOKEN = "INSERT INTO mailed_tokens (token_hash, kind, user_id, registration_id, email_canonical, expires_at) VALUES"
_ORDER = "INSERT INTO orders (user_id, currency"
_ITEM = "INSERT INTO order_items (order_id, position, sku, quantity, unit_price) VALUES"
_PENDING = "INSERT INTO pending_registrations (email, email_canonical, name, name_folded, password_hash, expires_at"
# A row that each constraint refuses, in a database that holds the user 1 with a password.
REFUSED = {
    "users_role_known": f"{_USER}, role) VALUES ('b@x.org', 'b@x.org', 'B', 'b', 'root')",
    "users_status_known": f"{_USER}, status) VALUES ('b@x.org', 'b@x.org', 'B', 'b', 'gone')",
    "users_version_positive": f"{_USER}, version) VALUES ('b@x.org', 'b@x.org', 'B', 'b', 0)",
    "users_personal_data_until_erased": f"{_USER}) VALUES ('b@x.org', 'b@x.org', 'B', NULL)",
    "users_email_canonical_key": f"{_USER}) VALUES ('ADA@x.org', 'ada@x.org', 'Ada', 'ada')",
    "users_pkey": f"{_USER}, id) OVERRIDING SYSTEM VALUE VALUES ('b@x.org', 'b@x.org', 'B', 'b', 1)",
    "user_passwords_user_id_fkey": "INSERT INTO user_passwords (user_id, hash) VALUES (999, 'h')",
    "user_passwords_pkey": "INSERT INTO user_passwords (user_id, hash) VALUES (1, 'h')",
    "login_failures_pkey": f"{_FAILURES} VALUES ({_DIGEST}, 1, now(), now()), ({_DIGEST}, 1, now(), now())",
    "login_failures_account_sha256": f"{_FAILURES} VALUES ('ada@x.org', 1, now(), now())",
    "login_failures_failures_not_negative": f"{_FAILURES} VALUES ({_DIGEST}, -1, now(), now())",
    "rate_limits_pkey": f"INSERT INTO rate_limits VALUES ({_DIGEST}, now()), ({_DIGEST}, now())",
    "rate_limits_bucket_sha256": "INSERT INTO rate_limits VALUES ('203.0.113.7', now())",
    "audit_events_pkey": (
        "INSERT INTO audit_events (id, request_id, action) OVERRIDING SYSTEM VALUE VALUES (1, 'r', 'a'), (1, 'r', 'a')"
    ),
    "idempotency_keys_pkey": f"{_KEY} ('s', 'k', {_DIGEST}, NULL), ('s', 'k', {_DIGEST}, NULL)",
    "idempotency_keys_fingerprint_sha256": f"{_KEY} ('s', 'k', 'short', NULL)",
    "idempotency_keys_subject_with_answer": f"{_KEY} ('s', 'k', {_DIGEST}, 1)",
    "cache_control_pkey": "INSERT INTO cache_control (epoch, is_enabled, changed_at) VALUES (1, false, now())",
    "cache_control_one_row": "UPDATE cache_control SET id = 2",
    "cache_control_server_known_if_enabled": "UPDATE cache_control SET is_enabled = true, server_id = NULL",
    "sessions_pkey": f"{_SESSION} ({_ID}, 1, {_OTHER_HASH}, '', '', now(), now())",
    "sessions_token_hash_key": f"{_SESSION} ({_OTHER_ID}, 1, {_HASH}, '', '', now(), now())",
    "sessions_user_id_fkey": f"{_SESSION} ({_OTHER_ID}, 999, {_OTHER_HASH}, '', '', now(), now())",
    "sessions_token_hash_is_sha256": f"{_SESSION} ({_OTHER_ID}, 1, 'short', '', '', now(), now())",
    "sessions_idle_before_expiry": f"{_SESSION} ({_OTHER_ID}, 1, {_OTHER_HASH}, '', '', now() + interval '1 s', now())",
    "used_refresh_tokens_pkey": f"{_USED} ({_HASH}, {_ID}, '')",
    "used_refresh_tokens_session_id_fkey": f"{_USED} ({_OTHER_HASH}, {_OTHER_ID}, '')",
    "used_refresh_tokens_token_hash_is_sha256": f"{_USED} ('short', {_ID}, '')",
    "pending_registrations_pkey": (
        f"{_PENDING}, id) OVERRIDING SYSTEM VALUE VALUES ('b@x.org', 'b@x.org', 'B', 'b', 'h', now(), 1)"
    ),
    "outbox_pkey": f"{_MAIL}, id) OVERRIDING SYSTEM VALUE VALUES ('verify_email', NULL, 1, NULL, 1)",
    "outbox_user_id_fkey": f"{_MAIL}) VALUES ('verify_email', NULL, 999, NULL)",
    "outbox_registration_id_fkey": f"{_MAIL}) VALUES ('registration', NULL, NULL, 999)",
    "outbox_attempts_countable": "UPDATE outbox SET attempts = -1",
    "outbox_kind_with_its_subject": f"{_MAIL}) VALUES ('invitation', 'b@x.org', 1, 1)",
    "mailed_tokens_pkey": f"{_TOKEN} ({_HASH}, 'verify_email', 1, NULL, 'ada@x.org', now())",
    "mailed_tokens_user_id_fkey": f"{_TOKEN} ({_OTHER_HASH}, 'verify_email', 999, NULL, 'ada@x.org', now())",
    "mailed_tokens_registration_id_fkey": f"{_TOKEN} ({_OTHER_HASH}, 'registration', NULL, 999, 'ada@x.org', now())",
    "mailed_tokens_sha256": f"{_TOKEN} ('short', 'verify_email', 1, NULL, 'ada@x.org', now())",
    "mailed_tokens_kind_with_its_subject": f"{_TOKEN} ({_OTHER_HASH}, 'session', 1, NULL, 'ada@x.org', now())",
    "second_factors_pkey": "INSERT INTO second_factors (user_id, key_id, secret) VALUES (1, 'k', 's')",
    "second_factors_user_id_fkey": "INSERT INTO second_factors (user_id, key_id, secret) VALUES (999, 'k', 's')",
    "second_factors_step_once_confirmed": "UPDATE second_factors SET last_step = NULL",
    "recovery_codes_pkey": f"INSERT INTO recovery_codes VALUES (1, {_DIGEST}), (1, {_DIGEST})",
    "recovery_codes_user_id_fkey": f"INSERT INTO recovery_codes VALUES (999, {_DIGEST})",
    "recovery_codes_code_hash_is_sha256": "INSERT INTO recovery_codes VALUES (1, 'short')",
    "login_challenges_pkey": f"{_CHALLENGE} ({_DIGEST}, 1, now(), 5, now()), ({_DIGEST}, 1, now(), 5, now())",
    "login_challenges_user_id_fkey": f"{_CHALLENGE} ({_DIGEST}, 999, now(), 5, now())",
    "login_challenges_token_hash_is_sha256": f"{_CHALLENGE} ('short', 1, now(), 5, now())",
    "login_challenges_tries_left_not_negative": f"{_CHALLENGE} ({_DIGEST}, 1, now(), -1, now())",
    "orders_pkey": f"{_ORDER}, id) OVERRIDING SYSTEM VALUE VALUES (1, 'EUR', 1)",
    "orders_user_id_fkey": f"{_ORDER}) VALUES (999, 'EUR')",
    "orders_currency_spelled": f"{_ORDER}) VALUES (1, 'eur')",
    "orders_status_known": f"{_ORDER}, status) VALUES (1, 'EUR', 'lost')",
    "orders_version_positive": f"{_ORDER}, version) VALUES (1, 'EUR', 0)",
    "order_items_pkey": f"{_ITEM} (1, 1, 'LAMP', 1, 1)",
    "order_items_order_id_fkey": f"{_ITEM} (999, 1, 'LAMP', 1, 1)",
    "order_items_position_positive": f"{_ITEM} (1, 0, 'LAMP', 1, 1)",
    "order_items_sku_length": f"{_ITEM} (1, 2, '', 1, 1)",
    "order_items_quantity_bounded": f"{_ITEM} (1, 2, 'LAMP', 0, 1)",
    "order_items_unit_price_not_negative": f"{_ITEM} (1, 2, 'LAMP', 1, -1)",
    "order_items_amount_bounded": f"{_ITEM} (1, 2, 'LAMP', 2, 4503599627370496)",
    "schema_migrations_pkey": "INSERT INTO schema_migrations (number, name, checksum) VALUES (1, 'x', 'x')",
}
# What a mail or a link is about has to fit its kind.
WITHOUT_SUBJECT = [
    *(f"{_MAIL}) VALUES ('reset_password', NULL, 1, NULL)", f"{_MAIL}) VALUES ('verify_email', NULL, NULL, NULL)"),
    *(f"{_MAIL}) VALUES ('registration', NULL, 1, 1)", f"{_MAIL}) VALUES ('reset_password', 'b@x.org', NULL, 1)"),
    f"{_TOKEN} ({_OTHER_HASH}, 'reset_password', NULL, 1, 'b@x.org', now())",
    f"{_TOKEN} ({_OTHER_HASH}, 'registration', 1, NULL, 'b@x.org', now())",
]
HALF_ERASED = [
    f"{_USER}) VALUES (NULL, 'b@x.org', 'B', 'b')",
    f"{_USER}) VALUES ('b@x.org', NULL, 'B', 'b')",
    f"{_USER}) VALUES ('b@x.org', 'b@x.org', NULL, 'b')",
    f"{_USER}) VALUES (NULL, NULL, NULL, NULL)",
    f"{_USER}, erased_at) VALUES ('b@x.org', 'b@x.org', 'B', 'b', now())",
    f"{_USER}, erased_at) VALUES (NULL, NULL, 'B', NULL, now())",
    f"{_USER}, erased_at) VALUES (NULL, NULL, NULL, 'b', now())",
    f"{_USER}, erased_at) VALUES (NULL, 'b@x.org', NULL, NULL, now())",
    f"{_USER}, erased_at) VALUES ('b@x.org', NULL, NULL, NULL, now())",
]
_CONSTRAINTS = """
    SELECT conname, contype::text FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')
"""
_UNSERVED_FOREIGN_KEYS = """
    SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index WHERE indrelid = conrelid AND (indkey::smallint[])[0] = conkey[1]
    )
"""


@pytest.fixture
def cursor(emptied_database_url: str) -> Iterator[Cursor]:
    """Open a database that holds one user with a password."""
    with connected(emptied_database_url) as connection, connection.cursor() as cursor:
        cursor.execute(f"{_USER}) VALUES ('Ada@x.org', 'ada@x.org', 'Ada', 'ada') RETURNING id")
        assert cursor.fetchone() == (1,)
        cursor.execute("INSERT INTO user_passwords (user_id, hash) VALUES (1, 'h')")
        cursor.execute(f"{_SESSION} ({_ID}, 1, {_HASH}, '', '', now(), now())")
        cursor.execute(f"{_USED} ({_HASH}, {_ID}, '')")
        cursor.execute(f"{_PENDING}) VALUES ('b@x.org', 'b@x.org', 'B', 'b', 'h', now())")
        cursor.execute(f"{_MAIL}) VALUES ('verify_email', NULL, 1, NULL)")
        cursor.execute(f"{_TOKEN} ({_HASH}, 'verify_email', 1, NULL, 'ada@x.org', now())")
        cursor.execute("INSERT INTO second_factors VALUES (1, 'k', 's', now(), now(), 1)")
        cursor.execute(f"{_ORDER}) VALUES (1, 'EUR')")
        cursor.execute(f"{_ITEM} (1, 1, 'LAMP', 1, 1)")
        yield cursor


def constraints(url: str) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in execute(url, _CONSTRAINTS)}


def refused(cursor: Cursor, statement: str) -> tuple[str | None, str | None]:
    """Return the code and the constraint with which a statement is refused."""
    with pytest.raises(psycopg2.Error) as caught:
        cursor.execute(statement)
    return caught.value.pgcode, caught.value.diag.constraint_name


def test_every_index_is_listed_with_its_reason(emptied_database_url: str) -> None:
    found = execute(emptied_database_url, "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
    assert {name for (name,) in found} == set(INDEXES)


def test_every_index_and_constraint_was_named_by_us(emptied_database_url: str) -> None:
    sources = [migration.sql for migration in migrations.read_all()]
    sources.append(Path(migrations.__file__).read_text("utf-8"))
    named = set(re.findall(r"(?:CONSTRAINT|INDEX(?: CONCURRENTLY)?) (\w+)", "\n".join(sources)))
    assert constraints(emptied_database_url).keys() | set(INDEXES) == named


def test_addresses_are_unique_by_their_canonical_form(emptied_database_url: str) -> None:
    statement = "SELECT indexdef FROM pg_indexes WHERE indexname = 'users_email_canonical_key'"
    ((definition,),) = execute(emptied_database_url, statement)
    assert re.search(r"^CREATE UNIQUE INDEX .* \(email_canonical\)$", str(definition))


def test_every_foreign_key_is_served_by_an_index(emptied_database_url: str) -> None:
    assert execute(emptied_database_url, _UNSERVED_FOREIGN_KEYS) == []


def test_each_constraint_refuses_a_bad_row(cursor: Cursor, emptied_database_url: str) -> None:
    assert {name: refused(cursor, statement)[1] for name, statement in REFUSED.items()} == {
        name: name for name in REFUSED
    }
    assert constraints(emptied_database_url).keys() == REFUSED.keys(), "every constraint is tried here"


def test_a_user_has_all_personal_data_or_is_erased_and_has_none(cursor: Cursor) -> None:
    assert [refused(cursor, statement)[1] for statement in HALF_ERASED] == ["users_personal_data_until_erased"] * len(
        HALF_ERASED
    )


def test_a_mail_and_a_link_have_the_subject_of_their_kind(cursor: Cursor) -> None:
    assert {refused(cursor, statement)[1] for statement in WITHOUT_SUBJECT} == {
        "outbox_kind_with_its_subject",
        "mailed_tokens_kind_with_its_subject",
    }


def test_many_users_may_be_erased(cursor: Cursor) -> None:
    for _ in range(2):
        cursor.execute(f"{_USER}, erased_at) VALUES (NULL, NULL, NULL, NULL, now())")


def test_nobody_chooses_an_id(cursor: Cursor) -> None:
    generated_always = "428C9"
    assert refused(cursor, f"{_USER}, id) VALUES ('b@x.org', 'b@x.org', 'B', 'b', 7)")[0] == generated_always


def test_a_user_with_a_password_cannot_be_deleted_by_mistake(cursor: Cursor) -> None:
    cursor.execute("DELETE FROM sessions")
    assert refused(cursor, "DELETE FROM users WHERE id = 1")[1] == "user_passwords_user_id_fkey"


def test_a_session_takes_its_used_tokens_with_it(cursor: Cursor) -> None:
    cursor.execute("DELETE FROM sessions")
    cursor.execute("SELECT count(*) FROM used_refresh_tokens")
    assert cursor.fetchone() == (0,)


def test_times_are_kept_with_their_zone_in_milliseconds(emptied_database_url: str) -> None:
    statement = """
        SELECT DISTINCT format_type(atttypid, atttypmod) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname NOT IN ('login_failures', 'rate_limits')  -- they count in less
        WHERE attname LIKE '%\\_at' OR attname LIKE '%\\_until'
    """
    assert execute(emptied_database_url, statement) == [("timestamp(3) with time zone",)]
