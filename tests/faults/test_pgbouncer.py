"""The PgBouncer that the faults and the look for pinning stand on: it lends by transaction, and follows its orders."""

import contextlib
from collections.abc import Iterator

import psycopg2
import pytest

from local.postgres_database import accepts
from local.processes import keep_going, wait_until
from tests.pgbouncer import PgBouncer, pooled
from tests.servers import Servers, as_role, connected, execute

pytestmark = pytest.mark.integration


@pytest.fixture
def bouncer(servers: Servers) -> Iterator[PgBouncer]:
    with pooled(servers.postgres(18).server.admin_url, pool_size=1) as bouncer:
        yield bouncer


@pytest.fixture
def url(servers: Servers, bouncer: PgBouncer) -> str:
    return bouncer.url_of(servers.postgres(18).emptied())


def backend(url: str) -> object:
    return execute(url, "SELECT pg_backend_pid()")


def test_two_clients_share_one_connection_of_the_server(url: str) -> None:
    with connected(url) as one, connected(url) as other, one.cursor() as first, other.cursor() as second:
        first.execute("SELECT pg_backend_pid()")
        second.execute("SELECT pg_backend_pid()")
        assert first.fetchall() == second.fetchall()


def test_every_role_is_let_in_with_its_own_password(url: str) -> None:
    assert execute(as_role(url, "roster_writer"), "SELECT current_user") == [("roster_writer",)]
    with pytest.raises(psycopg2.OperationalError, match=r"password authentication failed|SASL"):
        execute(url.replace("://roster:", "://roster:not-"), "SELECT 1")


def test_a_changed_password_is_followed(servers: Servers, url: str) -> None:
    admin = servers.postgres(18).server.admin_url
    execute(admin, "CREATE ROLE rotated LOGIN PASSWORD 'one'")
    try:
        asked = url.replace(url.split("//")[1].split("@", maxsplit=1)[0], "rotated:{}")
        assert execute(asked.format("one"), "SELECT current_user") == [("rotated",)]
        execute(admin, "ALTER ROLE rotated PASSWORD 'two'")
        assert execute(asked.format("two"), "SELECT current_user") == [("rotated",)]
    finally:
        execute(admin, "DROP ROLE rotated")


def test_it_can_be_led_elsewhere_and_given_more_connections(servers: Servers, bouncer: PgBouncer, url: str) -> None:
    assert execute(url, "SHOW server_version_num")[0][0] >= "180000"  # type: ignore[operator]
    bouncer.resize(3)
    with contextlib.ExitStack() as stack:
        cursors = [stack.enter_context(stack.enter_context(connected(url)).cursor()) for _ in range(3)]
        for cursor in cursors:
            cursor.execute("BEGIN; SELECT pg_backend_pid()")
        assert len({cursor.fetchone() for cursor in cursors}) == 3
    bouncer.lead_to(1)
    with pytest.raises(psycopg2.OperationalError):
        execute(url, "SELECT 1")
    bouncer.lead_to(servers.postgres(18).server.port)
    assert wait_until(lambda: accepts(url), 2, keep_going)


def test_a_secret_stands_on_no_command_line_and_in_no_file_for_others(bouncer: PgBouncer) -> None:
    assert {file.stat().st_mode & 0o077 for file in bouncer.folder.iterdir() if file.name != "log"} == {0}
