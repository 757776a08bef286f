"""Lua scripts for Redis, and calls of them that several capabilities send in one round trip."""

import hashlib
from typing import NamedTuple, Protocol

Command = tuple[str | int | bytes, ...]


class Script:
    """A script by its *source*; *sha* is the name that Redis gives it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


class Call(NamedTuple):
    """One run of a script; all its keys share a hash slot. What it returns should not be nil, which says it failed."""

    script: Script
    keys: tuple[str, ...] = ()
    arguments: tuple[str | int | bytes, ...] = ()

    @property
    def by_sha(self) -> Command:
        """Return the command for a Redis that has seen the script."""
        return ("EVALSHA", self.script.sha, len(self.keys), *self.keys, *self.arguments)

    @property
    def in_full(self) -> Command:
        """Return the command for a Redis that has not."""
        return ("EVAL", self.script.source, len(self.keys), *self.keys, *self.arguments)


class ScriptRunner(Protocol):
    """A Redis, or what stands for one; it never raises."""

    def run(self, *calls: Call) -> tuple[object | None, ...]:
        """Run scripts in one round trip and return an answer for each; None for one that failed."""

    def insist(self, *calls: Call) -> tuple[object | None, ...]:
        """As `run`, also while it is thought to be away."""

    def reconnect(self) -> None:
        """Use new connections from now on."""


class AbsentRedis(ScriptRunner):
    """Where none is configured: one that is away for ever, for those who have to reckon with others who have one."""

    def run(self, *calls: Call) -> tuple[object | None, ...]:
        return (None,) * len(calls)

    insist = run

    def reconnect(self) -> None:
        """There is nothing to connect to."""
