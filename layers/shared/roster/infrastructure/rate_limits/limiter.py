"""Where a request is counted: on Redis, and while that is away where it is worth it on PostgreSQL."""

from typing import TYPE_CHECKING, NamedTuple

from roster.errors import TooManyRequestsError
from roster.infrastructure import observability
from roster.infrastructure.rate_limits import noted, script
from roster.infrastructure.rate_limits.models import Bucket, Buckets
from roster.infrastructure.scripts import Call

if TYPE_CHECKING:
    from roster.infrastructure.cache import Cache


class Demand(NamedTuple):
    """One request out of each of *buckets*; *is_exact* says that not even an outage may let more through."""

    buckets: tuple[Bucket, ...]
    is_exact: bool


class Limiter:
    """Counts on *cache*; without it exact demands on *shared* buckets, and all others on *own* ones."""

    def __init__(self, cache: "Cache | None", *, shared: Buckets, own: Buckets) -> None:
        self._cache = cache
        self._shared = shared
        self._own = own

    def require(self, demand: Demand) -> None:
        """
        Count a request.

        Raises:
            TooManyRequestsError: If one of the buckets is empty.
            UnavailableError: If an exact demand can be counted nowhere.
        """
        call = self.ask(demand)
        self.judge(demand, self._cache.run(call)[0] if self._cache and call else None)

    def ask(self, demand: Demand) -> Call | None:
        """Return what to ask Redis, None if there is nothing to count."""
        return script.ask(demand.buckets) if demand.buckets else None

    def judge(self, demand: Demand, answer: object | None) -> None:
        """As `require`, where Redis has been asked already and said *answer*, None for nothing."""
        if not demand.buckets:
            return
        without_redis = self._shared if demand.is_exact else self._own
        verdicts = script.judge(demand.buckets, answer) or without_redis.take(demand.buckets)
        noted.note(verdicts)
        refused = [verdict for verdict in verdicts if not verdict.is_admitted]
        if refused:
            observability.count("Limited", policies=" ".join(verdict.policy.name for verdict in refused))
            raise TooManyRequestsError(max(verdict.wait_seconds for verdict in refused))
