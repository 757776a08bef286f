"""
What makes RDS Proxy pin a connection to its client, told from the text of a statement.

The list is that of https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html, and strict where it
is not: SET LOCAL and locks of a transaction need not pin today, and nothing here needs them either.
"""

import re

_BYTES_MAX = 16 * 1024
_WORDS_OF_STRANGERS = re.compile(
    r"""
    (?P<string> [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' )
    | (?P<body> (?P<tag>\$(?:[A-Za-z_]\w*)?\$) .*? (?P=tag) )
    | (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<name> "(?:[^"]|"")*" )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMANDS = {
    "a setting": "SET|RESET",
    "a prepared statement": "PREPARE|EXECUTE|DEALLOCATE",
    "a cursor": r"DECLARE|FETCH|MOVE|CLOSE",
    "a channel": "LISTEN|UNLISTEN|NOTIFY",
    "discarded state": "DISCARD",
    "a library": "LOAD",
    "something temporary": r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:LOCAL|GLOBAL)\s+)?TEMP(?:ORARY)?",
}
_ANYWHERE = {
    "a setting": r"\bset_config\s*\(",
    "a channel": r"\bpg_notify\s*\(",
    "an advisory lock": r"\bpg_(?:try_)?advisory_\w+\s*\(",
    "a sequence by hand": r"\b(?:nextval|setval|currval|lastval)\s*\(",
    "a seed": r"\bsetseed\s*\(",
    "something temporary": r"\bINTO\s+(?:(?:LOCAL|GLOBAL)\s+)?TEMP(?:ORARY)?\b|\bpg_temp\b",
}
_PINS = [
    *((why, re.compile(rf"(?:^|;)\s*(?:{words})\b", re.IGNORECASE)) for why, words in _COMMANDS.items()),
    *((why, re.compile(pattern, re.IGNORECASE)) for why, pattern in _ANYWHERE.items()),
]


def why_it_pins(statement: str) -> str | None:
    """Return what would pin a connection, None if nothing does. What is in quotes or in a comment does nothing."""
    if len(statement.encode()) > _BYTES_MAX:
        return "more than 16 KB"
    text = without_values(statement)
    return next((why for why, pattern in _PINS if pattern.search(text)), None)


def without_values(statement: str) -> str:
    """Return the statement's shape: its values, bodies and comments are somebody's, or nobody's business."""
    return _WORDS_OF_STRANGERS.sub(_folded, statement)


def _folded(found: re.Match[str]) -> str:
    if found["comment"]:
        return " "
    return '"…"' if found["name"] else "'…'"
