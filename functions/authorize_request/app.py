"""Lambda authorizer: turns a bearer token into a policy and a caller."""

from roster.api.authorizer import authorizer
from roster.auth.caller import Caller
from roster.wiring import tokens


@authorizer()
def handler(token: str) -> Caller:
    return tokens.verify(token)
