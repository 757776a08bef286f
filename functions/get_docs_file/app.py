"""GET /api/docs/{file}: what the page of the API's document loads: Swagger UI, and what starts it."""

from pathlib import Path

from roster.api.endpoint import endpoint
from roster.api.problems import FileMissingError
from roster.api.request import FilePath
from roster.api.results import Cacheable, Document

_FOLDER = Path(__file__).parent
_MINUTES, _YEAR = 300, 31_536_000
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What is asked for under a version never changes. Nothing else of this folder is served.
_FILES = {
    "favicon.svg": ("favicon.svg", _MINUTES),
    "init.js": ("init.js", _MINUTES),
    "swagger-ui-5.35.0.css": ("swagger-ui.css", _YEAR),
    "swagger-ui-bundle-5.35.0.js": ("swagger-ui-bundle.js", _YEAR),
}


@endpoint(media_types=tuple(_TYPES.values()))
def handler(path: FilePath) -> Cacheable[Document]:
    if path.name not in _FILES:
        raise FileMissingError
    name, seconds = _FILES[path.name]
    file = _FOLDER / name
    return Cacheable(Document(file.read_text("utf-8"), _TYPES[file.suffix]), seconds)
