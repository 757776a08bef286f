"""The process of the ways: reads their names first, then one order a line, and answers each with a line."""

import asyncio
import json
import sys
from typing import Any

from tests.fault_proxy import Cuts, Way


def obey(way: Way, doing: str, *values: Any) -> None:
    match doing, values:
        case "point_to", [target]:
            way.cuts = None
            way.point_to(target)
        case "swallow", []:
            way.swallows = True
        case "delay", [seconds]:
            way.delay_seconds = seconds
        case "cut", []:
            way.cut()
        case "cut_at", [mark, hands_on, kill]:
            way.cuts = Cuts(mark.encode(), 1, hands_on, kill)
        case _:
            raise ValueError(doing)


async def serve() -> None:
    """Serve until standard input ends: with whoever steers."""
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    ways = {name: Way() for name in json.loads(await orders.readline())}
    for way in ways.values():
        await way.listen()
    answer({name: way.port for name, way in ways.items()})
    while line := await orders.readline():
        name, *order = json.loads(line)
        obey(ways[name], *order)
        answer({})


def answer(told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve())
