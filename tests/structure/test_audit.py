"""What can be recorded is documented, and recorded somewhere."""

import re
from typing import get_args

from roster.audit.models import Action

from tests.structure import project
from tests.structure.project import ROOT

_ROW = re.compile(r"^\| *`([a-z_]+\.[a-z_]+)` *\|", re.MULTILINE)
ACTIONS = sorted(get_args(Action))


def test_every_action_is_documented_once_and_nothing_else_is() -> None:
    assert sorted(_ROW.findall((ROOT / "docs" / "audit.md").read_text("utf-8"))) == ACTIONS


def test_every_action_is_recorded_by_somebody() -> None:
    texts = [path.read_text("utf-8") for path in project.sources("layers/shared/roster") if path.name != "models.py"]
    assert [
        action for action in ACTIONS if not any(f'"{action}"' in text or f"'{action}'" in text for text in texts)
    ] == []
