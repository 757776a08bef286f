"""The contracts of `Links`, `Addressees` and `PendingRegistrations`."""

import hashlib
import time
from collections.abc import Callable

import pytest
from roster.audit.models import Facts, Filters
from roster.auth import address
from roster.links.models import Owner
from roster.links.repository import InvalidLinkError
from roster.mail.models import Addressee
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.contracts.mail_stores import MailStores
from tests.racing import race

HOUR, DAY = 3600, 86_400
KINDS = ["reset", "verification"]
Token = bytes


def token(text: str = "a token") -> Token:
    return hashlib.sha256(text.encode()).digest()


TOKEN = token()


def ada(stores: MailStores) -> User:
    return stores.users.add(a_new_user("Ada@Example.com", "Ada", password_hash="old"))


def made(stores: MailStores, kept: Token = TOKEN) -> Addressee | None:
    """Claim the next mail and make its link."""
    mail = stores.outbox.claim(1)
    assert mail is not None
    stores.outbox.mark_sent(mail)
    return stores.addressees.make_link(mail, kept)


def reset_link(stores: MailStores, kept: Token = TOKEN) -> Addressee | None:
    stores.outbox.add_reset("ada@example.com")
    return made(stores, kept)


def verification_link(stores: MailStores, user: User, kept: Token = TOKEN) -> Addressee | None:
    stores.outbox.add_verification(user.id)
    return made(stores, kept)


def registration_link(stores: MailStores, kept: Token = TOKEN, email: str = "Bob@example.com") -> Addressee | None:
    stores.pending.add(a_new_user(email, "Bob", password_hash=f"hash of {kept.hex()}"))
    return made(stores, kept)


def link(stores: MailStores, kind: str, user: User, kept: Token = TOKEN) -> Addressee | None:
    return reset_link(stores, kept) if kind == "reset" else verification_link(stores, user, kept)


def use(stores: MailStores, kind: str, user: User, kept: Token = TOKEN) -> None:
    if kind == "reset":
        stores.links.reset_password(kept, user.id, "new")
    else:
        stores.links.verify_email(kept, user.id)


def found(stores: MailStores, kind: str, kept: Token = TOKEN) -> Owner | None:
    return stores.links.find_reset(kept) if kind == "reset" else stores.links.find_verification(kept)


def fails(work: Callable[[], object]) -> bool:
    try:
        work()
    except InvalidLinkError:
        return True
    return False


def password_of(stores: MailStores, user: User) -> str:
    account = stores.accounts.find(user.id)
    assert account is not None
    return account.password_hash


@pytest.mark.parametrize(("kind", "letter"), [("reset", "reset_password"), ("verification", "verify_email")])
def test_a_link_is_made_for_the_address_as_its_user_typed_it(kind: str, letter: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    addressee = link(mail_stores, kind, user)
    assert addressee is not None
    assert (addressee.letter, addressee.address) == (letter, address.parse("Ada@Example.com"))
    assert addressee.expires_at is not None
    assert found(mail_stores, kind) == Owner(user.id, "Ada@Example.com", "Ada")


def test_nobody_is_written_to_at_an_address_that_nobody_has(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    mail_stores.outbox.add_reset("bob@example.com")
    assert made(mail_stores) is None
    mail_stores.users.remove(user.id)
    assert reset_link(mail_stores) is None
    assert mail_stores.counts() == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_disabled_gets_no_mail_and_their_link_is_not_good(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    mail_stores.users.change(user.id, NewValues(status="disabled"))
    assert found(mail_stores, kind) is None
    assert fails(lambda: use(mail_stores, kind, user))
    assert link(mail_stores, kind, user, token("another")) is None


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_erased_has_no_link_that_is_good(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    mail_stores.users.remove(user.id)
    assert found(mail_stores, kind) is None
    assert fails(lambda: use(mail_stores, kind, user))


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_good_for_the_address_that_it_was_sent_to_only(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    mail_stores.users.change(user.id, NewValues(address=address.parse("augusta@example.com")))
    assert found(mail_stores, kind) is None
    assert fails(lambda: use(mail_stores, kind, user))


@pytest.mark.parametrize(("kind", "life_seconds"), [("reset", HOUR), ("verification", DAY)])
def test_a_link_expires(kind: str, life_seconds: int, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    mail_stores.age(life_seconds - 10)
    assert found(mail_stores, kind)
    mail_stores.age(20)
    assert found(mail_stores, kind) is None
    assert fails(lambda: use(mail_stores, kind, user))


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_works_once(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    use(mail_stores, kind, user)
    assert found(mail_stores, kind) is None
    assert fails(lambda: use(mail_stores, kind, user))


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_good_for_its_own_user_and_purpose_only(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    bob = mail_stores.users.add(a_new_user("bob@example.com"))
    link(mail_stores, kind, user)
    (other,) = (each for each in KINDS if each != kind)
    assert found(mail_stores, other) is None
    assert fails(lambda: use(mail_stores, other, user))
    assert fails(lambda: use(mail_stores, kind, bob))
    assert fails(lambda: use(mail_stores, kind, user, token("never made")))
    assert fails(lambda: mail_stores.links.register(TOKEN))
    assert found(mail_stores, kind), "nothing of that used it"


def test_a_reset_sets_the_password_and_verifies_the_address(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    reset_link(mail_stores)
    use(mail_stores, "reset", user)
    assert password_of(mail_stores, user) == "new"
    changed = mail_stores.users.find(user.id)
    assert changed is not None
    assert (changed.email_verified, changed.version) == (True, user.version + 1)


def test_a_reset_ends_the_users_other_links_to_a_new_password(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    for each in ("one", "two"):
        reset_link(mail_stores, token(each))
    verification_link(mail_stores, user, token("three"))
    use(mail_stores, "reset", user, token("one"))
    assert found(mail_stores, "reset", token("two")) is None
    assert found(mail_stores, "verification", token("three"))


def test_a_changed_password_ends_the_links_to_a_new_one(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    reset_link(mail_stores)
    time.sleep(0.003)  # times are kept in milliseconds
    assert mail_stores.accounts.change_password(user.id, "old", "chosen")
    assert found(mail_stores, "reset") is None
    assert fails(lambda: use(mail_stores, "reset", user))
    assert password_of(mail_stores, user) == "chosen"


def test_a_verified_address_is_a_new_version_once_and_no_mail_is_about_it_again(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    for each in ("one", "two"):
        verification_link(mail_stores, user, token(each))
    use(mail_stores, "verification", user, token("one"))
    use(mail_stores, "verification", user, token("two"))
    changed = mail_stores.users.find(user.id)
    assert changed is not None
    assert (changed.email_verified, changed.version) == (True, user.version + 1)
    assert verification_link(mail_stores, user, token("three")) is None


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_who_use_one_link_at_once_one_succeeds(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    outcomes = race(16, lambda _: fails(lambda: use(mail_stores, kind, user)))
    assert sorted(outcomes) == [False] + [True] * 15


def test_of_many_who_use_links_of_one_user_at_once_one_sets_the_password(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    for number in range(8):
        reset_link(mail_stores, token(str(number)))

    def reset(number: int) -> bool:
        return fails(lambda: mail_stores.links.reset_password(token(str(number)), user.id, f"new {number}"))

    outcomes = race(8, reset)
    assert sorted(outcomes) == [False] + [True] * 7
    assert password_of(mail_stores, user) == f"new {outcomes.index(False)}"


def test_a_registration_becomes_a_user_once_its_address_is_verified(mail_stores: MailStores) -> None:
    addressee = registration_link(mail_stores)
    assert addressee is not None
    assert (addressee.letter, addressee.address.typed) == ("confirm_registration", "Bob@example.com")
    assert mail_stores.links.find_verification(TOKEN) == Owner(None, "Bob@example.com", "Bob")
    assert mail_stores.users.page(Listing(10)).users == []
    user = mail_stores.users.find(mail_stores.links.register(TOKEN))
    assert user is not None
    assert (user.email, user.name, user.role, user.status) == ("Bob@example.com", "Bob", "user", "active")
    assert (user.email_verified, user.version) == (True, 1)
    assert password_of(mail_stores, user) == f"hash of {TOKEN.hex()}"
    assert mail_stores.counts() == (0, 0)
    assert fails(lambda: mail_stores.links.register(TOKEN))


def test_who_registers_with_a_taken_address_makes_its_owner_get_a_mail_without_a_link(mail_stores: MailStores) -> None:
    ada(mail_stores)
    addressee = registration_link(mail_stores, email="ADA@example.com")
    assert addressee == Addressee("already_registered", address.parse("Ada@Example.com"), None)
    assert mail_stores.links.find_verification(TOKEN) is None
    assert fails(lambda: mail_stores.links.register(TOKEN))


def test_an_address_that_was_taken_meanwhile_makes_the_link_worthless(mail_stores: MailStores) -> None:
    registration_link(mail_stores)
    bob = mail_stores.users.add(a_new_user("bob@example.com", password_hash="his own"))
    assert fails(lambda: mail_stores.links.register(TOKEN))
    assert password_of(mail_stores, bob) == "his own"


def test_of_many_registrations_of_one_address_one_is_confirmed_and_the_others_go(mail_stores: MailStores) -> None:
    for number in range(8):
        registration_link(mail_stores, token(str(number)))
    registration_link(mail_stores, token("of somebody else"), "eve@example.com")
    outcomes = race(8, lambda number: fails(lambda: mail_stores.links.register(token(str(number)))))
    assert sorted(outcomes) == [False] + [True] * 7
    (user,) = mail_stores.users.page(Listing(10)).users
    assert password_of(mail_stores, user) == f"hash of {token(str(outcomes.index(False))).hex()}"
    assert mail_stores.counts() == (1, 1)


def test_a_registration_waits_for_its_mail_longer_than_that_is_tried(mail_stores: MailStores) -> None:
    mail_stores.pending.add(a_new_user("bob@example.com"))
    mail_stores.age(26 * HOUR)
    mail_stores.addressees.clean_up()
    made(mail_stores)
    mail_stores.age(DAY - 10)
    mail_stores.addressees.clean_up()
    assert mail_stores.links.find_verification(TOKEN)


def test_expired_links_and_registrations_are_cleaned_up_with_their_mails(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    verification_link(mail_stores, user, token("one"))
    registration_link(mail_stores, token("two"))
    mail_stores.addressees.clean_up()
    assert mail_stores.counts() == (2, 1)
    mail_stores.age(DAY + 10)
    assert fails(lambda: mail_stores.links.register(token("two")))
    mail_stores.addressees.clean_up()
    assert mail_stores.counts() == (0, 0)
    assert len(mail_stores.states()) == 1, "the mail about the registration went with it"


def recorded(stores: MailStores) -> list[tuple[str, int | None, Facts | None, Facts | None]]:
    """Return what the audit trail says, oldest first, without who registered Ada."""
    events = stores.trail.page(Filters(), None, 100)[::-1]
    return [(each.action, each.subject_id, each.before, each.after) for each in events]


def test_what_a_link_does_is_recorded_with_it(mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    reset_link(mail_stores, token("one"))
    verification_link(mail_stores, user, token("two"))
    use(mail_stores, "reset", user, token("one"))
    use(mail_stores, "verification", user, token("two"))
    assert fails(lambda: use(mail_stores, "verification", user, token("two")))
    assert recorded(mail_stores)[1:] == [
        ("email.verified", user.id, {"email_verified": False}, {"email_verified": True}),
        ("password.reset", user.id, None, None),
    ]


def test_a_completed_registration_is_recorded(mail_stores: MailStores) -> None:
    registration_link(mail_stores)
    assert recorded(mail_stores) == []
    user_id = mail_stores.links.register(TOKEN)
    after = {"email": "Bob@example.com", "name": "Bob", "role": "user", "status": "active", "email_verified": True}
    assert recorded(mail_stores) == [("user.registered", user_id, None, after)]


@pytest.mark.parametrize("kind", KINDS)
def test_with_an_erased_user_go_their_links_and_mails(kind: str, mail_stores: MailStores) -> None:
    user = ada(mail_stores)
    link(mail_stores, kind, user)
    mail_stores.users.remove(user.id)
    assert mail_stores.counts() == (0, 0)
    assert mail_stores.states() == []
