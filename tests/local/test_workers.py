"""Calls have a time limit, and what runs too long takes no place from the others."""

import asyncio
import sys
import threading
import time

import pytest

from local.workers import FunctionTimeoutError, IntegrationTimeoutError, Workers, WorkersBusyError


def test_result_and_error_come_back() -> None:
    async def scenario() -> None:
        workers = Workers(1)
        assert await workers.run(lambda: 7, 5, 5) == 7
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 / 0, 5, 5)
        with pytest.raises(RuntimeError, match="SystemExit"):
            await workers.run(lambda: sys.exit(3), 5, 5)

    asyncio.run(scenario())


def test_call_that_runs_too_long_is_left_behind_and_replaced() -> None:
    async def scenario() -> None:
        workers, release = Workers(1), threading.Event()
        began = time.monotonic()
        for _ in range(3):
            with pytest.raises(FunctionTimeoutError):
                await workers.run(release.wait, 0.05, 5)
        assert time.monotonic() - began < 1
        assert await workers.run(lambda: "still here", 5, 5) == "still here"
        release.set()

    asyncio.run(scenario())


def test_waiting_does_not_count_as_running_but_the_gateway_gives_up() -> None:
    async def scenario() -> None:
        workers = Workers(1)
        first = asyncio.create_task(workers.run(lambda: time.sleep(0.2), 5, 5))
        second = asyncio.create_task(workers.run(lambda: "ran", 0.15, 5))
        third = asyncio.create_task(workers.run(lambda: "never", 5, 0.1))
        with pytest.raises(IntegrationTimeoutError):
            await third
        await first
        assert await second == "ran"

    asyncio.run(scenario())


def test_no_more_may_wait_than_agreed() -> None:
    async def scenario() -> None:
        workers, release = Workers(1, most_waiting=2), threading.Event()
        calls = []
        for _ in range(3):
            calls.append(asyncio.create_task(workers.run(release.wait, 5, 5)))
            await asyncio.sleep(0.05)
        with pytest.raises(WorkersBusyError):
            await workers.run(lambda: None, 5, 5)
        release.set()
        await asyncio.gather(*calls)

    asyncio.run(scenario())
