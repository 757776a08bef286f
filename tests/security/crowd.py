"""
Many processes that ask one limiter at once: `python -m tests.security.crowd NAME URL QUOTA ATTEMPTS`.

Prints what each of them was told, as JSON. It is a program of its own because it forks, and pytest has threads.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

import redis
from roster.auth.address import fingerprint
from roster.auth.postgres import PostgresLoginFailures
from roster.infrastructure import cache, cache_connections
from roster.infrastructure.database import Database
from roster.infrastructure.rate_limits import script
from roster.infrastructure.rate_limits.models import Bucket, Policy
from roster.infrastructure.rate_limits.postgres import PostgresBuckets

PROCESSES = 64
ACCOUNT = "ada@example.com"
# They share a processor or two, and each has to be heard.
_PATIENCE_SECONDS = 60
_HASH_SECONDS = 0.1

Ask = Callable[[Sequence[Bucket]], bool]


def on_redis(url: str) -> Ask:
    client = cache.Cache(url)

    def ask(buckets: Sequence[Bucket]) -> bool:
        (answer,) = client.run(script.ask(buckets))
        verdicts = script.judge(buckets, answer)
        assert verdicts is not None, "Redis answered"
        return all(verdict.is_admitted for verdict in verdicts)

    return ask


def on_postgres(url: str) -> Ask:
    buckets_of_all = PostgresBuckets(lambda: database)
    database = Database(url, pool_max=1, idle_seconds=30, work_seconds=_PATIENCE_SECONDS)
    return lambda buckets: all(verdict.is_admitted for verdict in buckets_of_all.take(buckets))


def guessing(url: str) -> Ask:
    """Guess passwords: what is admitted is a guess that counts."""
    database = Database(url, pool_max=1, idle_seconds=30, work_seconds=_PATIENCE_SECONDS)
    failures = PostgresLoginFailures(lambda: database)
    return lambda buckets: failures.settle(ACCOUNT, is_right=False)


def guessing_by_reading_first(url: str) -> Ask:
    """Ask whether the account is blocked, hash the password, and count the failure afterwards."""
    database = Database(url, pool_max=1, idle_seconds=30, work_seconds=_PATIENCE_SECONDS)
    values = {"account": fingerprint(ACCOUNT)}
    read = "SELECT blocked_until <= clock_timestamp() FROM login_failures WHERE account = %(account)s"
    write = """
        UPDATE login_failures SET failures = failures + 1, blocked_until = clock_timestamp() + interval '15 minutes'
        WHERE account = %(account)s
    """

    def ask(buckets: Sequence[Bucket]) -> bool:
        if database.fetch_one(read, values) != (True,):
            return False
        time.sleep(_HASH_SECONDS)
        database.transaction(lambda cursor: cursor.execute(write, values))
        return True

    return ask


def read_then_write_on_redis(url: str) -> Ask:
    """Count as one does who has not heard of races."""
    client = redis.Redis.from_url(url)

    def ask(buckets: Sequence[Bucket]) -> bool:
        seen = [int(client.get(bucket.key) or 0) for bucket in buckets]
        if any(count >= bucket.policy.quota for count, bucket in zip(seen, buckets, strict=True)):
            return False
        for count, bucket in zip(seen, buckets, strict=True):
            client.set(bucket.key, count + 1, ex=3600)
        return True

    return ask


def read_then_write_on_postgres(url: str) -> Ask:
    """Count as one does who trusts in transactions."""
    database = Database(url, pool_max=1, idle_seconds=30, work_seconds=_PATIENCE_SECONDS)
    read = (
        "SELECT full_at FROM rate_limits WHERE bucket = sha256(%(key)s) AND full_at > now() + %(wait)s * interval '1 s'"
    )
    write = """
        INSERT INTO rate_limits (bucket, full_at) VALUES (sha256(%(key)s), now() + %(step)s * interval '1 s')
        ON CONFLICT (bucket) DO UPDATE SET full_at = rate_limits.full_at + %(step)s * interval '1 s'
    """

    def ask(buckets: Sequence[Bucket]) -> bool:
        policy, step = buckets[0].policy, buckets[0].policy.interval_us / 1_000_000
        values = {"key": buckets[0].key.encode(), "step": step, "wait": step * (policy.quota - 1)}

        def work(cursor: object) -> bool:
            cursor.execute(read, values)  # type: ignore[attr-defined]
            if cursor.fetchone():  # type: ignore[attr-defined]
                return False
            cursor.execute(write, values)  # type: ignore[attr-defined]
            return True

        return database.transaction(work)

    return ask


LIMITERS: dict[str, Callable[[str], Ask]] = {
    each.__name__: each
    for each in (
        on_redis,
        on_postgres,
        guessing,
        guessing_by_reading_first,
        read_then_write_on_redis,
        read_then_write_on_postgres,
    )
}


def _ask_often(
    name: str, url: str, buckets: Sequence[Bucket], attempts: int, barrier: Barrier, told: "SimpleQueue[list[bool]]"
) -> None:
    ask = LIMITERS[name](url)
    barrier.wait()
    told.put([ask(buckets) for _ in range(attempts)])


def main(name: str, url: str, quota: int, attempts: int) -> list[list[bool]]:
    """Return what each process was told by a limit of *quota* an hour, with a wider one beside it."""
    cache_connections.COMMAND_SECONDS = cache_connections.CONNECT_SECONDS = _PATIENCE_SECONDS
    buckets = [Bucket(Policy("narrow", quota, 3600), "ada"), Bucket(Policy("wide", 10 * quota, 3600), "ada")]
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(PROCESSES, timeout=_PATIENCE_SECONDS), context.SimpleQueue()
    asking = (name, url, buckets, attempts, barrier, told)
    crowd = [context.Process(target=_ask_often, args=asking, daemon=True) for _ in range(PROCESSES)]
    for process in crowd:
        process.start()
    return [told.get() for _ in crowd]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
