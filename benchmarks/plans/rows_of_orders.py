"""What is loaded of orders: a tenth is one user's, a hundredth another's, most are done with."""

from benchmarks.plans.sample import HEAVIEST_ID, HEAVY_ID

ORDERS = f"""
    INSERT INTO orders (id, user_id, currency, status, created_at, updated_at, version)
    OVERRIDING SYSTEM VALUE
    SELECT g, buyer, (ARRAY['EUR', 'USD', 'JPY'])[1 + mod(g, 3)],
        CASE mod(g / 100, 50) WHEN 0 THEN 'pending' WHEN 1 THEN 'paid' WHEN 2 THEN 'cancelled' ELSE 'shipped' END,
        at, at, 1
    FROM generate_series(%(first)s, %(last)s) AS g,
        LATERAL (SELECT timestamptz '2023-11-22' + g * (interval '3 years' / %(orders)s)) AS this (at),
        LATERAL (SELECT CASE
            WHEN mod(g, 10) = 0 THEN {HEAVIEST_ID} WHEN mod(g, 100) = 1 THEN {HEAVY_ID}
            ELSE 1 + mod(g::bigint * 7919, %(users)s)
        END) AS who (buyer)
"""

# One or two each.
ITEMS = """
    INSERT INTO order_items (order_id, position, sku, quantity, unit_price)
    SELECT o, position, 'sku-' || mod(g * 31, 5000), 1 + mod(g, 5), 100 + mod(g * 17, 9900)
    FROM generate_series(%(first)s, %(last)s) AS g,
        LATERAL (SELECT (g + 1) / 2, 2 - mod(g, 2)) AS of_order (o, position)
    WHERE position = 1 OR mod(o, 4) > 0
"""
