"""What an environment of the campaign is told when it starts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Orders:
    """
    *number* is its place, *generation* counts the processes that stood there before.

    It asks *rate* times a second, for *users* as it likes. One that *writes* lets sessions of *comers* come and go, who
    are nobody else's. *peer* is another one that writes, and *parent* the process without which it ends.
    """

    number: int
    generation: int
    peer: int
    parent: int
    writes: bool
    seed: int
    folder: str
    users: list[int]
    comers: list[int]
    all_comers: list[int]
    rate: float

    @property
    def client(self) -> int:
        """The number of this process, which no other ever has."""
        return 1 + self.generation * 100 + self.number
