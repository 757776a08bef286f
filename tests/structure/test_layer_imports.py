"""Whatever a function imports, at once or later, is in the layer; or it is known why not."""

from pathlib import Path

import pytest

from tests.structure import layer_imports
from tests.structure.layer import Built
from tests.structure.layer_imports import Import
from tests.structure.project import ROOT

pytestmark = pytest.mark.slow

APPS = sorted((ROOT / "functions").glob("*/app.py"))

# Importer and module of what does not ship, and who would miss it.
KNOWN = {
    (
        "aws_lambda_powertools/shared/functions.py",
        "aws_lambda_powertools.event_handler.openapi.compat",
    ): "who logs models of pydantic",
    ("pydantic/_internal/_generate_schema.py", "pydantic.v1"): "the words of an error that stops any import",
    ("redis/ocsp.py", "requests"): "who asks for OCSP",
}


def faults(built: Built) -> dict[tuple[str, str], Import]:
    """Return missing modules; a package that others can do without may be missing as a whole."""
    found = layer_imports.missing(built.site, APPS)
    return {(each.importer, each.wanted): each for each in found if not _may_be_missing(built, each)}


def _may_be_missing(built: Built, each: Import) -> bool:
    is_ours = not (built.site / each.importer).exists() or each.importer.startswith("roster/")
    is_torn = (built.site / each.wanted.split(".")[0]).exists()
    return not (each.is_certain or is_ours or is_torn)


def test_no_module_is_missing(built: Built) -> None:
    assert faults(built).keys() == KNOWN.keys()


def test_planted_gaps_are_found(built: Built, tmp_path: Path) -> None:
    faulty = built.copied(tmp_path)
    for gone in ("roster/errors.py", "redis/retry.py", "jwt/algorithms.py"):
        faulty.planted(gone, None)
    wanted = {wanted for _, wanted in faults(faulty).keys() - KNOWN.keys()}
    assert wanted == {"roster.errors", "redis.retry", "jwt.algorithms"}
