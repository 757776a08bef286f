"""Which media types the template declares binary."""

from collections.abc import Sequence


def is_binary(stated: str | None, binary_types: Sequence[str]) -> bool:
    """Return whether the first media type of a Content-Type or Accept header is one of the binary ones."""
    media_type = (stated or "").split(",")[0].split(";")[0].strip().lower()
    if "*/*" in binary_types:
        return True
    return media_type in binary_types or media_type.split("/")[0] + "/*" in binary_types
