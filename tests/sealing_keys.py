"""The keys that seal second factors in tests."""

import json
from typing import Final

from roster.infrastructure import sealing

KEYS: Final = sealing.generate()


def joined(*sets: str) -> str:
    """Return the keys of several sets as one."""
    return json.dumps({"keys": [key for each in sets for key in json.loads(each)["keys"]]})
