"""PATCH /api/users/{user_id}: changes some fields (JSON merge patch, RFC 7396) of a user, for themself or an admin."""

from roster.api.request import IfMatch, UserPath
from roster.auth.caller import Caller
from roster.users.inputs import UserPatch
from roster.users.models import User
from roster.wiring import users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, body: UserPatch, if_match: IfMatch, caller: Caller) -> User:
    return users.service().change(path.user_id, body.changes(), if_match.versions(path.user_id), caller)
