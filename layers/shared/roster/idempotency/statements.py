"""The SQL about first answers."""

from roster.idempotency.repository import LIFE_SECONDS

_LIFE = f"interval '{LIFE_SECONDS} seconds'"

# Nobody here waits for a row: what others hold is in use, and stays.
FORGET_EXPIRED = f"""
    DELETE FROM idempotency_keys WHERE (scope, key) IN (
        SELECT scope, key FROM idempotency_keys
        WHERE scope = %(scope)s AND key = %(key)s AND created_at <= now() - {_LIFE}
        FOR UPDATE SKIP LOCKED
    )
"""
SWEEP = f"""
    DELETE FROM idempotency_keys WHERE (scope, key) IN (
        SELECT scope, key FROM idempotency_keys
        WHERE created_at <= now() - {_LIFE}
        ORDER BY created_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED
    )
"""

# Waits for somebody who opens the same name at this moment, and who waits for nobody any more.
OPEN = """
    INSERT INTO idempotency_keys (scope, key, fingerprint) VALUES (%(scope)s, %(key)s, %(fingerprint)s)
    ON CONFLICT (scope, key) DO NOTHING
"""

# Whoever holds the row is at work; when they are gone, however they went, the row is free.
TAKE = f"""
    SELECT fingerprint, answer::text FROM idempotency_keys
    WHERE scope = %(scope)s AND key = %(key)s AND created_at > now() - {_LIFE}
    FOR UPDATE SKIP LOCKED
"""

KEEP = """
    UPDATE idempotency_keys SET answer = %(answer)s::jsonb, subject_id = %(subject_id)s
    WHERE scope = %(scope)s AND key = %(key)s
"""

# For an erased user. A row without an answer tells nothing of anybody, and waiting for it could end in a deadlock:
# whoever holds it may wait for the user's row.
FORGET = """
    DELETE FROM idempotency_keys
    WHERE (scope = 'user ' || %(user_id)s OR subject_id = %(user_id)s) AND answer IS NOT NULL
"""
