"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, steps of 30 seconds."""

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

DIGITS = 6
STEP_SECONDS = 30
# A step each side: clocks differ, and typing takes time (RFC 6238, section 5.2).
_WINDOW = 1
# As long as the digest (RFC 4226, section 4, R6).
_SECRET_BYTES = 20


def new_secret() -> bytes:
    return secrets.token_bytes(_SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """Return the code of the *step*-th 30 seconds since 1970: HOTP (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return str(number)[-DIGITS:].zfill(DIGITS)


def is_code(text: str) -> bool:
    """Return whether *text* has the form of a code."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def matching_step(secret: bytes, code: str, now_seconds: float) -> int | None:
    """Return the step around *now_seconds* whose code this is, None if it is none; the time taken tells nothing."""
    now = int(now_seconds // STEP_SECONDS)
    steps = range(now - _WINDOW, now + _WINDOW + 1)
    matching = [step for step in steps if hmac.compare_digest(code_at(secret, step), code)]
    return max(matching, default=None)


def base32(secret: bytes) -> str:
    """Return a secret as people type it into an authenticator."""
    return base64.b32encode(secret).decode()


def provisioning_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """Return what an authenticator reads from a QR code; neither name may hold a colon, which parts them."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    parameters = {
        "secret": base32(secret),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(parameters, quote_via=quote, safe='')}"
