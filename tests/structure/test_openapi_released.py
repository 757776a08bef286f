"""Clients of the last release can go on as they are, unless the version says that they cannot."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.openapi import changes, document

FILE = Path(__file__).parents[1] / "released" / "openapi.json"
RELEASED: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
CURRENT: dict[str, Any] = json.loads(document.PATH.read_text("utf-8"))


def may_break(before: str, after: str) -> bool:
    """Return whether a version may break clients of another (Semantic Versioning 2.0.0, sections 4 and 8)."""
    (old, old_minor, _), (new, new_minor, _) = before.split("."), after.split(".")
    return old != new or (old == "0" and old_minor != new_minor)


ADVICE = "clients of the last release break; CONTRIBUTING.md says under Release when they may"


def test_no_client_of_the_last_release_breaks() -> None:
    if not may_break(RELEASED["info"]["version"], CURRENT["info"]["version"]):
        assert changes.breaking(RELEASED, CURRENT) == [], ADVICE


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("0.1.0", "0.1.1", False),
        ("0.1.0", "0.2.0", True),
        ("0.9.0", "1.0.0", True),
        ("1.0.0", "1.1.0", False),
        ("1.9.9", "2.0.0", True),
    ],
)
def test_the_version_says_whether_clients_may_break(before: str, after: str, allowed: bool) -> None:
    assert may_break(before, after) == allowed
