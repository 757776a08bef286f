"""
Whether handlers gave every answer that the OpenAPI document declares, in all workers together.

A plugin of pytest: each worker sends what it saw to the process that started it, and that one judges at the end.
"""

from collections.abc import Iterable
from typing import Any

import pytest

Sight = tuple[str, int, str]

_SEEN = pytest.StashKey[set[Sight]]()
_OUTPUT = "answers of handlers"


def note(config: Any, seen: Iterable[Sight]) -> None:
    """Keep what the handlers of this process answered: for the end, or for the process that started this worker."""
    output = getattr(config, "workeroutput", None)
    if output is None:
        config.stash.setdefault(_SEEN, set()).update(seen)
    else:
        output[_OUTPUT] = [list(sight) for sight in seen]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker saw; none is sent where only some tests of handlers ran."""
    for sight in getattr(node, "workeroutput", {}).get(_OUTPUT, []):
        node.config.stash.setdefault(_SEEN, set()).add(tuple(sight))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if unseen(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    missing = unseen(config)
    if missing:
        terminalreporter.section("declared in the OpenAPI document, and answered by no handler in any test", red=True)
        for sight in missing:
            terminalreporter.line(" ".join(map(str, sight)))


def unseen(config: Any) -> list[Sight]:
    """Return what no handler answered in any worker; nothing where not all tests of handlers ran."""
    if hasattr(config, "workeroutput") or _SEEN not in config.stash:
        return []
    from tests.handlers import recorder  # the layer is on the path only now

    seen: set[Sight] = config.stash[_SEEN]
    return [(sight.operation, sight.status, sight.code) for sight in recorder.unseen(seen)]
