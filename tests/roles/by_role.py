"""The handlers on a real PostgreSQL, each connected as the role that is stated for it."""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from roster.auth.caller import Caller
from roster.infrastructure.database import Database
from roster.wiring import codes, stores

from local import mailbox
from local.postgres_database import READER, WRITER
from tests import environment
from tests.builders import a_context, an_event
from tests.functions import handler_of
from tests.handlers import world as worlds
from tests.roles.stated import role_of
from tests.second_factors import Authenticator, Clock
from tests.servers import as_role, folder

_role: ContextVar[str | None] = ContextVar("role")


class ByRole:
    """Calls handlers one after the other; *roles* are those of functions that connect otherwise than stated."""

    def __init__(self, owner_url: str, redis_url: str, patch: pytest.MonkeyPatch) -> None:
        self.mail, self.clock, self.roles, self.called = folder(), Clock(), dict[str, str](), set[str]()
        self._databases = {
            role: Database(as_role(owner_url, role), pool_max=2, idle_seconds=30) for role in (READER, WRITER)
        }
        environment.set_up(patch)
        patch.setenv("REDIS_URL", redis_url)
        patch.setenv("MAIL_FOLDER", str(self.mail))
        patch.setattr(codes, "clock", self.clock)
        worlds.forget()
        patch.setattr(stores, "database", self._database)

    def _database(self) -> Database:
        role = _role.get()
        assert role, "this function has no business with the database"
        return self._databases[role]

    def close(self) -> None:
        worlds.forget()
        for database in self._databases.values():
            database.close()

    @contextlib.contextmanager
    def playing(self, role: str | None) -> Iterator[None]:
        token = _role.set(role)
        try:
            yield
        finally:
            _role.reset(token)

    def invoke(self, stem: str, event: Mapping[str, Any]) -> dict[str, Any]:
        self.called.add(stem)
        with self.playing(self.roles.get(stem, role_of(stem))):
            return handler_of(stem)(dict(event), a_context(30_000))

    def ask(self, stem: str, method: str, path: str, caller: Caller | None = None, body: Any = None) -> Any:
        """Return the body of an answer that says that all went well."""
        answer = self.invoke(stem, an_event(method, path, caller=caller, body=body))
        assert answer["statusCode"] < 300, (stem, answer["statusCode"], answer["body"])
        return json.loads(answer["body"]) if answer["body"] else None

    def code(self, secret: str) -> str:
        """Return a code that was not used yet."""
        self.clock.now_seconds += 30
        return Authenticator(secret, self.clock).code()

    def mailed_token(self, address: str) -> str:
        """Send what waits, and return the token of the newest letter."""
        assert self.invoke("send_mails", {})["sent"] == 1
        letter = next(each for each in mailbox.newest(Path(self.mail)) if each.to == address)
        (token,) = re.findall(r"#token=([\w-]+)\s", letter.text)
        return str(token)
