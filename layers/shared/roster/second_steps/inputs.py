"""What clients may send in the second step of a login."""

from typing import Annotated

from pydantic import Field

from roster.auth.inputs import Input
from roster.second_factors.inputs import Code


class SecondCredentials(Input):
    challenge: Annotated[str, Field(max_length=64)]
    code: Code
