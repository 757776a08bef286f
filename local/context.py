"""The context object that Lambda hands to a handler."""

import time
import uuid
from typing import Any

from local.model import Function

_LOG_STREAM = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"


class LambdaContext:
    """The documented attributes; the deadline counts from its making."""

    identity: Any = None
    client_context: Any = None
    function_version = "$LATEST"
    log_stream_name = _LOG_STREAM

    def __init__(self, function: Function) -> None:
        self._deadline = time.monotonic() + function.timeout_seconds
        self.aws_request_id = str(uuid.uuid4())
        self.function_name = function.name
        self.invoked_function_arn = function.arn
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.memory_limit_in_mb = str(function.memory_mb)
        self.tenant_id = None

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the handler still has; 0 once it is too late."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))
