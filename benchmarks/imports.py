"""What importing each function costs in a cold start, against an interpreter that imports nothing."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import table

ROUNDS = 15
ROOT = Path(__file__).parent.parent

# What Powertools' documentation teaches for such a function: a resolver that validates, and boto3 for the secret.
USUAL = """
import boto3, psycopg2, redis
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel
logger, metrics, app = Logger(), Metrics(namespace="x", service="x"), APIGatewayRestResolver(enable_validation=True)
boto3.client("secretsmanager", region_name="eu-central-1")
"""


def main() -> None:
    commands = {"bare interpreter": "pass", "the usual stack": USUAL} | {
        app.parent.name: _import_of(app) for app in _apps()
    }
    with tempfile.TemporaryDirectory() as bytecode:
        for source in commands.values():
            cpu_milliseconds(source, bytecode)  # compiles, uncounted
        samples: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(ROUNDS):
            print(f"\rround {turn + 1} of {ROUNDS}", end="", file=sys.stderr, flush=True)
            for name, source in commands.items():
                samples[name].append(cpu_milliseconds(source, bytecode))
    print(file=sys.stderr)
    _show({name: statistics.median(found) for name, found in samples.items()})


def _apps() -> list[Path]:
    return sorted((ROOT / "functions").glob("*/app.py"))


def _import_of(app: Path) -> str:
    return f"import sys; sys.path.insert(0, {str(app.parent)!r}); import app"


def cpu_milliseconds(source: str, bytecode: str) -> float:
    """Run *source* in a new interpreter and return its user and system time."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(ROOT / "layers" / "shared"), "PYTHONPYCACHEPREFIX": bytecode}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", source], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def _show(medians: dict[str, float]) -> None:
    bare, usual = medians["bare interpreter"], medians["the usual stack"]
    rows = [
        [name, f"{cpu:.0f}", f"{cpu - bare:.0f}", f"{cpu / bare:.1f}", f"{cpu / usual:.2f}"]
        for name, cpu in medians.items()
    ]
    table.show(
        f"Import, CPU in ms, median of {ROUNDS} interleaved runs, Python {sys.version.split()[0]}",
        ["function", "CPU", "above bare", "times bare", "times usual"],
        rows,
    )


if __name__ == "__main__":
    main()
