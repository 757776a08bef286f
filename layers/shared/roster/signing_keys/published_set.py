"""The set of public keys that verify: what is added to it, when a key in it is marked, and when it leaves."""

import json
import time
import uuid
from collections.abc import Callable, Sequence

from roster.infrastructure import published_keys
from roster.infrastructure.published_keys import PUBLISHED_AT, SUPERSEDED_AT, is_retired
from roster.signing_keys.models import Jwk, RotationError
from roster.signing_keys.repository import CURRENT, SecretVersions, StageMovedError, Version, VersionTakenError

FIRST_VERSION = "6f737465-7200-4000-8000-000000000001"
_PROPOSED = "PROPOSED"
_ATTEMPTS = 5

Change = Callable[[list[Jwk], int], list[Jwk]]


class PublishedSet:
    """Changes the set by comparing and swapping: of two who change it at once, one does so after the other."""

    def __init__(self, secret: SecretVersions, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def text(self) -> str:
        """Return the JWK set, as verifiers get it."""
        found = self._secret.find(stage=CURRENT)
        return found.value if found else json.dumps({"keys": []})

    def publish(self, wanted: Sequence[Jwk], *, live: set[str]) -> None:
        """
        Publish *wanted* beside what is published.

        Keys other than *live* are superseded from now on, if they are not yet, and leave when they are retired.
        """
        self._change(lambda published, now: _with(published, wanted, live, now))

    def replace(self, wanted: Sequence[Jwk]) -> None:
        """Publish *wanted* and nothing else: no token that another key signed is good any more."""
        self._change(lambda _, now: [key | {PUBLISHED_AT: now} for key in wanted])

    def _change(self, change: Change) -> None:
        for _ in range(_ATTEMPTS):
            found = self._secret.find(stage=CURRENT)
            published = _parsed(found)
            wanted = change(published, int(self._clock()))
            if (found and wanted == published) or self._swap(found, json.dumps({"keys": wanted})):
                return
        raise RotationError("Somebody else keeps changing the public keys. Run this again.")

    def _swap(self, found: Version | None, text: str) -> bool:
        """Return whether *text* took the place of what was found."""
        try:
            if found is None:
                self._secret.add(FIRST_VERSION, text, CURRENT)
            else:
                version_id = str(uuid.uuid4())
                self._secret.add(version_id, text, _PROPOSED)
                self._secret.move(CURRENT, from_version=found.id, to_version=version_id)
        except (StageMovedError, VersionTakenError):
            return False
        return True


def _with(published: list[Jwk], wanted: Sequence[Jwk], live: set[str], now: int) -> list[Jwk]:
    known = {key["kid"] for key in published}
    new = [key | {PUBLISHED_AT: now} for key in wanted if key["kid"] not in known]
    return [_marked(key, live, now) for key in published if key["kid"] in live or not is_retired(key, now)] + new


def _marked(key: Jwk, live: set[str], now: int) -> Jwk:
    """Return the key as it is to be published; one that comes back after it was retired has to be learnt anew."""
    if key["kid"] not in live:
        return {SUPERSEDED_AT: now} | key
    kept = {name: value for name, value in key.items() if name != SUPERSEDED_AT}
    return kept | {PUBLISHED_AT: now} if is_retired(key, now) else kept


def _parsed(found: Version | None) -> list[Jwk]:
    try:
        published: list[Jwk] = json.loads(found.value)["keys"] if found else []
        return [published_keys.public(key) | _marks(key) for key in published]
    except (ValueError, KeyError, TypeError):
        raise RotationError("The public keys are not a JWK set. Mend the secret by hand.") from None


def _marks(key: Jwk) -> Jwk:
    return {name: int(key[name]) for name in (PUBLISHED_AT, SUPERSEDED_AT) if name in key}
