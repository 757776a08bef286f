"""Prints rows as an aligned table."""

from collections.abc import Sequence


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print *rows* under *header*; the first column to the left, figures to the right."""
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]
    print(f"\n{title}\n")
    for line in [header, ["-" * width for width in widths], *rows]:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        print("  ".join(cells))
