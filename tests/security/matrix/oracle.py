"""What each request of the matrix has to be answered with, by the policy alone."""

from roster.api import policy
from roster.api.policy import Who

from tests.security.matrix.cast import Principal, Standing
from tests.security.matrix.cells import Cell
from tests.security.matrix.targets import Kind
from tests.security.matrix.variants import Fate

_CONDITIONS: dict[Fate | int, int] = {Fate.STALE: 412, Fate.KNOWN: 304}


_OUTLIVING = {
    "GET /api/users/{user_id}/orders",
    "GET /api/users/{user_id}/orders/{order_id}",
    "PATCH /api/users/{user_id}/orders/{order_id}",
}


def expected(cell: Cell, *, registration_is_open: bool = True) -> int:
    """Return the status: of what is wrong with a request, the first in this order decides."""
    who = policy.who_may(cell.method, cell.path)
    early = _before_the_path_is_looked_at(cell, who)
    if early is not None:
        return early
    if cell.target.kind is Kind.MALFORMED:
        return 404
    if isinstance(cell.variant.fate, int):
        return cell.variant.fate
    refuses = _REFUSALS[who]
    if who is Who.ANYONE_WHERE_OPEN and not registration_is_open:
        refuses = _for_admins
    return refuses(cell.principal, _kind(cell)) or _outcome(cell)


def _before_the_path_is_looked_at(cell: Cell, who: Who) -> int | None:
    """Return the status of a refusal by the authorizer, then by the shell, then by its gate."""
    standing = cell.principal.standing
    if not policy.is_public(who) and standing is Standing.NOTHING:
        return 401
    if cell.variant.early and isinstance(cell.variant.fate, int):
        return cell.variant.fate
    looks_at_tokens = not policy.is_public(who) or (who is Who.ANYONE_WHERE_OPEN and cell.principal.authorization)
    return 401 if looks_at_tokens and standing in (Standing.NOTHING, Standing.ENDED) else None


def _kind(cell: Cell) -> Kind:
    """Return how the target stands to the principal on that route: what outlives a user is there for admins."""
    if cell.target.kind is not Kind.ERASED:
        return cell.target.kind
    return Kind.FOREIGN if f"{cell.method.replace('HEAD', 'GET')} {cell.path}" in _OUTLIVING else Kind.MISSING


def _for_callers(principal: Principal, kind: Kind) -> int | None:
    return None if kind in (Kind.NONE, Kind.OWN) else 404


def _for_self(principal: Principal, kind: Kind) -> int | None:
    return None if kind is Kind.OWN else 403


def _for_self_or_admins(principal: Principal, kind: Kind) -> int | None:
    if kind is Kind.OWN:
        return None
    if principal.standing is not Standing.ADMIN:
        return 403
    return 404 if kind is Kind.MISSING else None


def _for_admins(principal: Principal, kind: Kind) -> int | None:
    return None if principal.standing is Standing.ADMIN else 403


def _for_admins_about_others(principal: Principal, kind: Kind) -> int | None:
    if principal.standing is not Standing.ADMIN or kind is Kind.OWN:
        return 403
    return 404 if kind is Kind.MISSING else None


def _for_anyone(principal: Principal, kind: Kind) -> int | None:
    return None


# With which status each refuses a principal, None for those that it lets in.
_REFUSALS = {
    Who.ANYONE: _for_anyone,
    Who.ANYONE_WHERE_OPEN: _for_anyone,
    Who.HOLDER: _for_anyone,
    Who.CALLER: _for_callers,
    Who.SELF: _for_self,
    Who.SELF_OR_ADMIN: _for_self_or_admins,
    Who.ADMIN: _for_admins,
    Who.ADMIN_FOR_OTHERS: _for_admins_about_others,
}


def _outcome(cell: Cell) -> int:
    if cell.variant.fate is Fate.RESERVED and cell.principal.standing is not Standing.ADMIN:
        return 403
    if cell.target.is_absent:
        return 404
    if cell.variant.fate is Fate.PRIVILEGED and cell.principal.standing is not Standing.ADMIN:
        return 422
    return _CONDITIONS.get(cell.variant.fate, cell.status)
