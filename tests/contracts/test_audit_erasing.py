"""The contract of all repositories: what an erased user leaves in the audit trail."""

import pytest
from roster.audit.models import AuditEvent, Filters
from roster.auth import address
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import LastAdminError, NewValues, UserNotFoundError

from tests.builders import a_new_user
from tests.contracts.conftest import Stores
from tests.racing import race

ADMIN_IP, OWN_IP = "198.51.100.1", "203.0.113.7"
BY_AN_ADMIN = Origin(900, "an admin's", ADMIN_IP, "by an admin")


def by(user: User) -> Origin:
    return Origin(user.id, "their own", OWN_IP, "by themself")


def events(stores: Stores) -> list[AuditEvent]:
    """Return all that is recorded, the oldest first."""
    return stores.trail.page(Filters(), None, 1000)[::-1]


@pytest.fixture
def ada(stores: Stores) -> User:
    """Return somebody who registered, changed their name and address, was promoted, and did something to another."""
    with origin.within(Origin(source_ip=OWN_IP)):
        user = stores.users.add(a_new_user("canary@example.com", "Canary"))
        other = stores.users.add(a_new_user("bob@example.com", "Bob"))
    with origin.within(by(user)):
        stores.users.change(user.id, NewValues(address.parse("canary@example.org"), "Canary the Second"))
        stores.users.change(other.id, NewValues(name="Bobby"))
    with origin.within(BY_AN_ADMIN):
        stores.users.change(user.id, NewValues(name="Canary the Third", role="admin"))
        stores.users.add(a_new_user("grace@example.com", "Grace", role="admin"))
    return user


@pytest.mark.parametrize("is_self", [True, False])
def test_nothing_personal_is_left_of_an_erased_user(stores: Stores, ada: User, is_self: bool) -> None:
    assert "canary" in str(events(stores)), "or this test would find nothing"
    with origin.within(by(ada) if is_self else BY_AN_ADMIN):
        stores.users.remove(ada.id)
    left = [event for event in events(stores) if ada.id in (event.subject_id, event.actor_id)]
    assert "canary" not in str(left).lower()
    assert OWN_IP not in str(left)
    assert len(left) == 5


def test_what_happened_stays_and_so_does_what_is_not_personal(stores: Stores, ada: User) -> None:
    with origin.within(BY_AN_ADMIN):
        stores.users.remove(ada.id)
    registered, changed, promoted, erased = (event for event in events(stores) if event.subject_id == ada.id)
    facts = {"email": None, "name": None, "role": "user", "status": "active", "email_verified": False}
    assert (registered.action, registered.before, registered.after) == ("user.registered", None, facts)
    assert (changed.action, changed.before, changed.after) == ("user.changed", *[{"email": None, "name": None}] * 2)
    assert (changed.actor_id, changed.session_id, changed.request_id) == (ada.id, "their own", "by themself")
    assert promoted.before == {"name": None, "role": "user"}
    assert promoted.after == {"name": None, "role": "admin"}
    assert (erased.action, erased.before, erased.after) == ("user.erased", None, None)


def test_what_others_did_to_them_keeps_the_address_of_those_others(stores: Stores, ada: User) -> None:
    with origin.within(BY_AN_ADMIN):
        stores.users.remove(ada.id)
    (*_, promoted, erased) = (event for event in events(stores) if event.subject_id == ada.id)
    assert {promoted.source_ip, erased.source_ip} == {ADMIN_IP}


def test_everybody_elses_rows_are_left_alone_but_for_the_address_they_did_it_from(stores: Stores, ada: User) -> None:
    before = [event for event in events(stores) if event.subject_id != ada.id]
    stores.users.remove(ada.id)
    after = [event for event in events(stores) if event.subject_id != ada.id]
    assert [event.after for event in after] == [event.after for event in before]
    assert [event.source_ip for event in before] == [OWN_IP, OWN_IP, ADMIN_IP]
    assert [event.source_ip for event in after] == [OWN_IP, None, ADMIN_IP]


def test_who_could_not_be_erased_keeps_everything(stores: Stores, ada: User) -> None:
    (grace,) = (user for user in stores.users.page(Listing(10)).users if user.name == "Grace")
    stores.users.remove(ada.id)
    before = events(stores)
    with pytest.raises(LastAdminError):
        stores.users.remove(grace.id)
    assert events(stores) == before


def test_a_change_that_runs_while_its_user_is_erased_leaves_nothing_personal(stores: Stores) -> None:
    for round_ in range(10):
        user = stores.users.add(a_new_user(f"canary{round_}@example.com", "Canary"))

        def write(number: int, user: User = user) -> None:
            with origin.within(by(user)):
                try:
                    if number == 0:
                        stores.users.remove(user.id)
                    else:
                        stores.users.change(user.id, NewValues(name=f"Canary {number}"))
                except UserNotFoundError:
                    pass

        race(8, write)
    assert "canary" not in str(events(stores)).lower()
    assert OWN_IP not in str(events(stores))
