"""docs/costs.md: the tables between the marks are computed, the words around them are not."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.costs import levers
from benchmarks.costs.model import ASSUMED, MEASURED, PRICES, RATES, Bill, bill, billed_ms
from benchmarks.costs.stack import Stack

STACKS_FILE = Path(__file__).with_name("stacks.json")
STAGES = ("dev", "staging", "prod")
_PLACE = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def stacks() -> dict[str, Stack]:
    return {stage: Stack(**each) for stage, each in json.loads(STACKS_FILE.read_text("utf-8")).items()}


def bills() -> dict[int, Bill]:
    return {rate: bill(stacks()["prod"], "prod", rate) for rate in RATES}


def filled(document: str) -> str:
    """Return the document with all its tables made anew."""
    tables = {
        "month": _month(),
        "standing": _standing(),
        "levers": _levers(),
        "measured": _measured(),
        "assumed": _assumed(),
        "prices": _prices(),
    }
    return _PLACE.sub(lambda found: f"{found[1]}{tables[found[2]]}\n{found[3]}", document)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---", *(["---:"] * (len(header) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _dollars(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def _month() -> str:
    found = bills()
    rows = [[line, *(_dollars(each[line]) for each in found.values())] for line in found[RATES[0]]]
    totals = {rate: sum(each.values()) for rate, each in found.items()}
    rows.append(["**together**", *(f"**{_dollars(total)}**" for total in totals.values())])
    per_million = [total / (rate * 730 * 3600 / 1e6) for rate, total in totals.items()]
    rows.append(["a million requests", *(_dollars(each) for each in per_million)])
    return _table(["US dollars a month", *(f"{rate:,} per second" for rate in RATES)], rows)


def _standing() -> str:
    rows = []
    for stage in STAGES:
        lines = bill(stacks()[stage], stage, 0)
        rest = sum(lines.values()) - sum(lines[name] for name in ("PostgreSQL", "RDS Proxy", "Valkey", "VPC endpoints"))
        parts = [lines["PostgreSQL"], lines["RDS Proxy"], lines["Valkey"], lines["VPC endpoints"], rest]
        rows.append([f"`{stage}`", *(_dollars(part) for part in parts), f"**{_dollars(sum(lines.values()))}**"])
    return _table(["stage", "PostgreSQL", "RDS Proxy", "Valkey", "endpoints", "rest", "together"], rows)


def _levers() -> str:
    by_rate = {rate: dict(levers.of(stacks()["prod"], rate)) for rate in RATES}
    names = [name for name, _ in levers.of(stacks()["prod"], RATES[-1])]
    rows = [[name, *(_dollars(found[name]) for found in by_rate.values())] for name in names]
    return _table(["saves a month", *(f"{rate:,} per second" for rate in RATES)], rows)


def _measured() -> str:
    memory = stacks()["prod"].memory_mb
    rows = [
        [
            f"`{stem}`",
            str(found["cold_cpu_ms"]),
            f"{found['warm_cpu_ms']:.2f}",
            str(memory[stem]),
            str(billed_ms(stem, memory[stem])),
            str(found["log_bytes"]),
            str(found["answer_bytes"]),
        ]
        for stem, found in MEASURED["functions"].items()
    ]
    header = ["function", "cold, CPU ms", "warm, CPU ms", "memory MB", "billed ms", "log bytes", "answer bytes"]
    return f"{MEASURED['date']}, `{MEASURED['command']}`, {MEASURED['machine']}.\n\n" + _table(header, rows)


def _assumed() -> str:
    rows = [[f"`{name}`", f"`{json.dumps(value)}`"] for name, value in ASSUMED.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in [["assumption", "value"], ["---", "---"], *rows])


def _prices() -> str:
    rows = []
    for name, each in PRICES["prices"].items():
        tiers = ", then ".join(f"{price:.10g}" for _, price in each["tiers"])
        rows.append([f"`{name}`", tiers, each["unit"], each["source"]])
    lines = [["price", "US dollars", "a", "source"], ["---", "---", "---", "---"], *rows]
    return f"{PRICES['region']}, as of {PRICES['as_of']}. {PRICES['not_confirmed']}\n\n" + "\n".join(
        f"| {' | '.join(line)} |" for line in lines
    )
