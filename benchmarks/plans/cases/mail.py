"""The outbox and the links in mails."""

from collections.abc import Callable

from roster.auth import address
from roster.mail.models import Kind, Mail
from roster.users.repository import NewUser

from benchmarks.plans import sample
from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ORDINARY_ID, REGISTRATION, REGISTRATION_ID, RESET, UNVERIFIED_ID, VERIFICATION

_SENT_ID = 12_345
_NEW = NewUser(address.parse("somebody.new@example.com"), "Somebody New", "user", "a hash")


def _hash(number: int) -> bytes:
    return sample.hashed(f"mailed {number}")


def _link(
    kind: Kind, email: str | None = None, user_id: int | None = None, registration_id: int | None = None
) -> Callable[[Adapters], object]:
    mail = Mail(_SENT_ID, kind, email, user_id, registration_id, 1)
    return lambda on: on.addressees.make_link(mail, sample.hashed("a new link"))


def _claimed(work: Callable[[Adapters, Mail], object]) -> Callable[[Adapters], object]:
    def claim(on: Adapters) -> None:
        mail = on.outbox.claim(60)
        assert mail
        work(on, mail)

    return claim


def _sent(work: Callable[[Adapters, Mail], object]) -> Callable[[Adapters], object]:
    def find(on: Adapters) -> None:
        mail = on.outbox.find(_SENT_ID)
        assert mail
        work(on, mail)

    return find


CASES: dict[str, Callable[[Adapters], object]] = {
    "a reset is asked for": lambda on: on.outbox.add_reset(sample.email(ORDINARY_ID)),
    "a verification is asked for": lambda on: on.outbox.add_verification(UNVERIFIED_ID),
    "a registration waits": lambda on: on.addressees.add(_NEW),
    "how late mails are": lambda on: on.outbox.overdue_seconds(),
    "a mail is sent": _claimed(lambda on, mail: on.outbox.mark_sent(mail)),
    "a mail is postponed": _claimed(lambda on, mail: on.outbox.postpone(mail, "code", 60)),
    "a mail is given up": _claimed(lambda on, mail: on.outbox.give_up(mail, "code")),
    "a mail goes to nobody": _claimed(lambda on, mail: on.outbox.remove(mail)),
    "a mail bounced, once": _sent(lambda on, mail: on.outbox.mark_bounced(mail, "code", 60)),
    "a mail bounced, for good": _sent(lambda on, mail: on.outbox.mark_bounced(mail, "code", None)),
    "a mail is complained of": _sent(lambda on, mail: on.outbox.mark_complained(mail)),
    "old mails go": lambda on: on.outbox.clean_up(),
    "old links and registrations go": lambda on: on.addressees.clean_up(),
    "a link to reset is made": _link("reset_password", sample.email(ORDINARY_ID)),
    "a link to verify is made": _link("verify_email", user_id=UNVERIFIED_ID),
    "a link to confirm is made": _link("registration", registration_id=REGISTRATION_ID),
    "a link to reset is looked at": lambda on: on.links.find_reset(_hash(RESET)),
    "a link to verify is looked at": lambda on: on.links.find_verification(_hash(VERIFICATION)),
    "a link to confirm is looked at": lambda on: on.links.find_verification(_hash(REGISTRATION)),
    "a password is reset": lambda on: on.links.reset_password(_hash(RESET), ORDINARY_ID, "a new hash"),
    "an address is verified": lambda on: on.links.verify_email(_hash(VERIFICATION), UNVERIFIED_ID),
    "a registration is confirmed": lambda on: on.links.register(_hash(REGISTRATION)),
}
