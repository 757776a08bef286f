"""Reload: after an edit of a function, a layer or the template, the next request meets the new code."""

import asyncio
import importlib.util
import linecache
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from watchfiles import DefaultFilter, awatch

from local import template
from local.errors import TemplateError
from local.functions import load_functions
from local.gateway import Gateway, Version
from local.model import Project
from local.terminal import Terminal

_GATHER_MILLISECONDS = 200  # at most; a pause of a quarter of that ends it
_NOISE = DefaultFilter()


def load_version(project: Project, terminal: Terminal) -> Version:
    """Import all functions of *project*; what fails is shown, and answered with 502."""
    functions = load_functions(project)
    by_reason: dict[str, list[str]] = {}
    for name, reason in functions.failures.items():
        by_reason.setdefault(reason.rstrip().splitlines()[-1], []).append(name)
    for names in by_reason.values():
        terminal.say(f"{functions.failures[names[0]].rstrip()}\n{', '.join(names)}: 502 until that is mended.")
    return Version.of(project, functions)


class Reloader:
    """Watches the files of a project and replaces the gateway's version."""

    def __init__(
        self,
        gateway: Gateway,
        overrides: Mapping[str, str],
        set_environment: Callable[[Project], None],
        terminal: Terminal,
    ) -> None:
        self._gateway = gateway
        self._overrides = overrides
        self._set_environment = set_environment
        self._terminal = terminal
        self._one_at_a_time = asyncio.Lock()

    async def watch(self, stop: asyncio.Event) -> None:
        """Reload after each edit, until *stop*."""
        project = self._gateway.version.project
        try:
            await asyncio.gather(
                self._follow(_top_folders(project), _NOISE, stop, recursive=True),
                self._follow([project.root], _is_template, stop, recursive=False),
            )
        except (OSError, RuntimeError) as error:
            self._terminal.say(f"Edits are not noticed, restart after them: the files cannot be watched ({error}).")

    async def _follow(
        self, paths: Iterable[Path], wanted: Callable[..., bool], stop: asyncio.Event, *, recursive: bool
    ) -> None:
        changes = awatch(
            *paths, watch_filter=wanted, debounce=_GATHER_MILLISECONDS, stop_event=stop, recursive=recursive
        )
        async for changed in changes:
            async with self._one_at_a_time:
                await asyncio.to_thread(self.reload, sorted({Path(path) for _, path in changed}))

    def reload(self, changed: Iterable[Path] = ()) -> None:
        """Serve the code and the template as they are now; a template that cannot be served changes nothing."""
        began, old = time.monotonic(), self._gateway.version
        _forget_compiled(changed)
        try:
            project = template.read_project(old.project.root, self._overrides)
            self._set_environment(project)
        except TemplateError as error:
            self._terminal.say(f"{error}\nThe version before that edit goes on serving.")
            return
        self._gateway.version = load_version(project, self._terminal)
        old.functions.retire()
        names = ", ".join(_shown(path, project.root) for path in changed)
        self._terminal.say(f"Reloaded in {time.monotonic() - began:.2f} s: {names}")


def _is_template(_change: object, path: str) -> bool:
    return Path(path).name == template.NAME


def _top_folders(project: Project) -> set[Path]:
    folders = [*(function.file.parent for function in project.functions.values()), *project.layers]
    return {project.root / folder.relative_to(project.root).parts[0] for folder in folders}


def _forget_compiled(changed: Iterable[Path]) -> None:
    # Python tells versions apart by second and size; two quick edits can have both in common.
    for path in changed:
        if path.suffix == ".py":
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    linecache.clearcache()


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
