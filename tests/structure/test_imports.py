"""Who imports whom, and what a cold start has to load."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure import project
from tests.structure.project import LAYER, ROOT

# The heavy ones. boto3 is in the budget of nobody who is waited for, and only who validates a model loads pydantic.
HEAVY = ("psycopg2", "redis", "pydantic", "jwt", "argon2", "cryptography.hazmat", "boto3", "botocore.session", "idna")
_STORES = {"redis"}
_MODELS = {"redis", "pydantic", "argon2"}
_TOKENS = {"jwt", "cryptography.hazmat"}
_SDK = {"boto3", "botocore.session"}
_CODES = _MODELS | {"cryptography.hazmat"}
BUDGET = {
    "authorize_request": _TOKENS,
    "change_order": _MODELS,
    "change_password": _MODELS,
    "change_user": _MODELS,
    "check_health": _STORES,
    "end_session": _STORES,
    "confirm_email": _MODELS,
    "confirm_password_reset": _MODELS,
    "confirm_totp": _CODES,
    "disable_totp": _CODES,
    "enrol_totp": _CODES,
    "get_totp": _STORES,
    "log_in_totp": _CODES | _TOKENS,
    "remove_totp": _STORES,
    "renew_recovery_codes": _CODES,
    "create_order": _MODELS,
    "create_user": _MODELS | _TOKENS,
    "delete_user": _STORES,
    "get_discovery": set[str](),
    "get_docs": set[str](),
    "get_docs_file": set[str](),
    "get_signing_keys": set[str](),
    "get_openapi": set[str](),
    "get_order": _STORES,
    "get_user": _STORES,
    "list_sessions": _STORES,
    "list_user_sessions": _STORES,
    "end_user_sessions": _STORES,
    "list_audit_events": _MODELS,
    "list_orders": _MODELS,
    "list_users": _MODELS,
    "log_in": _MODELS | _TOKENS,
    "log_out": _MODELS,
    "refresh_session": _MODELS | _TOKENS,
    "make_keys": _TOKENS | _SDK,
    "rotate_signing_key": _TOKENS | _SDK,
    "deploy_migrations": _SDK | {"cryptography.hazmat"},
    "migrate_database": {"redis", "psycopg2", "argon2"},
    "record_bounces": _STORES,
    "refuse_route": set[str](),
    "replace_user": _MODELS,
    "request_email_verification": _STORES | {"argon2"},
    "request_password_reset": _MODELS,
    "send_mails": _STORES,
}
_LOAD = "import app, json, sys; print(json.dumps(sorted(sys.modules)))"


def _loading(stem: str) -> "subprocess.Popen[bytes]":
    paths = [str(ROOT / "functions" / stem), str(LAYER)]
    code = f"import sys; sys.path[:0] = {paths!r}; {_LOAD}"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd="/")


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """Load every function in an interpreter of its own, all at once; return the modules that each has then."""
    processes = {stem: _loading(stem) for stem in project.stems()}
    return {stem: set(json.loads(process.communicate()[0])) for stem, process in processes.items()}


@pytest.mark.integration
@pytest.mark.parametrize("stem", project.stems())
def test_a_cold_start_loads_no_more_than_its_budget(stem: str, loaded: dict[str, set[str]]) -> None:
    assert set(HEAVY) & loaded[stem] == BUDGET[stem]


PLANTED = {
    "functions/get_user/app.py": ("roster.users.service", "functions.delete_user.app"),
    "layers/shared/roster/users/models.py": ("local.errors", "roster.api.event"),
    "layers/shared/roster/users/service.py": ("psycopg2",),
}


def _linted(root: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    environment = {"PYTHONPATH": str(root / "layers" / "shared")}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_the_import_contracts_are_kept() -> None:
    done = _linted(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_each_import_contract_is_broken_by_what_it_forbids(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("functions", "layers/shared/roster", "local"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name, modules in PLANTED.items():
        with (tmp_path / name).open("a") as source:
            source.writelines(f"\nimport {module}" for module in modules)
    assert "Contracts: 0 kept, 5 broken." in _linted(tmp_path).stdout
