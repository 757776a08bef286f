"""The SQL about orders."""

from roster.audit import postgres as audit
from roster.infrastructure import versions

_COLUMNS = "id, user_id, currency, status, created_at, updated_at, version"
_SHOWN = "id, user_id, currency, status, skus, quantities, unit_prices, total, created_at, updated_at, version"
_ITEMS = """
    array_agg(sku ORDER BY position), array_agg(quantity ORDER BY position), array_agg(unit_price ORDER BY position),
    sum(quantity * unit_price)::bigint
"""
_FACTS = "jsonb_build_object('order_id', id, 'currency', currency, 'status', status, 'total', total)"
_BEFORE = "jsonb_build_object('order_id', id, 'status', %(old_status)s::text)"
_AFTER = "jsonb_build_object('order_id', id, 'status', status)"
_THIS_ORDER = "id = %(order_id)s AND user_id = %(user_id)s"


def _shown(orders: str, items: str) -> str:
    """Return SQL that shows whole orders; *items* are those of each."""
    return f"""
        SELECT {_SHOWN}
        FROM {orders}, LATERAL (SELECT {_ITEMS} FROM {items}) AS items (skus, quantities, unit_prices, total)
    """


FIND = f"{_shown('orders', 'order_items WHERE order_id = id')} WHERE {_THIS_ORDER}"

# Values are interpolated by the client, so the planner never sees the filters that are not asked for. What is summed up
# is chosen first: the items of no other order are read.
PAGE = """
    SELECT id, user_id, currency, status, item_count, total, created_at, updated_at
    FROM (
        SELECT id, user_id, currency, status, created_at, updated_at FROM orders
        WHERE user_id = %(user_id)s
            AND (%(status)s::text IS NULL OR status = %(status)s)
            AND (%(created_from)s::timestamptz IS NULL OR created_at >= %(created_from)s)
            AND (%(created_to)s::timestamptz IS NULL OR created_at < %(created_to)s)
            AND (%(after_id)s::bigint IS NULL
                OR (created_at, id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint))
        ORDER BY created_at DESC, id DESC
        LIMIT %(limit)s
    ) AS page, LATERAL (
        SELECT count(*), sum(quantity * unit_price)::bigint FROM order_items WHERE order_id = page.id
    ) AS items (item_count, total)
    ORDER BY created_at DESC, id DESC
"""

FIND_VERSION = f"SELECT version FROM orders WHERE {_THIS_ORDER}"

KNOWS_USER = "SELECT EXISTS (SELECT FROM users WHERE id = %(user_id)s)"

# The lock makes whoever erases the user wait until the order is there, and who orders until they are gone.
ADD = f"""
    WITH owner AS (
        SELECT id AS owner_id FROM users WHERE id = %(user_id)s AND erased_at IS NULL FOR SHARE
    ), added AS (
        INSERT INTO orders (user_id, currency) SELECT owner_id, %(currency)s FROM owner
        RETURNING {_COLUMNS}
    ), added_items AS (
        INSERT INTO order_items (order_id, position, sku, quantity, unit_price)
        SELECT id, position, sku, quantity, unit_price
        FROM added, unnest(%(skus)s::text[], %(quantities)s::integer[], %(unit_prices)s::bigint[])
            WITH ORDINALITY AS item (sku, quantity, unit_price, position)
        RETURNING position, sku, quantity, unit_price
    ), shown AS ({_shown("added", "added_items")}),
    {audit.recording("order.created", "user_id", "shown", after=_FACTS)}
    SELECT {_SHOWN} FROM shown
"""

CHANGE = f"""
    WITH changed AS (
        UPDATE orders SET status = %(status)s, updated_at = now(), version = version + 1
        WHERE {_THIS_ORDER} AND status = %(old_status)s AND {versions.MEETS}
        RETURNING {_COLUMNS}
    ),
    {audit.recording("order.changed", "user_id", "changed", before=_BEFORE, after=_AFTER)}
    {_shown("changed", "order_items WHERE order_id = id")}
"""
