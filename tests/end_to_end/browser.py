"""A Chromium that notes whatever a page does that it should not."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect, sync_playwright

PICTURE = Path(__file__).parents[2] / ".local" / "docs-page.png"
MILLISECONDS = 30_000
_NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
    });
"""


class Visit:
    """One page in a browser, and its *offences*: errors, refused requests, requests to elsewhere."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.requested: list[str] = []
        self._offences: list[str] = []
        page.set_default_timeout(MILLISECONDS)
        page.add_init_script(_NOTE_VIOLATIONS)
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._offences.append(f"error: {error}"))
        page.on("request", self._note_request)
        page.on("response", self._note_response)
        page.on("requestfailed", lambda request: self._offences.append(f"failed: {request.url}"))

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def offences(self) -> list[str]:
        violations: list[str] = self.page.evaluate("window.violations")
        return self._offences + [f"violation of {each}" for each in violations]

    def keep_picture(self) -> None:
        PICTURE.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURE, full_page=True)

    @property
    def session(self) -> Locator:
        return self.page.locator("#session")

    def operation(self, name: str) -> Locator:
        """Return the block of an operation, which is opened."""
        block = self.page.locator(f"[id$='-{name}'].opblock")
        block.locator(".opblock-summary-control").click()
        return block

    def execute(self, block: Locator) -> Locator:
        """Press the button and return where the page shows the answer."""
        block.get_by_role("button", name="Execute").click()
        return block.locator(".live-responses-table").first

    def log_in(self, body: str) -> None:
        block = self.operation("log_in")
        block.locator("textarea.body-param__text").fill(body)
        self.execute(block)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._offences.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        self.requested.append(request.url)
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(f"{self.url}/"):
            self._offences.append(f"elsewhere: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self._offences.append(f"{response.status}: {response.url}")


@contextlib.contextmanager
def running(executable: str) -> Iterator[Browser]:
    """Run a Chromium; as root it needs to go without its sandbox."""
    expect.set_options(timeout=MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
