"""The picture of what a page costs by depth: two ways for each list, on logarithmic axes."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.plans.depth import Measured

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 790, 420, 70, 56, 220, 46
_LINE_HEIGHT = 16
_COLOURS = ("#1f6fb2", "#2e8b57", "#8a5cb8", "#b8860b")
_DEPTHS, _TIMES = (0, 6), (-2, 4)  # powers of ten: of rows, and of milliseconds
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}"
    ".grid{stroke:#ddd}.line{fill:none;stroke-width:2.5}.offset{stroke-dasharray:6 5}"
)


class _Way(NamedTuple):
    """What a list costs at each depth, by keyset or by OFFSET."""

    kind: str
    name: str
    colour: str
    depths: list[int]
    times: list[float]


def write(path: Path, measured: Sequence[Measured]) -> None:
    path.write_text(drawn(measured), "utf-8")


def drawn(measured: Sequence[Measured]) -> str:
    told = "Milliseconds of a page by its depth: by keyset it costs the same everywhere, by OFFSET more and more."
    parts = [*_frame(), *(_line(way) for way in _ways(measured)), *_labels(_ways(measured))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{told}">\n'
        f'<style>{_STYLE}</style>\n<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _ways(measured: Sequence[Measured]) -> list[_Way]:
    ways = []
    for name, colour in zip(dict.fromkeys(each.name for each in measured), _COLOURS, strict=False):
        points = [each for each in measured if each.name == name]
        depths = [each.depth for each in points]
        ways.append(_Way("keyset", name, colour, depths, [each.keyset.milliseconds for each in points]))
        ways.append(_Way("offset", name, colour, depths, [each.offset.milliseconds for each in points]))
    return ways


def _frame() -> Iterator[str]:
    yield f'<text class="title" x="{_LEFT}" y="24">Milliseconds of a page of 100, by depth</text>'
    yield f'<text x="{_LEFT}" y="44">solid: by keyset, dashed: by OFFSET</text>'
    for power in range(_TIMES[0], _TIMES[1] + 1):
        y = _y(10.0**power)
        yield f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>'
    for power in range(_DEPTHS[0], _DEPTHS[1] + 1):
        name = f"{10**power:,}" if power else "first"
        yield f'<text x="{_x(10**power):.1f}" y="{_HEIGHT - 20}" text-anchor="middle">{name}</text>'


def _line(way: _Way) -> str:
    path = "L".join(f"{_x(depth):.1f} {_y(time):.1f}" for depth, time in zip(way.depths, way.times, strict=True))
    return f'<path class="line {way.kind}" stroke="{way.colour}" d="M{path}"/>'


def _labels(ways: Sequence[_Way]) -> Iterator[str]:
    """Yield the words beside the ends of the lines, none upon another."""
    free = 0.0
    for way in sorted(ways, key=lambda way: _y(way.times[-1])):
        y = max(_y(way.times[-1]) + 4, free)
        free = y + _LINE_HEIGHT
        time = f"{way.times[-1]:,.0f} ms" if way.kind == "offset" else f"{way.times[-1]:.2g} ms"
        yield f'<text x="{_WIDTH - _RIGHT + 8}" y="{y:.1f}" style="fill:{way.colour}">{way.name}: {time}</text>'


def _x(depth: int) -> float:
    return _scaled(max(depth, 1), _DEPTHS, _LEFT, _WIDTH - _RIGHT)


def _y(milliseconds: float) -> float:
    return _scaled(milliseconds, _TIMES, _HEIGHT - _BOTTOM, _TOP)


def _scaled(value: float, powers: tuple[int, int], start: float, end: float) -> float:
    low, high = powers
    return start + (end - start) * (math.log10(value) - low) / (high - low)
