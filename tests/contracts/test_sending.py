"""Senders on each implementation of the ports: many at once, and ones that die."""

import pytest
from roster.links.repository import InvalidLinkError
from roster.mail import rendering
from roster.mail.rendering import Place
from roster.mail.service import LEASE_SECONDS, Sender
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.contracts.mail_stores import MailStores
from tests.contracts.test_links import password_of
from tests.fake_outbox import FakeMailer
from tests.racing import race
from tests.unit.test_sender import token_of

PLACE = Place("Roster", "https://app.example.com")


class Dying(FakeMailer):
    """Hands each mail over, and then the process is gone."""

    def send(self, *arguments: object) -> None:
        super().send(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt


def a_sender(stores: MailStores, mailer: FakeMailer) -> Sender:
    return Sender(
        stores.outbox, stores.addressees, lambda addressee, token: rendering.write(addressee, token, PLACE), mailer
    )


def test_of_many_senders_at_once_each_mail_is_sent_by_one(mail_stores: MailStores) -> None:
    user = mail_stores.users.add(a_new_user("ada@example.com"))
    for _ in range(30):
        mail_stores.outbox.add_verification(user.id)
        mail_stores.outbox.add_reset("nobody@example.com")
    mailer = FakeMailer()
    assert sum(race(6, lambda _: a_sender(mail_stores, mailer).send_due(30))) == 30
    assert len({mail_id for _, mail_id, _ in mailer.sent}) == len(mailer.sent) == 30
    assert {attempt for _, _, attempt in mailer.sent} == {1}
    assert [state.is_sent for state in mail_stores.states()] == [True] * 30


def test_a_mail_whose_sender_died_after_sending_is_sent_again_and_both_links_work_until_one_is_used(
    mail_stores: MailStores,
) -> None:
    user = mail_stores.users.add(a_new_user("ada@example.com", password_hash="old"))
    mail_stores.outbox.add_reset("ada@example.com")
    dying, living = Dying(), FakeMailer()
    with pytest.raises(KeyboardInterrupt):
        a_sender(mail_stores, dying).send_due(30)
    assert a_sender(mail_stores, living).send_due(30) == 0, "it is claimed"
    mail_stores.age(LEASE_SECONDS)
    assert a_sender(mail_stores, living).send_due(30) == 1
    first, second = (token_of(mailer.sent[0][0]) for mailer in (dying, living))
    assert first != second
    assert mail_stores.links.find_reset(second)
    mail_stores.links.reset_password(first, user.id, "new")
    with pytest.raises(InvalidLinkError):
        mail_stores.links.reset_password(second, user.id, "newer")
    assert password_of(mail_stores, user) == "new"


def test_who_is_disabled_before_the_mail_is_sent_gets_none(mail_stores: MailStores) -> None:
    user = mail_stores.users.add(a_new_user("ada@example.com"))
    mail_stores.outbox.add_reset("ada@example.com")
    mail_stores.users.change(user.id, NewValues(status="disabled"))
    mailer = FakeMailer()
    assert a_sender(mail_stores, mailer).send_due(30) == 0
    assert (mailer.sent, mail_stores.states()) == ([], [])
