"""What is loaded of mail: registrations, the outbox and links, most of them done with."""

PENDING = """
    INSERT INTO pending_registrations
        (id, email, email_canonical, name, name_folded, password_hash, created_at, expires_at)
    OVERRIDING SYSTEM VALUE
    SELECT g, email, email, 'Ada', 'ada', repeat('.', 97), now(),
        now() + CASE WHEN mod(g, 50) = 0 THEN - interval '1 hour' ELSE interval '10 years' END
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT 'new' || g / 2 || '@example.com') AS this (email)
"""

# Of ten one is of a registration, of five hundred one is old; a few hundred wait.
OUTBOX = """
    INSERT INTO outbox
        (id, kind, email_canonical, user_id, registration_id, created_at, attempts, next_attempt_at, sent_at)
    OVERRIDING SYSTEM VALUE
    SELECT g, kind, CASE WHEN kind = 'reset_password' THEN 'user' || u || '@example.com' END,
        CASE WHEN kind <> 'registration' THEN u END, CASE WHEN kind = 'registration' THEN g / 10 END,
        at, 1, at, CASE WHEN mod(g, %(users)s / 500) <> 7 THEN at END
    FROM generate_series(%(first)s, %(last)s) AS g,
        LATERAL (SELECT now() - CASE WHEN mod(g, 500) = 1 THEN interval '100 days'
            ELSE mod(g, 1440) * interval '1 minute' END) AS this (at),
        LATERAL (SELECT 1 + mod(g::bigint * 7919, %(users)s)) AS whom (u),
        LATERAL (SELECT CASE WHEN mod(g, 10) = 0 THEN 'registration'
            WHEN mod(g, 2) = 0 THEN 'reset_password' ELSE 'verify_email' END) AS what (kind)
"""

# Every other one is of a registration, the others reset a password or verify an address in turn.
TOKENS = """
    INSERT INTO mailed_tokens (token_hash, kind, user_id, registration_id, email_canonical, created_at, expires_at)
    SELECT sha256(convert_to('mailed ' || g, 'UTF8')), kind,
        CASE WHEN kind <> 'registration' THEN 5 * g END, CASE WHEN kind = 'registration' THEN g / 2 END,
        CASE WHEN kind = 'registration' THEN 'new' || g / 4 ELSE 'user' || 5 * g END || '@example.com', now(),
        now() + CASE WHEN mod(g, 100) = 1 THEN - interval '1 hour' ELSE interval '10 years' END
    FROM generate_series(%(first)s, %(last)s) AS g,
        LATERAL (SELECT (ARRAY['registration', 'reset_password', 'registration', 'verify_email'])[1 + mod(g, 4)])
            AS what (kind)
"""
