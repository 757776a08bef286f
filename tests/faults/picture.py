"""The picture of a campaign: how much was answered, how fast, and what befell it meanwhile, on one axis of time."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from tests.faults import scales
from tests.faults.panels import HEIGHT, LEFT, RIGHT, WIDTH, Line, Panel
from tests.faults.scales import Scale
from tests.faults.timeline import SECOND, Moment, Struck, Timeline

# Colours that everybody can tell apart (Okabe and Ito).
_READS, _WRITES, _OTHERS = "#0072b2", "#d55e00", "#000000"
_FAULTS = {"Redis": "#cc79a7", "PostgreSQL": "#009e73", "environments": "#e69f00"}
_OF_POSTGRES = ("F6", "F7", "F8", "F9", "F10", "F13", "F15", "F23")
_OF_REDIS = ("F1", "F2", "F3", "F4", "F5", "F19", "F21", "F24")

_TOP, _GAP, _ROW, _BAR = 64, 34, 17, 11
_MOMENTS_MAX, _BANDS_MAX, _NAME_LENGTH_MAX = 240, 60, 64
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:16px;font-weight:600}.name{font-weight:600}"
    ".right{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:#ddd}.line{fill:none;stroke-width:1.7;"
    "stroke-linejoin:round}.dashed{stroke-dasharray:5 3}.dotted{stroke-dasharray:1.5 2.5}.band{opacity:.12}"
)


def write(path: Path, timeline: Timeline) -> None:
    path.write_text(drawn(timeline), "utf-8")


def drawn(timeline: Timeline) -> str:
    names = list(dict.fromkeys(each.name for each in sorted(timeline.struck, key=_in_order)))
    panels = list(_panels(timeline))
    floor = panels[-1].top + HEIGHT + _GAP
    height = floor + len(names) * _ROW + 30
    across = Scale(0, len(timeline.seconds), LEFT, WIDTH - RIGHT)
    told = "Answers per second, how long they took, and the faults, over the time of a campaign."
    parts = [
        *_heading(),
        *_time(len(timeline.seconds), across, height),
        *_bands(timeline, across, floor - _GAP),
        *(part for panel in panels for part in panel.drawn(across)),
        *_rows(timeline, names, across, floor),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{told}">\n'
        f'<style>{_STYLE}</style>\n<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _heading() -> Iterator[str]:
    yield '<text class="title" x="16" y="28">Answers while everything breaks</text>'
    x = LEFT
    for name, colour in _FAULTS.items():
        yield f'<rect x="{x}" y="19" width="14" height="{_BAR}" fill="{colour}"/>'
        yield f'<text x="{x + 20}" y="29">faults of {name}</text>'
        x += 170


def _panels(timeline: Timeline) -> Iterator[Panel]:
    width = -(-len(timeline.seconds) // _MOMENTS_MAX)
    reads, writes = (_merged(each, timeline.seconds, width) for each in (timeline.reads, timeline.writes))
    yield _amounts(0, "Reads per second", _READS, reads, width)
    yield _amounts(1, "Writes per second", _WRITES, writes, width)
    times = [
        Line("half of the reads within", _READS, "", _within(reads, 0.5)),
        Line("99 % of the reads within", _READS, "dashed", _within(reads, 0.99)),
        Line("half of the writes within", _WRITES, "", _within(writes, 0.5)),
        Line("99 % of the writes within", _WRITES, "dashed", _within(writes, 0.99)),
    ]
    values = [value for line in times for _, value in line.points if value] or [1.0]
    yield Panel(_top(2), "Time to a good answer", scales.of_milliseconds(min(values), max(values)), True, times)


def _merged(moments: Mapping[int, Moment], seconds: range, width: int) -> Mapping[float, Moment]:
    """Return what was in each *width* seconds, by their middle, in seconds from the beginning."""
    merged: dict[float, Moment] = {}
    for first in range(0, len(seconds), width):
        moment = merged[first + width / 2] = Moment()
        for second in seconds[first : first + width]:
            moment.merge(moments.get(second, Moment()))
    return merged


def _amounts(place: int, name: str, colour: str, moments: Mapping[float, Moment], width: int) -> Panel:
    good = [(at, each.good / width) for at, each in moments.items()]
    others = [(at, each.others / width) for at, each in moments.items()]
    ticks = scales.of_amounts(max(amount for _, amount in good + others))
    lines = [Line("answered well", colour, "", good), Line("answered otherwise", _OTHERS, "dotted", others)]
    return Panel(_top(place), name, ticks, False, lines)


def _within(moments: Mapping[float, Moment], share: float) -> list[tuple[float, float | None]]:
    return [(at, each.percentile(share)) for at, each in moments.items()]


def _top(place: int) -> float:
    return _TOP + place * (HEIGHT + _GAP)


def _bands(timeline: Timeline, across: Scale, floor: float) -> Iterator[str]:
    """Yield what shows the faults behind the lines, unless that were too many stripes."""
    for each in timeline.struck if len(timeline.struck) <= _BANDS_MAX else ():
        x, width = _span(timeline, each, across)
        yield (
            f'<rect class="band" x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{floor - _TOP}" '
            f'fill="{_FAULTS[_whose(each)]}"/>'
        )


def _rows(timeline: Timeline, names: Sequence[str], across: Scale, top: float) -> Iterator[str]:
    """Yield a row for each fault, with a bar whenever it was."""
    for place, name in enumerate(names):
        y = top + place * _ROW
        shown = name if len(name) <= _NAME_LENGTH_MAX else f"{name[: _NAME_LENGTH_MAX - 1]}…"
        yield f'<text class="right" x="{LEFT - 8}" y="{y + 10}">{escape(shown)}</text>'
        yield f'<path class="grid" d="M{LEFT} {y + _BAR / 2}H{WIDTH - RIGHT}"/>'
        for each in (each for each in timeline.struck if each.name == name):
            x, width = _span(timeline, each, across)
            bar = f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{_FAULTS[_whose(each)]}">'
            yield f"{bar}<title>{escape(name)}</title></rect>"


def _time(seconds: int, across: Scale, height: float) -> Iterator[str]:
    for moment, name in scales.of_time(seconds):
        x = across(moment)
        yield f'<path class="grid" d="M{x:.1f} {_TOP}V{height - 26}"/>'
        yield f'<text class="middle" x="{x:.1f}" y="{height - 10}">{name}</text>'


def _span(timeline: Timeline, struck: Struck, across: Scale) -> tuple[float, float]:
    began, ended = (across(moment / SECOND - timeline.seconds.start) for moment in (struck.began, struck.ended))
    return began, max(1.5, ended - began)


def _whose(struck: Struck) -> str:
    if "Redis" in struck.what or struck.fault in _OF_REDIS:
        return "Redis"
    return "PostgreSQL" if struck.fault in _OF_POSTGRES else "environments"


def _in_order(struck: Struck) -> tuple[int, str]:
    return int(struck.fault.strip("F") or 0), struck.what
