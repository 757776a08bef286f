"""
Runs in a process of its own, as a function would: imports it, calls it, and says what that took.

Its standard output is the function's log; what it measured goes to the file that its last argument names.
"""

import importlib
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROUNDS = 300


class Context:
    """What a handler asks of its context."""

    function_name = aws_request_id = "measured"
    function_version = "1"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:measured"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def main() -> None:
    events, target = json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2])
    handler = importlib.import_module("app").handler
    answer = handler(events[0], Context())
    cold_ms = time.process_time() * 1000
    logged_before, spent = os.fstat(1).st_size, []
    for event in events[1:]:
        started = time.process_time_ns()
        answer = handler(event, Context())
        spent.append((time.process_time_ns() - started) / 1e6)
    sys.stdout.flush()
    found = {
        "status": answer.get("statusCode", 200),
        "cold_cpu_ms": round(cold_ms),
        "warm_cpu_ms": round(statistics.median(spent), 3),
        "log_bytes": round((os.fstat(1).st_size - logged_before) / len(spent)),
        "answer_bytes": len(answer.get("body") or ""),
    }
    target.write_text(json.dumps(found | {"context": _context(answer)}))


def _context(answer: dict[str, Any]) -> Any:
    return answer.get("context")


main()
