"""POST /api/auth/totp/recovery-codes: makes new recovery codes for the caller; the old ones are void."""

from roster.auth.caller import Caller
from roster.second_factors.inputs import TypedCode
from roster.second_factors.models import RecoveryCodes
from roster.wiring import enrolments
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: TypedCode, caller: Caller) -> RecoveryCodes:
    return enrolments.service().renew_codes(body.code, caller)
