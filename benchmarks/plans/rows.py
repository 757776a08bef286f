"""What is loaded: for each table the statement that makes its rows out of numbers, so that nothing is random."""

from typing import NamedTuple

from benchmarks.plans.sample import HEAVIEST_ID, HEAVY_ID, MEDIUM_ID


class Size(NamedTuple):
    users: int
    orders: int


class Table(NamedTuple):
    """*numbers* is how many numbers there are, and *statement* makes at most one row of each from first to last."""

    name: str
    numbers: int
    statement: str


# Of a hundred users one is erased, of fifty one disabled.
_IS_LIVING = "mod({user}, 100) <> 99"
_IS_ACTIVE = "mod({user}, 100) NOT IN (49, 98, 99)"
_JOINED = "timestamptz '2023-11-22' + {user} * (interval '3 years' / %(users)s)"
_FIRST = "(ARRAY['Ada','Alan','Barbara','Donald','Edsger','Frances','Grace','Hedy','Jean','Ken','Niklaus','Radia'])"
_LAST = "(ARRAY['Lovelace','Turing','Liskov','Knuth','Dijkstra','Allen','Hopper','Lamarr','Bartik','Thompson','Wirth'])"
_NAME = f"{_FIRST}[1 + mod(g, 12)] || ' ' || {_LAST}[1 + mod(g, 11)] || ' ' || g"

USERS = f"""
    INSERT INTO users
        (id, email, email_canonical, name, name_folded, role, status, email_verified, created_at, updated_at, erased_at,
        version)
    OVERRIDING SYSTEM VALUE
    SELECT g, email, email, name, lower(name), CASE WHEN g <= 20 THEN 'admin' ELSE 'user' END,
        CASE WHEN {_IS_ACTIVE.format(user="g")} THEN 'active' ELSE 'disabled' END,
        is_living AND mod(g, 3) > 0, at, at, CASE WHEN NOT is_living THEN at END, 1 + mod(g, 5)
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT {_IS_LIVING.format(user="g")}) AS this (is_living),
        LATERAL (
            SELECT {_JOINED.format(user="g")},
                CASE WHEN is_living THEN 'user' || g || '@example.com' END, CASE WHEN is_living THEN {_NAME} END
        ) AS facts (at, email, name)
"""

PASSWORDS = f"""
    INSERT INTO user_passwords (user_id, hash, changed_at)
    SELECT g, 'hash of user ' || g || repeat('.', 80), {_JOINED.format(user="g")}
    FROM generate_series(%(first)s, %(last)s) AS g WHERE {_IS_LIVING.format(user="g")}
"""

# One each, and as many as one user may have for one; of ten one was not ended when it expired.
SESSIONS = f"""
    INSERT INTO sessions
        (id, user_id, token_hash, source_ip, user_agent, created_at, refreshed_at, idle_until, expires_at)
    SELECT md5('session ' || g)::uuid, CASE WHEN g > %(users)s THEN {HEAVY_ID} ELSE g END,
        sha256(convert_to('token ' || g, 'UTF8')), '203.0.113.' || mod(g, 256), 'a browser of the usual length ' || g,
        now() - interval '1 day', now() - mod(g, 86400) * interval '1 second',
        now() + CASE WHEN mod(g, 10) = 9 THEN - interval '1 hour' ELSE interval '10 years' END,
        now() + interval '11 years'
    FROM generate_series(%(first)s, %(last)s) AS g WHERE g > %(users)s OR {_IS_ACTIVE.format(user="g")}
"""

USED_TOKENS = f"""
    INSERT INTO used_refresh_tokens (token_hash, session_id, seed, used_at)
    SELECT sha256(convert_to('used ' || g, 'UTF8')), md5('session ' || s)::uuid, sha256('seed'),
        now() - interval '1 day'
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT 1 + (g - 1) / 2) AS of_session (s)
    WHERE {_IS_ACTIVE.format(user="s")}
"""

LOGIN_FAILURES = """
    INSERT INTO login_failures (account, failures, attempted_at, blocked_until)
    SELECT sha256(convert_to('user' || g * 10 || '@example.com', 'UTF8')), mod(g, 7), at, at
    FROM generate_series(%(first)s, %(last)s) AS g,
        LATERAL (SELECT now() - mod(g, 1000) * interval '3 hours') AS this (at)
"""

RATE_LIMITS = """
    INSERT INTO rate_limits (bucket, full_at)
    SELECT sha256(convert_to('bucket ' || g, 'UTF8')), now() + (mod(g, 1000) - 500) * interval '3 seconds'
    FROM generate_series(%(first)s, %(last)s) AS g
"""

FACTORS = f"""
    INSERT INTO second_factors (user_id, key_id, secret, created_at, confirmed_at, last_step)
    SELECT u, 'key', sha256(convert_to('secret ' || u, 'UTF8')), now(),
        CASE WHEN mod(g, 4) > 0 THEN now() END, CASE WHEN mod(g, 4) > 0 THEN 100 END
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT 5 * g) AS owner (u)
    WHERE {_IS_ACTIVE.format(user="u")}
"""

CODES = f"""
    INSERT INTO recovery_codes (user_id, code_hash)
    SELECT u, sha256(convert_to('code ' || g, 'UTF8'))
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT 5 * (1 + (g - 1) / 10)) AS owner (u)
    WHERE {_IS_ACTIVE.format(user="u")}
"""

CHALLENGES = f"""
    INSERT INTO login_challenges (token_hash, user_id, password_changed_at, tries_left, expires_at)
    SELECT sha256(convert_to('challenge ' || g, 'UTF8')), u, {_JOINED.format(user="u")}, 5,
        now() + CASE WHEN mod(g, 10) = 0 THEN - interval '1 hour' ELSE interval '10 years' END
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT 5 * g) AS owner (u)
    WHERE {_IS_ACTIVE.format(user="u")}
"""

# The first ten are one user's; a tenth has expired, and of twenty one was never answered.
IDEMPOTENCY_KEYS = """
    INSERT INTO idempotency_keys (scope, key, fingerprint, answer, subject_id, created_at)
    SELECT 'user ' || CASE WHEN g > 10 THEN 5 * g ELSE 1 END, 'key ' || g,
        sha256(convert_to('request ' || g, 'UTF8')),
        CASE WHEN is_answered THEN to_jsonb('an answer as long as a user ' || repeat('.', 200)) END,
        CASE WHEN is_answered THEN 5 * g END,
        now() + CASE WHEN mod(g, 10) = 0 THEN - interval '2 days' ELSE interval '10 years' END
    FROM generate_series(%(first)s, %(last)s) AS g, LATERAL (SELECT mod(g, 20) <> 19) AS this (is_answered)
"""

_ACTIONS = "(ARRAY['session.opened', 'session.opened', 'session.ended', 'user.changed', 'password.changed'])"
# A tenth is about one user, a five-thousandth about another; one action is rare.
AUDIT_EVENTS = f"""
    INSERT INTO audit_events
        (id, occurred_at, actor_id, actor_session_id, source_ip, request_id, action, subject_id, before, after)
    OVERRIDING SYSTEM VALUE
    SELECT g, timestamptz '2023-11-22' + g * (interval '3 years' / %(users)s / 3),
        CASE WHEN mod(g, 3) = 0 THEN NULL WHEN mod(g, 20) = 1 THEN 1 ELSE subject END, md5('session ' || subject),
        '203.0.113.' || mod(g, 256), md5('request ' || g), action, subject,
        CASE WHEN action = 'user.changed' THEN '{{"name": "Ada"}}'::jsonb END,
        jsonb_build_object('name', 'Ada Lovelace', 'email', 'user' || subject || '@example.com')
    FROM generate_series(%(first)s, %(last)s) AS g,
        LATERAL (SELECT CASE
            WHEN mod(g, 5000) = 1 THEN {MEDIUM_ID} WHEN mod(g, 10) = 0 THEN {HEAVIEST_ID}
            ELSE 1 + mod(g::bigint * 7919, %(users)s)
        END) AS who (subject),
        LATERAL (SELECT CASE WHEN mod(g, 1009) = 0 THEN 'user.erased' ELSE {_ACTIONS}[1 + mod(g, 5)]
        END) AS what (action)
"""
