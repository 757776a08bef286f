"""F23: the disk is full; writes are refused honestly, reads go on, nothing is lost, and with room it goes on."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg2.errors import DiskFull

from local.postgres_database import WRITER
from tests.faults.scenarios.warm import Environment, warm
from tests.servers import Postgres, as_role, connected, execute

pytestmark = pytest.mark.integration

MEGABYTES = 32
_FILL = "INSERT INTO ballast SELECT repeat('x', 1900) FROM generate_series(1, %s)"


@pytest.fixture
def small_disk(own_postgres: Postgres) -> Iterator[Path]:
    """A file system of a few megabytes, which only who may mount can make."""
    disk = own_postgres.folder / "small"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(disk)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        done = None
    if done is None or done.returncode:
        disk.rmdir()
        pytest.skip("a full disk takes a small file system, and mounting one takes root")
    owner = _owner(own_postgres)
    os.chown(disk, owner.st_uid, owner.st_gid)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
    shutil.rmtree(disk)


def _owner(postgres: Postgres) -> os.stat_result:
    ((data,),) = execute(postgres.server.admin_url, "SHOW data_directory")
    return Path(str(data)).stat()


@pytest.fixture
def url_on_it(own_postgres: Postgres, small_disk: Path) -> Iterator[str]:
    admin_url = own_postgres.server.admin_url
    execute(admin_url, f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    with own_postgres.database() as url:
        name = url.rsplit("/", 1)[1]
        execute(admin_url, f"ALTER DATABASE {name} SET TABLESPACE small")
        yield url
    execute(admin_url, "DROP TABLESPACE small")


@pytest.fixture
def place(url_on_it: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    with warm(monkeypatch, as_role(url_on_it, WRITER)) as environment:
        yield environment


def fill(url: str) -> None:
    """Write until there is no room for another page."""
    execute(url, "CREATE TABLE ballast (text text)")
    for rows in (4000, 100, 1):
        with connected(url) as connection, connection.cursor() as cursor, contextlib.suppress(DiskFull):
            while True:
                cursor.execute(_FILL, [rows])


def names(url: str) -> list[tuple[object, ...]]:
    return execute(url, "SELECT name FROM users ORDER BY id")


def test_a_full_disk_refuses_writes_loses_nothing_and_hinders_nobody_once_there_is_room(
    place: Environment, url_on_it: str
) -> None:
    fill(url_on_it)
    before = names(url_on_it)
    answers = [place.write() for _ in range(200)]
    refused = [answer for answer in answers if answer.status != 200]
    assert refused, "the disk was not full"
    assert all(answer.is_an_honest_refusal for answer in refused), refused
    done = len(answers) - len(refused)
    assert place.read().status == 200
    assert (names(url_on_it) == before) is (done == 0)
    execute(url_on_it, "DROP TABLE ballast")
    assert place.write().status == place.read().status == 200
    assert versions(url_on_it) == done + 2 + 2


def versions(url: str) -> int:
    """Return how often the two users were written in all, their registration included."""
    return int(str(execute(url, "SELECT sum(version) FROM users")[0][0]))
