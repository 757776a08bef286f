"""Invoked by a deployment: makes the keys that are missing. Invoked by an operator: replaces stolen ones."""

from typing import Any

from roster.infrastructure import custom_resources
from roster.wiring import signing_keys


def handler(event: dict[str, Any], context: Any) -> None:
    """
    Make what is missing, and tell CloudFormation if it asked.

    With `{"replace": true}` the keys that sign are replaced by new ones, and whoever has an access token needs another.
    """
    if custom_resources.is_request(event):
        custom_resources.answer(event, "keys", lambda: signing_keys.first_keys().make(), signing_keys.reason_of)
    elif event.get("replace") is True:
        signing_keys.first_keys().replace()
    else:
        signing_keys.first_keys().make()
