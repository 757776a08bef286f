"""`make admin EMAIL=…`: makes an admin through the migration function, here or in a deployed stack."""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from roster.auth.address import NotAnAddressError

from local import runtime_stack
from local.errors import LocalStackError
from local.home import the_home

ROOT = Path(__file__).resolve().parent.parent
FUNCTION = "MigrateDatabaseFunction"


def main() -> None:
    email, stage = sys.argv[1:]
    if not email:
        sys.exit("Say who: make admin EMAIL=ada@example.com")
    event = {"admin": {"email": email}}
    if stage:
        _in_stack(stage, event)
    try:
        _here(event)
    except (LocalStackError, NotAnAddressError) as error:
        sys.exit(str(error) or f"{email} is not an email address.")


def _in_stack(stage: str, event: dict[str, Any]) -> None:
    """Let SAM invoke the deployed function; the new password is in what it prints."""
    sam = str(Path(sys.executable).parent / "sam")
    os.execv(sam, [sam, "remote", "invoke", FUNCTION, "--stack-name", f"roster-{stage}", "--event", json.dumps(event)])  # noqa: S606


def _here(event: dict[str, Any]) -> None:
    """Call the migration function's handler with the running stack's database."""
    os.environ |= runtime_stack.variables(the_home(ROOT), migrates=True)
    handler = importlib.import_module("functions.migrate_database.app").handler
    admin = handler(event, None)["admin"]
    print(f"{admin['email']} is an admin: user {admin['id']}.")
    if admin["password"]:
        print(f"The password, shown this once: {admin['password']}")


if __name__ == "__main__":
    main()
