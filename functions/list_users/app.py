"""GET /api/users: a page of users, filtered and sorted, for admins."""

from roster.api.pages import UsersQuery, page_of
from roster.api.results import Page
from roster.auth.caller import Caller
from roster.users.models import User
from roster.wiring import users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(query: UsersQuery, caller: Caller) -> Page[User]:
    return page_of(users.service().list(query.listing(), caller), query)
