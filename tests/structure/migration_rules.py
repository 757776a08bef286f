"""What a migration must not do while the code before it runs, unless `-- safe: …` above the statement says why."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Those up to here were there before anything was deployed.
FIRST_RELEASE = 13

_TABLE = r"(?:IF EXISTS )?(?:ONLY )?(\w+)"
_ADDED = r"\bADD (COLUMN )?(IF NOT EXISTS )?(?!CONSTRAINT)\w+ (?!.*\b(DEFAULT|GENERATED)\b).*\bNOT NULL\b"
_DROPPED = r"\bALTER TABLE\b.*\bDROP (?!CONSTRAINT|DEFAULT|NOT NULL|EXPRESSION|IDENTITY)\w"
_CHECKED = r"\bADD (CONSTRAINT \w+ )?(CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY|EXCLUDE)\b(?!.*\bNOT VALID\b)"
_WRITTEN = r"\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b|\bSET (LOGGED|UNLOGGED|TABLESPACE)\b"
DANGERS = {
    "drops what the code before it may use": rf"^DROP (TABLE|VIEW|SCHEMA|TYPE|FUNCTION|SEQUENCE|INDEX)\b|{_DROPPED}",
    "takes away what the code before it may rely on": r"\bDROP (CONSTRAINT|DEFAULT)\b|^REVOKE\b",
    "renames what the code before it uses": r"\bRENAME\b|\bSET SCHEMA\b",
    "writes a table anew, behind a lock": rf"{_WRITTEN}|^CLUSTER\b|\bVACUUM FULL\b",
    "refuses rows of the code before it": rf"\bSET NOT NULL\b|{_ADDED}",
    "looks at every row, behind a lock": _CHECKED,
    "changes a whole table in one go": r"^(UPDATE|DELETE|TRUNCATE)\b",
    "locks a table": r"^LOCK\b",
}
_INDEX = re.compile(r"^CREATE (?:UNIQUE )?INDEX (?!IF NOT EXISTS)(?:CONCURRENTLY )?\w+ ON (?:ONLY )?(\w+)")
_CREATED = re.compile(r"\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)")
_REASON = re.compile(r"^--\s*safe:\s*(\S.{14,})", re.MULTILINE)
_PARTS = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|--[^\n]*|;|.", re.DOTALL)


class Statement(NamedTuple):
    text: str
    has_reason: bool


def statements(sql: str) -> Iterator[Statement]:
    """Yield each statement on one line, its strings and comments taken out."""
    text, comments = "", ""
    for part in (match[0] for match in _PARTS.finditer(sql)):
        if part == ";":
            yield Statement(" ".join(text.split()), bool(_REASON.search(comments)))
            text, comments = "", ""
        elif part.startswith("--"):
            comments += f"{part}\n"
        else:
            text += "''" if part.startswith("'") else part
    if text.strip():
        yield Statement(" ".join(text.split()), bool(_REASON.search(comments)))


def dangers(sql: str) -> list[str]:
    """Return what each statement does that nobody gave a reason for."""
    created = set(_CREATED.findall(sql))
    return [
        f"{danger}: {statement.text[:80]}"
        for statement in statements(sql)
        if not statement.has_reason
        for danger in _dangers_of(statement.text, created)
    ]


def _dangers_of(statement: str, created: set[str]) -> Iterator[str]:
    index = _INDEX.search(statement)
    if index and index[1] not in created:
        yield "locks out writers while it makes an index"
    changed = re.match(rf"(?:ALTER TABLE|UPDATE|DELETE FROM) {_TABLE}", statement)
    if statement.startswith(("CREATE TABLE", "GRANT")) or (changed and changed[1] in created):
        return
    yield from (danger for danger, pattern in DANGERS.items() if re.search(pattern, statement))
