"""PUT /api/users/{user_id}/password: changes the caller's own password."""

from roster.api.request import UserPath
from roster.auth.caller import Caller
from roster.auth.inputs import PasswordChange
from roster.wiring import auth
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, body: PasswordChange, caller: Caller) -> None:
    auth.service().change_password(path.user_id, body.current_password, body.new_password, caller)
