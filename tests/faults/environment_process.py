"""One execution environment of the campaign, and the client that keeps it busy."""

import json
import os
import sys
import time
from pathlib import Path

from tests.faults.board import Board, Slot
from tests.faults.orders_of_environment import Orders

STEMS = (
    "get_user",
    "change_user",
    "replace_user",
    "create_order",
    "get_order",
    "list_orders",
    "log_out",
    "end_session",
)


class Output:
    """Stands in for standard output, where the layer's log goes: counts what is of interest, keeps what is wrong."""

    def __init__(self, number: int, board: Board, file: Path) -> None:
        self._number, self._board, self._file = number, board, file

    def write(self, text: str) -> int:
        if '"CacheMisses"' in text or '"CacheSkips"' in text:
            self._board.count(self._number, Slot.MISSES)
        elif '"CacheHits"' in text:
            self._board.count(self._number, Slot.HITS)
        if '"FenceMoved"' in text:
            self._board.count(self._number, Slot.FENCE_MOVES)
        if '"level":"ERROR"' in text:
            with self._file.open("a") as opened:
                opened.write(text)
        return len(text)

    def flush(self) -> None:
        pass


def set_clock(number: int, board: Board) -> None:
    """Let the wall clock of this process go wrong by what stands on the board; the monotonic one stays right."""
    rightly = time.time
    time.time = lambda: rightly() + board.get(number, Slot.CLOCK_MS) / 1000


def main() -> None:
    orders = Orders(**json.loads(sys.stdin.readline()))
    folder = Path(orders.folder)
    board = Board(folder / "board")
    sys.stdout = Output(orders.number, board, folder / f"{orders.client}.log")
    set_clock(orders.number, board)
    # What the layer reads of its surroundings when it is loaded has to be there by now.
    from tests.faults import mutants
    from tests.faults.asking import Asking
    from tests.faults.client import Client
    from tests.faults.history import Notes
    from tests.functions import handler_of

    if os.environ.get("MUTANT"):
        mutants.spoil_wiring(os.environ["MUTANT"])
    notes = Notes(folder / f"{orders.client}.notes", orders.client)
    asking = Asking(orders.number, board, folder / f"{orders.client}.wrong")
    client = Client(orders, board, notes, asking)
    for stem in STEMS:
        handler_of(stem)
    board.set(orders.number, Slot.READY, os.getpid())
    client.run()


if __name__ == "__main__":
    main()
