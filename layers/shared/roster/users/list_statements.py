"""The SQL of lists of users; docs/lists.md says which is used when, and what each costs."""

from collections.abc import Iterable

from roster.users.statements import COLUMNS

_KEYS = {"id": "u.id", "created_at": "u.created_at", "name": "u.name_folded"}
SORTS = tuple(sign + key for key in _KEYS for sign in ("", "-"))

# Values are interpolated by the client, so the planner never sees the filters that are not asked for.
_IS_LISTED = "u.erased_at IS NULL AND u.role = ANY (%(roles)s::text[]) AND u.status = ANY (%(statuses)s::text[])"
_NAME_FITS = "u.name_folded ^@ %(q)s::text"
_ADDRESS_FITS = 'u.email_canonical COLLATE "C" ^@ %(q)s::text'
_TIME_FITS = """
    (%(created_from)s::timestamptz IS NULL OR u.created_at >= %(created_from)s)
    AND (%(created_to)s::timestamptz IS NULL OR u.created_at < %(created_to)s)
"""
_FITS = f"(%(q)s::text IS NULL OR {_NAME_FITS} OR {_ADDRESS_FITS}) AND {_TIME_FITS}"

_BY_NAME = f"users u WHERE {_IS_LISTED} AND {_NAME_FITS}"
_BY_ADDRESS = f"users u WHERE {_IS_LISTED} AND {_ADDRESS_FITS}"
_BY_TIME = f"users u WHERE {_IS_LISTED} AND {_TIME_FITS}"
_SHORT = "u.id, u.created_at, u.name_folded, u.email_canonical"

# How many one filter leaves, counted up to a cap; who fits by name and by address counts twice.
COUNT = {
    "q": f"""
        SELECT count(*) FROM (
            (SELECT FROM {_BY_NAME} LIMIT %(cap)s) UNION ALL (SELECT FROM {_BY_ADDRESS} LIMIT %(cap)s) LIMIT %(cap)s
        ) found
    """,
    "time": f"SELECT count(*) FROM (SELECT FROM {_BY_TIME} LIMIT %(cap)s) found",
}


def _following(source: str, condition: str, sort: str) -> str:
    """Return the ids and keys of the first of *source* that fit and come after the position."""
    key, direction = _KEYS[sort.lstrip("-")], _direction(sort)
    after = "<" if direction == "DESC" else ">"
    in_place = f"u.id {after} %(after_id)s"
    if key != "u.id":
        in_place = f"({key}, u.id) {after} (%(after_key)s, %(after_id)s)"
    return f"""
        SELECT u.id, {key} AS key FROM {source} u
        WHERE {condition} AND {_FITS} AND (%(after_id)s::bigint IS NULL OR {in_place})
        ORDER BY {key} {direction}, u.id {direction}
        LIMIT %(limit)s
    """


def _shown(found: str, sort: str, *, given: str = "") -> str:
    """Return the statement that shows the users whose ids and keys *found* has."""
    direction = _direction(sort)
    return f"""
        {given}
        SELECT {COLUMNS}, page.key FROM (
            SELECT id, key FROM ({found}) found ORDER BY key {direction}, id {direction} LIMIT %(limit)s
        ) page JOIN users USING (id)
        ORDER BY page.key {direction}, id {direction}
    """


def _walk(sort: str) -> str:
    condition = "u.erased_at IS NULL AND u.role = each_role AND u.status = each_status"
    found = f"""
        SELECT following.id, following.key
        FROM unnest(%(roles)s::text[]) AS each_role, unnest(%(statuses)s::text[]) AS each_status,
            LATERAL ({_following("users", condition, sort)}) following
    """
    return _shown(found, sort)


def _few(sources: Iterable[str], sort: str) -> str:
    few = " UNION ".join(f"SELECT {_SHORT} FROM {source}" for source in sources)
    return _shown(_following("few", "true", sort), sort, given=f"WITH few AS MATERIALIZED ({few})")


def _direction(sort: str) -> str:
    return "DESC" if sort.startswith("-") else "ASC"


# One at most.
BY_ADDRESS = (
    f"SELECT {COLUMNS}, id AS key FROM users u WHERE u.email_canonical = %(email)s AND {_IS_LISTED} AND {_FITS}"
)

# Along the index that has the list's order, for each role and status, passing over whom the filters leave out.
WALK = {sort: _walk(sort) for sort in SORTS}

# All whom one filter leaves, sorted; a range of time needs no sorting by time.
FEW = {
    "q": {sort: _few((_BY_NAME, _BY_ADDRESS), sort) for sort in SORTS},
    "time": {sort: _few((_BY_TIME,), sort) for sort in SORTS if "created_at" not in sort},
}
