"""What a sealed secret looks like; whoever only hands it on need not load any cryptography."""

from typing import NamedTuple


class Sealed(NamedTuple):
    """*data* is a nonce, the ciphertext and its tag."""

    key_id: str
    data: bytes
