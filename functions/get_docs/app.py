"""GET /api/docs: the API's document as a page, by Swagger UI: log in on it, and call the API."""

from pathlib import Path

from roster.api.endpoint import endpoint
from roster.api.request import PagePath
from roster.api.results import Cacheable, Document

_PAGE = Path(__file__).with_name("page.html").read_text("utf-8")


@endpoint(media_types=("text/html",))
def handler(path: PagePath) -> Cacheable[Document]:
    page = _PAGE.replace('"docs/', '"') if path.ends_in_slash else _PAGE
    return Cacheable(Document(page, "text/html"), max_age_seconds=300)
