"""What counts requests and failed logins, and the fence of the cache."""

from collections.abc import Callable

from roster.infrastructure.rate_limits.models import Bucket, Policy

from benchmarks.plans import sample
from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ORDINARY, ORDINARY_ID

_ONCE = Policy("once", 1, 60)
_KNOWN = sample.email(10 * ORDINARY)


def _be_refused(on: Adapters) -> None:
    for _ in range(2):
        on.buckets.take([Bucket(_ONCE, "ada")])


def _move(on: Adapters) -> None:
    on.control.enable(on.control.read().epoch, "a server")
    on.control.move(on.control.read().epoch, "another server")


CASES: dict[str, Callable[[Adapters], object]] = {
    "requests are counted": lambda on: on.buckets.take(
        [Bucket(_ONCE, f"caller {ORDINARY_ID}"), Bucket(_ONCE, "source")]
    ),
    "a request too many": _be_refused,
    "a login failed": lambda on: on.failures.settle(_KNOWN, is_right=False),
    "a login failed, for the first time": lambda on: on.failures.settle("nobody@example.com", is_right=False),
    "a login went well": lambda on: on.failures.settle(_KNOWN, is_right=True),
    "a count is forgotten": lambda on: on.failures.forget(_KNOWN),
    "the cache is fenced off": _move,
}
