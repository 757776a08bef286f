"""The table of limits, and the headers that tell of them."""

import re

import pytest
from roster.api import limit_headers, limits
from roster.api.gate import Visit
from roster.infrastructure.rate_limits.limiter import Demand
from roster.infrastructure.rate_limits.models import Policy, Verdict

from tests.builders import a_caller, an_admin

LOGIN, REGISTRATION, USER = "POST /api/auth/login", "POST /api/users", "GET /api/users/{user_id}"
ITEM = r'"[a-z-]+"(;[a-z]=\d+){2}'


@pytest.fixture(autouse=True)
def _as_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "100")


def asked(demand: Demand) -> dict[str, str]:
    return {bucket.policy.name: bucket.holder for bucket in demand.buckets}


def policies(row: limits.Limits) -> list[Policy]:
    return [policy for policy in (row.caller, row.source, row.account) if policy]


def test_a_request_is_counted_for_its_caller_and_for_its_source() -> None:
    demand = limits.of_visit(Visit(USER, "203.0.113.7", a_caller(42)))
    assert (asked(demand), demand.is_exact) == ({"caller": "42", "source": "203.0.113.7"}, False)


def test_who_is_not_known_is_counted_by_source_alone() -> None:
    assert asked(limits.of_visit(Visit(USER, "203.0.113.7", None))) == {"source": "203.0.113.7"}


def test_admins_who_add_users_are_not_counted_as_who_registers() -> None:
    assert asked(limits.of_visit(Visit(REGISTRATION, "203.0.113.7", None))) == {"registration-source": "203.0.113.7"}
    assert asked(limits.of_visit(Visit(REGISTRATION, "203.0.113.7", a_caller()))) == {
        "registration-source": "203.0.113.7"
    }
    assert asked(limits.of_visit(Visit(REGISTRATION, "203.0.113.7", an_admin(9)))) == {
        "caller": "9",
        "source": "203.0.113.7",
    }


def test_all_addresses_of_a_network_are_one_source() -> None:
    assert asked(limits.of_visit(Visit(LOGIN, "2001:db8::7", None))) == {"login-source": "2001:db8::/64"}


def test_an_account_is_counted_by_its_fingerprint() -> None:
    demand = limits.of_account(LOGIN, b"\x01\xff")
    assert (asked(demand), demand.is_exact) == ({"login-account": "01ff"}, True)
    assert limits.of_account(USER, b"\x01\xff").buckets == ()


@pytest.mark.parametrize("route", limits.rows())
def test_a_route_with_limits_of_its_own_keeps_them_without_redis(route: str) -> None:
    assert limits.limits_of(route).is_exact


def test_no_two_policies_share_a_name() -> None:
    every = [policy for route in (*limits.rows(), "any other") for policy in policies(limits.limits_of(route))]
    assert len({policy.name for policy in every}) == len(every)


@pytest.mark.parametrize(("percent", "quota"), [("1", 1), ("50", 15), ("100", 30), ("1000", 300), ("100000", 30_000)])
def test_the_whole_table_is_scaled_by_one_setting(percent: str, quota: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", percent)
    found = limits.limits_of(LOGIN).source
    assert found == Policy("login-source", quota, 60)
    assert found.interval_us > 0


def test_nothing_is_limited_at_zero_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "0")
    assert (
        limits.of_visit(Visit(LOGIN, "203.0.113.7", a_caller())).buckets == limits.of_account(LOGIN, b"").buckets == ()
    )


def test_headers_tell_each_policy_and_what_is_left_of_it() -> None:
    found = limit_headers.of_verdicts(
        [Verdict(Policy("source", 100, 60), True, 99, 1), Verdict(Policy("caller", 5, 1), False, 0, 12)]
    )
    assert found == {
        "RateLimit-Policy": '"source";q=100;w=60, "caller";q=5;w=1',
        "RateLimit": '"source";r=99;t=1, "caller";r=0;t=12',
    }
    assert all(re.fullmatch(f"{ITEM}, {ITEM}", value) for value in found.values())


def test_without_a_limit_there_is_no_header() -> None:
    assert limit_headers.of_verdicts([]) == {}
