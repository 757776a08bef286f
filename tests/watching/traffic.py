"""Traffic that makes the code count all that it counts: through the handlers, on stores that fail as stores do."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
import redis
from roster.errors import RosterError, UnavailableError
from roster.infrastructure import aws_credentials, commits, database_errors, deadline, keys, observability, sealing
from roster.infrastructure.cache import Cache
from roster.infrastructure.commits import Mark
from roster.infrastructure.connecting import Door
from roster.infrastructure.connections import Pool
from roster.infrastructure.database import Database
from roster.infrastructure.fence_scripts import IDENTIFY
from roster.infrastructure.keys import KeySetError
from roster.infrastructure.last_good import LastGood
from roster.infrastructure.mail import MailNotSentError
from roster.infrastructure.published_keys import LEAD_SECONDS
from roster.infrastructure.scripts import Call
from roster.infrastructure.secrets_manager import SecretsManager
from roster.mail.service import ATTEMPTS_MAX
from roster.sessions import cached
from roster.users.cached import CachedUsers
from roster.wiring import stores

from tests import forge
from tests.builders import PASSWORD, a_context, an_event
from tests.fake_fence import FakeClock, FakeControlRows, FakeEnvironment, FakeFenceRedis
from tests.functions import handler_of
from tests.handlers import prepared
from tests.handlers.endpoints import BY_STEM, ENDPOINTS
from tests.handlers.keys import deployed, put_into
from tests.handlers.mail import send
from tests.handlers.world import ADA, World
from tests.rotating import SIGNING, STEPS
from tests.sealing_keys import KEYS, joined

A_SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:roster-test-AbCdEf"
NOBODY = "postgresql://nobody@127.0.0.1:1/nowhere"
_SAMPLE = json.loads((Path(__file__).parents[2] / "events" / "record_bounces.json").read_text("utf-8"))


class _Refused(psycopg2.DataError):
    """What PostgreSQL says to a text that is too long."""

    pgcode = "22001"
    diag: Any = SimpleNamespace(constraint_name=None)


def everything(new_world: Callable[[], World], patch: pytest.MonkeyPatch) -> Iterator[str]:
    """Do one thing after the other, each in a world of its own; yield what it was."""
    for scene in _SCENES:
        with patch.context() as changes:
            scene(new_world(), changes)
        yield scene.__name__


def good_requests(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(observability._Environment, "is_cold", True)
    for endpoint in ENDPOINTS:
        prepared.prepare(world, endpoint.stem)
        world.call(endpoint.stem, endpoint.event())


def a_user_who_is_cached(world: World, patch: pytest.MonkeyPatch) -> None:
    fence = FakeFenceRedis(FakeClock())
    environment = FakeEnvironment(FakeControlRows(fence.clock), fence, fence.clock)
    users = CachedUsers(world.users, environment.cache)
    for _ in range(2):
        users.find(1)
    environment.control.disable(environment.control.load().row)
    cached._decoded(b"[]", 1)


def failing_databases(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stores, "database", lambda: Database(NOBODY, pool_max=1, idle_seconds=1))
    world.call("check_health", BY_STEM["check_health"].event())
    world.fail()
    world.call("get_user", BY_STEM["get_user"].event())
    database_errors.translated(_Refused(), {})
    refusing = Door(NOBODY, _refuse_sign_in, lambda: None)
    with suppress(psycopg2.OperationalError):
        refusing.open()
    with suppress(RosterError), deadline.within(0):
        commits.is_committed(Mark("1", datetime.now(UTC), None), Pool(refusing.open, 1, 1).lease)
    patch.setenv("DATABASE_URL", NOBODY)
    with suppress(RosterError):
        handler_of("migrate_database")({}, a_context())


def _refuse_sign_in() -> dict[str, str]:
    raise psycopg2.OperationalError("FATAL:  password authentication failed")


def failing_caches(world: World, patch: pytest.MonkeyPatch) -> None:
    away = Cache("redis://127.0.0.1:1/0")
    patch.setattr(stores, "cache", lambda: away)
    world.call("get_user", BY_STEM["get_user"].event())
    full = Cache("redis://127.0.0.1:1/0")
    patch.setattr(full, "_exchanged", _refuse)
    full.run(Call(IDENTIFY))


def _refuse(*command: object) -> None:
    raise redis.ResponseError("OOM")


def attacks(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("RATE_LIMITS_PERCENT", "100")
    body = {"email": "ada@example.com", "password": "wrong wrong wrong"}
    for _ in range(11):
        world.call("log_in", an_event("POST", "/api/auth/login", body=body))
    for _ in range(2):
        world.call("refresh_session", BY_STEM["refresh_session"].event())
        world.tables.age_sessions(11)
    prepared.prepare(world, "log_in_totp")
    wrong = {"challenge": prepared.CHALLENGE, "code": "000000"}
    world.call("log_in_totp", an_event("POST", "/api/auth/login/totp", body=wrong))


def tokens(world: World, patch: pytest.MonkeyPatch) -> None:
    for published, token in (("{", forge.signed()), (forge.KEY_PAIR.public, "x.y.z")):
        patch.setenv("JWT_PUBLIC_KEYS", published)
        with suppress(Exception):
            handler_of("authorize_request")({"authorizationToken": f"Bearer {token}"}, a_context())


def secrets_that_cannot_be_read(world: World, patch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        patch.setenv(name, "eu-central-1")
    with suppress(RosterError):
        SecretsManager(lambda host: ("127.0.0.1", 1)).fetch(A_SECRET)
    patch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")
    patch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a-token")
    with suppress(RosterError):
        aws_credentials.current()


def keys_that_change_for_the_worse(world: World, patch: pytest.MonkeyPatch) -> None:
    known = LastGood(keys.read_signing_key, KeySetError)
    for text in (forge.KEY_PAIR.private, "{"):
        known.of(text)


def a_rotation(world: World, patch: pytest.MonkeyPatch) -> None:
    deployment = deployed(patch)
    deployment.now = time.time() - LEAD_SECONDS
    deployment.first_keys.make()
    version_id = deployment.begin()
    for step in STEPS:
        event = {"SecretId": deployment.arns[SIGNING], "ClientRequestToken": version_id, "Step": step}
        handler_of("rotate_signing_key")(event, a_context())
    put_into(patch, deployment)
    with suppress(Exception):
        handler_of("authorize_request")({"authorizationToken": f"Bearer {forge.signed()}"}, a_context())


def repeated_orders(world: World, patch: pytest.MonkeyPatch) -> None:
    good = BY_STEM["create_order"]
    for _ in range(2):
        world.call("create_order", good.event(headers={"Idempotency-Key": "a-key"}))


def logins_that_renew_nothing(world: World, patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bool:
        raise UnavailableError

    patch.setattr(world.accounts, "rehash", fail)
    patch.setattr(world.factors, "reseal", fail)
    patch.setattr("roster.auth.passwords.is_outdated", lambda _: True)
    body = {"email": "ada@example.com", "password": PASSWORD}
    world.call("log_in", an_event("POST", "/api/auth/login", ADA, body))
    patch.setenv("SECOND_FACTOR_KEYS", joined(sealing.generate(), KEYS))
    prepared.prepare(world, "log_in_totp")
    world.call("log_in_totp", BY_STEM["log_in_totp"].event())


def mails(world: World, patch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.outbox.add_reset("ada@example.com")
    world.mail_tables.mails[3].mail = world.mail_tables.mails[3].mail._replace(attempts=ATTEMPTS_MAX)
    world.mail_tables.passed += timedelta(minutes=2)
    world.mailer.refusals = [MailNotSentError("Throttling")]
    send(world)
    handler_of("record_bounces")(_SAMPLE, a_context())
    handler_of("record_bounces")({"Records": [{"body": "no JSON"}]}, a_context())


_SCENES = [
    good_requests,
    a_user_who_is_cached,
    failing_databases,
    failing_caches,
    attacks,
    tokens,
    secrets_that_cannot_be_read,
    keys_that_change_for_the_worse,
    a_rotation,
    repeated_orders,
    logins_that_renew_nothing,
    mails,
]
