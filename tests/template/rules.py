"""
Rules: what has to hold of the template as it is deployed, each a function that raises AssertionError.

A rule lives in a module `<topic>_rules.py` of this folder and is found by its decorator:

    @rule("dev", "staging", "prod")
    def the_database_is_encrypted(deployed: Deployed) -> None:
        assert deployed.the("AWS::RDS::DBInstance")["StorageEncrypted"] is True

Without stages it holds for all. Its name is the promise. `test_rules.py` holds every stage to every rule, and
`test_plants.py` plants weaknesses (`plants.py`, `<topic>_plants.py`) and shows that a rule finds each.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.template.deployed import STAGES, Deployed

Check = Callable[[Deployed], None]


class Rule(NamedTuple):
    name: str
    check: Check
    stages: tuple[str, ...]


_RULES: dict[str, Rule] = {}


def rule(*stages: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        name = check.__name__
        assert name not in _RULES, f"two rules are called {name}"
        _RULES[name] = Rule(name, check, stages or STAGES)
        return check

    return register


def all_rules() -> list[Rule]:
    """Return every rule, from every module of rules."""
    for module in sorted(Path(__file__).parent.glob("*_rules.py")):
        importlib.import_module(f"tests.template.{module.stem}")
    return list(_RULES.values())


def broken(deployed: Deployed) -> dict[str, str]:
    """Return the rules that *deployed* breaks, each with what it says."""
    found = {}
    for each in all_rules():
        if deployed.stage in each.stages:
            try:
                each.check(deployed)
            except AssertionError as error:
                found[each.name] = str(error)
    return found
