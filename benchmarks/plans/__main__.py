"""`python -m benchmarks.plans`: load what is missing, run every statement, judge it, and print tables."""

import os
import sys
from pathlib import Path

from benchmarks.plans import chart, load, report, tables, verdict
from benchmarks.plans.cases import ALL
from benchmarks.plans.depth import Measured, measure
from benchmarks.plans.lists import lists
from benchmarks.plans.progress import Bar
from benchmarks.plans.rows import Size
from benchmarks.plans.run import complaints, run
from benchmarks.plans.server import Urls, serving
from local.errors import LocalStackError
from local.home import Home, the_home

_ROOT = Path(__file__).parents[2]
_STOPPED = 130
_BYTES_A_ROW, _ROWS_A_SECOND = 320, 50_000  # with indexes and log; as measured on two cores


def main() -> int:
    """Return 0 if every statement keeps to its bounds."""
    size = Size(int(os.environ.get("USERS") or 1_000_000), int(os.environ.get("ORDERS") or 10_000_000))
    home = Home(the_home(_ROOT).folder / "explain")
    _announce(size, home)
    try:
        with serving(home, size) as urls:
            return _explain(urls, size)
    except KeyboardInterrupt:
        print("\nStopped. The next run goes on from here.", file=sys.stderr)
        return _STOPPED
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 1


def _announce(size: Size, home: Home) -> None:
    rows = tables.rows_of(size)
    print(
        f"{size.users:,} users, {size.orders:,} orders and what belongs to them: {rows:,} rows in {home.folder}.\n"
        f"That takes about {rows * _BYTES_A_ROW / 1e9:.1f} GB and, the first time, "
        f"{rows / _ROWS_A_SECOND / 60:.0f} minutes; Ctrl-C stops it, and the next run goes on.",
        flush=True,
    )


def _explain(urls: Urls, size: Size) -> int:
    bar = Bar(tables.rows_of(size))
    load.load(urls.admin, size, bar.tick)
    bar.close()
    faults, depths = _depths(urls.owner, size)
    lines = run(urls.owner, ALL)
    report.show_statements(lines)
    report.show_depths(depths)
    if picture := os.environ.get("CHART"):
        chart.write(Path(picture), depths)
    faults += complaints(lines)
    print(f"\n{len({line.statement for line in lines})} statements in {len(lines)} places, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def _depths(url: str, size: Size) -> tuple[list[str], list[Measured]]:
    found = [measure(url, deep) for deep in lists(size)]
    faults = [fault for measured in found for fault in verdict.too_dear(measured, in_time=True)]
    return faults, [each for measured in found for each in measured]


if __name__ == "__main__":
    sys.exit(main())
