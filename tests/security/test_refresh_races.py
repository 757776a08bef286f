"""Refresh tokens under fire: 32 at once, one winner each time, and nothing works any more after a logout."""

import contextlib
from collections.abc import Iterator

import pytest
from roster.sessions import refresh_tokens, statements
from roster.sessions.repository import InvalidRefreshTokenError

from tests import environment
from tests.security.doors import silence
from tests.security.progress import IN_FULL, ticker
from tests.security.refresh_races import Track, wrong_with
from tests.servers import Servers, execute

pytestmark = pytest.mark.integration

ROUNDS = 10_000 if IN_FULL else 1_000
LOGOUTS = 1_000 if IN_FULL else 100


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)


@contextlib.contextmanager
def laid(servers: Servers, grace_seconds: float = 10) -> Iterator[Track]:
    with contextlib.closing(Track(servers.postgres(18).emptied(), grace_seconds=grace_seconds)) as track, silence():
        yield track


@pytest.fixture
def track(servers: Servers) -> Iterator[Track]:
    with laid(servers) as track:
        yield track


def test_each_race_has_one_winner_and_all_the_others_get_what_the_winner_got(
    track: Track, capsys: pytest.CaptureFixture[str]
) -> None:
    token, tick = track.opened(), ticker("races of 32 refreshes", ROUNDS, capsys)
    for number in range(ROUNDS):
        found = track.race(token)
        assert wrong_with(found) == [], f"round {number}"
        token = found.successors[0]
        tick(number + 1)
    assert track.usable(token) == [token]


def test_after_a_logout_in_the_middle_of_a_race_no_token_is_usable(
    track: Track, capsys: pytest.CaptureFixture[str]
) -> None:
    tick, refused = ticker("races with a logout", LOGOUTS, capsys), 0
    for number in range(LOGOUTS):
        token = track.opened()
        found = track.race(token, meanwhile=track.log_out)
        assert found.failures == []
        assert found.winners <= 1
        assert track.usable(token, *set(found.successors)) == [], f"round {number}"
        refused += found.refused
        tick(number + 1)
    assert 0 < refused < LOGOUTS * 32


def test_a_logout_that_misses_what_was_refreshed_meanwhile_is_found(track: Track) -> None:
    def log_out(token: str) -> None:
        execute(track.url, "DELETE FROM sessions WHERE token_hash = %s", refresh_tokens.hashed(token))

    def found(token: str) -> list[str]:
        return track.usable(*track.race(token, meanwhile=lambda: log_out(token)).successors)

    assert any(found(track.opened()) for _ in range(50))


def test_one_that_comes_back_after_the_grace_ends_the_session_for_everyone(servers: Servers) -> None:
    with laid(servers) as track:
        stolen = track.opened()
        kept = track.race(stolen).successors[0]
        execute(track.url, "UPDATE used_refresh_tokens SET used_at = used_at - interval '11 seconds'")
        assert isinstance(track.refreshed(stolen), InvalidRefreshTokenError)
        assert track.usable(kept, stolen) == []
        assert track.sessions.all_of(track.user_id) == []


def test_a_race_of_thieves_ends_the_session_and_leaves_the_others_alone(servers: Servers) -> None:
    with laid(servers, grace_seconds=-1) as track:
        other, token = track.opened(), track.opened()
        found = track.race(token)
        assert (found.failures, found.winners) == ([], 1)
        assert track.usable(token, *found.successors) == []
        assert track.usable(other) == [other]


# Finds the session first and writes then, as many do: between the two somebody else may have done so too.
_FOUND_THEN_WRITTEN = statements.ROTATE.replace(
    "WHERE token_hash = %(old_hash)s", "WHERE sessions.id = (SELECT id FROM sessions WHERE token_hash = %(old_hash)s)"
).replace(
    "SELECT %(old_hash)s, id, %(seed)s FROM rotated",
    "SELECT %(old_hash)s, id, %(seed)s FROM rotated ON CONFLICT DO NOTHING",
)


def test_a_rotation_without_the_condition_on_the_hash_is_found(track: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "ROTATE", _FOUND_THEN_WRITTEN)
    assert any("winners" in wrong for _ in range(20) for wrong in wrong_with(track.race(track.opened())))


def test_a_detection_that_knows_no_grace_is_found(servers: Servers) -> None:
    with laid(servers, grace_seconds=-1) as track:
        assert any("logged out" in wrong for _ in range(20) for wrong in wrong_with(track.race(track.opened())))
