"""Other functions, invoked through the AWS SDK, which Lambda's runtime brings along; never on the way of a request."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_CONNECT_SECONDS = 5


class FunctionFailedError(Exception):
    """*kind* is the type of the error; *message* is that of the function, and may hold anything."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(kind)
        self.kind, self.message = kind, message


def invoke(function: str, event: Mapping[str, Any], timeout_seconds: float) -> Any:
    """
    Return what *function*, a name or an ARN, answers; it is invoked once.

    Raises:
        FunctionFailedError: If it fails, does not answer in time, or may not be invoked.
    """
    # The SDK would invoke it again after a time-out.
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=timeout_seconds, retries={"total_max_attempts": 1})
    try:
        response = boto3.client("lambda", config=config).invoke(
            FunctionName=function, Payload=json.dumps(event).encode()
        )
        answer = json.loads(response["Payload"].read())
    except ClientError as error:
        raise FunctionFailedError(str(error.response.get("Error", {}).get("Code", "unknown"))) from None
    except (BotoCoreError, ValueError) as error:
        raise FunctionFailedError(type(error).__name__) from None
    if response.get("FunctionError"):
        raise FunctionFailedError(str(answer.get("errorType", "unknown")), str(answer.get("errorMessage", "")))
    return answer
