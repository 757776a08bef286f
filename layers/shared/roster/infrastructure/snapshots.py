"""SnapStart: environments begin as copies of one snapshot; what each has to have for itself is made anew in a hook."""

import sys
from collections.abc import Callable
from importlib import import_module

from roster.infrastructure import settings

Hook = Callable[[], object]


def before_snapshot(hook: Hook) -> None:
    """Call *hook* once before a snapshot is taken: what it loads, no restored environment has to load."""
    if settings.starts_from_snapshot():
        import_module("snapshot_restore_py").register_before_snapshot(hook)


def after_restore(hook: Hook) -> None:
    """Call *hook* in each environment that is restored, before its first request."""
    if settings.starts_from_snapshot():
        import_module("snapshot_restore_py").register_after_restore(hook)


def reseed() -> None:
    """
    Let the module `random` go on differently in each copy, where it is loaded.

    `secrets` and `uuid4` ask the system, which does by itself.
    """
    if "random" in sys.modules:
        sys.modules["random"].seed()


after_restore(reseed)
