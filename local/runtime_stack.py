"""What the running local stack gives to functions that run outside of its server."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import ports
from local.errors import LocalStackError
from local.home import Home
from local.model import SIGN_IN

MIGRATION = "MigrateDatabaseFunction"
# What functions have while the stack is away: nothing to connect to, and no keys.
AWAY = {
    **SIGN_IN,
    **dict.fromkeys(("DATABASE_URL", "REDIS_URL", "JWT_SIGNING_KEY", "SECOND_FACTOR_KEYS", "API_SECRET"), ""),
    "JWT_PUBLIC_KEYS": '{"keys": []}',
}
_POSTGRESQL_PORT = 5432


class NotRunningError(LocalStackError):
    """There is no local server to take the database and the keys from."""

    def __init__(self) -> None:
        super().__init__("The local stack is not running: type `make start` in another terminal.")


def variables(home: Home, *, migrates: bool = False) -> dict[str, str]:
    """
    Return the environment variables that lead a function to the stack whose data *home* holds.

    Only one that *migrates* connects as who may change the schema.

    Raises:
        NotRunningError: If it does not run, or left its notes behind when it ended.
        LocalStackError: If its notes cannot be read.
    """
    running, keys = _read(home.running), _read(home.keys)
    if not _answers(running["database_url"]):
        raise NotRunningError
    return {
        **SIGN_IN,
        "DATABASE_URL": running["database_url" if migrates else "functions_url"],
        "REDIS_URL": running["redis_url"] or "",
        "JWT_ISSUER": running["token_issuer"],
        "JWT_SIGNING_KEY": keys["private"],
        "JWT_PUBLIC_KEYS": keys["public"],
        "MAIL_FOLDER": str(home.mail),
        "SECOND_FACTOR_KEYS": keys["second_factors"],
        "API_SECRET": keys["api_secret"],
    }


def _read(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        raise NotRunningError from None
    except (OSError, ValueError) as error:
        raise LocalStackError(f"{file} cannot be read ({type(error).__name__}): start the local server anew.") from None
    return content


def _answers(url: str) -> bool:
    address = urlsplit(url)
    return ports.answers(address.hostname or ports.LOOPBACK, address.port or _POSTGRESQL_PORT)
