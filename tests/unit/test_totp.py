"""TOTP: the vectors of the RFCs, and which codes match when."""

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from roster.second_factors import totp

SECRET = b"12345678901234567890"

# RFC 6238, appendix B, SHA-1: seconds since 1970, and the code in eight digits.
RFC_6238 = [
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
]
# RFC 4226, appendix D: the codes of the counts 0 to 9.
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
NOON = 1_795_348_800
STEP = NOON // 30


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, seconds // 30) == code[-6:]
    assert totp.matching_step(SECRET, code[-6:], seconds) == seconds // 30


@pytest.mark.parametrize(("count", "code"), list(enumerate(RFC_4226)))
def test_the_vectors_of_rfc_4226(count: int, code: str) -> None:
    assert totp.code_at(SECRET, count) == code


def test_a_code_keeps_its_leading_zeros() -> None:
    codes = [totp.code_at(SECRET, step) for step in range(2000)]
    assert {len(code) for code in codes} == {6}
    assert any(code.startswith("0") for code in codes)


@pytest.mark.parametrize("offset", [-1, 0, 1])
@pytest.mark.parametrize("seconds", [NOON, NOON + 0.5, NOON + 29.999])
def test_the_code_of_a_step_before_or_after_matches(offset: int, seconds: float) -> None:
    assert totp.matching_step(SECRET, totp.code_at(SECRET, STEP + offset), seconds) == STEP + offset


@pytest.mark.parametrize("offset", [-1000, -3, -2, 2, 3, 1000])
@pytest.mark.parametrize("seconds", [NOON, NOON + 29.999])
def test_an_earlier_or_later_code_does_not(offset: int, seconds: float) -> None:
    assert totp.matching_step(SECRET, totp.code_at(SECRET, STEP + offset), seconds) is None


@pytest.mark.parametrize("skew", range(-61, 62))
def test_a_clock_may_be_off_by_30_seconds_and_by_no_more_than_59(skew: int) -> None:
    matches = totp.matching_step(SECRET, totp.code_at(SECRET, STEP), NOON + 15 + skew) is not None
    assert matches == (-45 <= skew < 45)


def test_each_wrong_digit_is_noticed() -> None:
    right = totp.code_at(SECRET, STEP)
    wrong = [right[:at] + str((int(right[at]) + 1) % 10) + right[at + 1 :] for at in range(6)]
    assert [totp.matching_step(SECRET, code, NOON) for code in wrong] == [None] * 6


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "12345a", "12 456", "１２３４５６", "²23456", "-12345", "+12345"]
)
def test_what_is_not_six_digits_is_no_code(text: str) -> None:
    assert not totp.is_code(text)
    assert totp.is_code("012345")


def test_every_secret_is_another_of_160_bits() -> None:
    secrets = {totp.new_secret() for _ in range(50)}
    assert {len(secret) for secret in secrets} == {20}
    assert len(secrets) == 50


def test_a_secret_is_typed_in_32_characters_of_base32() -> None:
    assert totp.base32(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert base64.b32decode(totp.base32(SECRET)) == SECRET


@pytest.mark.parametrize("issuer", ["Roster", "ACME & Sons / 100%", "Zoë?#", "a b+c"])
@pytest.mark.parametrize("account", ["ada@example.com", "o'ada+tag&x=1/y?z#w%@example.com", "zoë@straße.example"])
def test_an_authenticator_reads_from_the_uri_what_was_put_in(issuer: str, account: str) -> None:
    uri = urlsplit(totp.provisioning_uri(SECRET, issuer=issuer, account=account))
    assert (uri.scheme, uri.netloc, uri.fragment) == ("otpauth", "totp", "")
    assert unquote(uri.path[1:]).split(":") == [issuer, account]
    assert parse_qs(uri.query, strict_parsing=True) == {
        "secret": [totp.base32(SECRET)],
        "issuer": [issuer],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert "+" not in uri.query, "some authenticators show a plus where a blank was meant"


def test_the_uri_is_written_as_the_known_authenticators_want_it() -> None:
    assert totp.provisioning_uri(SECRET, issuer="ACME Co", account="ada@example.com") == (
        "otpauth://totp/ACME%20Co:ada@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME%20Co"
        "&algorithm=SHA1&digits=6&period=30"
    )
