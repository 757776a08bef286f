"""Someone who does all that can be done with secrets, and remembers every one of them."""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

import httpx
from roster.api import routes

from tests.end_to_end import conversation, mailbox
from tests.end_to_end.server import LocalServer
from tests.second_factors import Authenticator

WORD = f"canary{secrets.token_hex(8)}"
PASSWORD, NEW_PASSWORD, WRONG = (f"{WORD} {which} at noon" for which in ("password", "another", "wrong"))
ADDRESS = f"{WORD}@example.com"
# Wherever a body or a query could carry something.
FIELDS = dict.fromkeys(
    ("email", "name", "password", "current_password", "new_password", "refresh_token", "token", "code", "recovery_code",
     "challenge", "role", "limit", "cursor", WORD), WRONG
)  # fmt: skip


class Canary:
    """Someone who registers, logs in and so on; *secrets* has all that nobody may read anywhere."""

    def __init__(self, server: LocalServer) -> None:
        self.http = conversation.anonymous(server.url)
        self._server = server
        self.secrets = [PASSWORD, NEW_PASSWORD, WRONG]
        self.headers: dict[str, str] = {}

    def live(self) -> None:
        """Do all that a user does with secrets."""
        self.http.post("/api/users", json={"email": ADDRESS, "name": WORD, "password": PASSWORD})
        self.http.post("/api/users", json={"email": ADDRESS.upper(), "name": WORD, "password": NEW_PASSWORD})
        self.log_in(WRONG)
        self.log_in(PASSWORD)
        change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        self.http.put("/api/users/me/password", json=change, headers=self.headers)
        tokens = self.log_in(NEW_PASSWORD)
        for _ in range(3):
            answer = self.http.post("/api/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
            self._learn(answer.json())
        self._use_links()
        self._arm()

    def _use_links(self) -> None:
        """Ask for links, learn the tokens in them, and use each once and once more."""
        self.http.post("/api/auth/verify-email", headers=self.headers)
        self.http.post("/api/auth/password-reset", json={"email": ADDRESS})
        mailbox.wait_for(self._server, ADDRESS, count=2)
        for letter in mailbox.letters_to(self._server, ADDRESS):
            token = mailbox.token_in(letter)
            self.secrets.append(token)
            for _ in range(2):
                self.http.post("/api/auth/verify-email/confirm", json={"token": token})
                confirmation = {"token": token, "new_password": PASSWORD}
                self.http.post("/api/auth/password-reset/confirm", json=confirmation)
        self.log_in(PASSWORD)

    def _arm(self) -> None:
        """Enrol a second factor, and log in by one of its recovery codes."""
        enrolment = self.http.post("/api/auth/totp", json={"current_password": PASSWORD}, headers=self.headers).json()
        code = Authenticator(enrolment["secret"], time.time).code()
        confirmed = self.http.post("/api/auth/totp/confirm", json={"code": code}, headers=self.headers).json()
        challenge = self.log_in(PASSWORD)["second_factor"]["challenge"]
        self.secrets += [enrolment["secret"], challenge, *confirmed["recovery_codes"]]
        for code in (WRONG, confirmed["recovery_codes"][0]):
            answer = self.http.post("/api/auth/login/totp", json={"challenge": challenge, "code": code})
        self._learn(answer.json())

    def log_in(self, password: str) -> dict[str, Any]:
        answer = self.http.post("/api/auth/login", json={"email": ADDRESS, "password": password})
        if "access_token" in answer.json():
            self._learn(answer.json())
        return dict(answer.json())

    def spray(self) -> str:
        """Send secrets to every route in every place, and return the bodies of all refusals."""
        answers = [answer for path, methods in routes.METHODS.items() for answer in self._sprayed(path, methods)]
        return "".join(answer.text for answer in answers if answer.status_code >= 400)

    def _sprayed(self, path: str, methods: tuple[str, ...]) -> Iterator[httpx.Response]:
        there = path.replace("{", "").replace("}", "")
        headers = {"Cookie": WRONG, "If-Match": WRONG, "If-None-Match": WRONG, "User-Agent": WRONG}
        for method in methods:
            yield self.http.request(method, there, json=FIELDS, headers=self.headers)
            yield self.http.request(method, there, json=FIELDS, headers=self.headers | headers, params=FIELDS)
            yield self.http.request(method, there, content=json.dumps(FIELDS)[:-1], headers=self.headers)
            yield self.http.request(method, there, json=FIELDS, headers={"Authorization": f"Bearer {WRONG}"})

    def _learn(self, login: dict[str, Any]) -> None:
        self.secrets += [login["access_token"], login["refresh_token"]]
        self.headers = {"Authorization": f"Bearer {login['access_token']}"}
