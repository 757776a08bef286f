"""Which errors each operation answers: rules that follow from its signature, and rows for what its rules refuse."""

from collections.abc import Callable

from roster.api.policy import Who
from roster.api.request import IfMatch

from tools.openapi import answers, parameters
from tools.openapi.project import Operation

# By operation: what services refuse, beyond what follows from the signature. Handler tests hold this to what happens.
ROWS: dict[str, tuple[str, ...]] = {
    "change_order": ("illegal_transition",),
    "change_password": ("password_changed_meanwhile",),
    "change_user": ("email_taken", "last_admin"),
    "check_health": ("unhealthy",),
    "confirm_email": ("invalid_link",),
    "confirm_password_reset": ("invalid_link",),
    "confirm_totp": ("second_factor_changed_meanwhile", "second_factor_exists", "second_factor_not_found"),
    "create_user": ("email_taken",),
    "delete_user": ("last_admin",),
    "disable_totp": ("password_needs_second_factor", "second_factor_not_found"),
    "enrol_totp": ("second_factor_exists", "second_factors_off"),
    "log_in": ("account_disabled", "wrong_credentials"),
    "log_in_totp": ("invalid_challenge", "wrong_code"),
    "refresh_session": ("invalid_refresh_token",),
    "remove_totp": ("second_factor_not_found",),
    "renew_recovery_codes": ("second_factor_not_found",),
    "replace_user": ("email_taken", "last_admin"),
}

# What API Gateway answers by itself, whatever a handler would have said.
GATEWAY = ("malformed_request", "too_many_requests", "internal_error", "timeout")
_REFUSES_CALLERS = (Who.ANYONE_WHERE_OPEN, Who.SELF, Who.SELF_OR_ADMIN, Who.ADMIN, Who.ADMIN_FOR_OTHERS)


Rule = Callable[[Operation], bool]
# What follows from how a request is read and who may send it.
_RULES: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (lambda _: True, ("not_acceptable", "invalid_input")),
    (lambda each: "body" in each.signature, ("malformed_json", "body_too_large", "unsupported_media_type")),
    (lambda each: IfMatch in each.signature.values(), ("malformed_condition", "stale_version")),
    (
        lambda each: each.is_read and answers.is_conditional(each.signature["return"]),
        ("malformed_condition", "stale_version"),
    ),
    (parameters.takes_idempotency_key, ("malformed_idempotency_key", "request_in_flight")),
    (lambda each: each.knows_callers, ("invalid_token",)),
    (lambda each: each.who in _REFUSES_CALLERS, ("not_allowed",)),
    (lambda each: each.is_gated, ("unavailable",)),
    (lambda each: each.is_gated and not each.is_read, ("outcome_unknown",)),
)


def codes_of(operation: Operation) -> list[str]:
    """Return the codes of all errors that the operation may answer."""
    follow = {code for holds, codes in _RULES if holds(operation) for code in codes}
    missing = {f"{name.removesuffix('_id')}_not_found" for name in parameters.names_in(operation.path)}
    return sorted({*follow, *missing, *GATEWAY, *ROWS.get(operation.stem, ())})
