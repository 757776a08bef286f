"""One HTTP answer, and the refusal that becomes one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What goes to the client; `kind` names the gateway response, None is an integration's own answer."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    kind: str | None = None


class RefusedError(Exception):
    """
    The gateway itself answers, with its response of this kind.

    The detail is for the terminal only; a status of None is the kind's own.
    """

    def __init__(
        self,
        kind: str,
        detail: str | None = None,
        *,
        status: int | None = None,
        authorizer: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.status = status
        self.authorizer = authorizer or {}
