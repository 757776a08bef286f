"""SnapStart's hooks: registered where there is a snapshot, and free of charge where there is none."""

import random
import sys
from importlib import import_module

import pytest
from roster.infrastructure import snapshots

HOOKS = "snapshot_restore_py"


@pytest.fixture(autouse=True)
def _hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = import_module(HOOKS)
    monkeypatch.setattr(registry, "_before_snapshot_registry", [])
    monkeypatch.setattr(registry, "_after_restore_registry", [])


def hook() -> None:
    """Do nothing."""


def test_hooks_are_called_where_an_environment_starts_from_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    snapshots.before_snapshot(hook)
    snapshots.after_restore(snapshots.reseed)
    assert import_module(HOOKS).get_before_snapshot() == [(hook, (), {})]
    assert import_module(HOOKS).get_after_restore() == [(snapshots.reseed, (), {})]


@pytest.mark.parametrize("kind", [None, "on-demand", "provisioned-concurrency"])
def test_elsewhere_the_library_of_hooks_is_not_even_loaded(kind: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_INITIALIZATION_TYPE", raising=False)
    if kind:
        monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)
    monkeypatch.setitem(sys.modules, HOOKS, None)  # importing it would fail
    snapshots.before_snapshot(hook)
    snapshots.after_restore(hook)


def test_random_numbers_go_on_differently_in_each_copy() -> None:
    state, drawn = random.getstate(), []
    for _ in range(2):
        random.setstate(state)
        snapshots.reseed()
        drawn.append(random.random())
    assert drawn[0] != drawn[1]
