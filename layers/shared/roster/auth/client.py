"""Where a request comes from, as API Gateway saw it."""

from typing import NamedTuple


class Client(NamedTuple):
    """The address that the connection came from, and what the program there calls itself."""

    source_ip: str
    user_agent: str
