"""The terminal shows requests and errors; the log gets every line whole."""

import io
import json
import threading
from pathlib import Path

from local.terminal import LogStream, Terminal


def test_access_line_holds_no_control_characters() -> None:
    shown = io.StringIO()
    Terminal(shown).access("GET", "/a\x1b[2J", 200, 1.4, "Echo")
    assert shown.getvalue().split(" ", 1)[1] == "GET /a?[2J 200 1 ms Echo\n"


def test_log_gets_everything_and_the_terminal_only_errors(tmp_path: Path) -> None:
    shown = io.StringIO()
    with LogStream(tmp_path / "server.log", Terminal(shown)) as log:
        for line in ("plain ERROR text", json.dumps({"level": "INFO", "message": "fine, no ERROR"})):
            print(line, file=log)
        print(json.dumps({"level": "ERROR", "message": "broken", "exception": "Traceback\n  here"}), file=log)
    assert (tmp_path / "server.log").read_text().count("\n") == 3
    assert shown.getvalue() == "ERROR broken\n    Traceback\n      here\n"


def test_lines_of_two_threads_do_not_mix(tmp_path: Path) -> None:
    def write(letter: str) -> None:
        for _ in range(200):
            print(letter * 50, letter * 50, file=log)

    with LogStream(tmp_path / "server.log", Terminal(io.StringIO())) as log:
        threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert set((tmp_path / "server.log").read_text().splitlines()) == {
        f"{'a' * 50} {'a' * 50}",
        f"{'b' * 50} {'b' * 50}",
    }


def test_log_is_for_its_owner_only(tmp_path: Path) -> None:
    LogStream(tmp_path / "server.log", Terminal(io.StringIO())).close()
    assert (tmp_path / "server.log").stat().st_mode & 0o777 == 0o600
