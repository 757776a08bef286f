"""How often whom may call which route: the one table of limits."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from roster.api.gate import Visit
from roster.infrastructure import settings
from roster.infrastructure.rate_limits.limiter import Demand
from roster.infrastructure.rate_limits.models import Bucket, Policy
from roster.infrastructure.rate_limits.sources import source

_MINUTE, _HOUR = 60, 3600


class Limits(NamedTuple):
    """
    The limits of a route: by caller, by the source address that a request comes from, by the account it names.

    *is_exact* ones hold while Redis is away, too: PostgreSQL counts then. Others are counted by each execution
    environment for itself meanwhile. Where it *spares_admins* they are counted as everywhere else.
    """

    caller: Policy | None = None
    source: Policy | None = None
    account: Policy | None = None
    is_exact: bool = True
    spares_admins: bool = False


# What is in no row below shares these two: 600 requests a minute for a caller, 1,200 for a source address.
_OF_ALL_OTHERS = Limits(Policy("caller", 600, _MINUTE), Policy("source", 1200, _MINUTE), is_exact=False)

_BY_ROUTE = {
    "POST /api/users": Limits(source=Policy("registration-source", 20, _HOUR), spares_admins=True),
    "PUT /api/users/{user_id}/password": Limits(caller=Policy("password-caller", 10, _MINUTE)),
    "POST /api/auth/login": Limits(
        source=Policy("login-source", 30, _MINUTE), account=Policy("login-account", 10, _MINUTE)
    ),
    "POST /api/auth/password-reset": Limits(
        source=Policy("reset-source", 20, _HOUR), account=Policy("reset-account", 5, _HOUR)
    ),
    "POST /api/auth/password-reset/confirm": Limits(source=Policy("reset-confirm-source", 30, _MINUTE)),
    "POST /api/auth/verify-email": Limits(caller=Policy("verify-caller", 5, _HOUR)),
    "POST /api/auth/verify-email/confirm": Limits(source=Policy("verify-confirm-source", 30, _MINUTE)),
    "POST /api/auth/refresh": Limits(source=Policy("refresh-source", 60, _MINUTE)),
    "POST /api/auth/login/totp": Limits(source=Policy("second-step-source", 30, _MINUTE)),
    "POST /api/auth/totp": Limits(caller=Policy("enrolling-caller", 10, _MINUTE)),
    "POST /api/auth/totp/confirm": Limits(caller=Policy("confirming-caller", 10, _MINUTE)),
    "POST /api/auth/totp/recovery-codes": Limits(caller=Policy("recovery-codes-caller", 10, _MINUTE)),
    "POST /api/auth/totp/disable": Limits(caller=Policy("disabling-caller", 10, _MINUTE)),
    "POST /api/users/{user_id}/orders": Limits(caller=Policy("ordering-caller", 60, _MINUTE), spares_admins=True),
}


def limits_of(route: str, *, is_admin: bool = False) -> Limits:
    """Return the limits of a route (`GET /api/users/{user_id}`) as they are configured; HEAD is as GET."""
    percent = settings.rate_limits_percent()
    limits = unscaled(route)
    if is_admin and limits.spares_admins:
        limits = _OF_ALL_OTHERS
    return _scaled(limits, percent)


def unscaled(route: str) -> Limits:
    return _BY_ROUTE.get(route, _OF_ALL_OTHERS)


def rows() -> Mapping[str, Limits]:
    """Return the routes that have limits of their own, before scaling."""
    return _BY_ROUTE


def of_visit(visit: Visit) -> Demand:
    """Return what a request demands before anybody has read it."""
    caller = visit.caller
    limits = limits_of(visit.route, is_admin=caller is not None and caller.is_admin)
    caller_id = str(caller.user_id) if caller else None
    return _demand(limits, {limits.caller: caller_id, limits.source: source(visit.source_ip)})


def of_account(route: str, fingerprint: bytes) -> Demand:
    """Return what a request demands that names an account; *fingerprint* is SHA-256 of its canonical address."""
    limits = limits_of(route)
    return _demand(limits, {limits.account: fingerprint.hex()})


def _demand(limits: Limits, holders: Mapping[Policy | None, str | None]) -> Demand:
    buckets = [Bucket(policy, holder) for policy, holder in holders.items() if policy and holder]
    return Demand(tuple(buckets), limits.is_exact)


@lru_cache(maxsize=64)
def _scaled(limits: Limits, percent: int) -> Limits:
    return limits._replace(
        caller=_scaled_policy(limits.caller, percent),
        source=_scaled_policy(limits.source, percent),
        account=_scaled_policy(limits.account, percent),
    )


def _scaled_policy(policy: Policy | None, percent: int) -> Policy | None:
    if policy is None or percent == 0:
        return None
    return policy._replace(quota=max(1, policy.quota * percent // 100))
