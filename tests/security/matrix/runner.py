"""Asks every cell in a world that is as it was before the last one, and keeps what came of it."""

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from local.answer import Answer
from tests.handlers.world import World
from tests.in_process import Api
from tests.security.doors import silence
from tests.security.matrix.cells import Cell

_PASSING = ("timestamp", "request_id")


class Outcome(NamedTuple):
    """*told* is the body without what differs from request to request, *changed* whose rows are not what they were."""

    cell: Cell
    answer: Answer
    told: Any
    changed: frozenset[int]


class State:
    """The rows of a world, to be compared with and put back."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = copy.deepcopy(world.tables.rows)
        self._sessions = copy.deepcopy(world.tables.sessions)
        self._last_id = world.tables.last_id

    def changed(self) -> frozenset[int]:
        """Return whose rows, or sessions, differ now."""
        now, before = self._world.tables.rows, self._rows
        users = {user_id for user_id in now.keys() | before.keys() if now.get(user_id) != before.get(user_id)}
        return frozenset(users | self._owners_of_changed_sessions())

    def _owners_of_changed_sessions(self) -> set[int]:
        now, before = self._world.tables.sessions, self._sessions
        names = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
        return {sessions[name].user_id for sessions in (now, before) for name in names & sessions.keys()}

    def put_back(self) -> None:
        self._world.tables.rows = copy.deepcopy(self._rows)
        self._world.tables.sessions = copy.deepcopy(self._sessions)
        self._world.tables.last_id = self._last_id
        self._world.cache.entries.clear()


def run(cells: Iterable[Cell], world: World) -> Iterator[Outcome]:
    """Yield what comes of each cell."""
    api, state = Api(), State(world)
    with silence():
        for cell in cells:
            answer = cell.asked(api)
            changed = state.changed()
            if changed:
                state.put_back()
            yield Outcome(cell, answer, told(answer), changed)


def told(answer: Answer) -> Any:
    """Return the body's document without times and request ids."""
    document = json.loads(answer.body) if answer.body else None
    if isinstance(document, dict) and "error" in document:
        return {name: value for name, value in document["error"].items() if name not in _PASSING}
    if isinstance(document, dict):
        return {name: value for name, value in document.items() if name != "instance"}
    return document
