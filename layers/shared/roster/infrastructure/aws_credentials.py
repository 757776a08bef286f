"""Who this function is for AWS: what Lambda put into its environment."""

from roster.infrastructure import settings
from roster.infrastructure.aws_signatures import Credentials


def current() -> Credentials:
    return Credentials(settings.aws_access_key(), settings.aws_secret_key(), settings.aws_session_token())
