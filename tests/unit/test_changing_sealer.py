"""A sealer whose keys change while a function runs."""

import json

import pytest
from roster.infrastructure import sealing
from roster.infrastructure.sealing import ChangingSealer, Sealer


def test_it_is_whatever_sealer_is_current() -> None:
    old, new = (json.loads(sealing.generate())["keys"][0] for _ in range(2))
    current = [sealing.read(json.dumps({"keys": [old]}))]
    sealer: Sealer = ChangingSealer(lambda: current[-1])
    sealed = sealer.seal(b"a secret", "Ada")
    assert (sealer.key_id, sealed.key_id) == (old["kid"], old["kid"])
    current.append(sealing.read(json.dumps({"keys": [new, old]})))
    assert sealer.open(sealed, "Ada") == b"a secret"
    assert sealer.key_id == sealer.seal(b"a secret", "Ada").key_id == new["kid"]
    current.append(sealing.read(json.dumps({"keys": [new]})))
    with pytest.raises(sealing.SealError):
        sealer.open(sealed, "Ada")
