"""Who may keep which answer, and for how long."""

import pytest

from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.handlers.test_problem_details import bad_requests
from tests.handlers.world import World

OWN, PUBLIC, NOT_AT_ALL = "private, no-cache", "public, max-age=300", "no-store"
# Everything else, lists included, is kept nowhere.
LIVES = {
    "change_order": OWN,
    "change_user": OWN,
    "create_order": OWN,
    "create_user": OWN,
    "get_order": OWN,
    "get_user": OWN,
    "replace_user": OWN,
    "get_discovery": PUBLIC,
    "get_docs": PUBLIC,
    "get_docs_file": PUBLIC,
    "get_openapi": PUBLIC,
    "get_signing_keys": PUBLIC,
}
VARY = "Accept, Authorization, Origin"
VARY_OF_PUBLIC = "Accept, Accept-Encoding, Origin"

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.stem)


@every_endpoint
def test_a_good_answer_says_who_may_keep_it(endpoint: Endpoint, world: World) -> None:
    headers = world.call(endpoint.stem, endpoint.event())["headers"]
    life = LIVES.get(endpoint.stem, NOT_AT_ALL)
    assert headers["Cache-Control"] == life
    assert headers["Vary"] == (VARY_OF_PUBLIC if life == PUBLIC else VARY)
    assert ("ETag" in headers) == (endpoint.stem in LIVES)


@every_endpoint
def test_what_may_be_kept_has_a_strong_tag(endpoint: Endpoint, world: World) -> None:
    headers = world.call(endpoint.stem, endpoint.event())["headers"]
    assert headers.get("ETag", '"').startswith('"')


@every_endpoint
def test_nobody_keeps_an_error(endpoint: Endpoint, world: World) -> None:
    for event in bad_requests(endpoint).values():
        headers = world.call(endpoint.stem, event)["headers"]
        assert (headers["Cache-Control"], headers["Vary"], headers.get("ETag")) == (NOT_AT_ALL, VARY, None)
