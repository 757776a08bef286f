"""Write the document: `make openapi`."""

import json

from tools.openapi.document import PATH, text


def main() -> None:
    if not _is_readable():
        # The function that serves the document reads it at import, and a merge may have left its marks in it.
        PATH.write_text("{}\n", "utf-8")
    PATH.write_text(text(), "utf-8")


def _is_readable() -> bool:
    try:
        json.loads(PATH.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
