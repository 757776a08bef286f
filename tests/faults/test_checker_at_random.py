"""The checker agrees with the definition of a sound history, on ones that chance wrote and chance spoilt."""

from collections.abc import Callable
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.faults import legality
from tests.faults.checker import check
from tests.faults.findings import Kind, tally
from tests.faults.history import Outcome
from tests.faults.operations import FOREVER, Act, Sight
from tests.faults.registers import Truth
from tests.faults.scenes import USER, history
from tests.faults.simulated import World

LENIENT = {Kind.NON_MONOTONE_WHILE_DISTURBED}
FRESHNESS = {Kind.STALE, Kind.NON_MONOTONE}

chances = st.integers(0, 2**32).map(Random)
Spoil = Callable[[Random, list[Act], list[Sight]], None]


@settings(max_examples=200, deadline=None)
@given(chances)
def test_a_sound_history_is_let_pass_whatever_crashed_and_overlapped(chance: Random) -> None:
    told = World(chance).run(writes=12, reads=30, others=8)
    assert check(told.history, told.truth) == []


@settings(max_examples=100, deadline=None)
@given(chances)
def test_readers_may_disagree_about_what_is_not_acknowledged_while_something_is_disturbed(chance: Random) -> None:
    told = World(chance, lags=True).run(writes=12, reads=30)
    assert {*tally(check(told.history, told.truth, [(0, FOREVER)]))} <= LENIENT
    assert {*tally(check(told.history, told.truth))} <= {Kind.NON_MONOTONE}


def another_version(chance: Random, writes: list[Act], reads: list[Sight]) -> None:
    place = chance.randrange(len(reads))
    reads[place] = reads[place]._replace(version=max(1, reads[place].version + chance.choice((-2, -1, 1, 2))))


def another_pair(chance: Random, writes: list[Act], reads: list[Sight]) -> None:
    place, other = chance.randrange(len(reads)), chance.choice(reads)
    reads[place] = reads[place]._replace(version=other.version, value=other.value)


def another_value(chance: Random, writes: list[Act], reads: list[Sight]) -> None:
    place = chance.randrange(len(reads))
    reads[place] = reads[place]._replace(value=chance.choice(writes).value)


def another_moment(chance: Random, writes: list[Act], reads: list[Sight]) -> None:
    place, later = chance.randrange(len(reads)), chance.randint(-900, 900)
    read = reads[place]
    reads[place] = read._replace(invoked=max(0, read.invoked + later), returned=max(1, read.returned + later))


def another_outcome(chance: Random, writes: list[Act], reads: list[Sight]) -> None:
    place = chance.randrange(1, len(writes))
    act, version = writes[place], chance.randint(1, len(writes))
    outcome = chance.choice((Outcome.OK, Outcome.FAILED, Outcome.UNKNOWN))
    writes[place] = act._replace(outcome=outcome, version=version if outcome == Outcome.OK else 0)


def another_write_moment(chance: Random, writes: list[Act], reads: list[Sight]) -> None:
    place, later = chance.randrange(1, len(writes)), chance.randint(-900, 900)
    act = writes[place]
    returned = FOREVER if act.returned == FOREVER else max(3, act.returned + later)
    writes[place] = act._replace(invoked=max(2, act.invoked + later), returned=returned)


SPOILS: list[Spoil] = [
    another_version, another_pair, another_value, another_moment, another_outcome, another_write_moment,
]  # fmt: skip


@settings(max_examples=800, deadline=None)
@given(chances, st.sampled_from(SPOILS), st.integers(1, 2), st.integers(-1, 1))
def test_whatever_is_spoilt_is_found_if_it_breaks_the_definition(
    chance: Random, spoil: Spoil, times: int, more: int
) -> None:
    told = World(chance).run(writes=3, reads=4)
    writes, reads = [*told.history.acts], [*told.history.reads.get(USER, ())]
    assume(len(writes) > 1 and reads)
    for _ in range(times):
        spoil(chance, writes, reads)
    version, value = told.truth.users[USER]
    end = (max(1, version + more), value)
    found = check(history(writes, reads), Truth({USER: end}))
    counted = tally(found)
    assert counted.get(Kind.STALE, 0) == legality.stale(writes, reads)
    assert counted.get(Kind.NON_MONOTONE, 0) == legality.non_monotone(reads, writes)
    assert bool({*counted} - FRESHNESS) != legality.is_legal(writes, reads, end), found
