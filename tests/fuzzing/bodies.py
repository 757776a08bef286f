"""Bodies that were good once."""

import base64
import json
from random import Random
from typing import Any

from tests.fuzzing import odd

Event = dict[str, Any]


def spoil(event: Event, random: Random, pool: list[Any]) -> None:
    """Put something else in the place of the body."""
    event.setdefault("isBase64Encoded", False)
    if not isinstance(event.get("body"), str):
        event["body"] = "{}"
    random.choice(_WAYS)(event, random, pool)


def _another_member(event: Event, random: Random, pool: list[Any]) -> None:
    document = _document(event)
    name = random.choice([*document, odd.text(random, pool), "role", "version", "id"])
    document[name] = odd.value(random, pool)
    event["body"] = json.dumps(document, ensure_ascii=random.random() < 0.5)


def _one_member_less(event: Event, random: Random, pool: list[Any]) -> None:
    document = _document(event)
    document.pop(random.choice([*document, ""]), None)
    event["body"] = json.dumps(document)


def _deeper_inside(event: Event, random: Random, pool: list[Any]) -> None:
    document = _document(event)
    lists = [each for each in document.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
    inside = lists[0][0] if lists else document
    inside[random.choice([*inside, "x"])] = odd.value(random, pool)
    event["body"] = json.dumps(document)


def _other_bytes(event: Event, random: Random, pool: list[Any]) -> None:
    octets = bytearray(event["body"].encode("utf-8", "replace"))
    for _ in range(random.randrange(1, 4)):
        octets[random.randrange(len(octets) or 1) : random.randrange(len(octets) or 1)] = random.randbytes(2)
    event["body"], event["isBase64Encoded"] = base64.b64encode(octets).decode(), True


def _other_text(event: Event, random: Random, pool: list[Any]) -> None:
    whole = event["body"]
    at, to = random.randrange(len(whole) + 1), random.randrange(len(whole) + 1)
    event["body"] = random.choice(
        (whole[:at], whole[at:], whole + whole, whole[:at] + odd.text(random, pool) + whole[to:], f"[{whole}]",
         "\ufeff" + whole, whole.replace('"', "'"), whole.replace("{", '{"a": 1, "a": 2, ', 1), "\ufffd" + whole)
    )  # fmt: skip


def _numbers(event: Event, random: Random, pool: list[Any]) -> None:
    document = _document(event)
    name = random.choice([*document, "x"])
    number = random.choice(
        ("9" * 5000, "-" + "9" * 30, "1e999", "-0", "1E400", "NaN", "Infinity", "1.0", "0.1e1", "01")
    )
    event["body"] = json.dumps(document | {name: "HERE"}).replace('"HERE"', number)


def _escapes(event: Event, random: Random, pool: list[Any]) -> None:
    document = _document(event)
    escape = random.choice((r"\u0000", r"\ud800", r"\udc00\ud800", r"\u000a", r"\x41", r"\u202e", "\\"))
    event["body"] = json.dumps(document | {random.choice([*document, "x"]): "aHEREb"}).replace("HERE", escape)


def _depth(event: Event, random: Random, pool: list[Any]) -> None:
    opening, closing = random.choice((("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")))
    depth = random.choice((31, 32, 33, 500, 20_000))
    event["body"] = opening * depth + random.choice(("", "1")) + random.choice((closing * depth, ""))


def _encoding(event: Event, random: Random, pool: list[Any]) -> None:
    octets = event["body"].encode(random.choice(("utf-8", "utf-16", "utf-32", "utf-7")), "replace")
    encoded = base64.b64encode(octets).decode()
    event["body"] = random.choice(
        (encoded, encoded.rstrip("="), encoded + "=", " " + encoded, encoded[:-1], "é" + encoded)
    )
    event["isBase64Encoded"] = random.choice((True, True, False, "yes", 1))


def _nothing(event: Event, random: Random, pool: list[Any]) -> None:
    event["body"] = random.choice((None, "", "null", "{}", "[]", " ", "0", '""', odd.value(random, pool)))
    event["isBase64Encoded"] = random.choice((False, True, None, event["isBase64Encoded"]))


def _large(event: Event, random: Random, pool: list[Any]) -> None:
    event["body"] = event["body"] + " " * random.choice((1000, 256 * 1024, 300_000))


_WAYS = (_another_member, _another_member, _another_member, _one_member_less, _deeper_inside, _deeper_inside,
    _other_bytes, _other_text, _other_text, _numbers, _escapes, _depth, _encoding, _nothing, _large)  # fmt: skip


def _document(event: Event) -> dict[str, Any]:
    try:
        document = json.loads(event["body"])
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
