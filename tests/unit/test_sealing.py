"""Secrets at rest: what opens them, and what does not."""

import base64
import json
import re

import pytest
from roster.errors import RosterError
from roster.infrastructure import sealing
from roster.infrastructure.sealed import Sealed
from roster.infrastructure.sealing import SealError

from tests.sealing_keys import joined

SECRET = b"canary-secret-canary"
SET = sealing.generate()
OTHER_SET = sealing.generate()


def a_set(**changes: object) -> str:
    return json.dumps({"keys": [json.loads(SET)["keys"][0] | changes]})


def test_what_is_sealed_opens_in_its_context() -> None:
    sealer = sealing.read(SET)
    sealed = sealer.seal(SECRET, "user 1")
    assert sealer.open(sealed, "user 1") == SECRET
    assert SECRET not in sealed.data
    assert sealed.key_id == json.loads(SET)["keys"][0]["kid"]


def test_it_opens_in_no_other_context() -> None:
    sealer = sealing.read(SET)
    with pytest.raises(SealError):
        sealer.open(sealer.seal(SECRET, "user 1"), "user 2")


def test_it_is_sealed_differently_each_time() -> None:
    sealer = sealing.read(SET)
    assert len({sealer.seal(SECRET, "user 1").data for _ in range(100)}) == 100


def test_whatever_is_altered_or_cut_is_noticed() -> None:
    sealer = sealing.read(SET)
    sealed = sealer.seal(SECRET, "user 1")
    data = sealed.data
    altered = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(len(data))]
    for wrong in (*altered, data[:-1], data + b"\0", data[:12], data[:5], b""):
        with pytest.raises(SealError):
            sealer.open(Sealed(sealed.key_id, wrong), "user 1")


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens() -> None:
    old = sealing.read(SET)
    both = sealing.read(joined(OTHER_SET, SET))
    sealed = old.seal(SECRET, "user 1")
    assert both.open(sealed, "user 1") == SECRET
    assert both.key_id == json.loads(OTHER_SET)["keys"][0]["kid"]
    with pytest.raises(SealError):
        old.open(both.seal(SECRET, "user 1"), "user 1")


def test_a_key_under_anothers_name_opens_nothing() -> None:
    sealed = sealing.read(SET).seal(SECRET, "user 1")
    impostor = json.loads(OTHER_SET)["keys"][0] | {"kid": sealed.key_id}
    with pytest.raises(SealError):
        sealing.read(json.dumps({"keys": [impostor]})).open(sealed, "user 1")


def test_every_key_is_another_of_256_bits() -> None:
    keys = [json.loads(sealing.generate())["keys"][0] for _ in range(20)]
    assert len({key["k"] for key in keys}) == len({key["kid"] for key in keys}) == 20
    assert {len(base64.urlsafe_b64decode(key["k"] + "=")) for key in keys} == {32}
    assert {(key["kty"], key["alg"]) for key in keys} == {("oct", "A256GCM")}


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", "{}", "null", '{"keys": []}', '{"keys": [{}]}', '{"keys": "x"}', '{"keys": [1]}',
     a_set(k="c2hvcnQ"), a_set(k=""), a_set(k=None), a_set(k=1), a_set(k="x"), joined(SET, SET)],
    ids=lambda text: re.sub(r"[0-9a-f]{8}|[\w-]{43}", "…", text)[:80],  # the same in every worker
)  # fmt: skip
def test_what_is_no_set_of_keys_is_refused_without_its_text(text: str) -> None:
    with pytest.raises(SealError) as caught:
        sealing.read(text)
    assert isinstance(caught.value, RosterError)
    assert "c2hvcnQ" not in str(caught.value)
