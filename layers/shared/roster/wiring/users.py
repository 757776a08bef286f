"""Users, on PostgreSQL behind the fenced cache."""

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
    return FencedUsers(CachedUsers(PostgresUsers(stores.database), fence.fence()), fence.fence())
