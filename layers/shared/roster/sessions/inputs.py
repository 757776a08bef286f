"""What clients may send about sessions."""

from typing import Annotated

from pydantic import Field

from roster.auth.inputs import Input


class Refresh(Input):
    refresh_token: Annotated[str, Field(max_length=4096)]


class LogOut(Input):
    """*everywhere* ends all of the caller's sessions instead of this one."""

    everywhere: bool = False
