"""Whether every statement was seen, and which need not be, with the reason."""

from collections.abc import Container, Iterable, Mapping

from benchmarks.plans import catalogue
from benchmarks.plans.catalogue import Made

_FRAME = "frames a transaction and reads nothing"
_ABOUT_SERVER = "asks for what PostgreSQL knows of itself, and reads no table"
_MIGRATES = "runs once a deployment, on a table of one row a migration"

EXCUSED = {
    "audit.postgres._FORGET": "a form that FORGET is filled in from, and FORGET is seen",
    "second_factors.postgres._GONE": "the beginning of _DISABLE and _REMOVE, and both are seen",
    "database.answers": "asks whether PostgreSQL answers, and reads no table",
    "transactions.transact": _FRAME,
    "transactions._commit": _FRAME,
    "transactions._roll_back": _FRAME,
    "commits._MARK": _ABOUT_SERVER,
    "commits._ASK": _ABOUT_SERVER,
    "migrations._CREATE_TABLE": _MIGRATES,
    "migrations._LOCK": _MIGRATES,
    "migrations._FIND": _MIGRATES,
    "migrations._ADD": _MIGRATES,
}


def unseen(texts: Iterable[str]) -> list[str]:
    """Return the names of the statements in the code that are neither among *texts* nor excused."""
    return missing(list(texts), *collected())


def unknown(texts: Iterable[str]) -> list[str]:
    """Return those of *texts* that stand nowhere in the code: so what is sent has been collected."""
    constants, made = collected()
    return [text for text in texts if text not in constants and not any(each.pattern.fullmatch(text) for each in made)]


def collected() -> tuple[dict[str, str], list[Made]]:
    modules = catalogue.modules()
    return catalogue.constants(modules), catalogue.made_in_all(modules)


def missing(
    texts: list[str], constants: Mapping[str, str], made: Iterable[Made], excused: Container[str] = EXCUSED
) -> list[str]:
    found = [name for text, name in constants.items() if text not in texts]
    found += [each.name for each in made if not any(each.pattern.search(text) for text in texts)]
    return sorted({name for name in found if name not in excused})
