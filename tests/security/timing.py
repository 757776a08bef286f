"""
Whether two kinds of request take the same time: interleaved pairs, judged by Welch's t-test on trimmed means.

What a neighbour on the machine does makes requests slower, never faster, so the slower half of each kind is left
out; its spread counts as Yuen (Biometrika 61, 1974) has it.
"""

import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Ask = Callable[[int], object]
Samples = tuple[list[float], list[float]]

T_MAX = 4.5
SECONDS_MAX = 0.001
_KEPT = 0.5
_BATCHES = 3
_ROUNDS = 3


class Comparison(NamedTuple):
    """The *difference* of the means and its standard *error* in seconds."""

    difference: float
    error: float

    @property
    def t(self) -> float:
        return abs(self.difference) / self.error

    @property
    def is_even(self) -> bool:
        return abs(self.difference) < SECONDS_MAX + 2 * self.error and self.t < T_MAX


class Trial(NamedTuple):
    """How two kinds are compared: a few batches of *pairs* at most, until the error is below *error_seconds*."""

    one: Ask
    other: Ask
    pairs: int
    error_seconds: float

    def is_even(self, tick: Callable[[int], None] = lambda _: None) -> bool:
        """Return whether one of a few rounds of fresh samples is even: what leaks, leaks in all of them."""
        return any(self.round(tick).is_even for _ in range(_ROUNDS))

    def round(self, tick: Callable[[int], None] = lambda _: None) -> Comparison:
        one: list[float] = []
        other: list[float] = []
        for _ in range(_BATCHES):
            more, more_of_other = pairs(self.pairs, self.one, self.other, tick)
            one, other = [*one, *more], [*other, *more_of_other]
            found = compared(one, other)
            if found.error < self.error_seconds or found.t > 2 * T_MAX:
                break
        return found


def compared(one: Sequence[float], other: Sequence[float]) -> Comparison:
    (mean, variance), (other_mean, other_variance) = _trimmed(one), _trimmed(other)
    return Comparison(mean - other_mean, math.sqrt(variance + other_variance))


def _trimmed(samples: Sequence[float]) -> tuple[float, float]:
    """Return the mean of the faster half, and that mean's variance by the winsorized samples."""
    kept = sorted(samples)[: math.ceil(len(samples) * _KEPT)]
    winsorized = [*kept, *[kept[-1]] * (len(samples) - len(kept))]
    spread = (len(samples) - 1) * statistics.variance(winsorized)
    return statistics.mean(kept), spread / (len(kept) * (len(kept) - 1))


def pairs(count: int, one: Ask, other: Ask, tick: Callable[[int], None] = lambda _: None) -> Samples:
    """Time *count* pairs of requests, in each pair in an order that is drawn; *tick* hears how far it is."""
    draw = random.Random(count)
    samples: Samples = ([], [])
    for number in range(count):
        for is_first in draw.sample((True, False), 2):
            samples[0 if is_first else 1].append(_seconds(one if is_first else other, number))
        tick(number + 1)
    return samples


def _seconds(ask: Ask, number: int) -> float:
    started = time.perf_counter()
    ask(number)
    return time.perf_counter() - started
