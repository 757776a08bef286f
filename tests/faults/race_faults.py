"""What befalls a race: Redis is cut off, lost or led by two, or readers stand still."""

import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fault_proxy import FaultProxy
from tests.faults.redis_pair import RedisNode, RedisPair

LEASE_SECONDS = 0.4


@dataclass
class Race:
    """Two Redis servers, and the ways that readers and writers take to them."""

    seed: int
    seconds: float
    redis: RedisPair
    readers_way: FaultProxy
    writers_way: FaultProxy
    readers: list["subprocess.Popen[bytes]"]

    def wait(self, share: float) -> None:
        """Let a share of the race go by."""
        time.sleep(share * self.seconds)

    def lead(self, node: RedisNode | None) -> None:
        for way in (self.readers_way, self.writers_way):
            way.point_to(node.port if node else None)


Fault = Callable[[Race], None]


def no_fault(race: Race) -> None:
    race.wait(1)


def writers_cut_off(race: Race) -> None:
    race.wait(0.25)
    race.writers_way.point_to(None)
    race.wait(0.3)
    race.writers_way.point_to(race.redis.first.port)
    race.wait(0.45)


def restarted_empty(race: Race) -> None:
    race.wait(0.25)
    race.lead(None)
    race.redis.first.close()
    race.redis.first = RedisNode()
    race.lead(race.redis.first)
    race.wait(0.7)


def failover_that_loses_writes(race: Race) -> None:
    race.wait(0.25)
    race.redis.second.lead()
    race.wait(0.25)
    race.lead(race.redis.second)
    race.wait(0.5)


def split_brain(race: Race) -> None:
    race.wait(0.25)
    race.redis.second.lead()
    race.writers_way.point_to(race.redis.second.port)
    race.wait(0.3)
    race.lead(race.redis.second)
    race.wait(0.45)


def frozen_readers(race: Race) -> None:
    chance = random.Random(race.seed)
    ends_at = time.monotonic() + race.seconds
    while time.monotonic() < ends_at:
        reader = chance.choice(race.readers)
        reader.send_signal(signal.SIGSTOP)
        time.sleep(chance.uniform(0.05, 3 * LEASE_SECONDS))
        reader.send_signal(signal.SIGCONT)
        time.sleep(chance.uniform(0, 0.1))


FAULTS: dict[str, Fault] = {
    "no fault": no_fault,
    "writers cut off from Redis": writers_cut_off,
    "Redis restarted empty": restarted_empty,
    "failover that loses the last writes": failover_that_loses_writes,
    "split brain": split_brain,
    "frozen readers": frozen_readers,
}
PAUSING = "readers pause before they fill the cache"
# Here writers reach Redis, so that also what is not acknowledged yet is seen by everybody or by nobody.
UNDISTURBED = ("no fault", PAUSING, "frozen readers")
