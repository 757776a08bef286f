"""Sending mail: the outbox on PostgreSQL, and SES or a folder to hand it to."""

from pathlib import Path

from roster.infrastructure import observability, ses_events, settings
from roster.infrastructure.mail import FolderMailer, Mailer
from roster.infrastructure.ses_events import UnreadableFeedbackError
from roster.links.postgres import PostgresAddressees
from roster.mail import rendering
from roster.mail.bounces import Bounces
from roster.mail.postgres import PostgresOutbox
from roster.mail.rendering import Place
from roster.mail.service import Sender
from roster.wiring import stores
from roster.wiring.once import once


@once
def sender() -> Sender:
    place = Place(settings.product_name(), settings.app_url())
    return Sender(
        PostgresOutbox(stores.database),
        PostgresAddressees(stores.database),
        lambda addressee, token: rendering.write(addressee, token, place),
        _mailer(),
    )


def record(notification: str) -> None:
    """Record what SNS has from SES; what cannot be read is counted, since telling it again would not help."""
    try:
        Bounces(PostgresOutbox(stores.database)).record(ses_events.read_notification(notification))
    except UnreadableFeedbackError:
        observability.report("FeedbackUnreadable")


def _mailer() -> Mailer:
    folder, names = settings.mail_folder(), (settings.mail_sender(), settings.product_name())
    if folder:
        return FolderMailer(Path(folder), *names)
    from roster.infrastructure.ses import SesMailer  # noqa: PLC0415 (the SDK is large, and not everywhere)

    return SesMailer(*names, settings.mail_configuration_set())
