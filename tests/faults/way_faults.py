"""What the ways to any server can do: refuse, swallow, and be late."""

from collections.abc import Callable, Iterable, Iterator

from tests.faults.fault import Step, nothing
from tests.faults.stage import Stage
from tests.faults.ways import Ways

How = Callable[[Ways, str], None]


def refusing(ways: Ways, way: str) -> None:
    ways.point_to(way, None)


def swallowing(ways: Ways, way: str) -> None:
    ways.swallow(way)


def late(seconds: float) -> How:
    def delay(ways: Ways, way: str) -> None:
        ways.delay(way, seconds)

    return delay


def on_all(
    how: How, *, ways: Callable[[Stage], Iterable[str]], mend: Callable[[Stage], None]
) -> Callable[[Stage], Iterator[Step]]:
    """Return what makes all those ways do so until they are mended."""

    def strike(stage: Stage) -> Iterator[Step]:
        for way in ways(stage):
            how(stage.ways, way)
        yield nothing
        mend(stage)

    return strike
