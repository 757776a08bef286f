"""Buckets on PostgreSQL, by its clock: what limits logins and the like while Redis is away."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from roster.infrastructure.rate_limits.models import Bucket, Buckets, Verdict, verdict

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database

# The row is locked before the condition is looked at, so the clock is read after whoever came before has committed.
# A bucket that would be empty for more than its whole time was written for another limit, or by another clock.
_TAKE = """
    INSERT INTO rate_limits AS kept (bucket, full_at)
    VALUES (%(bucket)s, clock_timestamp() + %(interval_us)s * interval '1 microsecond')
    ON CONFLICT (bucket) DO UPDATE
    SET full_at = CASE
        WHEN kept.full_at <= clock_timestamp() + 2 * %(full_us)s * interval '1 microsecond'
        THEN greatest(kept.full_at, clock_timestamp())
        ELSE clock_timestamp()
    END + %(interval_us)s * interval '1 microsecond'
    WHERE kept.full_at <= clock_timestamp() + (%(full_us)s - %(interval_us)s) * interval '1 microsecond'
        OR kept.full_at > clock_timestamp() + 2 * %(full_us)s * interval '1 microsecond'
    RETURNING ceil(extract(epoch FROM full_at - clock_timestamp()) * 1000000)::bigint
"""

# Skips what others hold: whoever cleans up waits for nobody.
_FORGET_FULL_ONES = """
    DELETE FROM rate_limits WHERE bucket IN (
        SELECT bucket FROM rate_limits
        WHERE full_at < now()
        ORDER BY full_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED
    )
"""

_LOOK = """
    SELECT bucket, ceil(extract(epoch FROM full_at - clock_timestamp()) * 1000000)::bigint
    FROM rate_limits
    WHERE bucket = ANY (%(buckets)s)
"""


class _EmptyError(Exception):
    """Bucket *digest* is empty, so nothing is taken from any."""

    def __init__(self, digest: bytes) -> None:
        super().__init__()
        self.digest = digest


class PostgresBuckets(Buckets):
    """Implements `Buckets` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        by_digest = {hashlib.sha256(bucket.key.encode()).digest(): bucket for bucket in buckets}
        try:
            empty_us, refused = self._database().transaction(lambda cursor: _taken(cursor, by_digest)), None
        except _EmptyError as error:
            empty_us, refused = self._empty_us(list(by_digest)), error.digest
        return [
            verdict(
                bucket,
                is_admitted=digest != refused,
                held_us=bucket.policy.full_us - max(0, empty_us.get(digest, 0)),
            )
            for digest, bucket in by_digest.items()
        ]

    def _empty_us(self, digests: list[bytes]) -> dict[bytes, int]:
        rows = self._database().fetch_all(_LOOK, {"buckets": digests})
        return {bytes(digest): empty_us for digest, empty_us in rows}


def _taken(cursor: "Cursor", by_digest: dict[bytes, Bucket]) -> dict[bytes, int]:
    """Take from each bucket, in one order for everybody; return for how many microseconds each is not full."""
    empty_us = {}
    for digest, bucket in sorted(by_digest.items()):
        values = {"bucket": digest, "interval_us": bucket.policy.interval_us, "full_us": bucket.policy.full_us}
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
        if row is None:
            raise _EmptyError(digest)
        empty_us[digest] = row[0]
    cursor.execute(_FORGET_FULL_ONES)
    return empty_us
