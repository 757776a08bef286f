"""Writing through the fence: a write is acknowledged when nobody can be answered from before it, and no sooner."""

from collections.abc import Callable

import pytest
from roster.errors import ConflictError, OutcomeUnknownError, UnavailableError
from roster.infrastructure import database, deadline, fence_scripts
from roster.infrastructure.fence_answers import Bypass, Hit, Miss
from roster.infrastructure.scripts import Call

from tests.fake_fence import E, FakeEnvironment
from tests.unit.test_fenced_reads import KEY, Fence

HOLD = 1.1 * E
# After which PostgreSQL ends a transaction that is left alone: of both roles (0013_roles.sql).
IDLE_IN_TRANSACTION_SECONDS = 3


@pytest.fixture
def fence() -> Fence:
    fence = Fence()
    fence.read(b"old")
    fence.redis.ran.clear()
    return fence


def cut_off(fence: Fence) -> FakeEnvironment:
    """Return an environment that does not reach Redis while the others do."""
    away = type(fence.redis)(fence.clock, is_away=True)
    return FakeEnvironment(fence.rows, away, fence.clock)


def write(fence: Fence, work: Callable[[], object] = lambda: None, environment: FakeEnvironment | None = None) -> None:
    (environment or fence.here).cache.change([KEY], work)


def test_a_write_returns_what_its_transaction_returned(fence: Fence) -> None:
    assert fence.here.cache.change([KEY], lambda: "done") == "done"


def test_a_write_without_a_fault_costs_two_round_trips_and_a_point_read(fence: Fence) -> None:
    reads = fence.rows.reads
    write(fence)
    assert fence.redis.ran == ["begin", "end"]
    assert fence.rows.reads == reads + 1
    assert fence.clock.slept == []


def test_after_a_write_everyone_sees_it(fence: Fence) -> None:
    write(fence)
    assert fence.read(b"new") == b"new"
    assert fence.read(b"unused", fence.there) == b"new"


def test_a_write_to_several_keys_forgets_each(fence: Fence) -> None:
    fence.here.cache.change(["{user:2}", KEY], lambda: None)
    assert fence.read(b"new") == b"new"


def test_while_a_write_goes_on_nothing_is_cached(fence: Fence) -> None:
    def work() -> None:
        assert fence.here.cache.look(fence.asked()) == Bypass()

    write(fence, work)
    assert isinstance(fence.here.cache.look(fence.asked()), Miss)


def test_a_fill_that_began_before_a_write_is_refused_after_it(fence: Fence) -> None:
    write(fence)
    miss = fence.missed()
    write(fence)
    fence.here.cache.fill(miss, b"old")
    assert fence.read(b"new") == b"new"


def test_a_fill_is_refused_while_somebody_writes(fence: Fence) -> None:
    write(fence)
    miss = fence.missed()
    write(fence, lambda: fence.there.cache.fill(miss, b"old"))
    assert fence.read(b"new") == b"new"


def test_the_intent_of_a_writer_that_died_blocks_fills_for_longer_than_any_transaction_lasts(fence: Fence) -> None:
    class Death(BaseException):
        pass

    def die() -> None:
        fence.redis.is_away = True
        raise Death

    with pytest.raises(Death):
        write(fence, die)
    fence.redis.is_away = False
    fence.clock.pass_by(fence_scripts.WRITE_INTENT_MS / 1000 - 0.1)
    assert fence.here.cache.look(fence.asked()) == Bypass()
    fence.clock.pass_by(0.2)
    assert fence.read(b"new") == b"new"
    assert fence.read(b"unused") == b"new"
    assert database.WORK_SECONDS + IDLE_IN_TRANSACTION_SECONDS < fence_scripts.WRITE_INTENT_MS / 1000


def test_a_transaction_that_fails_ends_its_intent_and_moves_no_fence(fence: Fence) -> None:
    def fail() -> None:
        raise ConflictError

    with pytest.raises(ConflictError):
        write(fence, fail)
    assert isinstance(fence.here.cache.look(fence.asked()), Miss)
    assert fence.rows.row.epoch == 1


def get_cut() -> None:
    raise OutcomeUnknownError


def test_a_transaction_that_may_have_been_committed_is_taken_back_as_if_it_was(fence: Fence) -> None:
    with pytest.raises(OutcomeUnknownError):
        write(fence, get_cut, environment=cut_off(fence))
    assert not fence.rows.row.is_enabled, "what it could not take back is fenced off"
    assert fence.clock.slept == [], "but nobody waits to be told that nothing is sure"


def test_nobody_caches_what_was_before_a_transaction_that_may_still_come_true(fence: Fence) -> None:
    with pytest.raises(OutcomeUnknownError):
        write(fence, get_cut)
    assert isinstance(fence.here.cache.look(fence.asked()), Bypass)
    fence.clock.pass_by(fence_scripts.WRITE_INTENT_MS / 1000 + 0.1)
    assert isinstance(fence.here.cache.look(fence.asked()), Miss)


def test_what_cannot_be_taken_back_is_tried_twice(fence: Fence) -> None:
    tries: list[int] = []
    fence.redis.is_away = True
    fence.redis.insist = lambda *calls: (tries.append(1), (None,))[1]  # type: ignore[method-assign,func-returns-value]
    write(fence)
    assert len(tries) == 2


def test_who_cannot_reach_redis_fences_the_epoch_off_and_waits_until_nobody_believes_in_it(fence: Fence) -> None:
    write(fence, environment=cut_off(fence))
    assert not fence.rows.row.is_enabled
    assert fence.clock.slept == [HOLD]
    assert fence.read(b"new") == b"new"


def test_until_then_the_others_are_served_from_before_and_that_is_why_it_waits(fence: Fence) -> None:
    fence.clock.sleep = lambda seconds: None  # type: ignore[method-assign]
    write(fence, environment=cut_off(fence))
    assert fence.read(b"new") == b"old"


def test_writes_wait_only_for_ten_leases_after_the_fence_was_moved(fence: Fence) -> None:
    away = cut_off(fence)
    write(fence, environment=away)
    for seconds, slept in ((5 * E, 2), (5 * E, 2)):
        fence.clock.pass_by(seconds)
        write(fence, environment=away)
        assert len(fence.clock.slept) == slept


def test_writes_of_others_wait_as_well_since_the_fence_was_moved_for_them_too(fence: Fence) -> None:
    write(fence, environment=cut_off(fence))
    write(fence, environment=fence.there)
    assert fence.clock.slept == [HOLD, HOLD]


def test_turning_the_cache_on_again_makes_nobody_wait(fence: Fence) -> None:
    away = cut_off(fence)
    write(fence, environment=away)
    fence.clock.pass_by(10 * E)
    assert fence.here.cache.ask(KEY)
    write(fence)
    assert fence.clock.slept == [HOLD]


def test_a_command_that_is_lost_once_is_sent_again_before_the_fence_is_moved(fence: Fence) -> None:
    whole = fence.redis.insist

    def lost(*calls: Call) -> tuple[None, ...]:
        fence.redis.insist = whole  # type: ignore[method-assign]
        return (None,) * len(calls)

    def lose_one() -> None:
        fence.redis.insist = lost  # type: ignore[method-assign]

    write(fence, lose_one)
    assert fence.rows.row.epoch == 1
    assert fence.redis.reconnects == 2, "when the cache was turned on, and before the second try"
    assert fence.read(b"new") == b"new"


def test_what_was_taken_back_on_another_redis_does_not_count(fence: Fence) -> None:
    """A failover lost what the former primary knew; the one that answers is not the one that others believe in."""
    write(fence, lambda: setattr(fence.redis, "server_id", "bbbb"))
    assert not fence.rows.row.is_enabled
    assert fence.clock.slept == [HOLD]


def test_an_epoch_that_began_during_the_transaction_is_cleaned_as_well(fence: Fence) -> None:
    def meanwhile() -> None:
        fence.rows.move(fence.rows.row.epoch, "aaaa")
        fence.there.control.load()
        fence.read(b"old", fence.there)

    write(fence, meanwhile)
    assert fence.redis.ran.count("end") == 2
    assert fence.read(b"new", fence.there) == b"new"
    assert fence.clock.slept == [HOLD]


def test_a_transaction_that_alone_knew_whom_it_is_about_is_settled_afterwards(fence: Fence) -> None:
    fence.here.cache.changed([KEY])
    assert fence.redis.ran == ["end"]
    assert fence.read(b"new") == b"new"


def test_what_is_only_forgotten_is_so_everywhere_and_makes_nobody_wait(fence: Fence) -> None:
    reads = fence.rows.reads
    fence.here.cache.forget([KEY])
    assert (fence.redis.ran, fence.rows.reads) == (["end"], reads + 1)
    assert fence.read(b"new") == b"new"
    cut_off(fence).cache.forget([KEY])
    assert not fence.rows.row.is_enabled
    assert fence.clock.slept == []


def test_a_write_that_cannot_be_settled_before_its_deadline_is_not_acknowledged(fence: Fence) -> None:
    with deadline.within(1.0), pytest.raises(OutcomeUnknownError):
        write(fence, environment=cut_off(fence))
    assert fence.clock.slept == []


def test_a_write_whose_fence_cannot_be_read_is_not_acknowledged(fence: Fence) -> None:
    with pytest.raises(OutcomeUnknownError):
        write(fence, lambda: setattr(fence.rows, "error", UnavailableError()))


def test_without_postgresql_a_write_is_not_begun(fence: Fence) -> None:
    fence.clock.pass_by(E)
    fence.rows.error = UnavailableError()
    with pytest.raises(UnavailableError):
        write(fence, lambda: pytest.fail("it was"))


def test_while_the_cache_is_off_a_write_asks_redis_nothing(fence: Fence) -> None:
    fence.redis.is_away = True
    write(fence)
    fence.clock.pass_by(10 * E)
    fence.redis.ran.clear()
    fence.redis.insist = lambda *_: pytest.fail("it was asked")  # type: ignore[method-assign]
    write(fence)


def test_a_hit_after_a_write_is_what_was_filled_after_it(fence: Fence) -> None:
    write(fence)
    fence.read(b"new")
    assert fence.here.cache.look(fence.asked()) == Hit(b"new")
