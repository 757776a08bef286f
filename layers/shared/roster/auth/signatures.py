"""ES256 signatures (RFC 7518, section 3.4): of two that are valid for the same text, the one that is ours."""

import base64

# The order of P-256. With (r, s) also (r, order - s) is valid: without a rule a token could be respelled by anyone.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BYTES = 64


def with_smaller_s(token: str) -> str:
    """Return *token* with that one of its two signatures that `is_ours`."""
    signing_input, _, encoded = token.rpartition(".")
    signature = base64.urlsafe_b64decode(encoded + "==")
    s = int.from_bytes(signature[32:])
    smaller = signature[:32] + min(s, _ORDER - s).to_bytes(32)
    return f"{signing_input}.{base64.urlsafe_b64encode(smaller).rstrip(b'=').decode()}"


def is_ours(signature: bytes) -> bool:
    """Return whether *signature* has the right length and the smaller s; says nothing of its validity."""
    return len(signature) == _BYTES and int.from_bytes(signature[32:]) <= _ORDER // 2
