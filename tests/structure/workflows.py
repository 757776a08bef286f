"""What a workflow of GitHub may be found guilty of; each rule yields what is wrong, in words."""

import re
from collections.abc import Iterator
from typing import Any

Workflow = dict[Any, Any]

_PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
_USES = re.compile(r"^\s*(?:- )?uses: (\S+)(.*)$", re.MULTILINE)
_VERSION = re.compile(r"^ # v\d+\.\d+\.\d+$")
_FROM_OUTSIDE = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
# Which permissions a job may ask for, by what it does.
ALLOWED = {
    "contents: read",
    "id-token: write",
    "attestations: write",
    "attestations: read",
}


def faults(text: str, workflow: Workflow) -> list[str]:
    return [
        *_uses(text),
        *_triggers(workflow),
        *_permissions(workflow),
        *_scripts(workflow),
        *_credentials(text, workflow),
    ]


def _uses(text: str) -> Iterator[str]:
    for action, rest in _USES.findall(text):
        if action.startswith("./"):
            continue
        if not _PINNED.match(action):
            yield f"{action} is not pinned to a commit"
        elif not _VERSION.match(rest):
            yield f"{action} does not say which version that is"


def _triggers(workflow: Workflow) -> Iterator[str]:
    # YAML 1.1 takes the key `on` for a truth value.
    for trigger in {"pull_request_target", "workflow_run", "issue_comment"} & set(workflow[True]):
        yield f"{trigger} runs with rights beside code of strangers"


def _permissions(workflow: Workflow) -> Iterator[str]:
    if workflow.get("permissions") != {}:
        yield "not everything is forbidden at the top"
    for name, job in workflow["jobs"].items():
        asked = job.get("permissions")
        if not isinstance(asked, dict):
            yield f"{name} does not say what it may"
            continue
        for each in {f"{scope}: {level}" for scope, level in asked.items()} - ALLOWED:
            yield f"{name} may {each}"
        if "attestations: write" in {f"{s}: {v}" for s, v in asked.items()} and _runs_code(job):
            yield f"{name} runs code where it can sign"


def _runs_code(job: dict[str, Any]) -> bool:
    return any("run" in step for step in job.get("steps", []))


def _steps(workflow: Workflow) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for name, job in workflow["jobs"].items():
        for step in job.get("steps", []):
            yield name, job, step


def _scripts(workflow: Workflow) -> Iterator[str]:
    for name, _, step in _steps(workflow):
        for expression in _FROM_OUTSIDE.findall(str(step.get("run", ""))):
            yield f"{name} puts {expression} into a script"
        if "checkout" in str(step.get("uses")) and step.get("with", {}).get("persist-credentials") is not False:
            yield f"{name} leaves the token in the folder"


def _credentials(text: str, workflow: Workflow) -> Iterator[str]:
    if "secrets." in text or "aws-access-key-id" in text:
        yield "a stored secret is used"
    for name, job, step in _steps(workflow):
        if "configure-aws-credentials" in str(step.get("uses")) and not job.get("environment"):
            yield f"{name} takes a role outside an environment"
    for name, job in workflow["jobs"].items():
        if "timeout-minutes" not in job and "uses" not in job:
            yield f"{name} may hang for six hours"
