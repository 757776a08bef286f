"""POST /api/auth/totp/confirm: lets logins ask for codes from now on; answers the recovery codes."""

from roster.auth.caller import Caller
from roster.second_factors.inputs import TypedCode
from roster.second_factors.models import RecoveryCodes
from roster.wiring import enrolments
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: TypedCode, caller: Caller) -> RecoveryCodes:
    return enrolments.service().confirm(body.code, caller)
