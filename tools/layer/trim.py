"""What of the installed packages no function needs, and goes."""

import shutil
from pathlib import Path

# Distributions' metadata is read by nobody but pydantic, which would search it for plugins at every cold start.
OF_NO_USE_AT_RUN_TIME = (
    "bin", ".lock", "**/__pycache__", "**/tests", "**/*.dist-info", "**/*.pyi", "**/*.pyx", "**/*.pxd", "**/*.[ch]",
    "**/py.typed",
)  # fmt: skip

# Argon2 and cryptography need of cffi only its extension module `_cffi_backend`; the rest makes such modules.
MAKES_EXTENSIONS = ("cffi", "pycparser")

# We use Powertools' Logger and Metrics. Its resolver and its utilities are loaded by who uses them.
_UTILITIES = (
    "auth_alpha", "batch", "circuit_breaker", "data_classes", "data_masking", "feature_flags", "idempotency", "kafka",
    "metadata", "parameters", "parser", "streaming", "validation",
)  # fmt: skip
POWERTOOLS = (
    "aws_lambda_powertools/event_handler",
    *(f"aws_lambda_powertools/utilities/{name}" for name in _UTILITIES),
)

# Models of the last major version, and clients of several Redis servers at once.
REST = ("pydantic/v1", "pydantic/mypy.py", "redis/multidb", "redis/asyncio/multidb", "redis/http", "redis/asyncio/http")


def trim(site: Path) -> None:
    """Remove what no function needs; a pattern that fits nothing is out of date, and refused."""
    for pattern in OF_NO_USE_AT_RUN_TIME:
        _remove(site, pattern)
    for pattern in (*MAKES_EXTENSIONS, *POWERTOOLS, *REST):
        if not _remove(site, pattern):
            raise SystemExit(f"The layer has no {pattern}: take it out of tools/layer/trim.py.")


def _remove(site: Path, pattern: str) -> bool:
    found = list(site.glob(pattern))
    for path in found:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return bool(found)
