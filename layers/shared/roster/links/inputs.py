"""What clients may send about links."""

from roster.auth.inputs import ChangedPassword, Email, Input


class LinkRequest(Input):
    email: Email


class LinkToken(Input):
    token: str


class PasswordReset(LinkToken):
    new_password: ChangedPassword
