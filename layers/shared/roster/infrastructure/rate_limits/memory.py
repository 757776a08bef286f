"""Buckets of this process alone: what limits while Redis is away and exactness is not worth a database's time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

from roster.infrastructure.rate_limits.models import Bucket, Buckets, Verdict, verdict

BUCKETS_MAX = 10_000


class MemoryBuckets(Buckets):
    """Implements `Buckets` for one process; of more than 10,000 buckets it forgets those used longest ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._full_at_us: OrderedDict[str, int] = OrderedDict()

    def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        with self._lock:
            # The wall clock: the monotonic one may stand still in a frozen execution environment.
            now_us = time.time_ns() // 1000
            held_us = [self._held_us(bucket, now_us) for bucket in buckets]
            own = [held >= bucket.policy.interval_us for bucket, held in zip(buckets, held_us, strict=True)]
            if all(own):
                held_us = [self._taken(bucket, held, now_us) for bucket, held in zip(buckets, held_us, strict=True)]
        judged = zip(buckets, own, held_us, strict=True)
        return [verdict(bucket, is_admitted=is_admitted, held_us=held) for bucket, is_admitted, held in judged]

    def _held_us(self, bucket: Bucket, now_us: int) -> int:
        full_us = bucket.policy.full_us
        full_at_us = self._full_at_us.get(bucket.key, now_us)
        if not now_us <= full_at_us <= now_us + 2 * full_us:
            return full_us
        return now_us + full_us - full_at_us

    def _taken(self, bucket: Bucket, held_us: int, now_us: int) -> int:
        left_us = held_us - bucket.policy.interval_us
        self._full_at_us[bucket.key] = now_us + bucket.policy.full_us - left_us
        self._full_at_us.move_to_end(bucket.key)
        if len(self._full_at_us) > BUCKETS_MAX:
            self._full_at_us.popitem(last=False)
        return left_us
