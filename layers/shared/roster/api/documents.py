"""What browsers are told about documents that are not JSON: how to read them, and what a page may do."""

from roster.api.results import Document

HTML = "text/html"

# Whatever is not named here is forbidden, inline scripts, inline styles and `eval` among it. Swagger UI's style sheet
# has its icons in itself.
SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_OF_PAGES = {
    "Content-Security-Policy": SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def headers_of(document: Document) -> dict[str, str]:
    headers = {
        "Content-Type": f"{document.media_type}; charset=utf-8",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return headers | (_OF_PAGES if document.media_type == HTML else {})
