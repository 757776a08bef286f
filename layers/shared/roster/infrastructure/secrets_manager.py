"""AWS Secrets Manager without boto3, whose import alone would cost more than all the rest of a cold start."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from roster.errors import UnavailableError
from roster.infrastructure import aws_credentials, deadline, http_exchange, observability, tls
from roster.infrastructure.aws_signatures import Signer
from roster.infrastructure.http_exchange import Address, Answer, ExchangeError, Request

FETCH_SECONDS = 1.5
_ARN = re.compile(r"arn:(aws[a-z-]*):secretsmanager:([a-z0-9-]+):\d{12}:secret:([\w/+=.@-]+)", re.ASCII)
_HEADERS = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.GetSecretValue"}


def is_arn(text: str) -> bool:
    return _ARN.fullmatch(text) is not None


class SecretsManager:
    """*reach* tells where a host is found, *roots* who vouches for it."""

    def __init__(
        self, reach: Callable[[str], Address] = lambda host: (host, 443), roots: Path = tls.AMAZON_ROOTS
    ) -> None:
        self._reach = reach
        self._roots = roots

    def fetch(self, arn: str) -> str:
        """
        Return the text that a secret holds now.

        Raises:
            UnavailableError: If that cannot be known; why goes to the log, with the name of the secret.
        """
        with deadline.within(FETCH_SECONDS):
            try:
                return _text(self._ask(arn))
            except ExchangeError as error:
                observability.report("SecretsAway", secret=arn, error_type=str(error))
                raise UnavailableError from None

    def _ask(self, arn: str) -> Answer:
        host, region = _place(arn)
        body = json.dumps({"SecretId": arn}).encode()
        headers = Signer(aws_credentials.current(), region, "secretsmanager").signed(host, _HEADERS, body)
        return http_exchange.ask(self._reach(host), Request("POST", "/", headers, body), tls.context(self._roots))


def _place(arn: str) -> tuple[str, str]:
    """Return the host to ask about a secret, and its region."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise ExchangeError("NotTheArnOfASecret")
    partition, region = found[1], found[2]
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"secretsmanager.{region}.{suffix}", region


def _text(answer: Answer) -> str:
    try:
        fields = json.loads(answer.body)
        if answer.status == 200 and isinstance(fields["SecretString"], str):
            return str(fields["SecretString"])
        raise ExchangeError(re.sub(r"\W", "", str(fields["__type"]).rpartition("#")[2])[:80])
    except (ValueError, KeyError, TypeError):
        raise ExchangeError(f"Status{answer.status}") from None
