"""Users, on PostgreSQL behind the cache; their lost rights are noticed at once."""

from roster.users.cached import CachedUsers
from roster.users.fenced import FencedUsers
from roster.users.postgres import PostgresUsers
from roster.users.repository import Users
from roster.users.service import UserService
from roster.wiring import fence, stores
from roster.wiring.once import once


@once
def service() -> UserService:
    return UserService(repository())


def repository() -> Users:
    users, cache = PostgresUsers(stores.database), stores.cache()
    return FencedUsers(users if cache is None else CachedUsers(users, cache), fence.change_standing)
