"""The list of faults (docs/faults.md), and where each is made: by the nemesis, always, or in a scenario of its own."""

import re
import sys
from pathlib import Path

FAULTS = {
    "F1": "Redis refuses",
    "F2": "Redis answers nothing, or late",
    "F3": "Redis full, read-only, loading, wrong password, wrong type",
    "F4": "Redis failover that lost writes, split brain",
    "F5": "eviction, everything forgotten",
    "F6": "PostgreSQL refuses",
    "F7": "PostgreSQL slow or locked",
    "F8": "too many connections",
    "F9": "PostgreSQL failover",
    "F10": "connection killed between invocations",
    "F11": "frozen, clock jumps",
    "F12": "killed in the middle of a transaction",
    "F13": "cut around COMMIT",
    "F14": "delivered twice, retried by the client",
    "F15": "database secret rotated",
    "F16": "signing key rotated",
    "F17": "authorizer down",
    "F18": "clocks apart",
    "F19": "poisoned cache entry",
    "F20": "deploy while the old code runs",
    "F21": "Redis cut off from one writer only",
    "F22": "answer lost after commit",
    "F23": "disk full",
    "F24": "herd after an outage",
}

# What clients of a campaign do by themselves, whatever befalls them, and the name in `client` that says how often.
ALWAYS = {"F14": "_DELIVERIES_MAX", "F22": "_LOST_ANSWERS"}

# What needs a world of its own: tests elsewhere, which `make faults` runs after the campaign.
ELSEWHERE = {
    "F16": ("tests/security/test_key_rotation_drill.py",),
    "F17": ("tests/local/test_gateway.py", "tests/local/test_authorizer.py"),
    "F20": ("tests/plans/test_previous_code.py", "tests/plans/test_previous_release.py"),
}

FOLDER = Path(__file__).parent / "scenarios"
_NUMBERS = re.compile(r"\bF(\d+)(?: to F(\d+))?")


def scenarios() -> dict[str, list[str]]:
    """Return the files of all scenarios by fault; those in the folder of that name say it in their first line."""
    found = {number: list(files) for number, files in ELSEWHERE.items()}
    for file in sorted(FOLDER.glob("test_*.py")):
        for number in _numbers(file.read_text("utf-8").partition("\n")[0]):
            found.setdefault(number, []).append(f"tests/faults/scenarios/{file.name}")
    return found


def _numbers(line: str) -> list[str]:
    spans = [(int(first), int(last or first)) for first, last in _NUMBERS.findall(line)]
    return [f"F{number}" for first, last in spans for number in range(first, last + 1)]


def main() -> None:
    """Print the files of all scenarios."""
    sys.stdout.write(" ".join(sorted({file for files in scenarios().values() for file in files})) + "\n")


if __name__ == "__main__":
    main()
