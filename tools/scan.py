"""`make scan`: cfn-lint with warnings and checkov, on the template in both forms and on the roles of the pipeline."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools import translated

ROOT = translated.ROOT
SOURCE = ROOT / "template.yaml"
PIPELINE = ROOT / ".github" / "deploy-role.yaml"
_CHECKOV = ROOT / ".tools" / "checkov" / "bin" / "checkov"
# What SAM writes is not ours: it uses Fn::Sub and DependsOn where they are not needed.
_OF_SAM = ("W1020", "W3005", "W3045")


def main() -> int:
    """Print what each scanner finds; return 1 if that is anything, or if one could not look."""
    with tempfile.TemporaryDirectory() as folder:
        whole, slim = Path(folder) / "translated.json", Path(folder) / "without-paths.json"
        template = translated.translate(translated.source())
        whole.write_text(json.dumps(template, indent=1))
        slim.write_text(json.dumps(_without_paths(template), indent=1))
        scans: list[tuple[str, Callable[[], list[str]]]] = [
            ("cfn-lint, as written", lambda: _linted(SOURCE)),
            ("cfn-lint, translated", lambda: _linted(whole, *_OF_SAM)),
            ("checkov, as written", lambda: _checked(SOURCE)),
            ("checkov, translated", lambda: _checked(slim)),
            ("cfn-lint, roles of the pipeline", lambda: _linted(PIPELINE)),
            ("checkov, roles of the pipeline", lambda: _checked(PIPELINE)),
        ]
        return 1 if sum(_report(what, scan) for what, scan in scans) else 0


def _linted(file: Path, *ignored: str) -> list[str]:
    command = [Path(sys.executable).with_name("cfn-lint"), "--format", "json", "--include-checks", "W", "E"]
    command += ["--regions", translated.REGION, "--ignore-checks", *ignored] if ignored else []
    done = subprocess.run([*map(str, command), "--template", str(file)], capture_output=True, text=True, check=False)
    found = [
        f"{each['Rule']['Id']} line {each['Location']['Start']['LineNumber']}: {each['Message']}"
        for each in json.loads(done.stdout or "null") or []
    ]
    return found or ([done.stderr] if done.returncode else [])


def _checked(file: Path) -> list[str]:
    command = [str(_CHECKOV), "--config-file", str(ROOT / ".checkov.yaml"), "--output", "json", "--file", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
        failed, summary = report["results"]["failed_checks"], report["summary"]
    except (ValueError, KeyError, TypeError):
        return [f"checkov could not look at {file.name}: {done.stderr or done.stdout}"]
    if summary["parsing_errors"] or not summary["passed"]:
        return [f"checkov could not read {file.name}."]
    return [f"{each['check_id']} {each['resource']}: {each['check_name']}" for each in failed]


def _without_paths(template: dict[str, Any]) -> dict[str, Any]:
    """Leave out the API's operations: checkov looks at none, and takes minutes to read them."""
    copied: dict[str, Any] = json.loads(json.dumps(template))
    for resource in copied["Resources"].values():
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            resource["Properties"]["Body"]["paths"] = {}
    return copied


def _report(what: str, scan: Callable[[], list[str]]) -> int:
    print(f"{what} … ", end="", flush=True)
    found = scan()
    print(f"{len(found)} findings", *(f"  {each}" for each in found), sep="\n", flush=True)
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
