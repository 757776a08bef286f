"""
Settings that are secrets: the value itself, or the ARN of a secret of AWS Secrets Manager that holds it.

A function's environment can be read by whoever may list functions, so a deployment puts only names there.
"""

import threading
from collections.abc import Callable

from roster.errors import UnavailableError
from roster.infrastructure import elapsed, snapshots
from roster.infrastructure.elapsed import Moment
from roster.infrastructure.secrets_manager import SecretsManager, is_arn

MAX_AGE_SECONDS = 300
# For as long nobody is asked again after a failure, while the last known value serves.
AWAY_SECONDS = 5


class _Secret:
    """What one secret held when it was last asked, once at a time."""

    def __init__(self, fetch: Callable[[str], str], arn: str) -> None:
        self._fetch, self._arn = fetch, arn
        self._lock = threading.Lock()
        self._known: tuple[str, Moment] | None = None
        self._failed_at: Moment | None = None

    def read(self, max_age_seconds: float) -> str:
        with self._lock:
            if self._known is None:
                return self._fetched()
            value, known_since = self._known
            is_young = elapsed.seconds_since(known_since) < max_age_seconds
            return value if is_young or self._is_away() else self._fetched_or(value)

    def _is_away(self) -> bool:
        return self._failed_at is not None and elapsed.seconds_since(self._failed_at) < AWAY_SECONDS

    def _fetched_or(self, value: str) -> str:
        try:
            return self._fetched()
        except UnavailableError:
            self._failed_at = elapsed.now()
            return value

    def _fetched(self) -> str:
        before = elapsed.now()
        value = self._fetch(self._arn)
        self._known, self._failed_at = (value, before), None
        return value


class SecretValues:
    """Remembers what *fetch* returned for each ARN."""

    def __init__(self, fetch: Callable[[str], str]) -> None:
        self._fetch = fetch
        self._secrets: dict[str, _Secret] = {}

    def read(self, setting: str, max_age_seconds: float = MAX_AGE_SECONDS) -> str:
        """
        Return what a setting stands for: itself, or what the secret that it names held *max_age_seconds* ago or later.

        While that cannot be asked, what was last known is returned, however old.

        Raises:
            UnavailableError: If it was never known.
        """
        if not is_arn(setting):
            return setting
        return self._secrets.setdefault(setting, _Secret(self._fetch, setting)).read(max_age_seconds)

    def forget(self) -> None:
        self._secrets.clear()


_values = SecretValues(SecretsManager().fetch)
read = _values.read
forget = _values.forget
snapshots.after_restore(forget)
