"""The template as CloudFormation gets it: translated by SAM, offline, its code at a made-up place."""

import copy
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from local import cloudformation

ROOT = Path(__file__).resolve().parent.parent
REGION = "eu-central-1"
_CODE = {"CodeUri", "ContentUri"}


def source() -> dict[str, Any]:
    """Return template.yaml, with every short form of a function written out."""
    return cloudformation.load(ROOT / "template.yaml")


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """
    Return *template*, which stays as it is, as SAM translates it.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: If SAM refuses it; says why.
    """
    from samtranslator.parser.parser import Parser  # noqa: PLC0415 (SAM takes a second to load)
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
    packaged = copy.deepcopy(template)
    for resource in packaged["Resources"].values():
        for name in _CODE & resource.get("Properties", {}).keys():
            resource["Properties"][name] = "s3://bucket/key"
    translated: dict[str, Any] = Translator({}, Parser()).translate(packaged, parameter_values={})
    # As plain data: SAM's dictionaries are of a slow kind.
    return dict(json.loads(json.dumps(translated)))


if __name__ == "__main__":
    json.dump(translate(source()), sys.stdout, indent=1)
