"""Which modules a layer's modules import, read from their sources."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

IN_THE_RUNTIME = {"boto3", "botocore", "snapshot_restore_py"}
Modules = dict[str, Path]


class Statement(NamedTuple):
    """One that imports; it is certain to run unless a function, a condition or a `try` stands around it."""

    level: int
    module: str
    names: tuple[str, ...]
    is_certain: bool


class Import(NamedTuple):
    importer: str
    wanted: str
    is_certain: bool


def missing(site: Path, apps: Iterable[Path]) -> set[Import]:
    """Return what is imported by the apps, or what those import in turn, and is in neither layer nor runtime."""
    modules, found = _modules(site), set[Import]()
    waiting, seen = list(apps), set(apps)
    while waiting:
        for each in _imports(waiting.pop(), site, modules):
            if not _is_there(each.wanted, modules):
                found.add(each)
            files = {modules[name] for name in _with_packages(each.wanted) if name in modules}
            waiting += [file for file in files - seen if file.suffix == ".py"]
            seen |= files
    return found


def _modules(site: Path) -> Modules:
    """Return each module's file by its name; a folder stands for a package without one."""
    files = [path for path in site.rglob("*") if "__pycache__" not in path.parts]
    found = {".".join(path.relative_to(site).parts): path for path in files if path.is_dir()}
    for path in files:
        parts = path.relative_to(site).parts
        if path.suffix in {".py", ".so"}:
            named = parts[:-1] if path.name == "__init__.py" else (*parts[:-1], path.name.partition(".")[0])
            found[".".join(named)] = path
    return found


def _with_packages(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _is_there(module: str, modules: Modules) -> bool:
    """Tell what the layer, Python or Lambda brings, or is part of an extension module."""
    if module in modules or module.partition(".")[0] in sys.stdlib_module_names | IN_THE_RUNTIME:
        return True
    parent = modules.get(module.rpartition(".")[0])
    return parent is not None and parent.suffix == ".so"


def _imports(source: Path, site: Path, modules: Modules) -> Iterator[Import]:
    importer = source.relative_to(site).as_posix() if source.is_relative_to(site) else source.parent.name
    for level, module, names, is_certain in _statements(source.read_bytes()):
        package = source.parents[level - 1].relative_to(site).parts if level else ()
        base = ".".join([*package, *filter(None, [module])])
        yield Import(importer, base, is_certain)
        for name in names:
            if f"{base}.{name}" in modules:
                yield Import(importer, f"{base}.{name}", is_certain)


@cache
def _statements(source: bytes) -> list[Statement]:
    tree = ast.parse(source)
    certain, for_types = set(_certain(tree.body)), set(_for_types(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Statement(0, alias.name, (), node in certain) for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node not in for_types:
            names = tuple(alias.name for alias in node.names)
            found.append(Statement(node.level, node.module or "", names, node in certain))
    return found


def _certain(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.With | ast.ClassDef):
            yield from _certain(statement.body)


def _for_types(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from node.body
