"""The report of a campaign: a folder with figures and a picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from tests.faults import picture
from tests.faults.findings import Finding, Kind, tally
from tests.faults.history import Outcome
from tests.faults.timeline import SECOND, Struck, Tally, Timeline, timeline

_SHOWN_OF_A_KIND = 5


def write(folder: Path, findings: Sequence[Finding], figures: Mapping[str, str]) -> Path:
    """
    Write `report/report.md` and its picture into the *folder* of a campaign's notes, and return that file.

    *figures* are what else there is to tell: seed, hit rate and the like, by their names.
    """
    found, into = timeline(folder), folder / "report"
    into.mkdir(exist_ok=True)
    picture.write(into / "timeline.svg", found)
    report = into / "report.md"
    report.write_text("\n".join(_lines(found, findings, figures)) + "\n", "utf-8")
    return report


def _lines(found: Timeline, findings: Sequence[Finding], figures: Mapping[str, str]) -> Iterator[str]:
    yield "# A campaign of faults"
    yield from _verdict(findings)
    yield "\n![Answers per second, how long they took, and the faults, over time](timeline.svg)\n"
    yield from _table(("", ""), [*figures.items(), ("seconds", f"{len(found.seconds):,}")])
    yield "\n## All answers\n"
    yield from _table(("", "status", "answers"), _statuses(found.whole))
    yield "\n## Answers by fault\n"
    yield "From when a fault began until everybody worked again, over all times that it was made.\n"
    yield from _table(_FAULT_COLUMNS, _faults(found))


def _verdict(findings: Sequence[Finding]) -> Iterator[str]:
    counted = tally(findings)
    yield "\n## What was found\n"
    yield from _table(("", "times"), [(str(kind), f"{counted.get(kind, 0):,}") for kind in Kind])
    for kind in Kind:
        told = [finding.told for finding in findings if finding.kind == kind]
        if told:
            yield f"\n{kind}, the first of {len(told):,}:\n"
            yield from (f"- {each}" for each in islice(told, _SHOWN_OF_A_KIND))


def _statuses(whole: Tally) -> Iterator[tuple[str, ...]]:
    for (is_read, status), count in sorted(whole.statuses.items(), key=lambda each: (not each[0][0], each[0][1])):
        yield ("reads" if is_read else "writes", str(status or "none"), f"{count:,}")


_FAULT_COLUMNS = (
    "fault", "times", "reads good", "failed", "writes good", "failed", "unknown", "slowest read", "slowest write",
    "all work again after",
)  # fmt: skip


def _faults(found: Timeline) -> Iterator[tuple[str, ...]]:
    by_name: dict[str, list[tuple[Struck, Tally]]] = {}
    for struck, counted in zip(found.struck, found.tallies, strict=True):
        by_name.setdefault(struck.name, []).append((struck, counted))
    for name, times in sorted(by_name.items(), key=lambda each: (int(each[1][0][0].fault[1:]), each[0])):
        yield (name, str(len(times)), *_counts([each for _, each in times]), _recovery([each for each, _ in times]))


def _counts(tallies: Sequence[Tally]) -> Iterator[str]:
    columns = ((True, Outcome.OK), (True, Outcome.FAILED), (False, Outcome.OK), (False, Outcome.FAILED))
    for column in (*columns, (False, Outcome.UNKNOWN)):
        yield f"{sum(each.outcomes[column] for each in tallies):,}"
    for is_read in (True, False):
        yield _seconds(max(each.slowest[is_read] for each in tallies) / SECOND)


def _recovery(struck: Iterable[Struck]) -> str:
    seconds = [each.recovered_seconds for each in struck]
    known = [each for each in seconds if each is not None]
    return "never" if len(known) < len(seconds) else _seconds(max(known))


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
