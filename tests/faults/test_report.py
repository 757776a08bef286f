"""The report of a campaign tells what was noted, in figures and in a picture that can be read."""

import json
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.faults import picture, report, scales
from tests.faults.findings import Finding, Kind
from tests.faults.history import Notes, Outcome, What
from tests.faults.panels import LEFT, RIGHT, WIDTH
from tests.faults.timeline import SECOND, Struck, timeline

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Notes of ten seconds: PostgreSQL is away from the fourth to the sixth, and one read waits for it."""
    notes, now = Notes(tmp_path / "1.notes", 1), time.monotonic_ns() // SECOND * SECOND
    for tenth in range(100):
        invoked = now + tenth * SECOND // 10
        if 40 <= tenth < 60:
            notes.missed(What.READ, 1, 503, invoked, invoked + 2_000_000)
        else:
            notes.read(1, 1, 1, invoked, invoked + 1_000_000)
    notes.read(1, 1, 1, now + 5 * SECOND, now + 8 * SECOND)
    notes.end(notes.begin(What.WRITE, 1, 2), Outcome.OK, 2, 2, 200)
    notes.end(notes.begin(What.ORDER, 1), Outcome.UNKNOWN, status=503)
    notes.close()
    struck(tmp_path, Struck("F6", "PostgreSQL is <away>", now + 4 * SECOND, now + 6 * SECOND, 0.25))
    return tmp_path


def struck(folder: Path, *faults: Struck) -> None:
    lines = [json.dumps({**each._asdict(), "disturbs": False}) + "\n" for each in faults]
    (folder / "nemesis.jsonl").write_text("".join(lines))


def rows(folder: Path) -> list[list[str]]:
    lines = report.write(folder, [], {"seed": "7"}).read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def test_it_counts_every_answer(folder: Path) -> None:
    found = rows(folder)
    assert ["reads", "200", "81"] in found
    assert ["reads", "503", "20"] in found
    assert ["writes", "200", "1"] in found
    assert ["writes", "503", "1"] in found


def test_it_leaves_out_what_was_set_up_before_anybody_came(folder: Path) -> None:
    before = rows(folder)
    notes = Notes(folder / "0.notes", 0)
    notes.end(notes.begin(What.WRITE, 1, 1), Outcome.OK, 1, 1, 201)
    notes.close()
    assert rows(folder) == before


def test_it_says_what_came_of_each_fault(folder: Path) -> None:
    (row,) = [row for row in rows(folder) if row[0] == "F6 PostgreSQL is <away>"]
    assert row[1:4] == ["1", "2", "20"], "the read that waited, and the first one after it"
    assert row[7] == "3.00 s"
    assert row[9] == "0.25 s"


def test_a_fault_after_which_somebody_never_worked_again_is_shown_as_such(folder: Path) -> None:
    struck(folder, Struck("F1", "a", 0, 1, 0.5), Struck("F1", "a", 2, 3))
    assert [row[9] for row in rows(folder) if row[0] == "F1 a"] == ["never"]


def test_it_says_what_was_found(folder: Path) -> None:
    told = report.write(folder, [Finding(Kind.STALE, f"read {each}") for each in range(9)], {"seed": "7"}).read_text()
    assert "| stale | 9 |" in told
    assert "| lost | 0 |" in told
    assert "| seed | 7 |" in told
    assert told.count("- read ") == 5


def test_the_picture_shows_each_fault_where_it_was(folder: Path) -> None:
    drawn = ElementTree.fromstring(picture.drawn(timeline(folder)))
    (bar,) = [each for each in drawn.iter(f"{_SVG}rect") if each.find(f"{_SVG}title") is not None]
    second = (WIDTH - LEFT - RIGHT) / len(timeline(folder).seconds)
    assert float(bar.attrib["x"]) == pytest.approx(LEFT + 4 * second, abs=1)
    assert float(bar.attrib["width"]) == pytest.approx(2 * second, abs=1)


def test_no_words_lie_upon_others(folder: Path) -> None:
    struck(folder, *(Struck(f"F{each}", "what may happen to it " * 4, each, each + 1, 0.1) for each in range(1, 25)))
    drawn = ElementTree.fromstring(picture.drawn(timeline(folder)))
    boxes = [box(each) for each in drawn.iter(f"{_SVG}text")]
    assert len(boxes) > 40
    assert [(one, other) for one in boxes for other in boxes if one < other and overlap(one, other)] == []
    assert all(left >= 0 and right <= WIDTH for left, right, _, _ in boxes)


def box(text: ElementTree.Element) -> tuple[float, float, float, float]:
    """Return about where a text stands: left, right, top, bottom."""
    x, y, width = float(text.attrib["x"]), float(text.attrib["y"]), 6.2 * len(text.text or "")
    left = x - {"right": width, "middle": width / 2}.get(text.attrib.get("class", ""), 0)
    return left, left + width, y - 10, y + 2


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def test_a_campaign_of_nothing_has_a_report_too(tmp_path: Path) -> None:
    assert report.write(tmp_path, [], {}).exists()
    ElementTree.parse(tmp_path / "report" / "timeline.svg")


@pytest.mark.parametrize("seconds", [1, 20, 60, 179, 600, 3_600, 20_000])
def test_there_are_some_ticks_and_not_too_many(seconds: int) -> None:
    assert 2 <= len(scales.of_time(seconds)) <= 14
    assert scales.of_time(3_600)[1] == (300, "5 min")


@pytest.mark.parametrize("most", [0, 0.3, 1, 7, 99, 150, 1_900])
def test_amounts_reach_as_far_as_needed_and_not_much_farther(most: float) -> None:
    ticks = [value for value, _ in scales.of_amounts(most)]
    assert ticks[0] == 0
    assert max(most, 0.1) <= ticks[-1] <= max(2 * most, 1)
    assert len(ticks) <= 7


def test_times_lie_between_powers_of_ten() -> None:
    assert [name for _, name in scales.of_milliseconds(0.4, 2_000)] == [
        "0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s",
    ]  # fmt: skip
