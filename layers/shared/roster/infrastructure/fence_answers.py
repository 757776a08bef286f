"""What is asked of the fenced cache, and what it may say."""

from typing import NamedTuple

from roster.infrastructure.cache_control import Lease
from roster.infrastructure.scripts import Call


class Question(NamedTuple):
    """A *call* for the round trip of a request; its answer is judged under the lease that it was asked under."""

    key: str
    lease: Lease
    call: Call


class Hit(NamedTuple):
    value: bytes


class Miss(NamedTuple):
    """Nothing is cached; with a *token* one may fill in what PostgreSQL is asked for from now on."""

    question: Question
    token: str


class Bypass(NamedTuple):
    """The cache has nothing to say: ask PostgreSQL and store nothing."""
