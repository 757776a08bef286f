"""What clients may send about second factors."""

from typing import Annotated

from pydantic import Field

from roster.auth.inputs import Input

Code = Annotated[str, Field(max_length=64, examples=["123456"])]


class CurrentPassword(Input):
    current_password: str


class TypedCode(Input):
    code: Code


class PasswordAndCode(Input):
    current_password: str
    code: Code
