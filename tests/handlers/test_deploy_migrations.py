"""The custom resource of the migrations: a real answer to a real address, from a real function on a real PostgreSQL."""

import http.client
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from roster.errors import UnavailableError
from roster.infrastructure import migrations, remote_functions
from roster.infrastructure.custom_resources import AnswerNotTakenError
from roster.infrastructure.migrations import Migration
from roster.wiring import deployments

from local.ports import free_port
from tests import environment
from tests.builders import a_context
from tests.functions import handler_of
from tests.handlers.cloud import Cloud, serving
from tests.servers import execute

pytestmark = pytest.mark.integration

ALL = [migration.name for migration in migrations.read_all()]
BAD = Migration(9999, "9999_bad", "CREATE TABLE bad (id integer); SELECT canary FROM nowhere")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    environment.set_up(monkeypatch)
    monkeypatch.setattr(deployments, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("http.client.HTTPSConnection", _without_tls)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "canary-credential")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with serving(lambda event: handler_of("migrate_database")(event, a_context())) as cloud:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", cloud.url)
        yield cloud


def _without_tls(host: str, port: int, *, timeout: float, context: object) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(host, port, timeout=timeout)


@pytest.fixture
def migrating(cloud: Cloud, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Let the migrating function find an empty database."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    return cloud


def deploy(cloud: Cloud, event: dict[str, Any], remaining_seconds: int = 900) -> dict[str, Any]:
    """Return what CloudFormation is told, once."""
    assert handler_of("deploy_migrations")(event, a_context(remaining_seconds * 1000)) is None
    (answer,) = cloud.answers
    cloud.answers.clear()
    assert (answer["StackId"], answer["RequestId"]) == (event["StackId"], event["RequestId"])
    assert answer["LogicalResourceId"] == "Migrations"
    assert "canary" not in str(answer)
    return answer


def applied(url: str) -> list[object]:
    return [name for (name,) in execute(url, "SELECT name FROM schema_migrations ORDER BY number")]


def failing(cloud: Cloud, error: Exception, times: int = 1_000_000) -> None:
    """Let the function raise *error* that many times before it does its work."""
    work, left = cloud.function, [error] * min(times, 50)

    def function(event: dict[str, Any]) -> Any:
        if left:
            raise left.pop()
        return work(event)

    cloud.function = function


def test_what_is_missing_is_applied_and_the_same_event_again_finds_nothing_to_do(
    migrating: Cloud, empty_database_url: str
) -> None:
    first = deploy(migrating, migrating.event())
    assert (first["Status"], first["PhysicalResourceId"]) == ("SUCCESS", "migrations")
    assert applied(empty_database_url) == ALL
    again = deploy(migrating, migrating.event())
    assert again == first
    assert applied(empty_database_url) == ALL
    assert migrating.invoked == ["arn:aws:lambda:eu-central-1:123456789012:function:migrate:7"] * 2


def test_an_update_is_the_same_thing_by_id_and_a_delete_touches_nothing(migrating: Cloud) -> None:
    created = deploy(migrating, migrating.event())
    updated = deploy(migrating, migrating.event("Update"))
    deleted = deploy(migrating, migrating.event("Delete"))
    assert len({answer["PhysicalResourceId"] for answer in (created, updated, deleted)}) == 1
    assert {answer["Status"] for answer in (created, updated, deleted)} == {"SUCCESS"}
    assert len(migrating.invoked) == 2


def test_a_failed_migration_fails_the_deployment_with_its_name_and_code_and_no_values(
    migrating: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrations.read_all()
    monkeypatch.setattr(migrations, "read_all", lambda: [*every, BAD])
    failed = deploy(migrating, migrating.event())
    assert failed["Status"] == "FAILED"
    assert "9999_bad failed with SQLSTATE 42P01" in failed["Reason"]


def test_a_database_that_nobody_reaches_fails_the_deployment(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:canary-password@127.0.0.1:{free_port()}/roster")
    failed = deploy(cloud, cloud.event(), remaining_seconds=60)
    assert (failed["Status"], len(cloud.invoked)) == ("FAILED", 1)
    assert "the database did not answer" in failed["Reason"]


def test_a_database_that_was_just_made_is_waited_for(migrating: Cloud) -> None:
    failing(migrating, UnavailableError(), times=3)
    assert deploy(migrating, migrating.event())["Status"] == "SUCCESS"
    assert len(migrating.invoked) == 4


@pytest.mark.parametrize("error", [RuntimeError("canary"), KeyError("canary")])
def test_of_an_error_that_may_hold_anything_only_the_type_is_told(cloud: Cloud, error: Exception) -> None:
    failing(cloud, error)
    failed = deploy(cloud, cloud.event())
    assert (failed["Status"], type(error).__name__ in failed["Reason"]) == ("FAILED", True)


def test_a_function_that_does_not_end_fails_the_deployment_before_the_time_is_over(cloud: Cloud) -> None:
    may_end = threading.Event()
    cloud.function = lambda event: may_end.wait(30)
    failed = deploy(cloud, cloud.event(), remaining_seconds=26)
    may_end.set()
    assert "did not end in time" in failed["Reason"]
    assert len(cloud.invoked) == 1


@pytest.mark.parametrize(
    "changes", [{"RequestType": "Recreate"}, {"ResourceProperties": {}}, {"ResourceProperties": None}]
)
def test_what_cannot_be_understood_is_answered_as_failed(cloud: Cloud, changes: dict[str, Any]) -> None:
    failed = deploy(cloud, cloud.event() | changes)
    assert (failed["Status"], cloud.invoked) == ("FAILED", [])


@pytest.mark.parametrize("missing", ["RequestType", "ResponseURL", "StackId", "RequestId", "LogicalResourceId"])
def test_an_event_that_cannot_be_answered_is_refused(cloud: Cloud, missing: str) -> None:
    event = cloud.event("Delete")
    del event[missing]
    with pytest.raises(KeyError, match=missing):
        handler_of("deploy_migrations")(event, a_context())
    assert (cloud.invoked, cloud.answers) == ([], [])


def test_an_answer_is_sent_again_and_the_address_told_to_nobody(cloud: Cloud) -> None:
    cloud.refusals = 2
    assert deploy(cloud, cloud.event("Delete"))["Status"] == "SUCCESS"
    cloud.refusals = 3
    with pytest.raises(AnswerNotTakenError) as caught:
        handler_of("deploy_migrations")(cloud.event("Delete"), a_context())
    assert "canary" not in f"{caught.value}"


def test_a_bug_of_ours_is_answered_as_well(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_functions, "invoke", None)
    assert deploy(cloud, cloud.event())["Status"] == "FAILED"
