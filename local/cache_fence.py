"""The fence of the cache at a start: the Redis of the last one is gone, and so is everybody who believed in it."""

import contextlib

import psycopg2

_TURN_OFF = "UPDATE cache_control SET is_enabled = false"


def turn_off(database_url: str) -> None:
    """Let the first request turn the cache on under a new epoch; else the first writes would wait for nobody."""
    with contextlib.closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_TURN_OFF)
