"""The cache's user as the template grants it, made on a Redis of tests."""

import secrets
from urllib.parse import urlsplit

import redis

from tests.structure import project


def granted() -> str:
    """Return the rights of the template's user, in ElastiCache's spelling: that of `ACL SETUSER`."""
    return str(project.template()["Resources"]["CacheUser"]["Properties"]["AccessString"])


def with_rights(url: str, rights: str) -> str:
    """Return the address of the Redis at *url* for a user who has *rights* and no others."""
    address, password = urlsplit(url), secrets.token_urlsafe(24)
    with redis.Redis.from_url(url) as admin:
        admin.execute_command("ACL", "SETUSER", "limited", "reset", f">{password}", *rights.split())
    return address._replace(netloc=f"limited:{password}@{address.hostname}:{address.port}").geturl()
