"""POST /api/auth/verify-email: a link to the caller's own address."""

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.mail import last_token, post, send
from tests.handlers.world import A_VERIFICATION_TOKEN, ADA, World

PATH = "/api/auth/verify-email"


def test_a_link_is_mailed_to_the_caller(world: World) -> None:
    calls = len(world.tables.calls)
    assert assert_answer(post(world, "request_email_verification", PATH, caller=ADA), 202) == {"status": "accepted"}
    assert world.tables.calls[calls:] == ["standings.find", "outbox.add_verification"]
    assert send(world) == 1
    assert world.mailer.sent[0][0].to == "ada@example.com"
    token = last_token(world)
    assert_answer(post(world, "confirm_email", f"{PATH}/confirm", {"token": token}), 204)


def test_a_verified_address_is_answered_alike_and_gets_no_mail(world: World) -> None:
    before = post(world, "request_email_verification", PATH, caller=ADA)
    post(world, "confirm_email", f"{PATH}/confirm", {"token": A_VERIFICATION_TOKEN})
    assert post(world, "request_email_verification", PATH, caller=ADA) == before
    assert send(world) == 0


def test_who_is_not_logged_in_is_refused(world: World) -> None:
    assert_envelope(world.call("request_email_verification", an_event("POST", PATH)), 401, "invalid_token")
