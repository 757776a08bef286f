"""The layer for x86-64 under the Python it was compiled for: all handlers answer, and what they open is counted."""

import json
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.environment import SETTINGS
from tests.structure.layer import Built
from tests.structure.project import ROOT
from tools.layer import bytecode

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="the layer for x86-64 does not run here"
    ),
]

REQUEST_MAX_MB = 30
# Who speaks to PostgreSQL and signs or seals besides holds two OpenSSLs: libpq's, and the one inside cryptography.
WITH_CRYPTOGRAPHY_MAX_MB = {"arm64": 37, "x86_64": 34}
SIGN_OR_SEAL = {
    "confirm_totp", "create_user", "disable_totp", "enrol_totp", "log_in", "log_in_totp", "refresh_session",
    "renew_recovery_codes",
}  # fmt: skip
# Nothing listens there: every server is away.
AWAY = {"DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/roster", "REDIS_URL": "redis://127.0.0.1:9/0"}

CRYPTOGRAPHY = """
import sys; sys.path.insert(0, sys.argv[1])
import argon2, jwt, psycopg2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
key = ec.generate_private_key(ec.SECP256R1())
assert jwt.decode(jwt.encode({"sub": "1"}, key, "ES256"), key.public_key(), ["ES256"]) == {"sub": "1"}
sealed = AESGCM(bytes(16)).encrypt(bytes(12), b"text", None)
assert AESGCM(bytes(16)).decrypt(bytes(12), sealed, None) == b"text"
assert argon2.PasswordHasher().verify(argon2.PasswordHasher().hash("x"), "x")
print(psycopg2.__libpq_version__)
"""


@pytest.fixture(scope="module")
def layer(layer_for: Callable[[str], Built]) -> Built:
    return layer_for("x86_64")


def run(*arguments: str) -> str:
    """Run Python 3.13 with what is set on Lambda, and nothing of this environment."""
    environment = {"PATH": os.defpath, "AWS_DEFAULT_REGION": "eu-central-1", **SETTINGS, **AWAY}
    command = [str(bytecode.python313()), "-I", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def used(layer: Built) -> dict[str, Any]:
    driver = str(Path(__file__).with_name("layer_driver.py"))
    return dict(json.loads(run(driver, str(layer.site), str(ROOT))))


def test_every_handler_is_imported_and_answers(used: dict[str, Any]) -> None:
    missing = {stem: found["error"] for stem, found in used.items() if "Import" in found.get("error", "")}
    missing |= {stem: found["error"] for stem, found in used.items() if "ModuleNotFound" in found.get("error", "")}
    # What only Lambda's runtime brings, and not the layer.
    without_sdk = {stem for stem, error in missing.items() if "named 'boto3'" in error}
    assert without_sdk == set(missing) == {"deploy_migrations", "make_keys", "rotate_signing_key"}, missing
    assert len(used) > 40
    assert sum(found.get("status") in range(200, 600) for found in used.values()) > 36


def test_shortened_libraries_sign_seal_and_hash(layer: Built) -> None:
    assert int(run("-c", CRYPTOGRAPHY, str(layer.site))) >= 170000


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_a_request_opens_no_more_than_it_may(
    used: dict[str, Any], layer_for: Callable[[str], Built], architecture: str
) -> None:
    sizes = {stem: _opened_bytes(layer_for(architecture), found["files"]) / 1e6 for stem, found in used.items()}
    print({stem: round(size, 1) for stem, size in sizes.items()})  # noqa: T201 (`pytest -s` shows it)
    others = {stem: size for stem, size in sizes.items() if stem not in SIGN_OR_SEAL}
    assert {stem: size for stem, size in others.items() if size > REQUEST_MAX_MB} == {}
    most = WITH_CRYPTOGRAPHY_MAX_MB[architecture]
    assert {stem for stem in SIGN_OR_SEAL if not REQUEST_MAX_MB < sizes[stem] <= most} == set()
    assert sizes["get_user"] > 10, "psycopg2 was not among what a request opened"


def _opened_bytes(built: Built, files: list[str]) -> int:
    """Count what was opened of the layer for x86-64, or what stands for it in the one for arm64."""
    if built.architecture == "x86_64":
        return built.bytes_of(files)
    libraries = {name for name in built.names() if name.startswith("psycopg2_binary.libs/")}
    own = {name.replace("x86_64-linux-gnu", "aarch64-linux-gnu") for name in files if ".libs/" not in name}
    return built.bytes_of(own | libraries if any(".libs/" in name for name in files) else own)
