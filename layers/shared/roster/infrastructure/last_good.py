"""What a text was read as: anew when it changes, and the last good reading where it cannot be read."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from roster.infrastructure import elapsed, observability
from roster.infrastructure.elapsed import Moment

# Also what depends on the time is seen after so long.
MAX_AGE_SECONDS = 60

Read = TypeVar("Read")


class _Reading(NamedTuple, Generic[Read]):
    text: str
    since: Moment
    value: Read


class LastGood(Generic[Read]):
    """Reads with *parse*, which says by *refusal* that it cannot."""

    def __init__(self, parse: Callable[[str], Read], refusal: type[Exception]) -> None:
        self._parse = parse
        self._refusal = refusal
        self._reading: _Reading[Read] | None = None

    def of(self, text: str) -> Read:
        """Return what *text* says; raises what *parse* does where nothing good was ever read."""
        reading = self._reading
        if reading and reading.text == text and elapsed.seconds_since(reading.since) < MAX_AGE_SECONDS:
            return reading.value
        try:
            reading = _Reading(text, elapsed.now(), self._parse(text))
        except self._refusal:
            if reading is None:
                raise
            observability.count("KeysUnreadable")
            return reading.value
        self._reading = reading
        return reading.value
