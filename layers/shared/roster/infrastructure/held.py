"""A context variable that holds a value for a block: what `contextlib.contextmanager` does for twice the time."""

from contextvars import ContextVar, Token
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Held(Generic[Value]):
    """Let *variable* hold *value* within one block, which is given it, and what it held before from then on."""

    __slots__ = ("_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[Value], value: Value) -> None:
        self._variable, self._value = variable, value

    def __enter__(self) -> Value:
        self._token: Token[Value] = self._variable.set(self._value)
        return self._value

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)
