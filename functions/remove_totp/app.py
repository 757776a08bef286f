"""DELETE /api/users/{user_id}/totp: takes the second factor from somebody who has lost it, for an admin."""

from roster.api.request import UserPath
from roster.auth.caller import Caller
from roster.wiring import second_factors
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, caller: Caller) -> None:
    second_factors.service().remove(path.user_id, caller)
