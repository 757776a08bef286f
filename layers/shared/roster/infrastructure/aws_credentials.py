"""
Who this function is for AWS.

Lambda puts keys into the environment. A function that was restored from a snapshot (SnapStart) finds an address
there instead, where it asks for keys, and asks again before they expire.
"""

import datetime
import json
import threading
import time
from urllib.parse import urlsplit

from roster.errors import UnavailableError
from roster.infrastructure import deadline, http_exchange, observability, settings, snapshots
from roster.infrastructure.aws_signatures import Credentials
from roster.infrastructure.http_exchange import Answer, ExchangeError, Request

_ASK_SECONDS = 1.0
_RENEW_BEFORE_SECONDS = 300


def current() -> Credentials:
    """
    Return the keys to sign with now.

    Raises:
        UnavailableError: If they have to be asked for, and cannot be had.
        SettingsError: If there are none.
    """
    container = settings.aws_container()
    if container is None:
        return Credentials(settings.aws_access_key(), settings.aws_secret_key(), settings.aws_session_token())
    return _container.credentials(*container)


def forget() -> None:
    """Ask for keys anew the next time: those of another environment may have come along in a snapshot."""
    _container.forget()


class _Container:
    """What the address answered last, until shortly before it expires."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[Credentials, float] | None = None

    def credentials(self, url: str, token: str) -> Credentials:
        with self._lock:
            if self._known is None or time.time() > self._known[1] - _RENEW_BEFORE_SECONDS:
                self._known = _asked(url, token)
            return self._known[0]

    def forget(self) -> None:
        self._known = None


def _asked(url: str, token: str) -> tuple[Credentials, float]:
    place = urlsplit(url)
    request = Request("GET", f"{place.path}?{place.query}", {"host": place.netloc, "authorization": token})
    with deadline.within(_ASK_SECONDS):
        try:
            return _read(http_exchange.ask((place.hostname or "", place.port or 80), request, None))
        except ExchangeError as error:
            observability.report("CredentialsAway", error_type=str(error))
            raise UnavailableError from None


def _read(answer: Answer) -> tuple[Credentials, float]:
    try:
        fields = json.loads(answer.body)
        keys = Credentials(fields["AccessKeyId"], fields["SecretAccessKey"], fields["Token"])
        return keys, datetime.datetime.fromisoformat(fields["Expiration"]).timestamp()
    except (ValueError, KeyError, TypeError):
        raise ExchangeError(f"Status{answer.status}") from None


_container = _Container()
snapshots.after_restore(forget)
