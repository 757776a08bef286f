"""
Deploys what `make build` has built: `make deploy STAGE=dev`.

It says what is missing before anything is changed, lets sam deploy, and ends by asking the new API for its health.
"""

import json
import os
import shlex
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).parents[1]
BUILT = ROOT / ".aws-sam" / "build" / "template.yaml"
HEALTHY_WITHIN_SECONDS = 60


def stages() -> dict[str, dict[str, Any]]:
    """Return what samconfig.toml says of each stage."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    return {name: each for name, each in config.items() if name not in {"version", "default"}}


def settings_of(stage: str) -> dict[str, Any]:
    if stage not in stages():
        known = ", ".join(stages())
        named = f"There is no stage {stage!r}" if stage else "Say which stage"
        sys.exit(f"{named}: make deploy STAGE=…, one of {known} (samconfig.toml has a section for each).")
    return stages()[stage]


def account(region: str) -> str:
    """Return whose credentials these are, or leave with what to do about it."""
    try:
        return str(boto3.client("sts", region_name=region).get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError) as error:
        sys.exit(
            f"There are no AWS credentials that work here ({error}).\n"
            "Log in, say with `aws sso login`, or name a profile: AWS_PROFILE=… make deploy STAGE=…"
        )


def command(stage: str, overrides: str, *, asks: bool) -> list[str]:
    """Return what runs sam; *overrides* are parameters as `Name=value Other=value`, beside the stage's own."""
    own = settings_of(stage)["deploy"]["parameters"]["parameter_overrides"]
    architecture = os.environ.get("ARCH", "arm64")
    parameters = [*own.split(), f"Architecture={architecture}", f"Release={release()}", *shlex.split(overrides)]
    sam = str(Path(sys.executable).with_name("sam"))
    role = os.environ.get("EXECUTION_ROLE", "")
    return [
        *(sam, "deploy", "--config-env", stage, "--parameter-overrides", *parameters),
        *(["--role-arn", role] if role else []),
        *([] if asks else ["--no-confirm-changeset"]),
    ]


def release() -> str:
    """Return what to call this deployment: the commit, and the time, so that each publishes versions of its own."""
    asked = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return f"{asked.stdout.strip() or 'no-commit'}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"


def health(url: str) -> None:
    """Wait until the API is well; leave with its last answer if it never is."""
    last = "no answer"
    ends_at = time.monotonic() + HEALTHY_WITHIN_SECONDS
    while time.monotonic() < ends_at:
        try:
            with urllib.request.urlopen(f"{url}/api/health", timeout=15) as answer:  # noqa: S310 (an output of the stack)
                print(f"{url}/api/health: {answer.status} {json.load(answer)}")
                return
        except urllib.error.HTTPError as error:
            last = f"{error.code} {error.read(500).decode(errors='replace')}"
        except OSError as error:
            last = str(error)
        time.sleep(2)
    sys.exit(f'It is deployed, but {url}/api/health is not well: {last}\nSee docs/deploying.md, "Roll back".')


def api_url(stack: str, region: str) -> str:
    described = boto3.client("cloudformation", region_name=region).describe_stacks(StackName=stack)
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described["Stacks"][0]["Outputs"]}
    return str(outputs["ApiUrl"]).rstrip("/")


def main() -> None:
    what, stage = sys.argv[1:]
    named = settings_of(stage)["global"]["parameters"]
    region, stack = os.environ.get("AWS_REGION") or named["region"], named["stack_name"]
    print(f"{stack} in {region}, as {account(region)}", flush=True)
    if what == "check":
        return
    if not BUILT.exists():
        sys.exit("Nothing is built: type `make build`, or `make deploy`, which builds first.")
    asks = sys.stdin.isatty() and not os.environ.get("CI")
    done = subprocess.run(command(stage, os.environ.get("PARAMETERS", ""), asks=asks), cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    health(api_url(stack, region))


if __name__ == "__main__":
    main()
