"""What was asked of the cache before anybody needed it, so that all that a request reads is one round trip."""

from contextvars import ContextVar
from typing import TYPE_CHECKING

from roster.infrastructure.held import Held

if TYPE_CHECKING:
    from roster.infrastructure.fence_answers import Question

    Asked = tuple[Question, object]

_asked: ContextVar["dict[str, Asked] | None"] = ContextVar("asked", default=None)


def nothing() -> "Held[dict[str, Asked] | None]":
    """Begin a request, for which nothing has been asked; what is left over at its end is forgotten."""
    return Held(_asked, {})


def leave(question: "Question", answer: object) -> None:
    """Keep an answer for whoever asks the same during this request; outside of any nobody will."""
    asked = _asked.get()
    if asked is not None:
        asked[question.key] = (question, answer)


def taken(key: str) -> "Asked | tuple[None, None]":
    """Return what was asked about *key* and the answer, once."""
    asked = _asked.get()
    return asked.pop(key, (None, None)) if asked else (None, None)
