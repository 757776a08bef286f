"""All SQL about the audit trail."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.audit.models import Action, AuditEvent, Filters
from roster.audit.repository import Trail
from roster.infrastructure import origin

if TYPE_CHECKING:
    from roster.infrastructure.database import Database

_ANY = Filters()
_COLUMNS = "id, occurred_at, actor_id, actor_session_id, source_ip, request_id, action, subject_id, before, after"
# Values are interpolated by the client, so the planner never sees the filters that are not asked for.
_PAGE = f"""
    SELECT {_COLUMNS}
    FROM audit_events
    WHERE %(before_id)s::bigint IS NULL OR id < %(before_id)s
    ORDER BY id DESC
    LIMIT %(limit)s
"""
# In the same order, but by what stands in the indexes of the filters and not in the primary key.
_PAGE_FILTERED = f"""
    SELECT {_COLUMNS}
    FROM audit_events
    WHERE (%(before_id)s::bigint IS NULL OR -id > -%(before_id)s::bigint)
        AND (%(subject_id)s::bigint IS NULL OR subject_id = %(subject_id)s)
        AND (%(actor_id)s::bigint IS NULL OR actor_id = %(actor_id)s)
        AND (%(action)s::text IS NULL OR action = %(action)s)
    ORDER BY -id
    LIMIT %(limit)s
"""

_FORGET = """
    UPDATE audit_events SET
        before = CASE WHEN subject_id = %(user_id)s THEN {before} ELSE before END,
        after = CASE WHEN subject_id = %(user_id)s THEN {after} ELSE after END,
        source_ip = CASE WHEN actor_id <> %(user_id)s THEN source_ip END
    WHERE subject_id = %(user_id)s OR actor_id = %(user_id)s
"""
_WITHOUT_VALUES = """
    coalesce((
        SELECT jsonb_object_agg(key, CASE WHEN key IN ('email', 'name') THEN 'null' ELSE value END)
        FROM jsonb_each({facts})
    ), {facts})
"""
# Takes the personal data of an erased user out of what is recorded of them. It is a statement of its own, after the
# one that erases: it has to see the rows of whoever changed the user until a moment ago.
FORGET = _FORGET.format(before=_WITHOUT_VALUES.format(facts="before"), after=_WITHOUT_VALUES.format(facts="after"))


def recording(action: Action, subject_id: str, rows: str, *, before: str = "NULL", after: str = "NULL") -> str:
    """
    Return a part of a WITH clause that records *action* for each of *rows*, those of another part.

    All but the action is SQL. The statement's parameters have to include those of `origin_values`.
    """
    return f"""
    recorded_{action.replace(".", "_")} AS (
        INSERT INTO audit_events
            (actor_id, actor_session_id, source_ip, request_id, action, subject_id, before, after)
        SELECT %(origin_actor_id)s, %(origin_session_id)s, %(origin_source_ip)s, %(origin_request_id)s,
            '{action}', {subject_id}, {before}, {after}
        FROM {rows}
    )
    """


def origin_values() -> Mapping[str, object]:
    """Return the parameters that every recording statement needs."""
    return {f"origin_{name}": value for name, value in origin.current()._asdict().items()}


def differing(facts: str, others: str) -> str:
    """Return SQL for the members of one jsonb object that another has otherwise, or has not."""
    return f"""(
        SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each({facts})
        WHERE value IS DISTINCT FROM {others} -> key
    )"""


class PostgresTrail(Trail):
    """Implements `Trail` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def page(self, filters: Filters, before_id: int | None, limit: int) -> list[AuditEvent]:
        values = {**filters._asdict(), "before_id": before_id, "limit": limit}
        statement = _PAGE if filters == _ANY else _PAGE_FILTERED
        rows = self._database().fetch_all(statement, values)
        return [AuditEvent(*row) for row in rows]
