"""The fence around what must never be older than an acknowledged write: users, and who may act."""

from collections.abc import Callable
from typing import TypeVar

from roster.infrastructure import settings
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.scripts import AbsentRedis
from roster.infrastructure.write_barrier import WriteBarrier
from roster.sessions import cached
from roster.wiring import stores
from roster.wiring.once import once

Result = TypeVar("Result")


@once
def fence() -> FencedCache:
    redis = stores.cache() or AbsentRedis()
    control = Control(PostgresControlRows(stores.database), redis, settings.cache_lease_seconds())
    return FencedCache(redis, control, WriteBarrier(redis, control), cached.LIFE_SECONDS)


def change_standing(user_id: int, work: Callable[[], Result]) -> Result:
    """Do *work*, a transaction that may end sessions of that user."""
    return fence().change([cached.key_of(user_id)], work)
