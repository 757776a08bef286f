"""Two Redis servers that take each other's place: *second* follows *first*."""

import contextlib
import shutil
from urllib.parse import urlsplit

import redis

from local.ports import LOOPBACK
from local.processes import keep_going, wait_until
from local.redis import RedisServer
from tests.servers import folder

PASSWORD = "campaign"
_SECONDS = 10


class RedisNode:
    def __init__(self) -> None:
        self._folder = folder()
        self._server = RedisServer.start(self._folder)
        self.port = int(urlsplit(self._server.url).port or 0)
        with redis.Redis.from_url(self._server.url) as client:
            client.config_set("masterauth", PASSWORD)
            client.config_set("requirepass", PASSWORD)
        self.client = redis.Redis.from_url(url_at(self.port), socket_timeout=5)

    def follow(self, other: "RedisNode") -> None:
        self.client.replicaof(LOOPBACK, str(other.port))

    def lead(self) -> None:
        self.client.replicaof("NO", "ONE")

    def is_following(self) -> bool:
        return bool(self.client.info("replication").get("master_link_status") == "up")

    def close(self) -> None:
        self.client.close()
        self._server.stop()
        shutil.rmtree(self._folder)


class RedisPair:
    def __init__(self) -> None:
        self.first, self.second = RedisNode(), RedisNode()
        self.rebuild()

    def fail_over(self) -> None:
        """Give the first place to the other one, which leads already or does so from now on."""
        self.second.lead()
        self.first, self.second = self.second, self.first

    def rebuild(self) -> None:
        """Let the second follow the first, and forget what it knew."""
        self.first.lead()
        self.second.follow(self.first)
        assert wait_until(self.second.is_following, _SECONDS, keep_going), "the second Redis does not follow"

    def close(self) -> None:
        for node in (self.first, self.second):
            with contextlib.suppress(redis.RedisError):
                node.close()


def url_at(port: int) -> str:
    return f"redis://:{PASSWORD}@{LOOPBACK}:{port}/0"
