"""Where requests are counted: on Redis, and without it where the demand says."""

from typing import cast

import pytest
from roster.errors import TooManyRequestsError, UnavailableError
from roster.infrastructure.cache import Cache
from roster.infrastructure.rate_limits import noted
from roster.infrastructure.rate_limits.limiter import Demand, Limiter
from roster.infrastructure.rate_limits.memory import MemoryBuckets
from roster.infrastructure.rate_limits.models import Bucket, Policy, Verdict

from tests import environment
from tests.fakes import FakeCache

FEW, MANY = Policy("few", 2, 60), Policy("many", 100, 60)
EXACT = Demand((Bucket(FEW, "ada"), Bucket(MANY, "203.0.113.7")), is_exact=True)
ROUGH = EXACT._replace(is_exact=False)


class World:
    """A limiter on fakes; the shared buckets stand for PostgreSQL's."""

    def __init__(self) -> None:
        self.cache, self.shared, self.own = FakeCache(), MemoryBuckets(), MemoryBuckets()
        self.limiter = Limiter(cast(Cache, self.cache), shared=self.shared, own=self.own)

    def used(self) -> set[str]:
        """Return where anything was counted."""
        places = {"redis": self.cache.scripted.dbsize(), "shared": self.shared._full_at_us, "own": self.own._full_at_us}
        return {name for name, content in places.items() if content}


@pytest.fixture
def world() -> World:
    return World()


def refused(limiter: Limiter, demand: Demand) -> int:
    with pytest.raises(TooManyRequestsError) as refusal:
        limiter.require(demand)
    return refusal.value.retry_after_seconds


@pytest.mark.parametrize("demand", [EXACT, ROUGH])
def test_redis_counts_while_it_is_there(demand: Demand, world: World) -> None:
    for _ in range(2):
        world.limiter.require(demand)
    assert refused(world.limiter, demand) == 30
    assert world.used() == {"redis"}


@pytest.mark.parametrize(("demand", "place"), [(EXACT, "shared"), (ROUGH, "own")])
def test_without_redis_the_demand_says_who_counts(demand: Demand, place: str, world: World) -> None:
    world.cache.is_away = True
    for _ in range(2):
        world.limiter.require(demand)
    assert refused(world.limiter, demand) == 30
    assert world.used() == {place}


@pytest.mark.parametrize(("demand", "place"), [(EXACT, "shared"), (ROUGH, "own")])
def test_where_no_redis_is_configured_it_is_as_if_it_were_away(demand: Demand, place: str, world: World) -> None:
    Limiter(None, shared=world.shared, own=world.own).require(demand)
    assert world.used() == {place}


def test_an_exact_demand_that_nobody_can_count_is_refused(world: World) -> None:
    class Away(MemoryBuckets):
        def take(self, buckets: object) -> list[Verdict]:
            raise UnavailableError

    world.cache.is_away = True
    with pytest.raises(UnavailableError):
        Limiter(cast(Cache, world.cache), shared=Away(), own=world.own).require(EXACT)
    Limiter(cast(Cache, world.cache), shared=Away(), own=world.own).require(ROUGH)


def test_no_demand_asks_nobody(world: World) -> None:
    nothing = Demand((), is_exact=True)
    world.limiter.require(nothing)
    assert world.limiter.ask(nothing) is None
    assert world.used() == set()


def test_who_has_asked_redis_already_hands_in_its_answer(world: World) -> None:
    call = world.limiter.ask(EXACT)
    assert call is not None
    (answer,) = world.cache.run(call)
    with noted.verdicts() as verdicts:
        world.limiter.judge(EXACT, answer)
    assert [(verdict.policy.name, verdict.remaining) for verdict in verdicts] == [("few", 1), ("many", 99)]
    assert world.used() == {"redis"}


def test_verdicts_are_noted_also_of_a_refusal(world: World) -> None:
    with noted.verdicts() as verdicts:
        for _ in range(2):
            world.limiter.require(EXACT)
        refused(world.limiter, EXACT)
    assert [verdict.remaining for verdict in verdicts] == [1, 99, 0, 98, 0, 98]
    assert [verdict.is_admitted for verdict in verdicts[-2:]] == [False, True]


def test_a_refusal_is_a_metric_and_names_the_policies_that_refused(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        world.limiter.require(EXACT)
    assert "Limited" not in capsys.readouterr().out
    refused(world.limiter, EXACT)
    (line,) = environment.lines_of(capsys.readouterr().out)
    assert (line["Limited"], line["policies"]) == (1, "few")
    assert "203.0.113.7" not in str(line)
