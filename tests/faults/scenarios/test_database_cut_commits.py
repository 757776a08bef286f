"""F13: thousands of COMMITs cut, before and after they arrived; nobody is told anything that is not so."""

import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import OutcomeUnknownError, UnavailableError
from roster.infrastructure import commits
from roster.infrastructure.database import Database

from tests import environment
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.security.progress import IN_FULL, ticker
from tests.servers import Servers, at_port, execute, past_pooler

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CUTS = 10_000 if IN_FULL else 200
PLANTED_CUTS = 20
# Of so many one is told to the work a second time, and one finds nobody to ask for a while.
EVERY_LOST_TWICE, EVERY_UNREACHABLE = 25, 50
TRUE = {"done": 1, "done by a second try": 1, "not done": 0}


class Cutting:
    """Writes numbers, one a transaction, whose COMMIT is cut; each is told to be done or not, or unknown."""

    def __init__(self, url: str, proxy: FaultProxy) -> None:
        self._url, self._proxy = url, proxy
        address = past_pooler(url)
        self._target = urlsplit(address).port
        proxy.point_to(self._target)
        self._database = Database(at_port(address, proxy.port), pool_max=1, idle_seconds=30)
        execute(url, "CREATE TABLE IF NOT EXISTS notes (number integer)")

    def close(self) -> None:
        self._database.close()

    def run(self, count: int, tick: Callable[[int], None]) -> dict[int, str]:
        told = {}
        for number in range(count):
            told[number] = self._told(number)
            tick(number + 1)
        return told

    def _told(self, number: int) -> str:
        lost = (number % EVERY_LOST_TWICE == 0, number % EVERY_UNREACHABLE == 1)
        cuts = itertools.chain([number % 2 == 1], [False] if lost[0] else [])
        tries: list[int] = []

        def work(cursor: Cursor) -> None:
            tries.append(number)
            cursor.execute("INSERT INTO notes VALUES (%(number)s)", {"number": number})
            for hands_on in itertools.islice(cuts, 1):
                self._proxy.cut_at(b"COMMIT", occurrence=1, hands_on=hands_on)
            if lost[1]:
                self._proxy._way.target = None

        try:
            self._database.transaction(work)
        except OutcomeUnknownError:
            return "unknown"
        except UnavailableError:
            return "not done"
        finally:
            self._proxy._way.target = self._target
        return "done" if len(tries) == 1 else "done by a second try"

    def wrong(self, told: dict[int, str]) -> list[int]:
        """Return the numbers that are not there as often as was told."""
        there = Counter(int(str(number)) for (number,) in execute(self._url, "SELECT number FROM notes"))
        return [number for number, what in told.items() if there[number] not in _possible(what)]


def _possible(what: str) -> set[int]:
    return {0, 1} if what == "unknown" else {TRUE[what]}


@pytest.fixture
def cutting(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cutting]:
    environment.set_up(monkeypatch)
    monkeypatch.setattr(commits, "SETTLE_SECONDS", 1.0)
    with servers.postgres(18).database() as url, fault_proxy() as proxy:
        cutting = Cutting(url, proxy)
        yield cutting
        cutting.close()


def test_no_cut_commit_is_told_wrongly(cutting: Cutting, capsys: pytest.CaptureFixture[str]) -> None:
    told = cutting.run(CUTS, ticker("commits cut", CUTS, capsys))
    counts = Counter(told.values())
    with capsys.disabled():
        sys.stderr.write(f"  {CUTS:,} cut commits were told as {dict(counts)}\n")
    assert cutting.wrong(told) == []
    assert counts["unknown"] <= CUTS / EVERY_UNREACHABLE
    assert counts["not done"] <= CUTS / EVERY_LOST_TWICE
    assert counts.keys() == {*TRUE, "unknown"}, "each is brought about"


@pytest.mark.parametrize("verdict", [True, False], ids=["taken for committed", "done again blindly"])
def test_whoever_does_not_ask_is_found_out(verdict: bool, cutting: Cutting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "is_committed", lambda mark, lend: verdict)
    assert cutting.wrong(cutting.run(PLANTED_CUTS, lambda done: None))
