"""An edit of a function, the layer or the template is served within a second."""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.local.tiny import ECHO, Tiny, served

WORD = """
    from tiny_layer import WORD

    def handler(event, context):
        return {"statusCode": 200, "body": WORD}
"""
pytestmark = pytest.mark.integration


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path).function("Word", WORD, "GET /word").function("Echo", ECHO, "GET /echo")


def comes_true(holds: Callable[[], bool], seconds: float = 1.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def _says(url: str, word: str) -> bool:
    return httpx.get(url).text == word


def after_a_while() -> None:
    time.sleep(0.5)  # until the watchers watch


def test_edit_of_a_function_is_served_within_a_second(tiny: Tiny) -> None:
    with served(tiny) as (url, shown):
        after_a_while()
        for word in ("two", "six"):  # as long as one another: only the content tells them apart
            tiny.code_of("Word").write_text(
                f'def handler(event, context): return {{"statusCode": 200, "body": "{word}"}}'
            )
            assert comes_true(partial(_says, f"{url}/word", word))
    assert "functions/word/app.py" in shown.getvalue()


def test_edit_of_the_layer_is_served_within_a_second(tiny: Tiny) -> None:
    layer = tiny.root / "layers" / "shared" / "tiny_layer" / "__init__.py"
    with served(tiny) as (url, _):
        assert httpx.get(f"{url}/word").text == "one"
        after_a_while()
        layer.write_text('WORD = "two"\n')
        assert comes_true(lambda: httpx.get(f"{url}/word").text == "two")


def test_edit_of_the_template_is_served_within_a_second(tiny: Tiny) -> None:
    with served(tiny) as (url, _):
        assert httpx.get(f"{url}/new").status_code == 403
        after_a_while()
        tiny.function("New", ECHO, "GET /new").write()
        assert comes_true(lambda: httpx.get(f"{url}/new").status_code == 200)


def test_broken_template_leaves_the_last_good_one_serving(tiny: Tiny) -> None:
    with served(tiny) as (url, shown):
        after_a_while()
        tiny.api["Models"] = {}
        tiny.write()
        assert comes_true(lambda: "Resources.Api.Properties.Models" in shown.getvalue())
        assert httpx.get(f"{url}/word").text == "one"
        del tiny.api["Models"]
        tiny.function("New", ECHO, "GET /new").write()
        assert comes_true(lambda: httpx.get(f"{url}/new").status_code == 200)


def test_broken_function_answers_502_and_recovers_with_the_next_edit(tiny: Tiny) -> None:
    code = tiny.code_of("Word")
    good = code.read_text()
    with served(tiny) as (url, shown):
        after_a_while()
        code.write_text("def handler(:")
        assert comes_true(lambda: httpx.get(f"{url}/word").status_code == 502)
        assert "SyntaxError" in shown.getvalue()
        assert httpx.get(f"{url}/echo").status_code == 200
        code.write_text(good)
        assert comes_true(lambda: httpx.get(f"{url}/word").status_code == 200)


def test_request_in_flight_finishes_on_the_version_that_it_met(tiny: Tiny) -> None:
    slow = (
        'import time\ndef handler(event, context):\n    time.sleep(1)\n    return {"statusCode": 200, "body": "old"}\n'
    )
    tiny.function("Slow", slow, "GET /slow", Timeout=5)
    with served(tiny) as (url, shown), httpx.Client(timeout=5) as client:
        after_a_while()
        answers: list[str] = []
        thread = threading.Thread(target=lambda: answers.append(client.get(f"{url}/slow").text))
        thread.start()
        time.sleep(0.2)
        tiny.code_of("Slow").write_text(slow.replace("old", "new").replace("time.sleep(1)", ""))
        assert comes_true(lambda: "Reloaded" in shown.getvalue())
        assert httpx.get(f"{url}/slow").text == "new"
        thread.join()
    assert answers == ["old"]
