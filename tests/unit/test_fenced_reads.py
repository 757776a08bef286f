"""Reading through the fence: what may be believed, and for how long."""

import pytest
from roster.errors import UnavailableError
from roster.infrastructure import deadline, fence_scripts
from roster.infrastructure.fence_answers import Bypass, Hit, Miss, Question

from tests.fake_fence import E, FakeClock, FakeControlRows, FakeEnvironment, FakeFenceRedis

KEY = "{user:1}"


class Fence:
    """One Redis, one control row, and two environments."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.redis, self.rows = FakeFenceRedis(self.clock), FakeControlRows(self.clock)
        self.here, self.there = (FakeEnvironment(self.rows, self.redis, self.clock) for _ in range(2))

    def read(self, truth: bytes, environment: FakeEnvironment | None = None) -> bytes:
        """Return what an environment answers where PostgreSQL would say *truth*."""
        cache = (environment or self.here).cache
        question = cache.ask(KEY)
        if question is None:
            return truth
        match cache.look(question):
            case Hit(value):
                return value
            case Miss() as miss:
                cache.fill(miss, truth)
        return truth

    def asked(self) -> Question:
        question = self.here.cache.ask(KEY)
        assert question
        return question

    def missed(self) -> Miss:
        miss = self.here.cache.look(self.asked())
        assert isinstance(miss, Miss)
        return miss


@pytest.fixture
def fence() -> Fence:
    return Fence()


def test_the_first_environment_that_reaches_redis_turns_the_cache_on(fence: Fence) -> None:
    fence.asked()
    assert fence.rows.row.is_enabled
    assert fence.rows.row.server_id == "aaaa"


def test_the_second_read_is_a_hit_in_every_environment(fence: Fence) -> None:
    assert fence.read(b"one") == b"one"
    assert fence.read(b"unused") == fence.read(b"unused", fence.there) == b"one"


def test_the_control_row_is_read_once_in_a_lease(fence: Fence) -> None:
    fence.read(b"one")
    reads = fence.rows.reads
    fence.clock.pass_by(0.99 * E)
    fence.read(b"one")
    assert fence.rows.reads == reads
    fence.clock.pass_by(0.02 * E)
    fence.read(b"one")
    assert fence.rows.reads == reads + 1


def test_a_frozen_environment_notices_by_the_wall_clock_that_its_lease_is_over(fence: Fence) -> None:
    fence.read(b"one")
    reads = fence.rows.reads
    fence.clock.pass_by(E, is_frozen=True)
    fence.read(b"one")
    assert fence.rows.reads == reads + 1


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_hit_is_worth_nothing_once_its_own_lease_is_over(is_frozen: bool, fence: Fence) -> None:
    fence.read(b"one")
    question = fence.asked()
    (answer,) = fence.redis.run(question.call)
    fence.clock.pass_by(E, is_frozen=is_frozen)
    assert fence.here.cache.ask(KEY), "there is a new lease by now"
    assert fence.here.cache.judge(question, answer) == Bypass()


def test_a_value_lives_for_an_hour_at_most_counted_from_its_lease(
    fence: Fence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _: 0)
    miss = fence.missed()
    fence.clock.pass_by(0.9)
    fence.here.cache.fill(miss, b"one")
    fence.clock.pass_by(3599)
    assert fence.read(b"two") == b"one"
    fence.clock.pass_by(0.2)
    assert fence.read(b"two") == b"two"


def test_values_that_were_filled_together_do_not_expire_together(fence: Fence) -> None:
    ends = []
    for number in range(40):
        question = fence.here.cache.ask(f"{{user:{number}}}")
        assert question
        miss = fence.here.cache.look(question)
        assert isinstance(miss, Miss)
        fence.here.cache.fill(miss, b"one", life_seconds=600)
        ends.append(fence.redis.values[f"{{user:{number}}}:1:v"][1] - fence.clock.seconds)
    assert 540 <= min(ends) < max(ends) <= 600
    assert max(ends) - min(ends) > 30


def test_a_value_that_is_too_long_is_a_miss_and_counted(fence: Fence, capsys: pytest.CaptureFixture[str]) -> None:
    fence.read(b"x" * fence_scripts.VALUE_BYTES_MAX)
    assert len(fence.read(b"")) == fence_scripts.VALUE_BYTES_MAX
    fence.redis.values["{user:1}:1:v"] = (b"x" * (fence_scripts.VALUE_BYTES_MAX + 1), fence.clock.seconds + 60)
    assert fence.read(b"better") == b"better"
    assert '"CacheEntryRefused":1' in capsys.readouterr().out
    assert fence.read(b"unused") == b"better"


def test_only_one_reader_at_a_time_may_fill(fence: Fence) -> None:
    first, second = fence.missed(), fence.missed()
    assert first.token
    assert not second.token
    fence.here.cache.fill(second, b"two")
    fence.here.cache.fill(first, b"one")
    assert fence.read(b"unused") == b"one"


def test_who_may_not_fill_waits_a_little_for_who_may(fence: Fence) -> None:
    miss = fence.missed()
    sleep = fence.clock.sleep

    def fill_meanwhile(seconds: float) -> None:
        sleep(seconds)
        if len(fence.clock.slept) == 3:
            fence.here.cache.fill(miss, b"one")

    fence.clock.sleep = fill_meanwhile  # type: ignore[method-assign]
    assert fence.there.cache.read(KEY) == Hit(b"one")
    assert len(fence.clock.slept) == 3


def test_one_of_those_who_waited_for_nothing_stands_in_for_who_died(fence: Fence) -> None:
    fence.missed()
    started = fence.clock.seconds
    outcome = fence.there.cache.read(KEY)
    assert isinstance(outcome, Miss)
    assert outcome.token
    assert 1.0 < fence.clock.seconds - started < 1.2


def test_nobody_waits_for_who_gave_their_lease_back(fence: Fence) -> None:
    fence.here.cache.give_back(fence.missed())
    outcome = fence.there.cache.read(KEY)
    assert isinstance(outcome, Miss)
    assert outcome.token
    assert fence.clock.slept == []


@pytest.mark.parametrize("outcome", [Hit(b"one"), Bypass()])
def test_who_was_granted_nothing_gives_nothing_back(outcome: Hit | Bypass, fence: Fence) -> None:
    fence.here.cache.give_back(outcome)
    assert fence.redis.ran == []


def test_nobody_waits_for_whom_postgresql_failed(fence: Fence) -> None:
    with pytest.raises(UnavailableError), fence.here.cache.asking(fence.missed()):
        raise UnavailableError
    assert fence.missed().token


def test_who_has_no_time_to_wait_asks_postgresql(fence: Fence) -> None:
    fence.missed()
    with deadline.within(0.9):
        outcome = fence.there.cache.read(KEY)
    assert isinstance(outcome, Miss)
    assert not outcome.token
    assert fence.clock.slept == []


@pytest.mark.parametrize("is_away", [False, True])
def test_nobody_waits_where_nobody_fills(is_away: bool, fence: Fence) -> None:
    fence.asked()
    fence.redis.is_away = is_away
    fence.here.cache.read(KEY)
    assert fence.clock.slept == []


def test_who_comes_after_its_lease_fills_nothing(fence: Fence) -> None:
    miss = fence.missed()
    fence.clock.pass_by(1.1)
    fence.here.cache.fill(miss, b"one")
    assert fence.read(b"two") == b"two"


def test_a_value_of_no_use_is_forgotten_and_filled_anew(fence: Fence) -> None:
    fence.read(b"of no use")
    question = fence.here.cache.ask(KEY, anew=True)
    assert question
    miss = fence.here.cache.look(question)
    assert isinstance(miss, Miss)
    fence.here.cache.fill(miss, b"better")
    assert fence.read(b"unused") == b"better"


@pytest.mark.parametrize("answer", [None, b"hit", [], [b"hit"], [b"hit", 5], [b"being written"], 7])
def test_an_answer_that_says_nothing_is_bypassed(answer: object, fence: Fence) -> None:
    assert fence.here.cache.judge(fence.asked(), answer) == Bypass()


def test_while_redis_is_away_postgresql_answers(fence: Fence) -> None:
    fence.read(b"one")
    fence.redis.is_away = True
    assert fence.read(b"two") == b"two"


def test_without_postgresql_there_is_no_lease(fence: Fence) -> None:
    fence.read(b"one")
    fence.clock.pass_by(E)
    fence.rows.error = UnavailableError()
    with pytest.raises(UnavailableError):
        fence.read(b"one")


def test_another_redis_is_not_believed_and_named_as_soon_as_nobody_can_believe_in_the_old_one(fence: Fence) -> None:
    fence.read(b"one")
    fence.redis.restart("bbbb")
    assert fence.read(b"two") == b"two"
    assert fence.redis.reconnects == 1, "only when the cache was turned on"
    fence.read(b"two")
    assert fence.redis.reconnects == 2, "perhaps the name leads elsewhere by now"
    assert fence.rows.row.server_id == "bbbb", "no fence was moved lately"
    assert fence.read(b"unused") == b"two"


class OvertakenRows(FakeControlRows):
    """Somebody else is always faster."""

    def move(self, epoch: int, server_id: str | None) -> bool:
        return super().move(epoch, server_id) and super().move(epoch, server_id)

    def enable(self, epoch: int, server_id: str) -> bool:
        return super().enable(epoch, server_id) and super().enable(epoch, server_id)


def test_who_was_overtaken_in_changing_the_row_uses_that_of_who_was_faster(
    fence: Fence, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = FakeEnvironment(OvertakenRows(fence.clock), fence.redis, fence.clock)
    assert fence.read(b"one", environment) == b"one"
    assert fence.read(b"unused", environment) == b"one", "it was enabled by somebody else"
    fence.redis.restart("bbbb")
    for truth in (b"two", b"two"):  # the first one notices, the second one mends
        assert fence.read(truth, environment) == truth
    assert fence.read(b"unused", environment) == b"two"
    assert "FenceMoved" not in capsys.readouterr().out, "that is for who did it to tell"


def test_a_fence_that_was_moved_lately_is_left_alone(fence: Fence) -> None:
    fence.read(b"one")
    for server_id in ("bbbb", "cccc"):
        fence.redis.restart(server_id)
        fence.read(b"two")
        fence.read(b"two")
    assert fence.rows.row.server_id == "bbbb"
    fence.clock.pass_by(2.1 * E)
    fence.read(b"two")
    assert fence.rows.row.server_id == "cccc"


def test_a_connection_to_another_redis_is_replaced_and_that_is_enough(fence: Fence) -> None:
    fence.read(b"one")
    fence.redis.server_id = "a former primary"
    assert fence.read(b"two") == b"two"
    fence.redis.server_id = "aaaa"
    assert fence.read(b"two") == b"one"
    assert fence.rows.row.epoch == 1, "no fence was moved"


def test_a_redis_that_cannot_be_told_from_others_is_never_used(fence: Fence) -> None:
    fence.redis.server_id = ""
    assert fence.here.cache.ask(KEY) is None
    assert not fence.rows.row.is_enabled


def test_a_disabled_cache_is_turned_on_again_after_three_leases(fence: Fence) -> None:
    fence.read(b"one")
    fence.here.control.disable(fence.here.control.load().row)
    fence.clock.pass_by(2.9 * E)
    assert fence.there.cache.ask(KEY) is None
    fence.clock.pass_by(1.1 * E)
    assert fence.there.cache.ask(KEY)
    assert fence.read(b"two") == b"two", "under another epoch"


def test_a_cache_that_flaps_stays_off_for_five_minutes(fence: Fence) -> None:
    fence.asked()
    for _ in range(3):
        fence.here.control.disable(fence.here.control.load().row)
        fence.clock.pass_by(4 * E)
        is_on = fence.here.cache.ask(KEY) is not None
    assert not is_on
    fence.clock.pass_by(290)
    assert fence.here.cache.ask(KEY) is None
    fence.clock.pass_by(10)
    assert fence.here.cache.ask(KEY)


def test_a_moved_fence_is_counted(fence: Fence, capsys: pytest.CaptureFixture[str]) -> None:
    fence.asked()
    assert "FenceMoved" not in capsys.readouterr().out
    fence.here.control.disable(fence.here.control.load().row)
    assert '"FenceMoved":1' in capsys.readouterr().out
