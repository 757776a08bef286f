"""A campaign of faults on the command line: `python -m tests.faults --seconds 600 --seed 1`."""

import argparse
import sys
from pathlib import Path

from tests.faults import campaign, nemesis, report
from tests.faults.campaign import Plan, Verdict
from tests.faults.findings import tally
from tests.structure.project import ROOT

_TOLD_MAX = 5


def main() -> int:
    options = _options()
    folder = Path(options.out) if options.out else ROOT / ".local" / "faults" / str(options.seed)
    faults = [each for each in nemesis.ALL if not options.only or each.number in options.only.split(",")]
    plan = Plan(options.seconds, options.seed, _emptied(folder), options.pace, options.pairs)
    verdict = campaign.run(plan, _tell, faults)
    for line in _lines(verdict):
        _tell(line)
    _tell(f"The report: {report.write(folder, verdict.findings, figures(plan, verdict))}")
    return 0 if verdict.is_clean else 1


def figures(plan: Plan, verdict: Verdict) -> dict[str, str]:
    """Return what there is to tell besides answers and findings."""
    asked = verdict.counted["hits"] + verdict.counted["misses"]
    return {
        "seed": str(plan.seed),
        **{name.replace("_", " "): f"{number:,}" for name, number in verdict.counted.items()},
        "hit rate": f"{100 * verdict.counted['hits'] / max(asked, 1):.1f} %",
        "faults": f"{len(verdict.struck):,}",
        "wrong answers": f"{len(verdict.wrong):,}",
        "troubles of the campaign": f"{len(verdict.troubles):,}",
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="", help="the folder for what is noted")
    parser.add_argument("--only", default="", help="numbers of faults, as in F1,F13")
    parser.add_argument("--pairs", action="store_true", help="two faults at once, of different kinds")
    parser.add_argument("--pace", type=float, default=1.0, help="how hard the environments work")
    return parser.parse_args()


def _emptied(folder: Path) -> Path:
    """Return the folder, without what an earlier campaign left there and nothing else."""
    for pattern in ("*.notes", "*.wrong", "*.log", "board", "nemesis.jsonl"):
        for file in folder.glob(pattern):
            file.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lines(verdict: Verdict) -> list[str]:
    lines = [", ".join(f"{number:,} {name}" for name, number in verdict.counted.items())]
    for struck in verdict.struck:
        recovered = struck.recovered_seconds
        after = "never" if recovered is None else f"after {recovered:.2f} s"
        lines.append(f"  {struck.fault:4} {struck.what}: all worked again {after}")
    for kind, number in tally(verdict.findings).items():
        lines.append(f"{number:,} {kind}")
        lines += [f"  {each.told}" for each in verdict.findings if each.kind == kind][:_TOLD_MAX]
    for name, list_ in (("wrong answers", verdict.wrong), ("troubles", verdict.troubles)):
        lines.append(f"{len(list_)} {name}")
        lines += [f"  {each}" for each in list_[:_TOLD_MAX]]
    return lines


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
