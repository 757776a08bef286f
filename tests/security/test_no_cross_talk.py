"""Two principals, and now and then nobody, through one warm environment: each is answered about themself alone."""

import contextlib
import io
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from roster.auth.caller import Caller
from roster.infrastructure import observability
from roster.users.service import UserService

from local.answer import Answer
from tests.handlers import world as worlds
from tests.handlers.world import World
from tests.in_process import Api
from tests.racing import race
from tests.security.matrix.cast import token_of
from tests.security.progress import IN_FULL, ticker

REQUESTS = 100_000 if IN_FULL else 3_000
OTHERS = 200

Ask = Callable[["Principal", Api], Answer]


class Principal(NamedTuple):
    """*word* is in the address, the name and whatever else is theirs, and in nobody else's; 0 is nobody's id."""

    word: str
    user_id: int
    headers: list[tuple[str, str]]

    def ask(self, api: Api, method: str, path: str, **sent: Any) -> Answer:
        body = json.dumps(sent.pop("body")).encode() if "body" in sent else b""
        return api.ask(method, path, [*self.headers, *sent.pop("headers", [])], body, **sent)


ASKING: list[Ask] = [
    lambda who, api: who.ask(api, "GET", "/api/users/me"),
    lambda who, api: who.ask(api, "GET", f"/api/users/{who.user_id}"),
    lambda who, api: who.ask(api, "HEAD", "/api/users/me"),
    lambda who, api: who.ask(api, "PATCH", "/api/users/me", body={"name": f"{who.word} {random.random()}"}),
    lambda who, api: who.ask(api, "PATCH", "/api/users/me", body={"role": who.word}),
    lambda who, api: who.ask(api, "GET", "/api/auth/sessions"),
    lambda who, api: who.ask(api, "GET", "/api/users/me", query=[(who.word, "1")]),
    lambda who, api: who.ask(api, "GET", "/api/health"),
    lambda who, api: who.ask(api, "GET", "/api/users/999"),
    lambda who, api: who.ask(
        api, "POST", "/api/auth/login", body={"email": f"{who.word}@x.test", "password": who.word}
    ),
    lambda who, api: who.ask(api, "GET", f"/{who.word}"),
]


class Meeting:
    """A world with two users and one warm environment."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.world, self.api = World(patch), Api()
        self.nobody = Principal("nobody", 0, [])
        self.two = [self._invited(word) for word in ("alpha", "omega")]

    def _invited(self, word: str) -> Principal:
        user = self.world.add(f"{word}@roster.test", name=word)
        return Principal(word, user.id, [("authorization", token_of(user.id)), ("user-agent", word)])

    def interleaved(self, count: int, tick: Callable[[int], None] = lambda _: None) -> list[str]:
        """Return what was told to or of the wrong one in so many requests in a drawn order."""
        draw, wrong, logged = random.Random(count), list[str](), io.StringIO()
        for number in range(count):
            who = draw.choice([*self.two, *self.two, self.nobody])
            with contextlib.redirect_stdout(logged):
                answer = draw.choice(ASKING)(who, self.api)
            wrong += self.wrong_answer(who, answer) + self.wrong_lines(who, logged.getvalue())
            logged.seek(0)
            logged.truncate()
            tick(number + 1)
        return wrong

    def wrong_answer(self, who: Principal, answer: Answer) -> list[str]:
        text = answer.body.decode() + repr(answer.headers)
        told = [other.word for other in self.two if other.word in text and other != who]
        id_ = json.loads(answer.body).get("id", who.user_id) if answer.status == 200 and answer.body else who.user_id
        return [f"{who.word} was told of {told or id_}"] if told or id_ != who.user_id else []

    def wrong_lines(self, who: Principal, logged: str) -> list[str]:
        """Return the log lines that name another caller, or one for nobody's request."""
        callers = {json.loads(line).get("caller") for line in logged.splitlines()} - {None, str(who.user_id)}
        return [f"{who.word} was logged as {caller}" for caller in callers]


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meeting]:
    yield Meeting(monkeypatch)
    worlds.forget()


def test_each_is_answered_about_themself_alone(meeting: Meeting, capsys: pytest.CaptureFixture[str]) -> None:
    assert meeting.interleaved(REQUESTS, ticker("interleaved requests", REQUESTS, capsys)) == []


def test_so_are_two_threads_of_one_environment(meeting: Meeting) -> None:
    """The local server serves from threads, Lambda one request at a time."""

    def talk(number: int) -> list[str]:
        who, draw = meeting.two[number % 2], random.Random(number)
        answers = [draw.choice(ASKING)(who, meeting.api) for _ in range(OTHERS)]
        return [wrong for answer in answers for wrong in meeting.wrong_answer(who, answer)]

    with contextlib.redirect_stdout(io.StringIO()):
        assert race(4, talk) == [[]] * 4


def _remembers_who_came_first(patch: pytest.MonkeyPatch) -> None:
    whole, first = UserService.get, list[Caller]()

    def get(self: UserService, user_id: int, caller: Caller) -> Any:
        first.append(caller)
        return whole(self, first[0].user_id, first[0])

    patch.setattr(UserService, "get", get)


def _keeps_the_keys_of_the_log(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(observability.logger(), "thread_safe_clear_keys", lambda: None)


@pytest.mark.parametrize("plant", [_remembers_who_came_first, _keeps_the_keys_of_the_log])
def test_an_environment_that_remembers_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert meeting.interleaved(200)
