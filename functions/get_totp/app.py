"""GET /api/auth/totp: whether the caller's logins ask for a code, and how many recovery codes are left."""

from roster.auth.caller import Caller
from roster.second_factors.models import SecondFactor
from roster.wiring import second_factors
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(caller: Caller) -> SecondFactor:
    return second_factors.service().get(caller)
