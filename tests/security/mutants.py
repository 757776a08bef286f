"""Generated changes of good tokens: none of them is a token that was issued."""

import base64
import itertools
import json
import random
import string
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests import forge
from tests.security import attacks

Mutant = tuple[str, str]

_ALPHABET = string.ascii_letters + string.digits + "-_"
_CLAIM_EDITS: list[tuple[str, Any]] = [
    ("role", "admin"), ("sub", "1"), ("exp", 2**40), ("aud", "other"), ("iss", "https://evil.test"), ("sid", "stolen"),
    ("jti", "again"), ("client_id", "other"), ("admin", True), ("iat", 1),
]  # fmt: skip
_HEADER_EDITS: list[tuple[str, Any]] = [
    ("alg", "none"), ("alg", "HS256"), ("alg", "ES384"), ("typ", "JWT"), ("kid", "other"), ("kid", "../x"),
    ("jku", "http://127.0.0.1:9"), ("jwk", {"kty": "EC"}), ("crit", ["exp"]), ("zip", "DEF"), ("b64", False),
]  # fmt: skip


class Breeder:
    """Changes tokens in one way after the other; the same seed gives the same changes."""

    def __init__(self, good: Sequence[str], seed: int) -> None:
        self._good, self._random = list(good), random.Random(seed)

    def mutants(self, count: int) -> Iterator[Mutant]:
        """Yield *count* different mutants, of every way in turn for as long as it has new ones."""
        made = {hash(token) for token in self._good}
        for way in itertools.cycle(self._ways()):
            if len(made) >= count + len(self._good):
                return
            token = way(self._random.choice(self._good)).strip(" ")
            if hash(token) not in made:
                made.add(hash(token))
                yield f"{way.__name__.strip('_')}: {token}", token

    def _ways(self) -> list[Callable[[str], str]]:
        return [
            self._exchanged, self._flipped, self._inserted, self._deleted, self._cut, self._doubled, self._turned,
            self._in_another_case, self._parts_swapped, self._octet_changed, self._reencoded, self._respelled_json,
            self._claim_edited, self._claim_resigned, self._header_edited, self._header_resigned, self._other_s,
            self._signature_moved,
        ]  # fmt: skip

    def _place(self, token: str) -> int:
        return self._random.randrange(len(token))

    def _exchanged(self, token: str) -> str:
        place = self._place(token)
        return token[:place] + self._random.choice(_ALPHABET) + token[place + 1 :]

    def _flipped(self, token: str) -> str:
        place = self._place(token)
        return token[:place] + chr(ord(token[place]) ^ 1 << self._random.randrange(8)) + token[place + 1 :]

    def _inserted(self, token: str) -> str:
        place = self._random.randrange(len(token) + 1)
        return token[:place] + self._random.choice(_ALPHABET + "=.+/ \n\0%\u00e9") + token[place:]

    def _deleted(self, token: str) -> str:
        place, length = self._place(token), self._random.choice((1, 1, 1, 2, 4, 32))
        return token[:place] + token[place + length :]

    def _cut(self, token: str) -> str:
        return token[: self._place(token)]

    def _doubled(self, token: str) -> str:
        place, length = self._place(token), self._random.choice((1, 4, 16, 64))
        return token[:place] + token[place : place + length] + token[place:]

    def _turned(self, token: str) -> str:
        place = self._random.randrange(len(token) - 1)
        return token[:place] + token[place + 1] + token[place] + token[place + 2 :]

    def _in_another_case(self, token: str) -> str:
        start = self._place(token)
        end = self._random.randrange(start, len(token)) + 1
        return token[:start] + token[start:end].swapcase() + token[end:]

    def _parts_swapped(self, token: str) -> str:
        parts = [self._random.choice((token, self._random.choice(self._good))).split(".")[place] for place in range(3)]
        if self._random.random() < 0.2:
            self._random.shuffle(parts)
        return ".".join(parts)

    def _octet_changed(self, token: str) -> str:
        parts, place = self._split(token)
        octets = bytearray(_octets(parts[place]))
        octets[self._random.randrange(len(octets))] ^= 1 << self._random.randrange(8)
        parts[place] = forge.encoded(bytes(octets))
        return ".".join(parts)

    def _reencoded(self, token: str) -> str:
        """Write one part in base64 that a lenient decoder would take for the same."""
        parts, place = self._split(token)
        padded = parts[place] + "=" * (-len(parts[place]) % 4)
        lined = "\n".join(parts[place][start : start + 60] for start in range(0, len(parts[place]), 60))
        standard = parts[place].replace("-", "+").replace("_", "/")
        last = _ALPHABET.index(parts[place][-1])
        spared = parts[place][:-1] + _ALPHABET[last ^ 1]
        parts[place] = self._random.choice((padded, padded + "=", lined, standard, spared, parts[place] + "\r\n"))
        return ".".join(parts)

    def _respelled_json(self, token: str) -> str:
        """Write header or claims in other JSON that says the same, and keep the signature or sign anew."""
        parts = token.split(".")
        place = self._random.randrange(2)
        fields = json.loads(_octets(parts[place]))
        kept = dict(self._random.sample(list(fields.items()), len(fields)))
        style: dict[str, Any] = self._random.choice(({"indent": 1}, {"separators": (" ,", ": ")}, {"sort_keys": True}))
        parts[place] = forge.encoded(json.dumps(kept, **style).encode())
        return ".".join(parts)

    def _claim_edited(self, token: str) -> str:
        head, payload, signature = token.split(".")
        return f"{head}.{forge.encoded(self._edited(payload, _CLAIM_EDITS))}.{signature}"

    def _header_edited(self, token: str) -> str:
        head, payload, signature = token.split(".")
        return f"{forge.encoded(self._edited(head, _HEADER_EDITS))}.{payload}.{signature}"

    def _claim_resigned(self, token: str) -> str:
        head, payload, _ = token.split(".")
        return attacks.signed_by(attacks.THEIR_KEY.key, _octets(head), self._edited(payload, _CLAIM_EDITS))

    def _header_resigned(self, token: str) -> str:
        head, payload, _ = token.split(".")
        return attacks.signed_by(attacks.THEIR_KEY.key, self._edited(head, _HEADER_EDITS), _octets(payload))

    def _other_s(self, token: str) -> str:
        signing_input, _, signature = token.rpartition(".")
        octets = _octets(signature)
        other = octets[:32] + (forge.ORDER - int.from_bytes(octets[32:])).to_bytes(32)
        return f"{signing_input}.{forge.encoded(other)}"

    def _signature_moved(self, token: str) -> str:
        """Move the dots."""
        text, places = token.replace(".", ""), sorted(self._random.sample(range(len(token) - 2), 2))
        return f"{text[: places[0]]}.{text[places[0] : places[1]]}.{text[places[1] :]}"

    def _edited(self, part: str, edits: list[tuple[str, Any]]) -> dict[str, Any]:
        name, value = self._random.choice(edits)
        fields: dict[str, Any] = json.loads(_octets(part))
        return fields | {name: value}

    def _split(self, token: str) -> tuple[list[str], int]:
        return token.split("."), self._random.randrange(3)


def _octets(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
