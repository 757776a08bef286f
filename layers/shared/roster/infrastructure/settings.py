"""Every setting of the layer: the one place that reads environment variables."""

import os
from typing import Literal, TypeVar

Choice = TypeVar("Choice", bound=str)
RegistrationMode = Literal["open", "verified", "closed"]
Authentication = Literal["password", "iam"]


class SettingsError(Exception):
    """A setting is missing or makes no sense; names the variable, never its value."""


def service_name() -> str:
    """Return what log lines and metrics are of: Powertools' logger reads the same variable."""
    return _required("POWERTOOLS_SERVICE_NAME")


def database_url() -> str:
    return _required("DATABASE_URL")


def database_user() -> str | None:
    """Return the user of PostgreSQL that this function is; None is whom the address names."""
    return os.environ.get("DATABASE_USER") or None


def database_iam_user() -> str:
    """As `database_user`, where IAM has to know it."""
    return _required("DATABASE_USER")


def database_auth() -> Authentication:
    """Return whether the database is opened by the password of its address, or by what IAM stands for."""
    return _one_of("DATABASE_AUTH", "password", "iam")


def database_pool_max() -> int:
    """Return how many connections this process may hold: 1 under Lambda, which serves one request at a time."""
    return _integer("DATABASE_POOL_MAX", default=1, least=1, most=20)


def database_idle_seconds() -> int:
    """Return for how long a connection may idle: under Lambda below the 350 s after which it is silently dropped."""
    return _integer("DATABASE_IDLE_SECONDS", default=300, least=1, most=340)


def redis_url() -> str | None:
    """Return the cache's address; None runs without a cache."""
    return os.environ.get("REDIS_URL") or None


def redis_auth() -> Authentication:
    """Return whether the cache is opened by the password of its address, or by what IAM stands for."""
    return _one_of("REDIS_AUTH", "password", "iam")


def redis_name() -> str:
    """Return the name of the ElastiCache replication group, where IAM opens it."""
    return _required("REDIS_NAME")


def cache_lease_seconds() -> int:
    """
    Return for how long an environment believes that the cache may be used; some writes wait for 1.1 times that.

    It has to be the same for all environments on one database.
    """
    return _integer("CACHE_LEASE_SECONDS", default=4, least=1, most=5)


def signing_key() -> str:
    """Return the private signing key as a JWK; only functions that issue tokens have it."""
    return _required("JWT_SIGNING_KEY")


def public_keys() -> str:
    """Return the JWK set of the keys that verify access tokens."""
    return _required("JWT_PUBLIC_KEYS")


def token_issuer() -> str:
    return _required("JWT_ISSUER")


def access_token_seconds() -> int:
    return _integer("ACCESS_TOKEN_SECONDS", default=86_400, least=60, most=86_400)


def session_idle_seconds() -> int:
    """Return for how long a session lives without being refreshed: 14 days unless set."""
    return _integer("SESSION_IDLE_SECONDS", default=1_209_600, least=300, most=31_536_000)


def session_seconds() -> int:
    """Return for how long a session lives at most, however often it is refreshed: 90 days unless set."""
    return _integer("SESSION_SECONDS", default=7_776_000, least=300, most=31_536_000)


def registration() -> RegistrationMode:
    """Return who may register: anyone, anyone who verifies the address, or only whom admins add."""
    return _one_of("REGISTRATION", "open", "verified", "closed")


def password_length_min() -> int:
    """Return how many code points a new password needs (NIST SP 800-63B-4: 15, or 8 beside a second factor)."""
    return _integer("PASSWORD_LENGTH_MIN", default=15, least=8, most=64)


def rate_limits_percent() -> int:
    """Return how much of the table of rate limits is granted; 0 limits nothing."""
    return _integer("RATE_LIMITS_PERCENT", default=100, least=0, most=100_000)


def password_length_min_with_second_factor() -> int:
    """Return how many code points do where a second factor stands beside the password; never more than without."""
    return _integer("PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR", default=64, least=8, most=64)


def second_factor_keys() -> str | None:
    """Return the JWK set that seals the secrets of second factors; None goes without second factors."""
    return os.environ.get("SECOND_FACTOR_KEYS") or None


def api_secret() -> str:
    """Return what the keys for cursors and the like are derived from; see `derived_keys`."""
    return _required("API_SECRET")


def cors_origin() -> str:
    """Return the one web origin whose pages may read answers; empty for none."""
    return os.environ.get("CORS_ORIGIN", "")


def mail_sender() -> str:
    """Return the address that mail comes from; only the function that sends mail has it."""
    return _required("MAIL_SENDER")


def mail_configuration_set() -> str:
    """Return the configuration set of SES that tells of bounces; only the function that sends mail has it."""
    return _required("MAIL_CONFIGURATION_SET")


def mail_folder() -> str | None:
    """Return the folder into which mail is written instead of being sent; None sends it."""
    return os.environ.get("MAIL_FOLDER") or None


def product_name() -> str:
    """Return what mails call this product, and under which name authenticators show its accounts."""
    return _required("PRODUCT_NAME")


def app_url() -> str:
    """Return the address of the web pages that the links in mails lead to."""
    return _required("APP_URL")


def aws_region() -> str:
    return _required("AWS_REGION")


def aws_access_key() -> str:
    return _required("AWS_ACCESS_KEY_ID")


def aws_secret_key() -> str:
    return _required("AWS_SECRET_ACCESS_KEY")


def aws_session_token() -> str:
    """Return what belongs to keys that expire, as those of a function do; empty for others."""
    return os.environ.get("AWS_SESSION_TOKEN", "")


def aws_container() -> tuple[str, str] | None:
    """Return where AWS hands out keys, and the token to ask with; None where they are in the environment."""
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    return (url, os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")) if url else None


def release() -> str:
    """Return which release of the code this is, as its deployment named it."""
    return os.environ.get("RELEASE") or "unnamed"


def starts_from_snapshot() -> bool:
    """Return whether this process is, or will be, copied from a snapshot (SnapStart)."""
    return os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"


def logs_exception_messages() -> bool:
    """Return whether logs may hold the text of unexpected exceptions, which can carry personal data; never raises."""
    return os.environ.get("LOG_EXCEPTION_MESSAGES") == "yes"


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SettingsError(f"The environment variable {name} is not set.")
    return value


def _integer(name: str, *, default: int, least: int, most: int) -> int:
    text = os.environ.get(name, "") or str(default)
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_number or not least <= int(text) <= most:
        raise SettingsError(f"The environment variable {name} has to be a number from {least} to {most}.")
    return int(text)


def _one_of(name: str, default: Choice, *others: Choice) -> Choice:
    value = os.environ.get(name, "") or default
    for choice in (default, *others):
        if value == choice:
            return choice
    raise SettingsError(f"The environment variable {name} has to be one of: {', '.join((default, *others))}.")
