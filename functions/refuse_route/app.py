"""ANY /{proxy+}: what no other function answers: an unknown path (404), or an unknown method (405)."""

from roster.api.endpoint import endpoint
from roster.api.request import UnknownRoute


@endpoint(refuses_query=False)
def handler(route: UnknownRoute) -> None:
    raise route.error()
