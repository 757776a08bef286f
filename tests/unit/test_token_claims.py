"""Access tokens that are signed by the right key and claim the wrong things (RFC 9068, RFC 8725 section 3)."""

import time
from typing import Any

import pytest
from roster.errors import UnauthenticatedError

from tests import forge

CLAIMS = ("iss", "aud", "sub", "exp", "iat", "jti", "client_id", "sid", "role")
MISTYPED: tuple[Any, ...] = (None, True, False, 0, 1.5, -1, "", "x\0", [], {}, ["roster"], {"a": 1}, 10**30)


def refused(**changes: Any) -> None:
    with pytest.raises(UnauthenticatedError):
        forge.verify(forge.signed(payload=forge.claims(**changes)))


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_is_required(claim: str) -> None:
    refused(**{claim: forge.LEFT_OUT})


# Any text that is not empty names a session or a token.
@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (claim, value)
        for claim in CLAIMS
        for value in MISTYPED
        if not (claim in ("jti", "sid") and isinstance(value, str) and value)
    ],
)
def test_every_claim_has_its_type(claim: str, value: Any) -> None:
    refused(**{claim: value})


@pytest.mark.parametrize(
    "subject", ["0", "01", "-1", "+1", "1.0", " 1", "1 ", "1_0", "abc", "１", "9" * 19, str(2**63)]
)
def test_the_subject_is_an_id_in_its_one_spelling(subject: str) -> None:
    refused(sub=subject)


@pytest.mark.parametrize("role", ["Admin", "ADMIN", "root", "user ", "user,admin", ["admin"], {"admin": True}])
def test_the_role_is_one_of_two(role: Any) -> None:
    refused(role=role)


@pytest.mark.parametrize(
    "issuer", [forge.ISSUER + "/", forge.ISSUER.upper(), "https://roster.test.evil.test", [forge.ISSUER]]
)
def test_the_issuer_is_exactly_ours(issuer: Any) -> None:
    refused(iss=issuer)


@pytest.mark.parametrize("audience", ["Roster", "roster ", "other", ["roster"], ["roster", "other"], {"roster": 1}])
def test_the_audience_is_exactly_us(audience: Any) -> None:
    refused(aud=audience)


@pytest.mark.parametrize("client", ["Roster", "other", ["roster"]])
def test_the_client_is_exactly_ours(client: Any) -> None:
    refused(client_id=client)


@pytest.mark.parametrize("claim", ["nbf", "scope", "admin", "Role", "email", "is_admin", "user_id", "cnf", "act"])
def test_no_other_claim_is_allowed(claim: str) -> None:
    refused(**{claim: int(time.time())})


@pytest.mark.parametrize("claim", ["exp", "iat"])
@pytest.mark.parametrize("kind", [str, float])
def test_a_time_is_an_integer_even_if_it_could_be_read_as_one(claim: str, kind: type) -> None:
    refused(**{claim: kind(forge.claims()[claim])})


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 3000, b"-" + b"9" * 3000])
@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_a_time_that_is_no_time_is_refused(claim: str, number: bytes) -> None:
    payload = (
        b'{"iss":"https://roster.test","aud":"roster","sub":"7","jti":"a","client_id":"roster","sid":"b","role":"user"'
    )
    other = b"iat" if claim == "exp" else b"exp"
    times = b',"%s":%s,"%s":%d}' % (claim.encode(), number, other, int(time.time()))
    with pytest.raises(UnauthenticatedError):
        forge.verify(forge.signed(payload=payload + times))
