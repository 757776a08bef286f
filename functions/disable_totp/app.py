"""POST /api/auth/totp/disable: lets the caller's logins ask for the password alone again."""

from roster.auth.caller import Caller
from roster.second_factors.inputs import PasswordAndCode
from roster.wiring import enrolments
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: PasswordAndCode, caller: Caller) -> None:
    enrolments.service().disable(body.current_password, body.code, caller)
