"""One handler and many events: what it answers, and whether a refused request changed anything."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.builders import a_context
from tests.functions import handler_of
from tests.fuzzing.judges import faults_of, state_of
from tests.fuzzing.mutations import Mutation, chosen
from tests.handlers.endpoints import Endpoint
from tests.handlers.prepared import prepare
from tests.handlers.world import World

Event = dict[str, Any]
Handler = Callable[[Event, Any], Any]


class Found(NamedTuple):
    """What is wrong with the answer to an event, and how the event came about."""

    faults: list[str]
    mutations: list[Mutation]
    event: Event

    def __str__(self) -> str:
        return f"{self.faults} after {self.mutations}: {self.event!r:.3000}"


class Campaign:
    """Sends events to one handler on fakes; what succeeded starts it all anew."""

    def __init__(self, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, handler: Handler | None = None) -> None:
        self._endpoint, self._monkeypatch = endpoint, monkeypatch
        self._handler = handler or handler_of(endpoint.stem)
        self._good = endpoint.event()
        self._begin()

    def _begin(self) -> None:
        self.world = World(self._monkeypatch)
        prepare(self.world, self._endpoint.stem)
        self._state = state_of(self.world)

    def run(self, seed: int, count: int, pool: list[Any]) -> Found | None:
        """Send so many events; return what is wrong with the first answer that is not in the contract."""
        random = Random(seed)
        for _ in range(count):
            mutations = chosen(random)
            faults = self._faults(mutations, pool)
            if faults:
                return self._reduced(Found(faults, mutations, self._event(mutations, pool)), pool)
        return None

    def _event(self, mutations: list[Mutation], pool: list[Any]) -> Event:
        event = copy.deepcopy(self._good)
        for mutation in mutations:
            mutation.apply(event, pool)
        return event

    def _faults(self, mutations: list[Mutation], pool: list[Any]) -> list[str]:
        event = self._event(mutations, pool)
        try:
            response = self._handler(event, a_context())
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not come out)
            return [f"it raises {error!r:.200}"]
        return faults_of(response, event) + self._traces(response)

    def _traces(self, response: Any) -> list[str]:
        """Return whether a refused request left any; afterwards everything is as in the beginning."""
        state = state_of(self.world)
        if state == self._state:
            return []
        self._begin()
        is_done = isinstance(response, dict) and response.get("statusCode") in (200, 201, 202, 204)
        return [] if is_done else ["it is refused, and has changed something"]

    def _reduced(self, found: Found, pool: list[Any]) -> Found:
        """Leave out what makes no difference, one mutation after another."""
        for mutation in found.mutations:
            others = [other for other in found.mutations if other is not mutation]
            faults = self._faults(others, pool)
            if faults:
                return self._reduced(Found(faults, others, self._event(others, pool)), pool)
        return found
