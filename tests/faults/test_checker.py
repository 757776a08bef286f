"""The checker of the fault campaign is held to it as well: one planted violation of each kind is found, and no more."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from tests.faults.checker import check
from tests.faults.findings import Finding, Kind, tally
from tests.faults.history import Outcome
from tests.faults.operations import Act, Sight
from tests.faults.registers import Change, Truth
from tests.faults.scenes import (
    USER,
    failed,
    history,
    let_in,
    logged_out,
    not_ordered,
    ordered,
    refused,
    saw,
    unknown,
    wrote,
)  # fmt: skip

REGISTERED = wrote(10, 1, 0, 1)
RENAMED = wrote(20, 2, 10, 15, required=1)
WRITES = [REGISTERED, RENAMED]
READS = [saw(1, 10, 2, 3), saw(1, 10, 9, 16), saw(2, 20, 11, 12), saw(2, 20, 30, 31)]
TRAIL = {USER: [Change(10, 20)]}
END = Truth({USER: (2, 20)})


def kinds(found: Sequence[Finding]) -> dict[Kind, int]:
    return dict(tally(found))


class Planted(NamedTuple):
    """What is added to a sound history, or takes its place, so that it shows one violation."""

    kind: Kind
    writes: Sequence[Act] = ()
    reads: Sequence[Sight] = ()
    truth: Truth = END


PLANTED = {
    "an old read": Planted(Kind.STALE, reads=[saw(1, 10, 16, 17)]),
    "an old read after a second write": Planted(
        Kind.STALE, [wrote(30, 3, 40, 41)], [saw(2, 20, 42, 43)], Truth({USER: (3, 30)})
    ),
    "a user who is not found": Planted(Kind.STALE, reads=[saw(0, 0, 2, 3)]),
    "a write that is gone in the end": Planted(Kind.LOST, [wrote(30, 3, 40, 41)]),
    "a user who is gone in the end": Planted(Kind.LOST, [wrote(30, 3, 40, 41)], [], Truth({USER: (2, 20)})),
    "another value in the end": Planted(Kind.LOST, [wrote(30, 3, 40, 41), unknown(31, 40)], [], Truth({USER: (3, 31)})),
    "two writes with one version": Planted(
        Kind.LOST, [wrote(30, 3, 40, 43), wrote(31, 3, 41, 44)], [], Truth({USER: (3, 30)})
    ),
    "another value under an acknowledged version": Planted(Kind.LOST, [unknown(31, 1)], [saw(2, 31, 11, 12)]),
    "a later write with a lower version": Planted(
        Kind.LOST, [wrote(30, 4, 40, 41), wrote(31, 3, 42, 43)], [], Truth({USER: (4, 30)})
    ),
    "a value under two versions": Planted(
        Kind.DUPLICATED, [wrote(30, 3, 40, 41)], [saw(4, 30, 42, 43)], Truth({USER: (4, 30)})
    ),
    "a repeated write that was done twice": Planted(
        Kind.DUPLICATED, [wrote(30, 3, 40, 41, required=2), unknown(30, 40, required=2)], [], Truth({USER: (4, 30)})
    ),
    "a version too many": Planted(Kind.DUPLICATED, [wrote(30, 4, 40, 41)], [], Truth({USER: (4, 30)})),
    "a value that nobody wrote": Planted(Kind.PHANTOM, reads=[saw(2, 99, 30, 31)]),
    "a value before it was written": Planted(Kind.PHANTOM, reads=[saw(2, 20, 8, 9)]),
    "a value in the end that nobody wrote": Planted(
        Kind.PHANTOM, [unknown(30, 40)], [], Truth({USER: (3, 99)})
    ),
    "a value of a write that failed": Planted(
        Kind.DIRTY, [failed(30, 40, 41), unknown(31, 40)], [saw(3, 30, 42, 43)], Truth({USER: (3, 31)})
    ),
    "a failed write in the end": Planted(
        Kind.DIRTY, [failed(30, 40, 41), unknown(31, 40)], [], Truth({USER: (3, 30)})
    ),
    "a value that is gone in the end": Planted(Kind.DIRTY, [unknown(30, 40)], [saw(3, 30, 42, 43)]),
    "one version later than it was for": Planted(
        Kind.TWO_WINNERS, [wrote(30, 3, 40, 45, required=2), wrote(31, 4, 41, 44, required=2)],
        [], Truth({USER: (4, 31)}),
    ),
    "an unknown write upon another version": Planted(
        Kind.TWO_WINNERS, [unknown(30, 8, required=1)], [saw(3, 30, 42, 43)], Truth({USER: (3, 30)})
    ),
    "an old read after a new one": Planted(Kind.NON_MONOTONE, reads=[saw(1, 10, 13, 14)]),
}  # fmt: skip


def test_what_may_happen_is_let_pass() -> None:
    assert check(history(WRITES, READS), END) == []


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_one_planted_violation_is_found_and_nothing_else(planted: Planted) -> None:
    found = check(history([*WRITES, *planted.writes], [*READS, *planted.reads]), planted.truth)
    assert kinds(found) == {planted.kind: 1}, found


def test_each_kind_is_planted_somewhere() -> None:
    elsewhere = {Kind.OUTLIVED, Kind.NON_MONOTONE_WHILE_DISTURBED}
    assert {planted.kind for planted in PLANTED.values()} == {*Kind} - elsewhere


def test_what_nobody_was_told_of_may_have_been_done_or_not() -> None:
    writes = [*WRITES, unknown(30, 40, 41), unknown(31, 40, 41, required=2), failed(32, 40, 41)]
    assert check(history(writes, READS), END) == []
    assert check(history(writes, [*READS, saw(3, 31, 42, 43)]), Truth({USER: (4, 30)})) == []


@pytest.mark.parametrize(
    ("disturbed", "kind"),
    [
        ([(13, 13)], Kind.NON_MONOTONE_WHILE_DISTURBED),
        ([(10, 10)], Kind.NON_MONOTONE_WHILE_DISTURBED),
        ([(0, 50)], Kind.NON_MONOTONE_WHILE_DISTURBED),
        ([(0, 9), (17, 50)], Kind.NON_MONOTONE),
    ],
)
def test_an_old_read_after_a_new_one_is_told_apart_while_something_is_disturbed(
    disturbed: list[tuple[int, int]], kind: Kind
) -> None:
    assert kinds(check(history(WRITES, [*READS, saw(1, 10, 13, 14)]), END, disturbed)) == {kind: 1}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (Kind.DUPLICATED, [Change(10, 20), Change(10, 20)]),
        (Kind.DUPLICATED, [Change(10, 20), Change(20, 99)]),
        (Kind.LOST, []),
        (Kind.LOST, [Change(11, 20)]),
    ],
)
def test_a_row_too_many_or_too_few_in_the_audit_trail_is_found(kind: Kind, rows: list[Change]) -> None:
    assert kinds(check(history(WRITES, READS), END._replace(trail=TRAIL))) == {}
    found = check(history(WRITES, READS), END._replace(trail={USER: rows}))
    assert kind in kinds(found), found


def test_what_the_audit_trail_says_of_a_version_is_what_readers_were_told() -> None:
    writes = [*WRITES, unknown(30, 40), unknown(31, 40)]
    reads, end = [*READS, saw(3, 30, 50, 51)], Truth({USER: (4, 31)})
    rows = [Change(10, 20), Change(20, 30), Change(30, 31)]
    assert check(history(writes, reads), end._replace(trail={USER: rows})) == []
    swapped = [Change(10, 20), Change(20, 31), Change(31, 30)]
    assert kinds(check(history(writes, reads), end._replace(trail={USER: swapped}))) == {Kind.LOST: 1}


ORDERS = [ordered(7, 70, 0, 5), ordered(7, 70, 1, 6), not_ordered(8, Outcome.UNKNOWN, 0, 1)]


def test_an_order_may_be_sent_again_and_one_that_nobody_knows_of_may_be_there_or_not() -> None:
    assert check(history(ORDERS), Truth({}, {7: [70]})) == []
    assert check(history(ORDERS), Truth({}, {7: [70], 8: [80]})) == []


@pytest.mark.parametrize(
    ("kind", "acts", "there"),
    [
        (Kind.DUPLICATED, ORDERS, {7: [70, 71]}),
        (Kind.DUPLICATED, [*ORDERS, ordered(7, 71, 7, 8)], {7: [70]}),
        (Kind.DUPLICATED, ORDERS, {7: [70], 8: [80, 81]}),
        (Kind.LOST, ORDERS, {}),
        (Kind.LOST, [*ORDERS, ordered(9, 70, 7, 8)], {7: [70]}),
        (Kind.LOST, ORDERS, {7: [71]}),
        (Kind.PHANTOM, ORDERS, {7: [70], 9: [90]}),
        (Kind.DIRTY, [*ORDERS, not_ordered(9, Outcome.FAILED, 0, 1)], {7: [70], 9: [90]}),
    ],
)
def test_orders_are_made_once_and_stay(kind: Kind, acts: list[Act], there: dict[int, list[int]]) -> None:
    assert kinds(check(history(acts), Truth({}, there))) == {kind: 1}


OVER = logged_out(5, 10, 15)
LOOKS = [let_in(1, 2), let_in(9, 20), refused(11, 12), refused(16, 17), let_in(11, 14)]


def test_a_session_may_live_until_its_end_is_acknowledged() -> None:
    assert check(history([OVER], [], LOOKS), Truth({}, sessions=[6])) == []
    assert check(history([OVER._replace(outcome=Outcome.UNKNOWN)], [], LOOKS), Truth({}, sessions=[5])) == []


@pytest.mark.parametrize(
    ("kind", "planted", "disturbed"),
    [
        (Kind.OUTLIVED, let_in(16, 17), []),
        (Kind.OUTLIVED, let_in(16, 17), [(0, 50)]),
        (Kind.LOST, refused(8, 9), []),
        (Kind.NON_MONOTONE, let_in(13, 14), [(0, 9)]),
        (Kind.NON_MONOTONE_WHILE_DISTURBED, let_in(13, 14), [(14, 16)]),
    ],
)
def test_a_session_is_over_for_everyone(kind: Kind, planted: Sight, disturbed: list[tuple[int, int]]) -> None:
    looks = [*LOOKS, planted] if kind != Kind.LOST else [planted]
    assert kinds(check(history([OVER], [], looks), Truth({}), disturbed)) == {kind: 1}


def test_an_ended_session_that_lives_in_the_end_is_found() -> None:
    assert kinds(check(history([OVER]), Truth({}, sessions=[5]))) == {Kind.LOST: 1}


def test_findings_say_who_did_what_when() -> None:
    write = wrote(20, 2, 3_000_000_000, 4_250_000_000, required=1)
    (finding,) = check(history([REGISTERED, write], [saw(1, 10, 5_000_000_000, 5_000_400_000)]), END)
    assert finding.told == (
        "client 2 read version 1, value 10, of user 1 from 5.000000 s to 5.000400 s, after the write of 20, "
        "upon version 1, to user 1 by client 1, acknowledged as version 2, from 3.000000 s to 4.250000 s"
    )
