"""One local server for all tests that leave it as it is, and who talks to it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client
from tests.end_to_end.server import LocalServer, running


@pytest.fixture(scope="session")
def server() -> Iterator[LocalServer]:
    """Run the server that tests share; who breaks it runs one of their own."""
    with running() as server:
        yield server


@pytest.fixture
def anyone(server: LocalServer) -> Iterator[httpx.Client]:
    """Talk without a token."""
    with conversation.anonymous(server.url) as http:
        yield http


@pytest.fixture
def ada(server: LocalServer) -> Iterator[Client]:
    """Talk as a user who has just registered."""
    client = conversation.registered(server.url)
    with client.http:
        yield client


@pytest.fixture(scope="session")
def admin(server: LocalServer) -> Iterator[Client]:
    """Talk as the admin of this run."""
    client = conversation.log_in(server.url, server.facts["admin_email"], server.facts["admin_password"])
    with client.http:
        yield client
