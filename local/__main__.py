"""`python -m local`: the whole stack in one command."""

import argparse
import sys
from pathlib import Path

from local.errors import LocalStackError, StopRequestedError
from local.start import run
from local.stopping import StopSwitch


def main() -> int:
    """Run until Ctrl-C, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local", description="Serve the whole stack on this machine.")
    parser.add_argument("--port", type=int, default=3000, help="0 takes a free one")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder")
    arguments = parser.parse_args()
    switch = StopSwitch()
    switch.install()
    try:
        run(arguments.root.resolve(), arguments.port, switch)
    except StopRequestedError:
        pass
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
