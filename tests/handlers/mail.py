"""What tests of mail ask a world for."""

import re
from typing import Any

from tests.builders import a_context, an_event
from tests.functions import handler_of
from tests.handlers.world import World


def post(world: World, stem: str, path: str, body: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return world.call(stem, an_event("POST", path, body=body, **changes))


def send(world: World) -> int:
    """Let what waits in the outbox be sent; return how many mails that were."""
    return int(handler_of("send_mails")({}, a_context(remaining_milliseconds=60_000))["sent"])


def last_token(world: World) -> str:
    """Return the token in the mail that was sent last."""
    (token,) = re.findall(r"#token=([\w-]+)\s", world.mailer.sent[-1][0].text)
    return str(token)
