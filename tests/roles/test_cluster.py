"""Roles belong to the cluster: whoever migrates first makes them, and several may do so at the same moment."""

import contextlib
from collections.abc import Iterator

import pytest

from local.postgres_database import DATABASE, READER, ROLE, WRITER
from tests.racing import race
from tests.roles.conftest import migrate
from tests.roles.stated import SETTINGS
from tests.servers import VERSIONS, Postgres, execute

pytestmark = pytest.mark.integration

DATABASES = 6
_SETTINGS = """
    SELECT setrole::regrole::text, array(SELECT unnest(setconfig) ORDER BY 1) FROM pg_db_role_setting ORDER BY 1
"""


@pytest.fixture(params=VERSIONS, ids=lambda version: f"postgres {version}")
def own(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """Start a server as RDS gives it: without the roles, and with the one that lets its members log in by IAM."""
    with contextlib.closing(Postgres(request.param)) as server:
        execute(server.server.url, f"DROP ROLE {READER}, {WRITER}")
        execute(server.server.admin_url, f"CREATE ROLE rds_iam; GRANT rds_iam TO {ROLE} WITH ADMIN OPTION")
        yield server


def test_databases_that_are_migrated_at_once_agree_about_the_roles(own: Postgres) -> None:
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(own.database(migrated=False)) for _ in range(DATABASES)]
        applied = race(DATABASES, lambda number: migrate(urls[number]))
        assert [names[-1] for names in applied] == [applied[0][-1]] * DATABASES
        wanted = sorted(f"{name}={value}" for name, value in SETTINGS.items())
        assert execute(own.server.admin_url, _SETTINGS) == [(READER, wanted), (WRITER, wanted)]
        members = "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole ORDER BY 1"
        assert execute(own.server.admin_url, members) == [(ROLE,), (READER,), (WRITER,)]


def test_a_role_without_a_password_is_let_in_by_none(own: Postgres) -> None:
    migrate(own.server.url)
    passwords = "SELECT count(*) FROM pg_authid WHERE rolname = ANY (%s) AND rolpassword IS NULL AND rolcanlogin"
    assert execute(own.server.admin_url, passwords, [READER, WRITER]) == [(2,)]


def test_a_cluster_of_a_developer_from_before_goes_on_working(own: Postgres) -> None:
    execute(own.server.admin_url, f"ALTER ROLE {ROLE} NOCREATEROLE")
    own.server.stop()
    own.restart()
    assert migrate(own.server.url)
    assert execute(own.server.writer_url, "SELECT current_user::text, current_database()::text") == [(WRITER, DATABASE)]
