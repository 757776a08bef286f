"""What clients may send about users: every field by name, strictly typed, nothing else."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from roster.auth.caller import Role
from roster.auth.inputs import Email, Input, NewPassword, absent
from roster.users.models import Changes, Status

NAME_LENGTH_MAX = 200


def _checked_name(text: str) -> str:
    name = text.strip()
    if not any(unicodedata.category(character)[0] in "LMNPS" for character in name):
        raise PydanticCustomError("empty", "A name has at least one character that can be seen.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise PydanticCustomError("control_character", "A name has no control characters.")
    return name


Name = Annotated[
    str,
    Field(max_length=NAME_LENGTH_MAX, examples=["Ada Lovelace"], json_schema_extra={"minLength": 1}),
    AfterValidator(_checked_name),
]


class Registration(Input):
    email: Email
    name: Name
    password: NewPassword


class UserReplacement(Input):
    """All editable fields; *role* and *status* only from an admin, who may leave them out."""

    email: Email
    name: Name
    role: Role = absent()
    status: Status = absent()

    def changes(self) -> Changes:
        return Changes(self.email, self.name, self.role, self.status)


class UserPatch(Input):
    """Some of the editable fields (RFC 7396); none of them can be removed, so null is refused."""

    email: Email = absent()
    name: Name = absent()
    role: Role = absent()
    status: Status = absent()

    def changes(self) -> Changes:
        return Changes(self.email, self.name, self.role, self.status)
