"""AWS Signature Version 4 by HMAC alone: what botocore would sign, without loading botocore."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"
_END_OF_SCOPE = "aws4_request"


class Credentials(NamedTuple):
    """Who signs; *session_token* is empty for credentials that do not expire."""

    access_key: str
    secret_key: str
    session_token: str


class Signer:
    """Signs requests for `/` of one service in one region, at the time that *clock* has."""

    def __init__(
        self, credentials: Credentials, region: str, service: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._credentials = credentials
        self._region, self._service, self._clock = region, service, clock

    def presigned(self, host: str, query: Mapping[str, str], life_seconds: int) -> str:
        """Return the address of a GET, without its scheme, that anybody may ask for during *life_seconds*."""
        at, credentials = self._now(), self._credentials
        parameters = {
            **query,
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{credentials.access_key}/{self._scope(at)}",
            "X-Amz-Date": at,
            "X-Amz-Expires": str(life_seconds),
            "X-Amz-SignedHeaders": "host",
        }
        if credentials.session_token:
            parameters["X-Amz-Security-Token"] = credentials.session_token
        pairs = [(quote(name, safe=""), quote(value, safe="")) for name, value in parameters.items()]
        signature = self._signature(at, "GET", _joined(sorted(pairs)), {"host": _signed_host(host)}, b"")
        return f"{host}/?{_joined(pairs)}&X-Amz-Signature={signature}"

    def signed(self, host: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """Return all headers of a POST; the names of *headers* are in lower case, their values have single spaces."""
        at, credentials = self._now(), self._credentials
        signing = {**headers, "host": _signed_host(host), "x-amz-date": at}
        if credentials.session_token:
            signing["x-amz-security-token"] = credentials.session_token
        signature = self._signature(at, "POST", "", signing, body)
        authorization = (
            f"{_ALGORITHM} Credential={credentials.access_key}/{self._scope(at)}, "
            f"SignedHeaders={';'.join(sorted(signing))}, Signature={signature}"
        )
        return {**signing, "authorization": authorization}

    def _now(self) -> str:
        return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock()))

    def _scope(self, at: str) -> str:
        return "/".join((at[:8], self._region, self._service, _END_OF_SCOPE))

    def _signature(self, at: str, method: str, query: str, headers: Mapping[str, str], body: bytes) -> str:
        named = sorted(headers.items())
        lines = [method, "/", query, *(f"{name}:{value}" for name, value in named), ""]
        request = "\n".join([*lines, ";".join(name for name, _ in named), hashlib.sha256(body).hexdigest()])
        signing = "\n".join((_ALGORITHM, at, self._scope(at), hashlib.sha256(request.encode()).hexdigest()))
        key = f"AWS4{self._credentials.secret_key}".encode()
        for part in (at[:8], self._region, self._service, _END_OF_SCOPE):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, signing.encode(), "sha256").hex()


def _joined(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in pairs)


def _signed_host(host: str) -> str:
    """Return the host as a client sends it: the port goes without saying where it is that of HTTPS."""
    return host.lower().removesuffix(":443")
