"""`make costs`: computes what docs/costs.md says; MEASURE=1 measures anew first, which takes a minute."""

import json
import os
from pathlib import Path

from benchmarks import table
from benchmarks.costs import stack

DOCUMENT = Path(__file__).parents[2] / "docs" / "costs.md"


def main() -> None:
    if os.environ.get("MEASURE"):
        from benchmarks.costs import measure  # noqa: PLC0415 (what follows reads what this writes)

        measure.main()
    from benchmarks.costs import chart, report  # noqa: PLC0415

    found = {stage: stack.of(stage)._asdict() for stage in report.STAGES}
    report.STACKS_FILE.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    DOCUMENT.write_text(report.filled(DOCUMENT.read_text("utf-8")), "utf-8")
    DOCUMENT.with_suffix(".svg").write_text(chart.drawn(report.bills()), "utf-8")
    rows = [[f"{rate:,} per second", f"{sum(lines.values()):,.0f}"] for rate, lines in report.bills().items()]
    table.show("A month of prod, US dollars (docs/costs.md has the lines)", ["rate", "dollars"], rows)


if __name__ == "__main__":
    main()
