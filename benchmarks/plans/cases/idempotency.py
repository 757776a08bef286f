"""First answers to named requests, of the admin who asks in every case."""

from collections.abc import Callable

from roster.idempotency.models import Answer, IdempotencyKey, Kind

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ORDINARY_ID, hashed

_TEXT = Kind[str](str, lambda _: ORDINARY_ID)


def _ask(on: Adapters, number: int) -> Answer[str]:
    return on.answers.first(IdempotencyKey(f"key {number}", hashed(f"request {number}")), _TEXT, lambda: "an answer")


CASES: dict[str, Callable[[Adapters], object]] = {
    "a request with a key": lambda on: _ask(on, 11),
    "a request that was answered": lambda on: _ask(on, 1),
    "a request whose key has expired": lambda on: _ask(on, 10),
}
