"""Invoked by Secrets Manager: makes a new signing key in four steps, each of which may be repeated."""

from typing import Any

from roster.wiring import signing_keys


def handler(event: dict[str, Any], context: Any) -> None:
    """Take one step; if it fails this raises, Secrets Manager tries again later, and the old key goes on."""
    signing_keys.rotation(event["SecretId"]).take(event["Step"], event["ClientRequestToken"])
