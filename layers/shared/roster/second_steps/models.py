"""What a login answers where the password is not enough."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the second step takes besides a code, within *expires_in* seconds."""

    challenge: str
    expires_in: int
    methods: tuple[str, ...] = ("totp", "recovery_code")


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The answer to a right password of a user with a second factor: no token yet."""

    second_factor: Challenge
