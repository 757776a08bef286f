"""Where values lie in a picture, and which of them are written beside an axis."""

import math
from typing import NamedTuple

_MINUTE = 60
_STEPS_SECONDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400)
_TICKS_MAX = 13

Tick = tuple[float, str]


class Scale(NamedTuple):
    """Values from *low* to *high* lie between *start* and *end*; on a logarithmic one *low* is more than 0."""

    low: float
    high: float
    start: float
    end: float
    is_logarithmic: bool = False

    def __call__(self, value: float) -> float:
        kept = min(max(value, self.low), self.high)
        if self.is_logarithmic:
            share = math.log(kept / self.low) / math.log(self.high / self.low)
        else:
            share = (kept - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def of_time(seconds: int) -> list[Tick]:
    """Return ticks for that many seconds: in minutes, where there are several."""
    step = next((step for step in _STEPS_SECONDS if seconds / step < _TICKS_MAX), seconds)
    in_minutes = seconds > 3 * _MINUTE
    moments = range(0, seconds + 1, step)
    return [(each, _minutes(each, step) if in_minutes else f"{each} s") for each in moments]


def _minutes(seconds: int, step: int) -> str:
    minutes, rest = divmod(seconds, _MINUTE)
    return f"{minutes}:{rest:02d} min" if step % _MINUTE else f"{minutes} min"


def of_amounts(most: float) -> list[Tick]:
    """Return some round amounts from 0 on, the last of which is *most* at least."""
    rough = max(most, 1) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough)
    return [(number * step, f"{number * step:,g}") for number in range(max(2, math.ceil(most / step) + 1))]


def of_milliseconds(least: float, most: float) -> list[Tick]:
    """Return powers of ten around the two."""
    low, high = math.floor(math.log10(least)), math.ceil(math.log10(most))
    powers = range(low, max(high, low + 1) + 1)
    return [(10.0**power, f"{10.0**power:g} ms" if power < 3 else f"{10.0 ** (power - 3):g} s") for power in powers]
