"""POST /api/auth/password-reset: the same answer and the same work for every address."""

from typing import Any

import pytest
from roster.auth import address, passwords
from roster.users.repository import NewValues

from tests.envelope import assert_answer, assert_envelope
from tests.handlers.mail import last_token, post, send
from tests.handlers.world import World


def request(world: World, email: object = "ada@example.com") -> dict[str, Any]:
    return post(world, "request_password_reset", "/api/auth/password-reset", {"email": email})


def test_a_request_is_accepted_and_a_link_is_mailed(world: World) -> None:
    assert assert_answer(request(world), 202) == {"status": "accepted"}
    assert world.mailer.sent == [], "nobody waits for mail"
    assert send(world) == 1
    assert world.mailer.sent[0][0].to == "ada@example.com"
    assert len(last_token(world)) == 43


def test_the_answer_is_the_same_for_everyone_and_so_is_the_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.users.change(world.add("bob@example.com").id, NewValues(status="disabled"))
    monkeypatch.setattr(passwords, "hashed", lambda password: pytest.fail("hashed a password for nothing"))
    answers, work = [], []
    for email in ("ada@example.com", "bob@example.com", "nobody@example.com"):
        calls = len(world.tables.calls)
        answers.append(request(world, email))
        work.append(world.tables.calls[calls:])
    assert answers == [answers[0]] * 3
    assert work == [["outbox.add_reset"]] * 3
    assert send(world) == 1


@pytest.mark.parametrize("typed", ["ADA@EXAMPLE.COM", " ａｄａ@example.com"])
def test_mail_goes_to_the_address_of_the_account_and_not_to_another_spelling_of_it(typed: str, world: World) -> None:
    world.users.change(1, NewValues(address=address.parse("Ada@Example.com")))
    request(world, typed)
    assert send(world) == 1
    assert world.mailer.sent[0][0].to == "Ada@example.com"


@pytest.mark.parametrize("email", ["", "ada", "ada@", None, 1])
def test_what_is_no_address_is_invalid(email: object, world: World) -> None:
    assert_envelope(request(world, email), 422, "invalid_input", "body.email")


def test_the_last_link_is_as_good_as_the_first(world: World) -> None:
    tokens = []
    for _ in range(2):
        request(world)
        send(world)
        tokens.append(last_token(world))
    assert len(set(tokens)) == 2
