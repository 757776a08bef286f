"""What to do about mail that came back."""

from roster.infrastructure import observability
from roster.infrastructure.ses_events import Feedback
from roster.mail.models import Mail
from roster.mail.repository import Outbox
from roster.mail.service import ATTEMPTS_MAX, delay_seconds, report_failed


class Bounces:
    """Marks mails that bounced; those that may still arrive wait to be sent again."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def record(self, feedback: Feedback) -> None:
        """Note what became of a mail; told twice it is noted once."""
        observability.count("MailReturned", code=feedback.code)
        mail = self._outbox.find(feedback.mail_id)
        if mail is None:
            observability.logger().warning("feedback about no mail", extra={"mail_id": feedback.mail_id})
        elif feedback.kind == "complaint":
            self._outbox.mark_complained(mail)
        else:
            self._bounced(mail._replace(attempts=feedback.attempt), feedback)

    def _bounced(self, mail: Mail, feedback: Feedback) -> None:
        is_over = feedback.is_permanent or mail.attempts >= ATTEMPTS_MAX
        delay = None if is_over else delay_seconds(mail.attempts)
        if self._outbox.mark_bounced(mail, feedback.code, delay) and is_over:
            report_failed(mail, feedback.code)
