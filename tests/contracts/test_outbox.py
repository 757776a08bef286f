"""The contract of `Outbox`."""

import pytest
from roster.mail.models import Mail

from tests.builders import a_new_user
from tests.contracts.mail_stores import MailState, MailStores
from tests.racing import race

SENT = MailState(1, None, is_sent=True, is_bounced=False, is_failed=False)
CANONICAL = "ada@example.com"


def claimed(stores: MailStores) -> Mail:
    """Ask for a mail and claim it."""
    stores.outbox.add_reset(CANONICAL)
    return again(stores)


def again(stores: MailStores) -> Mail:
    mail = stores.outbox.claim(60)
    assert mail is not None
    return mail


def test_a_mail_is_claimed_with_what_it_is_about(mail_stores: MailStores) -> None:
    user = mail_stores.users.add(a_new_user())
    mail_stores.outbox.add_reset("bob@example.com")
    mail_stores.outbox.add_verification(user.id)
    reset, verification = again(mail_stores), again(mail_stores)
    assert reset == Mail(reset.id, "reset_password", "bob@example.com", None, None, 1)
    assert verification == Mail(verification.id, "verify_email", None, user.id, None, 1)
    assert mail_stores.outbox.claim(60) is None


def test_nothing_is_claimed_where_nothing_waits(mail_stores: MailStores) -> None:
    assert mail_stores.outbox.claim(60) is None


def test_how_late_mails_are_is_told_by_the_one_that_has_been_due_longest(mail_stores: MailStores) -> None:
    assert mail_stores.outbox.overdue_seconds() is None
    mail_stores.outbox.add_reset(CANONICAL)
    mail_stores.age(600)
    mail_stores.outbox.add_reset(CANONICAL)
    late, new = again(mail_stores), again(mail_stores)
    assert 599 < (mail_stores.outbox.overdue_seconds() or 0) < 660
    mail_stores.outbox.mark_sent(new)
    mail_stores.outbox.postpone(late, "Throttling", 60)
    assert mail_stores.outbox.overdue_seconds() is None
    mail_stores.age(120)
    assert 59 < (mail_stores.outbox.overdue_seconds() or 0) < 120
    mail_stores.outbox.give_up(again(mail_stores), "Throttling")
    assert mail_stores.outbox.overdue_seconds() is None


def test_what_is_claimed_is_nobody_elses_until_the_lease_is_over(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    mail_stores.age(59)
    assert mail_stores.outbox.claim(60) is None
    mail_stores.age(2)
    assert again(mail_stores) == mail._replace(attempts=2)


def test_of_many_senders_at_once_each_claims_another_mail(mail_stores: MailStores) -> None:
    for _ in range(10):
        mail_stores.outbox.add_reset(CANONICAL)
    mails = race(16, lambda _: mail_stores.outbox.claim(60))
    assert len({mail.id for mail in mails if mail}) == 10
    assert mails.count(None) == 6


def test_what_is_sent_is_not_claimed_again(mail_stores: MailStores) -> None:
    mail_stores.outbox.mark_sent(claimed(mail_stores))
    mail_stores.age(3600)
    assert mail_stores.outbox.claim(60) is None
    assert mail_stores.states() == [SENT]


def test_what_is_postponed_waits_and_keeps_the_reason(mail_stores: MailStores) -> None:
    mail_stores.outbox.postpone(claimed(mail_stores), "Throttled", 100)
    assert mail_stores.states() == [SENT._replace(error_code="Throttled", is_sent=False)]
    mail_stores.age(99)
    assert mail_stores.outbox.claim(60) is None
    mail_stores.age(2)
    assert again(mail_stores).attempts == 2


def test_what_is_given_up_is_kept_with_the_reason(mail_stores: MailStores) -> None:
    mail_stores.outbox.give_up(claimed(mail_stores), "MessageRejected")
    mail_stores.age(3600)
    assert mail_stores.outbox.claim(60) is None
    assert mail_stores.states() == [SENT._replace(error_code="MessageRejected", is_sent=False, is_failed=True)]


def test_what_is_removed_is_gone(mail_stores: MailStores) -> None:
    mail_stores.outbox.remove(claimed(mail_stores))
    assert mail_stores.states() == []


@pytest.mark.parametrize("verdict", ["postpone", "give_up"])
def test_a_sender_who_was_too_slow_has_no_say(verdict: str, mail_stores: MailStores) -> None:
    slow = claimed(mail_stores)
    mail_stores.age(61)
    quick = again(mail_stores)
    if verdict == "postpone":
        mail_stores.outbox.postpone(slow, "late", 1000)
    else:
        mail_stores.outbox.give_up(slow, "late")
    mail_stores.outbox.mark_sent(quick)
    assert mail_stores.states() == [SENT._replace(attempts=2)]


def test_a_bounced_mail_is_sent_again_later(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    mail_stores.outbox.mark_sent(mail)
    assert mail_stores.outbox.mark_bounced(mail, "bounce_transient", 100)
    assert mail_stores.states() == [MailState(1, "bounce_transient", is_sent=False, is_bounced=True, is_failed=False)]
    assert mail_stores.outbox.claim(60) is None
    mail_stores.age(101)
    mail_stores.outbox.mark_sent(again(mail_stores))
    assert mail_stores.states() == [MailState(2, None, is_sent=True, is_bounced=True, is_failed=False)]


def test_a_mail_that_cannot_arrive_is_kept_as_failed(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    mail_stores.outbox.mark_sent(mail)
    assert mail_stores.outbox.mark_bounced(mail, "bounce_permanent", None)
    assert not mail_stores.outbox.mark_bounced(mail, "bounce_permanent", None)
    mail_stores.age(3600)
    assert mail_stores.outbox.claim(60) is None
    assert mail_stores.states() == [MailState(1, "bounce_permanent", is_sent=True, is_bounced=True, is_failed=True)]


def test_a_bounce_counts_once_and_for_its_own_attempt_only(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    mail_stores.outbox.mark_sent(mail)
    assert not mail_stores.outbox.mark_bounced(mail._replace(attempts=2), "bounce_transient", 100)
    assert race(8, lambda _: mail_stores.outbox.mark_bounced(mail, "bounce_transient", 100)).count(True) == 1
    mail_stores.age(101)
    mail_stores.outbox.mark_sent(again(mail_stores))
    assert not mail_stores.outbox.mark_bounced(mail, "bounce_transient", 100)
    assert mail_stores.states()[0].is_sent


def test_a_bounce_that_is_quicker_than_the_mark_is_not_lost(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    assert mail_stores.outbox.mark_bounced(mail, "bounce_transient", 100)
    mail_stores.outbox.mark_sent(mail)
    mail_stores.age(101)
    assert again(mail_stores).attempts == 2


def test_a_complaint_is_noted(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    mail_stores.outbox.mark_sent(mail)
    mail_stores.outbox.mark_complained(mail)
    assert mail_stores.states() == [SENT._replace(error_code="complaint")]


def test_a_mail_is_found_by_its_id_until_it_is_cleaned_up(mail_stores: MailStores) -> None:
    mail = claimed(mail_stores)
    assert mail_stores.outbox.find(mail.id) == mail
    assert mail_stores.outbox.find(mail.id + 1) is None
    mail_stores.outbox.mark_sent(mail)
    mail_stores.age(90 * 86_400 - 60)
    mail_stores.outbox.clean_up()
    assert mail_stores.outbox.find(mail.id) is not None
    mail_stores.age(120)
    mail_stores.outbox.clean_up()
    assert mail_stores.outbox.find(mail.id) is None


def test_what_still_waits_is_never_cleaned_up(mail_stores: MailStores) -> None:
    mail_stores.outbox.add_reset(CANONICAL)
    mail_stores.age(365 * 86_400)
    mail_stores.outbox.clean_up()
    assert len(mail_stores.states()) == 1
