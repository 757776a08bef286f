"""`python -m local.reset`: forget the local data; refuses while a server uses it."""

import shutil
import sys
from pathlib import Path

from local.errors import LocalStackError
from local.home import the_home
from local.postgres_cluster import clear_leftovers
from local.redis import stop_leftover


def main() -> int:
    """Stop what an earlier server left behind, delete the folder, and return the exit status."""
    home = the_home(Path.cwd())
    if not home.folder.exists():
        print(f"There is no local data in {home.folder}.")
        return 0
    try:
        with home.locked():
            clear_leftovers(home.postgres / "data")
            stop_leftover(home.redis)
            shutil.rmtree(home.folder)
    except (LocalStackError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Deleted {home.folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
