"""The writer may send every statement that there is, and is granted no verb that no statement needs."""

import re

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure import origin

from benchmarks.plans import coverage, run
from benchmarks.plans.adapters import adapters_on
from benchmarks.plans.cases import ALL
from benchmarks.plans.recorder import RecordingDatabase, connected
from local.postgres_database import WRITER
from tests.roles.stated import WRITES
from tests.servers import as_role

pytestmark = [pytest.mark.integration]

# Reading a row for whoever changes it afterwards takes the right to change it, so UPDATE is also what FOR UPDATE needs.
_VERBS = {"INSERT": r"INSERT INTO (\w+)", "UPDATE": r"UPDATE (\w+)(?: AS \w+)? SET|INSERT INTO (\w+)[^;]*?DO UPDATE"}
_VERBS |= {"DELETE": r"DELETE FROM (\w+)", "SELECT": r"(?:FROM|JOIN|USING|INTO|UPDATE) (\w+)"}


class _Plain(RecordingDatabase):
    """Notes what is sent, and explains nothing."""

    texts: list[str]

    def _cursor(self) -> Cursor:  # type: ignore[override]
        cursor = self._connection.cursor(cursor_factory=_Noting)
        cursor.texts = self.texts
        return cursor


class _Noting(Cursor):
    texts: list[str]

    def execute(self, query: object, vars: object = None) -> None:  # noqa: A002 (the driver's name)
        self.texts.append(str(query))
        super().execute(query, vars)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def texts(loaded_url: str) -> list[str]:
    """Send everything as the writer, case by case, and take it back."""
    sent: list[str] = []
    with connected(as_role(loaded_url, WRITER)) as connection:
        for call in ALL.values():
            database = _Plain(connection)
            database.texts = sent
            with origin.within(run._ADMIN):
                call(adapters_on(database))
            connection.rollback()
    return sent


def test_the_writer_may_send_every_statement(texts: list[str]) -> None:
    assert coverage.unseen(texts) == []


def test_no_verb_is_granted_that_no_statement_needs(texts: list[str]) -> None:
    needed = {table: {verb for verb in _VERBS if _needs(texts, verb, table)} for table in WRITES}
    assert needed | {"schema_migrations": set()} == WRITES


def _needs(texts: list[str], verb: str, table: str) -> bool:
    found = {name for text in texts for names in re.findall(_VERBS[verb], _on_one_line(text)) for name in _all(names)}
    return table in found


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _all(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names
