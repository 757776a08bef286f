"""
What a release sends: every statement of every case, as it went to PostgreSQL, and the time limits that it runs under.

`python -m benchmarks.plans.released` writes `tests/released/statements.json`, at a release.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin

from benchmarks.plans import load
from benchmarks.plans.adapters import adapters_on
from benchmarks.plans.cases import ALL, Case
from benchmarks.plans.recorder import RecordingDatabase, connected
from benchmarks.plans.rows import Size
from benchmarks.plans.sample import ADMIN_ID, session_id
from benchmarks.plans.server import serving
from local.home import Home
from local.postgres_database import READER, WRITER, url_of

FILE = Path(__file__).parents[2] / "tests" / "released" / "statements.json"
SIZE = Size(users=50_000, orders=200_000)
_ADMIN = Origin(ADMIN_ID, session_id(ADMIN_ID), "203.0.113.7", "4c6d0f7e-released")
_SETTINGS = """
    SELECT rolname::text, to_jsonb(rolconfig) FROM pg_roles WHERE rolname = ANY (%(roles)s) ORDER BY 1
"""


class Sent(NamedTuple):
    """A statement with its values, and whether it found or changed any row."""

    statement: str
    has_rows: bool


class _Noting(Cursor):
    sent: list[Sent]

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 (the driver's name)
        text = self.mogrify(query, vars).decode()
        super().execute(query, vars)
        self.sent.append(Sent(text, self.rowcount > 0))


class _Plain(RecordingDatabase):
    """Does the work, notes what is sent, and explains nothing."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.sent: list[Sent] = []

    def _cursor(self) -> Any:
        cursor = self._connection.cursor(cursor_factory=_Noting)
        cursor.sent = self.sent
        return cursor


def sent_in(connection: Connection, call: Case) -> list[Sent]:
    """Run one case and take it back; return what it sent."""
    database = _Plain(connection)
    try:
        with origin.within(_ADMIN):
            call(adapters_on(database))
    finally:
        connection.rollback()
    return database.sent


def recorded(url: str) -> dict[str, Any]:
    """Return the settings of the roles, and by case what is sent on the loaded database behind *url*, and by which."""
    cases: dict[str, Any] = {}
    with connected(_of(READER, url)) as reader, connected(_of(WRITER, url)) as writer:
        for name, call in ALL.items():
            try:
                role, sent = READER, sent_in(reader, call)
            except InsufficientPrivilege:
                role, sent = WRITER, sent_in(writer, call)
            cases[name] = {"role": role, "sent": [each._asdict() for each in sent]}
        with reader.cursor() as cursor:
            cursor.execute(_SETTINGS, {"roles": [READER, WRITER]})
            return {"settings": dict(cursor.fetchall()), "cases": cases}


def _of(role: str, url: str) -> str:
    parts = urlsplit(url)
    return url_of(role, parts.password or "", parts.port or 0, parts.path.lstrip("/"))


def read() -> dict[str, Any]:
    released: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return released


def main() -> None:
    with _loaded() as url:
        FILE.write_text(json.dumps(recorded(url), indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{FILE} is what this release sends.")


@contextmanager
def _loaded() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="roster-released-") as folder, serving(Home(Path(folder)), SIZE) as urls:
        load.load(urls.admin, SIZE, _say_nothing)
        yield urls.owner


def _say_nothing(table: str, rows: int, *, is_new: bool) -> None:
    """Hear of progress, and show none."""


if __name__ == "__main__":
    main()
