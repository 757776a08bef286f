"""
Whoever names an address is answered in the same time whether it is known or not.

With the product's own hash the times are compared as they are. With a cheap one everything else is under a
magnifying glass: there a row that is found would cost some 15 µs more than none. Asking for a link, or
registering where addresses are verified, looks nothing up.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from roster.auth import passwords
from roster.auth.postgres import PostgresAccounts
from roster.auth.repository import Account
from roster.mail.postgres import PostgresOutbox

from tests.handlers import world as worlds
from tests.security.desk import ACCOUNTS, LOGIN, REGISTRATION, RESET, Desk, Question, known
from tests.security.doors import silence
from tests.security.progress import IN_FULL, ticker
from tests.security.timing import Trial, compared, pairs
from tests.servers import Servers

pytestmark = pytest.mark.integration

KNOWN = {known(number) for number in range(ACCOUNTS)}
PAIRS = 500
PAIRS_OF_REAL_HASHES = 3_000 if IN_FULL else 12
ERROR_SECONDS = 0.000_02
ERROR_SECONDS_OF_REAL_HASHES = 0.005


@contextmanager
def open_desk(servers: Servers, question: Question = LOGIN, *, cheap: bool = True) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch, silence():
        desk = Desk(servers.postgres(18).emptied(), patch, question, cheap=cheap)
        pairs(3, desk.ask_known, desk.ask_unknown)  # the first ones load and connect
        yield desk
    worlds.forget()


def glass_over(desk: Desk) -> Trial:
    return Trial(desk.ask_known, desk.ask_unknown, PAIRS, ERROR_SECONDS)


def is_found_out(desk: Desk) -> bool:
    """Return whether a planted leak is seen, on a busy machine only at a second or third look."""
    return any(not glass_over(desk).round().is_even for _ in range(4))


def test_with_the_products_own_hash_the_times_are_even(servers: Servers, capsys: pytest.CaptureFixture[str]) -> None:
    tick = ticker("pairs of logins with the product's own hash", PAIRS_OF_REAL_HASHES, capsys)
    with open_desk(servers, cheap=False) as desk:
        trial = Trial(desk.ask_known, desk.ask_unknown, PAIRS_OF_REAL_HASHES, ERROR_SECONDS_OF_REAL_HASHES)
        assert trial.is_even(tick)


@pytest.mark.parametrize("question", [LOGIN, RESET, REGISTRATION], ids=lambda question: question.stem)
def test_under_the_magnifying_glass_nothing_is_seen(
    question: Question, servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    count = question.pairs_in_full if IN_FULL else PAIRS
    with open_desk(servers, question) as desk:
        tick = ticker(f"pairs of {question.stem} with a cheap hash", count, capsys)
        assert glass_over(desk)._replace(pairs=count).is_even(tick)


def test_a_hash_that_is_skipped_for_unknown_addresses_is_found(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda text, kept: kept is not None and whole(text, kept))
    with open_desk(servers, cheap=False) as desk:
        assert not Trial(desk.ask_known, desk.ask_unknown, 6, ERROR_SECONDS_OF_REAL_HASHES).round().is_even


def test_a_statement_more_for_known_addresses_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PostgresAccounts.find_by_address

    def find_by_address(self: PostgresAccounts, canonical: str) -> Account | None:
        found = whole(self, canonical)
        return found and self.find(found.user_id)

    monkeypatch.setattr(PostgresAccounts, "find_by_address", find_by_address)
    with open_desk(servers) as desk:
        assert is_found_out(desk)


def test_a_second_row_for_known_addresses_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PostgresOutbox.add_reset

    def add_reset(self: PostgresOutbox, canonical: str) -> None:
        whole(self, canonical)
        if canonical in KNOWN:
            whole(self, canonical)

    monkeypatch.setattr(PostgresOutbox, "add_reset", add_reset)
    with open_desk(servers, RESET) as desk:
        assert is_found_out(desk)


def test_samples_that_differ_by_chance_are_even_and_others_are_not() -> None:
    noise = [(number * 7919 % 1000) / 1e6 for number in range(1000)]
    assert compared(noise, noise[500:] + noise[:500]).is_even
    assert not compared(noise, [sample + 0.0002 for sample in noise]).is_even
    assert not compared(noise, [sample + 0.03 for sample in noise]).is_even
