"""One panel of the picture: lines over time, with their names and an axis beside them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.faults.scales import Scale, Tick

WIDTH, LEFT, RIGHT, HEIGHT = 1240, 420, 24, 120
_MARGIN, _NAME_HEIGHT = 16, 20

Points = Sequence[tuple[float, float | None]]


class Line(NamedTuple):
    """A line with its *name*, dashed by *style* or not; where there is no value it is broken."""

    name: str
    colour: str
    style: str
    points: Points


class Panel(NamedTuple):
    top: float
    name: str
    ticks: Sequence[Tick]
    is_logarithmic: bool
    lines: Sequence[Line]

    def drawn(self, across: Scale) -> Iterator[str]:
        upward = Scale(self.ticks[0][0], self.ticks[-1][0], self.top + HEIGHT, self.top, self.is_logarithmic)
        for value, name in self.ticks:
            y = upward(value)
            yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            yield f'<text class="right" x="{LEFT - 8}" y="{y + 4:.1f}">{name}</text>'
        yield f'<text class="name" x="{_MARGIN}" y="{self.top + 10}">{self.name}</text>'
        for place, line in enumerate(self.lines, 1):
            yield from _key(line, self.top + 6 + place * _NAME_HEIGHT)
            yield f'<path class="line {line.style}" stroke="{line.colour}" d="{_path(line.points, across, upward)}"/>'


def _key(line: Line, y: float) -> Iterator[str]:
    yield f'<path class="line {line.style}" stroke="{line.colour}" d="M{_MARGIN} {y}h26"/>'
    yield f'<text x="{_MARGIN + 34}" y="{y + 4}">{line.name}</text>'


def _path(points: Points, across: Scale, upward: Scale) -> str:
    steps, pen = [], "M"
    for moment, value in points:
        if value is None:
            pen = "M"
            continue
        steps.append(f"{pen}{across(moment):.1f} {upward(value):.1f}")
        pen = "L"
    return "".join(steps) or "M0 0"
