"""Passwords that IAM stands for: made in this process without asking anybody, good for 15 minutes to connect with."""

from roster.infrastructure import aws_credentials, settings
from roster.infrastructure.aws_signatures import Signer

LIFE_SECONDS = 900


def for_database(host: str, port: int, user: str) -> str:
    """
    Return a password of a user of PostgreSQL behind RDS Proxy.

    Raises:
        UnavailableError: If there are no credentials to sign with at the moment.
    """
    return _signer("rds-db").presigned(f"{host}:{port}", {"Action": "connect", "DBUser": user}, LIFE_SECONDS)


def for_cache(name: str, user: str) -> str:
    """Return a password of a user of the ElastiCache replication group *name*; raises as `for_database`."""
    return _signer("elasticache").presigned(name.lower(), {"Action": "connect", "User": user}, LIFE_SECONDS)


def _signer(service: str) -> Signer:
    return Signer(aws_credentials.current(), settings.aws_region(), service)
