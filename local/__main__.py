"""`python -m local`: the whole stack in one command."""

import argparse
import errno
import sys
from pathlib import Path

from local.errors import LocalStackError, StopRequestedError
from local.stopping import StopSwitch

_DISK_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


def main() -> int:
    """Run until Ctrl-C, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local", description="Serve the whole stack on this machine.")
    parser.add_argument("--port", type=int, default=3000, help="0 takes a free one")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder")
    arguments = parser.parse_args()
    switch = StopSwitch()
    switch.install()
    # Only now: importing takes a while, and some library in there swallows the KeyboardInterrupt of a Ctrl-C.
    from local.start import run  # noqa: PLC0415

    try:
        run(arguments.root.resolve(), arguments.port, switch)
    except StopRequestedError:
        pass
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in _DISK_TROUBLE:
            raise
        print(f"The local data cannot be written: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
