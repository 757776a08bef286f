"""GET /api/users/{user_id}: who sees whom, and when an answer need not be sent again."""

import pytest
from roster.users.repository import NewValues

from tests.builders import a_caller, a_context, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.functions import handler_of
from tests.handlers.world import ADA, ADMIN, USER_FIELDS, World


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_a_user_is_shown_to_themself_and_to_an_admin(caller: object, world: World) -> None:
    response = world.call("get_user", an_event(path="/api/users/1", caller=caller))  # type: ignore[arg-type]
    user = assert_answer(response, 200)
    assert user.keys() == USER_FIELDS
    assert (user["id"], user["email"], user["name"]) == (1, "ada@example.com", "Ada Lovelace")
    assert (user["role"], user["status"], user["email_verified"]) == ("user", "active", False)
    assert response["headers"]["ETag"] == '"1-1"'
    assert response["headers"]["Cache-Control"] == "private, no-cache"


def test_the_second_answer_is_the_same(world: World) -> None:
    event = an_event(path="/api/users/1", caller=ADA)
    assert world.call("get_user", event) == world.call("get_user", event)


def test_an_admin_is_told_that_a_user_is_missing(world: World) -> None:
    assert_envelope(world.call("get_user", an_event(path="/api/users/999", caller=ADMIN)), 404, "user_not_found")


def test_a_token_that_outlived_its_user_is_worth_nothing(world: World) -> None:
    gone = a_caller(user_id=999)
    assert_envelope(world.call("get_user", an_event(path="/api/users/me", caller=gone)), 401, "invalid_token")


@pytest.mark.parametrize("tags", ['"1-1"', 'W/"1-1"', "*", '"x", "1-1"', ['"x"', '"1-1"']])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_that_the_client_has_is_not_sent_again(method: str, tags: str | list[str], world: World) -> None:
    event = an_event(method, "/api/users/1", ADA, headers={"if-none-match": tags})
    response = world.call("get_user", event)
    assert assert_answer(response, 304) is None
    assert response["headers"]["ETag"] == '"1-1"'


@pytest.mark.parametrize("tags", ['"1-2"', '"2-1"', '""', '"*"'])
def test_an_answer_that_the_client_does_not_have_is_sent(tags: str, world: World) -> None:
    event = an_event(path="/api/users/1", caller=ADA, headers={"If-None-Match": tags})
    assert assert_answer(world.call("get_user", event), 200)["id"] == 1


def test_after_a_change_the_old_tag_is_no_longer_good(world: World) -> None:
    world.call("get_user", an_event(path="/api/users/1", caller=ADA))
    world.call("change_user", an_event("PATCH", "/api/users/1", ADA, {"name": "Ada King"}))
    event = an_event(path="/api/users/1", caller=ADA, headers={"If-None-Match": '"1-1"'})
    response = world.call("get_user", event)
    assert assert_answer(response, 200)["name"] == "Ada King"
    assert response["headers"]["ETag"] == '"1-2"'


@pytest.mark.parametrize("tags", ["1-1", '"1-1', "", "*, *", "\x00"])
def test_malformed_tags_are_refused(tags: str, world: World) -> None:
    event = an_event(path="/api/users/1", caller=ADA, headers={"If-None-Match": tags})
    assert_envelope(world.call("get_user", event), 400, "malformed_condition")


def test_head_answers_as_get_without_the_body(world: World) -> None:
    get = world.call("get_user", an_event("GET", "/api/users/1", ADA))
    assert world.call("get_user", an_event("HEAD", "/api/users/1", ADA)) == get | {"body": ""}


def test_an_error_to_head_has_no_body_either(world: World) -> None:
    response = world.call("get_user", an_event("HEAD", "/api/users/999", ADMIN))
    assert (response["statusCode"], response["body"]) == (404, "")


def test_the_cache_is_no_way_around_the_rules(world: World) -> None:
    world.call("get_user", an_event(path="/api/users/1", caller=ADA))
    stranger = an_event(path="/api/users/1", caller=a_caller(user_id=2))
    assert_envelope(world.call("get_user", stranger), 403, "not_allowed")


def test_two_callers_in_turn_each_see_themselves(world: World) -> None:
    bob = world.add("bob@example.com", "Bob")
    world.users.change(bob.id, NewValues(role="admin"))
    for _ in range(3):
        for user_id in (1, bob.id):
            response = world.call("get_user", an_event(path="/api/users/me", caller=a_caller(user_id)))
            assert assert_answer(response, 200)["id"] == user_id


def test_a_request_with_no_time_left_is_answered_in_the_envelope(world: World) -> None:
    response = handler_of("get_user")(an_event(path="/api/users/1", caller=ADA), a_context(remaining_milliseconds=0))
    assert response["statusCode"] in (200, 503)
