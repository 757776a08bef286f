"""POST /api/auth/password-reset/confirm: sets a new password by the token of a link, and ends all sessions."""

from roster.links.inputs import PasswordReset
from roster.wiring import links
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: PasswordReset) -> None:
    links.service().reset_password(body.token, body.new_password)
