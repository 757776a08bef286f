"""Enrolling second factors: accounts and factors on PostgreSQL."""

from roster.infrastructure import settings
from roster.second_factors.enrolments import Enrolments
from roster.wiring import auth, codes, second_factors
from roster.wiring.once import once


@once
def service() -> Enrolments:
    # A colon would part the name from the account.
    issuer = settings.product_name().replace(":", " ")
    return Enrolments(second_factors.repository(), auth.accounts(), codes.judge(), issuer)
