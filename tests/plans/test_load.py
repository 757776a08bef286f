"""The load goes on where it was stopped, says how far it is, and its figures become tables and a picture."""

import shutil
from xml.etree import ElementTree

import pytest

from benchmarks.plans import chart, load, rows, verdict
from benchmarks.plans.depth import Cost, Measured
from benchmarks.plans.progress import Bar
from benchmarks.plans.rows import Size
from benchmarks.plans.server import serving
from benchmarks.plans.tables import all_of
from local.home import Home
from tests.plans.conftest import Ticks, superuser_url
from tests.servers import Postgres, Servers, execute, folder

SMALL = Size(users=2000, orders=4000)


def counts(url: str) -> dict[str, object]:
    """Return how many rows each table has, and the indexes."""
    rows: dict[str, object] = {
        table.name: execute(url, f"SELECT count(*) FROM {table.name}") for table in all_of(SMALL)
    }
    return rows | {"indexes": execute(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")}


@pytest.mark.integration
def test_a_load_that_was_stopped_goes_on_and_comes_to_the_same(servers: Servers) -> None:
    postgres: Postgres = servers.postgres(18)
    ticks = Ticks([])

    def stop_at_sessions(table: str, rows: int, *, is_new: bool) -> None:
        ticks(table, rows, is_new=is_new)
        if len(ticks.new) == 10:
            raise KeyboardInterrupt

    with postgres.database() as whole, postgres.database() as stopped:
        indexes = execute(whole, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        load.load(superuser_url(postgres, whole), SMALL, Ticks([]), batch=500)
        assert counts(whole)["indexes"] == indexes
        with pytest.raises(KeyboardInterrupt):
            load.load(superuser_url(postgres, stopped), SMALL, stop_at_sessions, batch=500)
        load.load(superuser_url(postgres, stopped), SMALL, ticks, batch=500)
        assert sum(rows for _, rows in ticks.new) == sum(table.numbers for table in all_of(SMALL))
        assert counts(stopped) == counts(whole)
        load.load(superuser_url(postgres, stopped), SMALL, ticks, batch=500)
        assert counts(stopped) == counts(whole)
        execute(stopped, "INSERT INTO users (email, email_canonical, name, name_folded) VALUES ('a', 'a', 'A', 'a')")


@pytest.mark.integration
def test_what_is_loaded_breaks_no_foreign_key_though_none_is_checked(loaded_url: str) -> None:
    keys = "SELECT conname, conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
    found = execute(loaded_url, keys)
    assert found
    for name, table, definition in found:
        execute(loaded_url, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        execute(loaded_url, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@pytest.mark.integration
def test_rows_that_would_be_made_otherwise_now_are_made_anew(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    postgres: Postgres = servers.postgres(18)
    with postgres.database() as url:
        load.load(superuser_url(postgres, url), SMALL, Ticks([]))
        monkeypatch.setattr(rows, "USERS", rows.USERS.replace("Lovelace", "Byron"))
        ticks = Ticks([])
        load.load(superuser_url(postgres, url), SMALL, ticks)
        assert {table for table, _ in ticks.new} == {"users"}
        counted = execute(url, "SELECT count(*) FILTER (WHERE name LIKE '% Byron %') > 0, count(*) FROM users")
        assert counted == [(True, 2000)]


def test_the_bar_tells_how_far_it_is_and_how_long_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(100)
    bar.tick("users", 20, is_new=False)
    bar.tick("users", 30, is_new=True)
    bar.close()
    last = capsys.readouterr().err.split("\r")[-1]
    assert ("50 %" in last, "rows/s" in last, "min left" in last, "users" in last) == (True,) * 4


def measured(*keyset: Cost) -> list[Measured]:
    return [Measured("a list", 10**depth, cost, Cost(9, 9)) for depth, cost in enumerate(keyset)]


def test_a_page_that_costs_more_the_deeper_it_lies_is_found() -> None:
    assert list(verdict.too_dear(measured(Cost(10, 1), Cost(12, 1.2)), in_time=True)) == []
    (fault,) = verdict.too_dear(measured(Cost(10, 1), Cost(13, 1)), in_time=True)
    assert "1.30 times as many buffers" in fault
    slow = measured(Cost(10, 1), Cost(10, 1.5))
    assert len(list(verdict.too_dear(slow, in_time=True))) == 1
    assert list(verdict.too_dear(slow, in_time=False)) == []


def test_the_picture_shows_both_ways_of_each_list() -> None:
    picture = ElementTree.fromstring(chart.drawn(measured(Cost(10, 1), Cost(10, 1.5))))
    lines = [node.get("class") for node in picture.iter("{http://www.w3.org/2000/svg}path")]
    assert lines[-2:] == ["line keyset", "line offset"]


@pytest.mark.integration
def test_what_is_of_another_size_goes() -> None:
    home = Home(folder() / "explain")
    with serving(home, SMALL) as urls:
        execute(urls.owner, "CREATE TABLE loaded ()")
    for size, found in ((SMALL, "loaded"), (Size(2001, 4000), None)):
        with serving(home, size) as urls:
            assert execute(urls.owner, "SELECT to_regclass('loaded')") == [(found,)]
    shutil.rmtree(home.folder.parent)
