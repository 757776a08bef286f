"""The contract of `Users.page`: every order, every filter, and what a walk through the pages sees."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from roster.auth.folding import folded_name
from roster.infrastructure.database import Database
from roster.users import list_postgres, list_statements
from roster.users.listing import Filters, Listing, Place, Sort
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues, Users

from tests import fake_lists
from tests.builders import a_new_user
from tests.contracts.conftest import Stores
from tests.fake_tables import Row
from tests.servers import execute

SORTS: tuple[Sort, ...] = get_args(Sort)
# Names that other orders than that of folded code points would put elsewhere, and names that are the same to us.
NAMES = [
    "Ada", "ada", "ADA", "Ada B", "Adam", "Ádám", "Zoë", "zoe", "Straße", "STRASSE", "Łukasz", "李", "🦊", "🦊 fox",
    "ﬁona", "Fiona", "İpek", "100%", "10_0", "a\\b", "_", "%", "Ωmega", "ωMEGA", "é", "e\u0301", "A" * 200, "ﷺ" * 200,
]  # fmt: skip
EVERYONE = Filters()
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def add(users: Users, *names: str) -> list[int]:
    return [users.add(a_new_user(f"{number}@example.com", name)).id for number, name in enumerate(names)]


def walked(users: Users, limit: int, filters: Filters = EVERYONE, sort: Sort = "id") -> list[int]:
    """Return the ids on all pages, from the first to the last."""
    seen: list[int] = []
    after: Place | None = None
    while True:
        page = users.page(Listing(limit, filters, sort, after))
        assert len(page.users) <= limit
        seen += [user.id for user in page.users]
        if page.last is None:
            return seen
        after = page.last


def test_there_is_nobody_at_first(users: Users) -> None:
    for sort in SORTS:
        assert users.page(Listing(10, sort=sort)) == ([], None)


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize("sort", SORTS)
def test_names_stand_in_the_order_of_their_folded_code_points_and_equals_by_id(
    users: Users, sort: Sort, limit: int
) -> None:
    ids = add(users, *NAMES)
    names = dict(zip(ids, NAMES, strict=True))
    expected = sorted(ids, key=lambda user_id: (folded_name(names[user_id]) if "name" in sort else "", user_id))
    assert walked(users, limit, sort=sort) == (expected[::-1] if sort.startswith("-") else expected)


def test_the_last_page_says_that_it_is_the_last_also_when_it_is_full(users: Users) -> None:
    add(users, *NAMES[:4])
    assert users.page(Listing(3)).last is not None
    assert users.page(Listing(4)).last is None
    assert users.page(Listing(5)).last is None


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ada", {"Ada", "ada", "ADA", "Ada B", "Adam"}), ("ADA B", {"Ada B"}), ("strasse", {"Straße", "STRASSE"}),
        ("stras", {"Straße", "STRASSE"}), ("FI", {"ﬁona", "Fiona"}), ("É", {"é", "e\u0301"}), ("🦊", {"🦊", "🦊 fox"}),
        ("%", {"%"}), ("_", {"_"}), ("10_", {"10_0"}), ("100%", {"100%"}), ("a\\", {"a\\b"}), ("a_a", set()),
        ("a%", set()), ("ωm", {"Ωmega", "ωMEGA"}), ("zoe", {"zoe"}), ("'", set()), ("da", set()), ("𝔞𝔡𝔞𝔪", {"Adam"}),
        ("A" * 200, {"A" * 200}), ("ﷺ" * 100, {"ﷺ" * 200}), ("\U0010ffff", set()),
    ],
)  # fmt: skip
def test_a_prefix_finds_names_whatever_their_case_and_takes_every_character_as_it_is(
    users: Users, q: str, found: set[str]
) -> None:
    add(users, *NAMES)
    page = users.page(Listing(100, Filters(q=folded_name(q))))
    assert {user.name for user in page.users} == found


def test_a_prefix_finds_addresses_too_and_whoever_fits_twice_once(users: Users) -> None:
    both = users.add(a_new_user("Ada.L@example.com", "ada l")).id
    address = users.add(a_new_user("ADA@example.com", "Countess")).id
    name = users.add(a_new_user("c@example.com", "Ada K")).id
    users.add(a_new_user("b@ada.example.com", "Bob"))
    assert walked(users, 1, Filters(q="ada")) == [both, address, name]
    assert walked(users, 9, Filters(q="ada@example.com")) == [address]


def test_an_exact_address_finds_one_or_nobody_and_the_other_filters_hold(users: Users) -> None:
    ada = users.add(a_new_user("Ada@example.com", "Ada")).id
    users.add(a_new_user("ada@example.com.org", "Bob"))
    assert walked(users, 1, Filters(email="ada@example.com")) == [ada]
    assert walked(users, 1, Filters(email="ada@example.co")) == []
    assert walked(users, 1, Filters(email="ada@example.com", role="admin")) == []
    assert walked(users, 1, Filters(email="ada@example.com", q="bob")) == []
    assert walked(users, 1, Filters(email="ada@example.com", q="ad", status="active")) == [ada]
    users.remove(ada)
    assert walked(users, 1, Filters(email="ada@example.com")) == []


def test_who_is_erased_or_changes_their_name_is_found_no_more_under_it(users: Users) -> None:
    first, second, third = add(users, "Ada", "Ada", "Ada")
    users.remove(first)
    users.change(second, NewValues(name="Bob"))
    assert walked(users, 1, Filters(q="ada"), "name") == [third]
    assert walked(users, 1, Filters(q="bob"), "-name") == [second]
    assert walked(users, 1, sort="name") == [third, second]


def test_a_range_of_time_includes_its_beginning_and_not_its_end(users: Users) -> None:
    ids = add(users, "A", "B", "C")
    user = users.find(ids[1])
    assert user is not None
    at, tick = user.created_at, timedelta(milliseconds=1)
    for sort in SORTS:
        assert ids[1] in walked(users, 1, Filters(created_from=at), sort)
        assert ids[1] not in walked(users, 1, Filters(created_from=at + tick), sort)
        assert ids[1] in walked(users, 1, Filters(created_to=at + tick), sort)
        assert ids[1] not in walked(users, 1, Filters(created_to=at), sort)
        assert walked(users, 1, Filters(created_from=at, created_to=at), sort) == []


@pytest.mark.parametrize("sort", SORTS)
def test_nobody_who_stays_is_lost_or_repeated_while_others_come_and_go(users: Users, sort: Sort) -> None:
    ids = add(users, *(f"{number * 7 % 10} name" for number in range(10)))
    page = users.page(Listing(3, sort=sort))
    seen = [user.id for user in page.users]
    gone = [seen[-1], next(user_id for user_id in ids if user_id not in seen)]
    for user_id in gone:
        users.remove(user_id)
    come = {users.add(a_new_user(f"new{number}@example.com", f"{number} name")).id for number in range(10)}
    while page.last is not None:
        page = users.page(Listing(3, sort=sort, after=page.last))
        seen += [user.id for user in page.users]
    assert len(seen) == len(set(seen))
    assert set(seen) - come - {gone[0]} == set(ids) - set(gone)


_FILL = """
    INSERT INTO users (email, email_canonical, name, name_folded, role, status, created_at)
    SELECT email, email, name, lower(name), role, status, %s::timestamptz + day * interval '1 day'
    FROM unnest(%s, %s, %s, %s, %s) AS u (email, name, role, status, day)
"""
_ROLES, _STATUSES, _QS = (None, "user"), (None, "disabled"), (None, "a", "abc", "zz")
_RANGES = ((None, None), (2, None), (None, 4), (1, 3))


@pytest.fixture
def crowd(emptied_database_url: str) -> tuple[PostgresUsers, list[Row]]:
    """Return two hundred users of few names and times, so that many are equal, and the same rows for the model."""
    dice = random.Random(7)
    people = [
        ("".join(dice.choices("ab", k=2)) + f"{number}@x.org", "".join(dice.choices("aBc", k=dice.randint(1, 3))),
         dice.choice(("user", "user", "admin")), dice.choice(("active", "disabled")), dice.randint(0, 5))
        for number in range(200)
    ]  # fmt: skip
    execute(emptied_database_url, _FILL, NOON, *[list(values) for values in zip(*people, strict=True)])
    execute(emptied_database_url, "UPDATE users SET email = NULL, email_canonical = NULL, name = NULL, "
            "name_folded = NULL, erased_at = now() WHERE id %% 10 = 0 AND id > %s", 0)  # fmt: skip
    database = Database(emptied_database_url, pool_max=1, idle_seconds=30)
    users = PostgresUsers(lambda: database)
    rows = [user for number in range(1, 201) if (user := users.find(number)) is not None]
    return users, [Row(user, user.email, "", user.created_at) for user in rows]


def combinations() -> list[Filters]:
    days = [tuple(day if day is None else NOON + timedelta(days=day) for day in each) for each in _RANGES]
    return [
        Filters(role, status, None, q, start, end)  # type: ignore[arg-type]
        for role, status, q, (start, end) in itertools.product(_ROLES, _STATUSES, _QS, days)
    ]


@pytest.mark.integration
@pytest.mark.parametrize("few", [0, 3, 10_000])
@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_of_every_order_and_filter_are_the_sorted_list_whichever_way_it_is_read(
    crowd: tuple[PostgresUsers, list[Row]], sort: Sort, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    users, rows = crowd
    monkeypatch.setattr(list_postgres, "_FEW", few)
    monkeypatch.setattr(list_postgres, "_FEW_NEIGHBOURS", few)
    for filters in combinations():
        expected = [row.user.id for row in fake_lists.everyone(rows, filters, sort)]
        assert walked(users, 17, filters, sort) == expected, filters


@pytest.mark.integration
def test_a_page_that_loses_a_user_is_found(
    crowd: tuple[PostgresUsers, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    users, rows = crowd
    sloppy = list_statements.WALK["name"].replace(
        "(u.name_folded, u.id) > (%(after_key)s, %(after_id)s)", "u.name_folded > %(after_key)s"
    )
    monkeypatch.setitem(list_statements.WALK, "name", sloppy)
    assert walked(users, 7, sort="name") != [row.user.id for row in fake_lists.everyone(rows, Filters(), "name")]


def test_whoever_verified_their_address_first_is_listed_as_others_are(stores: Stores) -> None:
    ids = add(stores.users, "Ada")
    stores.verify(ids[0])
    assert [user.email_verified for user in stores.users.page(Listing(9, sort="name")).users] == [True]
