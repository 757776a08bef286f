"""The names that a client could try for a column: every spelling that some framework, parser or eye takes for it."""

import unicodedata
from collections.abc import Iterable

# Letters of other scripts that look like Latin ones.
_LOOK_ALIKES = str.maketrans("aceiopsxy", "асеіорѕху")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
_BLANKS = (" ", "\t", "\n", "\r\n", "\xa0", "\u200b", "\ufeff", "\u00ad")
# What is no column, and what other languages' objects have.
ELSEWHERE = (
    "is_admin", "isAdmin", "admin", "is_staff", "scope", "permissions", "password_hash", "_id", "_method", "__proto__",
    "constructor", "prototype", "__class__", "__dict__", "__init__", "model_config", "model_fields_set", "model_extra",
    "__pydantic_extra__", "$set", "$where", "*", "", ".", "[]", "{}",
)  # fmt: skip


def of_all(columns: Iterable[str]) -> list[str]:
    """Return every spelling of every column once, in one order."""
    return sorted({spelling for column in columns for spelling in of(column)} | set(ELSEWHERE))


def of(column: str) -> set[str]:
    """Return the spellings of one column in snake case, that one included."""
    return {*_cases(column), *_paths(column), *_adorned(column), *_disguised(column)}


def _cases(column: str) -> list[str]:
    words = column.split("_")
    pascal = "".join(word.title() for word in words)
    return [
        column,
        pascal,
        pascal[:1].lower() + pascal[1:],
        "-".join(words),
        "-".join(word.title() for word in words),
        " ".join(words),
        "".join(words),
        column.upper(),
        "-".join(words).upper(),
        column.title(),
        column.swapcase()[:1] + column[1:],
    ]


def _paths(column: str) -> list[str]:
    return [
        f"user.{column}",
        f"users.0.{column}",
        f".{column}",
        f"{column}.",
        f"user[{column}]",
        f"[{column}]",
        f"{column}[]",
        f"{column}[0]",
        f"user/{column}",
        f"/{column}",
        f"user__{column}",
        f"user:{column}",
        f"$.{column}",
    ]


def _adorned(column: str) -> list[str]:
    blanks = [adorned for blank in _BLANKS for adorned in (blank + column, column + blank)]
    return [
        *blanks,
        f"_{column}",
        f"{column}_",
        f"__{column}__",
        f"${column}",
        f"@{column}",
        f'"{column}"',
        f"{column};",
    ]


def _disguised(column: str) -> list[str]:
    return [
        column.translate(_LOOK_ALIKES),
        *(column[:place] + column[place:].translate(_LOOK_ALIKES) for place in range(1, len(column))),
        column.translate(_FULL_WIDTH),
        column[:1].translate(_FULL_WIDTH) + column[1:],
        column.replace("i", "ı").replace("s", "ſ"),
        unicodedata.normalize("NFD", column.replace("a", "ä").replace("e", "é")),
        "".join(f"%{ord(letter):x}" for letter in column[:1]) + column[1:],
        f"\\u00{ord(column[0]):x}{column[1:]}",
        column.replace("_", "\u2010"),
        f"{column}\u0301",
    ]
