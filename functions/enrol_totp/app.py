"""POST /api/auth/totp: makes a secret for the caller's authenticator, which counts once it is confirmed."""

from roster.auth.caller import Caller
from roster.second_factors.inputs import CurrentPassword
from roster.second_factors.models import Enrolment
from roster.wiring import enrolments
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: CurrentPassword, caller: Caller) -> Enrolment:
    return enrolments.service().enrol(body.current_password, caller)
