"""Asks every cell in a world that is as it was before the last one, and keeps what came of it."""

import json
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import groupby
from typing import Any, NamedTuple

from local.answer import Answer
from tests.fake_tables import FakeTables
from tests.handlers.prepared import prepare
from tests.handlers.world import World
from tests.in_process import Api
from tests.security.doors import silence
from tests.security.matrix.cells import Cell

NOBODYS = 0
_PASSING = ("timestamp", "request_id")
_KEPT = tuple(each.name for each in fields(FakeTables) if each.name not in ("calls", "lock", "on_erase"))


class Outcome(NamedTuple):
    """*told* is the body without what differs from request to request, *changed* whose rows are not what they were."""

    cell: Cell
    answer: Answer
    told: Any
    changed: frozenset[int]


class State:
    """The rows of a world, to be compared with and put back; what is nobody's own counts as `NOBODYS`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = pickle.dumps(self._now())
        self._before = pickle.loads(self._kept)
        self._tokens = dict(world.mail_tables.tokens)

    def changed(self) -> frozenset[int]:
        """Return whose rows, or sessions, differ now."""
        now, before = self._now(), self._before
        if now == before:
            return frozenset()
        users = _differing(now["rows"], before["rows"])
        owned = [row for name in ("sessions", "orders") for row in _differing_rows(now[name], before[name])]
        return frozenset((users | {row.user_id for row in owned}) or {NOBODYS})

    def put_back(self) -> None:
        for name, value in pickle.loads(self._kept).items():
            setattr(self._world.tables, name, value)
        self._world.mail_tables.tokens = dict(self._tokens)

    def _now(self) -> dict[str, Any]:
        return {name: getattr(self._world.tables, name) for name in _KEPT}


def _differing(now: dict[Any, Any], before: dict[Any, Any]) -> set[Any]:
    return {key for key in now.keys() | before.keys() if now.get(key) != before.get(key)}


def _differing_rows(now: dict[Any, Any], before: dict[Any, Any]) -> list[Any]:
    return [kept[key] for kept in (now, before) for key in _differing(now, before) & kept.keys()]


def run(cells: Iterable[Cell], world: World) -> Iterator[Outcome]:
    """Yield what comes of each cell."""
    api = Api()
    with silence():
        for stem, of_one_endpoint in groupby(cells, lambda cell: cell.stem):
            prepare(world, stem)
            state = State(world)
            for cell in of_one_endpoint:
                answer = cell.asked(api)
                changed = state.changed()
                if changed:
                    state.put_back()
                    prepare(world, stem)
                yield Outcome(cell, answer, told(answer), changed)


def told(answer: Answer) -> Any:
    """Return the body's document without times and request ids; what is not JSON as it is."""
    if not any(name.lower() == "content-type" and "json" in value for name, value in answer.headers):
        return answer.body
    document = json.loads(answer.body) if answer.body else None
    if isinstance(document, dict) and "error" in document:
        return {name: value for name, value in document["error"].items() if name not in _PASSING}
    if isinstance(document, dict):
        return {name: value for name, value in document.items() if name != "instance"}
    return document
