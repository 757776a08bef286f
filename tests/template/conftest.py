"""The template, translated once for all."""

from typing import Any

import pytest

from tests.template.deployed import STAGES, Deployed
from tools import translated


@pytest.fixture(scope="session")
def translated_template() -> dict[str, Any]:
    return translated.translate(translated.source())


@pytest.fixture(scope="session")
def deployed(translated_template: dict[str, Any]) -> dict[str, Deployed]:
    """Return the template as each stage deploys it."""
    return {stage: Deployed(translated_template, stage) for stage in STAGES}
