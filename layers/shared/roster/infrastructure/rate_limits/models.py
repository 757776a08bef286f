"""Limits as GCRA: a bucket holds so many requests and fills up again evenly, one after the other."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

_MICROSECONDS = 1_000_000


class Policy(NamedTuple):
    """*quota* requests at once, and one more for each part of *window_seconds* that passes."""

    name: str
    quota: int
    window_seconds: int

    @property
    def interval_us(self) -> int:
        """Return after how many microseconds a bucket holds one request more."""
        return self.window_seconds * _MICROSECONDS // self.quota

    @property
    def full_us(self) -> int:
        """Return after how many microseconds an empty bucket is full again."""
        return self.interval_us * self.quota


class Bucket(NamedTuple):
    """What *policy* still allows to one *holder*: a caller, a source or an account."""

    policy: Policy
    holder: str

    @property
    def key(self) -> str:
        return f"{self.policy.name}:{self.holder}"


class Verdict(NamedTuple):
    """Whether a bucket had a request left; *wait_seconds* until it has one more than the *remaining* ones."""

    policy: Policy
    is_admitted: bool
    remaining: int
    wait_seconds: int


class Buckets(Protocol):
    """Where requests are counted."""

    def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        """
        Take one request out of each bucket, or out of none if one of them is empty; return a verdict for each.

        Of many who take at once no more are admitted than the buckets hold.
        """


def verdict(bucket: Bucket, *, is_admitted: bool, held_us: int) -> Verdict:
    """Return the verdict about a bucket that holds *held_us*: as many microseconds of filling up."""
    interval_us = bucket.policy.interval_us
    remaining = max(0, held_us // interval_us)
    wait_us = (remaining + 1) * interval_us - held_us
    return Verdict(bucket.policy, is_admitted, remaining, -(-wait_us // _MICROSECONDS))
