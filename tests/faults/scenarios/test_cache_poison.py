"""Redis holds what none of ours wrote (F19): it is believed by nobody, replaced, and counted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import redis
from roster.users import entries
from roster.users.entries import Entry
from roster.users.models import User

from tests.faults.scenarios.cached_house import CachedHouse, cached_house
from tests.servers import Servers

pytestmark = pytest.mark.integration

REFUSED = '"CacheEntryRefused":1'
Poison = Callable[[redis.Redis, bytes, Any], object]


def put(entry: Callable[[Any], object]) -> Poison:
    """Return how to put another entry in the place of a sound one, for as long."""
    return lambda client, key, sound: client.set(key, json.dumps(entry(sound)).encode(), keepttl=True)


def instead(value: bytes) -> Poison:
    return lambda client, key, _: client.set(key, value, keepttl=True)


def of_another_type(client: redis.Redis, key: bytes, _: object) -> None:
    client.delete(key)
    client.hset(key, "a", "b")


POISONS: dict[str, Poison] = {
    "no JSON": instead(b"{"),
    "nothing": instead(b""),
    "other bytes": instead(b"\xff\x00\xfe"),
    "deep": instead(b"[" * 60_000),
    "huge": instead(b"[" + b" " * 2_000_000 + b"]"),
    "an older schema": put(lambda sound: [sound[0] - 1, *sound[1:]]),
    "another user": put(lambda sound: [sound[0], sound[1] + 1, *sound[2:]]),
    "a field more": put(lambda sound: [*sound, 1]),
    "another type": of_another_type,
}


def entry_of(house: CachedHouse, what: str) -> bytes:
    (key,) = house.look_into.scan_iter(f"{{user:{house.ada.user_id}}}:{what}:*:v")
    return bytes(key)


@pytest.mark.parametrize("what", ["row", "standing"])
def test_a_poisoned_entry_is_a_miss_is_replaced_and_is_counted(
    what: str, servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with cached_house(servers, monkeypatch) as house:
        shown = house.read(house.ada)
        for name, poison in POISONS.items():
            key = entry_of(house, what)
            sound = house.look_into.get(key) or b""
            poison(house.look_into, key, json.loads(sound))
            capsys.readouterr()
            assert (name, house.read(house.ada)) == (name, shown)
            assert (name, REFUSED in capsys.readouterr().out) == (name, True)
            assert (name, house.look_into.get(key)) == (name, sound)
        assert house.failures == []


def test_leases_and_intents_that_none_of_ours_took_stop_nobody(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cached_house(servers, monkeypatch) as house:
        house.read(house.ada)
        value = entry_of(house, "row")
        for end in (b"l", b"w"):
            house.look_into.delete(value)
            house.look_into.hset(value[:-1] + end, "a", "b")
            assert house.read(house.ada)["id"] == house.ada.user_id
            assert house.look_into.exists(value), "it is filled again"
        house.look_into.hset(value[:-1] + b"w", "a", "b")
        assert house.rename(house.ada, "Augusta")
        assert house.read(house.ada)["name"] == "Augusta"


def test_who_believes_another_users_entry_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    def believe(entry: bytes, _: int) -> Entry:
        _, *values = json.loads(entry)
        found: User = entries._user(*values)
        return Entry(found)

    with cached_house(servers, monkeypatch) as house:
        house.read(house.ada)
        key = entry_of(house, "row")
        POISONS["another user"](house.look_into, key, json.loads(house.look_into.get(key) or b""))
        monkeypatch.setattr(entries, "decoded", believe)
        assert house.read(house.ada)["id"] != house.ada.user_id
