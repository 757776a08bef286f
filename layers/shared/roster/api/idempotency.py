"""The `Idempotency-Key` of a request, and what tells two requests apart that have the same."""

import hmac
import json
import re

from roster.api import body, identity
from roster.api import event as events
from roster.api.event import Event
from roster.errors import MalformedRequestError
from roster.idempotency.models import NO_KEY, IdempotencyKey
from roster.infrastructure import derived_keys

# A string as draft-ietf-httpapi-idempotency-key-header has it, or without the quotes, as most send it.
PATTERN = r'^("([!#-\[\]-~]|\\["\\]){1,255}"|[!#-~][!-~]{0,254})$'
_PATTERN = re.compile(PATTERN)


class MalformedKeyError(MalformedRequestError):
    code = "malformed_idempotency_key"
    message = "Idempotency-Key takes 1 to 255 visible ASCII characters, in double quotes or without."


def key_of(event: Event) -> IdempotencyKey:
    """
    Read the header, `NO_KEY` where there is none; a key is the same with and without quotes.

    Raises:
        MalformedKeyError: If it is no key, or there are two.
    """
    header = events.header(event, "idempotency-key")
    return NO_KEY if header is None else IdempotencyKey(_name(header.strip(" \t")), _fingerprint(event))


def _name(header: str) -> str:
    if not _PATTERN.fullmatch(header):
        raise MalformedKeyError
    return re.sub(r"\\(.)", r"\1", header[1:-1]) if header.startswith('"') else header


def _fingerprint(event: Event) -> bytes:
    """Return a keyed hash of method, path and body: of a password in it a plain hash would tell too much."""
    head = json.dumps([events.method(event), events.resource(event), sorted(_parameters(event).items())])
    key = derived_keys.key_for("fingerprint of a request")
    return hmac.digest(key, head.encode() + b"\n" + body.content(event), "sha256")


def _parameters(event: Event) -> dict[str, str]:
    """Return the path's parameters, the caller's id in place of `me`."""
    found = events.path_parameters(event)
    return found | {"user_id": str(identity.caller_of(event).user_id)} if found.get("user_id") == "me" else found
