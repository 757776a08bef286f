"""
Weaknesses to plant: each changes the source of the template, as somebody might in a hurry.

A plant lives in `<topic>_plants.py` and is found by its decorator; it changes the document that it is given, which
is template.yaml with every short form written out:

    @plant("prod", breaks="the_database_is_private_and_under_the_key")
    def the_database_is_public(template: Template) -> None:
        template["Resources"]["Database"]["Properties"]["PubliclyAccessible"] = True

*stages* are those that must notice, each of them; by default prod alone. *breaks* names the rule that must: every rule
has a plant, so none is there that could not fail.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

Template = dict[str, Any]
Change = Callable[[Template], None]


class Plant(NamedTuple):
    name: str
    change: Change
    stages: tuple[str, ...]
    breaks: str


_PLANTS: dict[str, Plant] = {}


def plant(*stages: str, breaks: str) -> Callable[[Change], Change]:
    def register(change: Change) -> Change:
        name = change.__name__
        assert name not in _PLANTS, f"two plants are called {name}"
        _PLANTS[name] = Plant(name, change, stages or ("prod",), breaks)
        return change

    return register


def all_plants() -> list[Plant]:
    """Return every plant, from every module of plants."""
    for module in sorted(Path(__file__).parent.glob("*_plants.py")):
        importlib.import_module(f"tests.template.{module.stem}")
    return list(_PLANTS.values())
