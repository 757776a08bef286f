"""Invoked by an operator or a deployment: applies migrations, and makes an admin if the event asks for one."""

from typing import Any

from roster.infrastructure import origin
from roster.infrastructure.origin import Origin
from roster.wiring import migrations


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """
    Bring the schema up to date and return the names of the migrations that were missing.

    With `{"admin": {"email": …, "name": …, "reset_password": true}}` the user with that address becomes an
    active admin and is made if need be; a new password is in the answer, and nowhere else.
    """
    answer: dict[str, Any] = {"applied": migrations.migrate()}
    wanted = event.get("admin")
    if wanted:
        with origin.within(Origin(request_id=f"operator/{getattr(context, 'aws_request_id', 'local')}")):
            admin = migrations.admins().ensure(
                wanted["email"], wanted.get("name", "Admin"), reset_password=wanted.get("reset_password", False)
            )
        answer["admin"] = admin._asdict()
    return answer
