"""A limit of N lets exactly N through, however many processes ask at once; a limiter with a race in it is found out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from roster.auth.address import fingerprint
from roster.auth.repository import BLOCK_SECONDS
from roster.infrastructure.rate_limits import script
from roster.infrastructure.rate_limits.models import Bucket, Policy

from tests.security.crowd import ACCOUNT, PROCESSES
from tests.servers import Servers, execute

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
QUOTA, ATTEMPTS = 100, 10


@pytest.fixture(params=["postgres 16", "postgres 18"])
def url(request: pytest.FixtureRequest, servers: Servers) -> str:
    return servers.postgres(int(request.param[-2:])).emptied()


def admitted(limiter: str, url: str, quota: int = QUOTA, attempts: int = ATTEMPTS) -> int:
    """Return how many of all the attempts of 64 processes were let through."""
    command = [sys.executable, "-m", "tests.security.crowd", limiter, url, str(quota), str(attempts)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'layers' / 'shared'}{os.pathsep}{ROOT}"}
    crowd = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert crowd.returncode == 0, crowd.stderr
    told = json.loads(crowd.stdout)
    assert [len(each) for each in told] == [attempts] * PROCESSES
    return sum(each.count(True) for each in told)


def test_redis_lets_exactly_as_many_through_as_the_limit_says(redis_url: str) -> None:
    assert admitted("on_redis", redis_url) == QUOTA
    assert remaining_of_the_wide_one(redis_url) == 9 * QUOTA - 1, "who was refused here cost nothing there"


def test_redis_refuses_nobody_who_is_within_the_limit(redis_url: str) -> None:
    assert admitted("on_redis", redis_url, PROCESSES, 1) == PROCESSES


def test_postgresql_lets_exactly_as_many_through_as_the_limit_says(url: str) -> None:
    assert admitted("on_postgres", url) == QUOTA


def test_postgresql_refuses_nobody_who_is_within_the_limit(url: str) -> None:
    assert admitted("on_postgres", url, PROCESSES, 1) == PROCESSES


@pytest.fixture
def about_to_be_blocked(url: str) -> str:
    """Give an account one failure less than what blocks it for 15 minutes."""
    statement = (
        "INSERT INTO login_failures (account, failures, attempted_at, blocked_until) VALUES (%s, %s, now(), now())"
    )
    execute(url, statement, fingerprint(ACCOUNT), len(BLOCK_SECONDS) - 1)
    return url


def test_of_all_guesses_at_once_one_counts_before_the_account_is_blocked_again(about_to_be_blocked: str) -> None:
    assert admitted("guessing", about_to_be_blocked) == 1


def test_a_count_that_reads_first_and_judges_more_guesses_is_found_out(about_to_be_blocked: str) -> None:
    assert admitted("guessing_by_reading_first", about_to_be_blocked) > 1


def test_a_limiter_that_reads_and_then_writes_is_found_out_on_redis(redis_url: str) -> None:
    assert admitted("read_then_write_on_redis", redis_url) > QUOTA


def test_a_limiter_that_reads_and_then_writes_is_found_out_on_postgresql(url: str) -> None:
    assert admitted("read_then_write_on_postgres", url) > QUOTA


def remaining_of_the_wide_one(redis_url: str) -> int:
    import redis

    call = script.ask([bucket := Bucket(Policy("wide", 10 * QUOTA, 3600), "ada")])
    with redis.Redis.from_url(redis_url) as client:
        verdicts = script.judge([bucket], client.execute_command(*call.in_full))
    assert verdicts is not None
    return verdicts[0].remaining
