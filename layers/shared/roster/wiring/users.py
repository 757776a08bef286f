"""Users, on PostgreSQL behind the cache."""

from roster.users.cached import CachedUsers
from roster.users.postgres import PostgresUsers
from roster.users.repository import Users
from roster.users.service import UserService
from roster.wiring import stores
from roster.wiring.once import once


@once
def service() -> UserService:
    return UserService(repository())


def repository() -> Users:
    users, cache = PostgresUsers(stores.database), stores.cache()
    return users if cache is None else CachedUsers(users, cache)
