"""Who may call which route: the one table that template, README and the tests of authorization are held to."""

from enum import StrEnum


class Who(StrEnum):
    """
    Whom a route is for, in the README's words.

    *user* is the one whom the path names, *caller* reaches nothing but their own, and the *token* of a holder
    stands in the body: it is no access token.
    """

    ANYONE = "anyone"
    ANYONE_WHERE_OPEN = "anyone; admins only where registration is closed"
    HOLDER = "who holds the token"
    CALLER = "the caller"
    SELF = "the user"
    SELF_OR_ADMIN = "the user, admins"
    ADMIN = "admins"
    ADMIN_FOR_OTHERS = "admins, for others"


# HEAD is as GET. The rules themselves stand in the services; this is what they have to come to.
_BY_ROUTE = {
    "POST /api/users": Who.ANYONE_WHERE_OPEN,
    "GET /api/users": Who.ADMIN,
    "GET /api/users/{user_id}": Who.SELF_OR_ADMIN,
    "PUT /api/users/{user_id}": Who.SELF_OR_ADMIN,
    "PATCH /api/users/{user_id}": Who.SELF_OR_ADMIN,
    "DELETE /api/users/{user_id}": Who.SELF_OR_ADMIN,
    "PUT /api/users/{user_id}/password": Who.SELF,
    "GET /api/users/{user_id}/sessions": Who.SELF_OR_ADMIN,
    "DELETE /api/users/{user_id}/sessions": Who.SELF_OR_ADMIN,
    "GET /api/audit": Who.ADMIN,
    # Nobody has a token before.
    "POST /api/auth/login": Who.ANYONE,
    # Often when the access token has expired.
    "POST /api/auth/refresh": Who.HOLDER,
    "POST /api/auth/logout": Who.CALLER,
    "GET /api/auth/sessions": Who.CALLER,
    "DELETE /api/auth/sessions/{session_id}": Who.CALLER,
    # Who forgot a password has no token, and the answer tells nothing.
    "POST /api/auth/password-reset": Who.ANYONE,
    "POST /api/auth/password-reset/confirm": Who.HOLDER,
    "POST /api/auth/verify-email": Who.CALLER,
    "POST /api/auth/verify-email/confirm": Who.HOLDER,
    "POST /api/auth/login/totp": Who.HOLDER,
    "GET /api/auth/totp": Who.CALLER,
    "POST /api/auth/totp": Who.CALLER,
    "POST /api/auth/totp/confirm": Who.CALLER,
    "POST /api/auth/totp/recovery-codes": Who.CALLER,
    "POST /api/auth/totp/disable": Who.CALLER,
    "DELETE /api/users/{user_id}/totp": Who.ADMIN_FOR_OTHERS,
    "POST /api/users/{user_id}/orders": Who.SELF_OR_ADMIN,
    "GET /api/users/{user_id}/orders": Who.SELF_OR_ADMIN,
    "GET /api/users/{user_id}/orders/{order_id}": Who.SELF_OR_ADMIN,
    "PATCH /api/users/{user_id}/orders/{order_id}": Who.SELF_OR_ADMIN,
    # Load balancers and people look at it; it tells nothing but up or down.
    "GET /api/health": Who.ANYONE,
    # What the API is like is no secret.
    "GET /api/docs": Who.ANYONE,
    "GET /api/docs/{file}": Who.ANYONE,
    # Clients are written by it, before they have any token.
    "GET /api/openapi.json": Who.ANYONE,
    # Who verifies our tokens has none of them.
    "GET /.well-known/jwks.json": Who.ANYONE,
    "GET /.well-known/openid-configuration": Who.ANYONE,
}


def who_may(method: str, path: str) -> Who:
    """
    Return whom that route of the template is for.

    Raises:
        KeyError: If it is in no row: a route that nobody decided about is for no one.
    """
    return _BY_ROUTE[f"{method.replace('HEAD', 'GET')} {path}"]


def rows() -> frozenset[str]:
    """Return the labels that have a row."""
    return frozenset(_BY_ROUTE)


def is_public(who: Who) -> bool:
    """Return whether no authorizer stands before such a route."""
    return who in (Who.ANYONE, Who.ANYONE_WHERE_OPEN, Who.HOLDER)
