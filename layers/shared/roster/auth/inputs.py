"""What clients may send about accounts; `Input` is how strict every body is."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from roster.auth import address, guessable, password_length, passwords


class Input(BaseModel):
    """A JSON object with exactly these fields, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def absent() -> Any:
    """Return a field that may be left out, and is None then; a null that a client sends is still refused."""
    return Field(default=None)


def _checked_address(text: str) -> str:
    try:
        return address.parse(text).typed
    except (address.NotAnAddressError, UnicodeError):
        raise PydanticCustomError("email", "This is not an email address.") from None


def _checked_password(text: str) -> str:
    return _checked_length(text, password_length.least(has_second_factor=False))


def _checked_changed_password(text: str) -> str:
    return _checked_length(text, password_length.least(has_second_factor=True))


def _checked_length(text: str, length_min: int) -> str:
    length = passwords.length(text)
    if length < length_min:
        raise PydanticCustomError("too_short", f"Use at least {length_min} characters.")
    if length > passwords.LENGTH_MAX:
        raise PydanticCustomError("too_long", f"Use at most {passwords.LENGTH_MAX} characters.")
    if guessable.is_common(text):
        raise PydanticCustomError("too_common", "This password is too easy to guess.")
    return text


# What the OpenAPI document says of them besides: the checks above are finer, and settings can move the least length.
_OF_ADDRESSES = {"format": "email", "maxLength": address.LENGTH_MAX}
_OF_PASSWORDS = {"minLength": 15, "maxLength": passwords.LENGTH_MAX}
_Password = Annotated[str, Field(examples=["a lighthouse at noon"], json_schema_extra=_OF_PASSWORDS)]

Email = Annotated[
    str, AfterValidator(_checked_address), Field(examples=["ada@example.com"], json_schema_extra=_OF_ADDRESSES)
]
NewPassword = Annotated[_Password, AfterValidator(_checked_password)]
# Whoever reads the account refuses what is too short without a second factor.
ChangedPassword = Annotated[_Password, AfterValidator(_checked_changed_password)]


class Credentials(Input):
    email: Email
    password: str


class PasswordChange(Input):
    current_password: str
    new_password: ChangedPassword
