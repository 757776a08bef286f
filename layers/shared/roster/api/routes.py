"""Every path and the methods that it answers: what 404 and 405 are decided by."""

METHODS: dict[str, tuple[str, ...]] = {
    "/api/users": ("GET", "HEAD", "POST"),
    "/api/users/{user_id}": ("DELETE", "GET", "HEAD", "PATCH", "PUT"),
    "/api/users/{user_id}/password": ("PUT",),
    "/api/users/{user_id}/sessions": ("DELETE", "GET", "HEAD"),
    "/api/auth/login": ("POST",),
    "/api/auth/refresh": ("POST",),
    "/api/auth/logout": ("POST",),
    "/api/auth/sessions": ("GET", "HEAD"),
    "/api/auth/sessions/{session_id}": ("DELETE",),
    "/api/audit": ("GET", "HEAD"),
    "/api/auth/password-reset": ("POST",),
    "/api/auth/password-reset/confirm": ("POST",),
    "/api/auth/verify-email": ("POST",),
    "/api/auth/verify-email/confirm": ("POST",),
    "/api/auth/login/totp": ("POST",),
    "/api/auth/totp": ("GET", "HEAD", "POST"),
    "/api/auth/totp/confirm": ("POST",),
    "/api/auth/totp/recovery-codes": ("POST",),
    "/api/auth/totp/disable": ("POST",),
    "/api/users/{user_id}/totp": ("DELETE",),
    "/api/users/{user_id}/orders": ("GET", "HEAD", "POST"),
    "/api/users/{user_id}/orders/{order_id}": ("GET", "HEAD", "PATCH"),
    "/api/health": ("GET", "HEAD"),
    "/api/docs": ("GET", "HEAD"),
    "/api/docs/{file}": ("GET", "HEAD"),
    "/api/openapi.json": ("GET", "HEAD"),
    "/.well-known/jwks.json": ("GET", "HEAD"),
    "/.well-known/openid-configuration": ("GET", "HEAD"),
}


def allowed(resource: str) -> tuple[str, ...]:
    """Return the methods of a path of the template, OPTIONS included; empty if there is no such path."""
    methods = METHODS.get(resource)
    return (*methods, "OPTIONS") if methods else ()
