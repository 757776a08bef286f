"""How long a new password has to be: where a second factor stands beside it, less may do, if settings say so."""

from roster.auth import passwords
from roster.errors import FieldProblem, InvalidInputError
from roster.infrastructure import settings


def least(*, has_second_factor: bool) -> int:
    """Return the fewest code points."""
    general = settings.password_length_min()
    return min(general, settings.password_length_min_with_second_factor()) if has_second_factor else general


def is_short(password: str, *, has_second_factor: bool) -> bool:
    return passwords.length(password) < least(has_second_factor=has_second_factor)


def refuse_short(password: str, *, has_second_factor: bool, field: str) -> None:
    """
    Refuse a password that is too short for that account.

    Raises:
        InvalidInputError: Names *field*.
    """
    if is_short(password, has_second_factor=has_second_factor):
        fewest = least(has_second_factor=has_second_factor)
        raise InvalidInputError(FieldProblem(field, "too_short", f"Use at least {fewest} characters."))
