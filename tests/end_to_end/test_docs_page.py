"""The page of the documentation in a real browser: log in on it, call the API, see the answer."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.builders import PASSWORD
from tests.end_to_end import browser as browsers
from tests.end_to_end.browser import Visit
from tests.end_to_end.conversation import Client
from tests.end_to_end.server import LocalServer
from tools import chromium

EXECUTABLE = chromium.found()
pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.skipif(EXECUTABLE is None, reason="there is no Chromium (CHROMIUM=… names one)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert EXECUTABLE is not None
    with browsers.running(EXECUTABLE) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, server: LocalServer, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open a page, and keep a picture of it if the test fails."""
    failed = request.session.testsfailed
    visit = Visit(browser.new_page(viewport={"width": 1280, "height": 900}), server.url)
    yield visit
    if request.session.testsfailed > failed:
        visit.keep_picture()
    visit.page.close()


@pytest.fixture
def login(ada: Client) -> str:
    return json.dumps({"email": ada.user["email"], "password": PASSWORD})


def test_who_logs_in_on_the_page_calls_the_api_as_themself_until_they_log_out(
    visit: Visit, ada: Client, login: str
) -> None:
    visit.open("/api/docs")
    expect(visit.session).to_contain_text("Not logged in.")
    visit.log_in(login)
    expect(visit.session).to_have_text(f"Logged in as {ada.user['name']} (user).")
    me = visit.operation("get_user")
    me.locator("tr[data-param-name=user_id] input").fill("me")
    answer = visit.execute(me)
    expect(answer).to_contain_text(f'"id": {ada.user["id"]}')
    expect(answer).to_contain_text(f'"name": "{ada.user["name"]}"')
    assert f"{visit.url}/api/users/me" in visit.requested
    visit.execute(visit.operation("log_out"))
    expect(visit.session).to_have_text("Logged out.")
    assert visit.offences() == []
    expect(visit.execute(visit.operation("list_sessions"))).to_contain_text("invalid_token")


def test_a_reload_forgets_the_token_and_nothing_of_it_is_stored(visit: Visit, login: str) -> None:
    visit.open("/api/docs")
    visit.log_in(login)
    expect(visit.session).to_contain_text("Logged in as")
    stored = "[localStorage.length, sessionStorage.length, document.cookie, location.search]"
    assert visit.page.evaluate(stored) == [0, 0, "", ""]
    visit.page.reload()
    expect(visit.session).to_contain_text("Not logged in.")
    expect(visit.execute(visit.operation("list_sessions"))).to_contain_text("invalid_token")


def test_operations_can_be_looked_at(visit: Visit) -> None:
    visit.open("/api/docs")
    for name in ("create_user", "list_users", "get_docs_file"):
        expect(visit.operation(name).locator(".responses-table").first).to_contain_text("422")
    key = visit.page.locator("tr[data-param-name='Idempotency-Key'] input")
    expect(key).to_have_value("")  # the document's example would be sent, by everybody the same
    assert visit.offences() == []


@pytest.mark.parametrize("path", ["/dev/api/docs", "/dev/api/docs/"])
def test_below_a_stage_everything_goes_to_that_stage(visit: Visit, login: str, path: str) -> None:
    def without_stage(route: Route) -> None:
        route.continue_(url=route.request.url.replace("/dev/", "/", 1))

    visit.page.route("**/dev/**", without_stage)
    visit.open(path)
    visit.log_in(login)
    expect(visit.session).to_contain_text("Logged in as")
    assert [url for url in visit.requested if not url.startswith(f"{visit.url}/dev/api/")] == []
    assert visit.offences() == []


def test_a_policy_that_is_broken_is_noticed(visit: Visit) -> None:
    def planted(route: Route) -> None:
        page = route.fetch()
        worse = '<p style="color: red">x</p><script>1</script><img src="https://elsewhere.test/x.png"></body>'
        route.fulfill(response=page, body=page.text().replace("</body>", worse))

    visit.page.route("**/api/docs", planted)
    visit.open("/api/docs")
    visit.page.locator(".opblock").first.wait_for()
    offences = "\n".join(visit.offences())
    for directive in ("style-src-attr", "script-src-elem", "img-src"):
        assert f"violation of {directive}" in offences
