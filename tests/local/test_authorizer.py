"""The authorizer: asked once a token, its verdict kept and applied to each method as API Gateway does."""

import asyncio
import re
from typing import Any

import pytest

from local.answer import RefusedError
from local.authorizer import VerdictCache, authorize
from local.model import Authorizer
from local.request import Request


def a_policy(effect: str = "Allow", resource: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": "7", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}, **more}


class Gate:
    """An authorizer function that answers what it is told, and the machinery around it."""

    def __init__(self, answer: Any, ttl_seconds: int = 300) -> None:
        self.answer = answer
        self.events: list[dict[str, Any]] = []
        self.now = 0.0
        self.cache = VerdictCache(lambda: self.now)
        self.authorizer = Authorizer("Token", "Gate", "authorization", re.compile("Bearer [a-z.]+"), ttl_seconds)

    async def ask(self, event: dict[str, Any]) -> Any:
        self.events.append(event)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def let_in(self, token: str | None = "Bearer a.b.c", path: str = "/users") -> dict[str, Any]:
        headers = [] if token is None else [("authorization", token)]
        request = Request("GET", path, headers=headers)
        return asyncio.run(authorize(self.authorizer, request, "dev", self.cache, self.ask))

    def refusal(self, *arguments: Any, **named: Any) -> str:
        with pytest.raises(RefusedError) as caught:
            self.let_in(*arguments, **named)
        return caught.value.kind


def test_context_reaches_the_handler_as_strings() -> None:
    context = {"role": "admin", "age": 42, "rate": 1.5, "vip": True, "none": None}
    caller = Gate(a_policy(context=context)).let_in()
    latency = caller.pop("integrationLatency")
    assert caller == {"role": "admin", "age": "42", "rate": "1.5", "vip": "true", "principalId": "7"}
    assert isinstance(latency, int)


@pytest.mark.parametrize("token", [None, "", "Basic x", "Bearer A", "Bearer a.b.c d"])
def test_missing_or_malformed_token_is_refused_without_asking(token: str | None) -> None:
    gate = Gate(a_policy())
    assert gate.refusal(token) == "UNAUTHORIZED"
    assert gate.events == []


def test_verdict_is_kept_per_token_for_its_time() -> None:
    gate = Gate(a_policy())
    gate.let_in()
    gate.let_in(path="/other")
    gate.let_in("Bearer x.y.z")
    assert len(gate.events) == 2
    gate.now = 300.1
    gate.let_in()
    assert len(gate.events) == 3


def test_time_of_zero_keeps_nothing() -> None:
    gate = Gate(a_policy(), ttl_seconds=0)
    gate.let_in()
    gate.let_in()
    assert len(gate.events) == 2


def test_kept_verdict_is_applied_to_each_method_anew() -> None:
    gate = Gate(a_policy(resource="arn:aws:execute-api:*:*:*/dev/GET/users"))
    gate.let_in()
    assert gate.refusal(path="/other") == "ACCESS_DENIED"
    assert len(gate.events) == 1


@pytest.mark.parametrize(
    ("pattern", "allowed"), [("*/GET/user?", True), ("*/GET/user", False), ("*/POST/users", False)]
)
def test_wildcards_match_as_documented(pattern: str, allowed: bool) -> None:
    gate = Gate(a_policy(resource=["arn:nobody", pattern]))
    if allowed:
        gate.let_in()
    else:
        assert gate.refusal() == "ACCESS_DENIED"


def test_denial_goes_before_permission() -> None:
    policy = a_policy()
    policy["policyDocument"]["Statement"].append({"Effect": "Deny", "Action": "*", "Resource": "*/users"})
    assert Gate(policy).refusal() == "ACCESS_DENIED"


def test_exception_unauthorized_is_401_and_any_other_a_failure() -> None:
    assert Gate(Exception("Unauthorized")).refusal() == "UNAUTHORIZED"
    assert Gate(Exception("unauthorized")).refusal() == "AUTHORIZER_FAILURE"
    assert Gate(ValueError()).refusal() == "AUTHORIZER_FAILURE"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "Allow",
        {},
        {"principalId": 7, "policyDocument": {"Statement": []}},
        {"principalId": "7"},
        {"principalId": "7", "policyDocument": {"Statement": []}},
        a_policy("Maybe"),
        a_policy(resource=7),
        a_policy(context={"roles": ["admin"]}),
        a_policy(context="admin"),
        {"principalId": "7", "policyDocument": {"Statement": [{"Effect": "Allow", "Condition": {}}]}},
    ],
)
def test_malformed_answer_is_a_configuration_error_and_never_kept(answer: Any) -> None:
    gate = Gate(answer)
    assert gate.refusal() == "AUTHORIZER_CONFIGURATION_ERROR"
    gate.answer = a_policy()
    assert gate.let_in()["principalId"] == "7"


def test_cache_is_bounded() -> None:
    gate = Gate(a_policy())
    for number in range(1100):
        gate.cache.put(gate.authorizer, str(number), gate.cache.get(gate.authorizer, "x") or _verdict())
    assert gate.cache.get(gate.authorizer, "0") is None
    assert gate.cache.get(gate.authorizer, "1099") is not None


def _verdict() -> Any:
    from local.policy import read_verdict

    return read_verdict(a_policy())
