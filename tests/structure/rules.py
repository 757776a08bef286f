"""House rules about code that no linter knows: each finds its violations in one parsed file."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_SQL = re.compile(
    r"^\s*(SELECT\s|WITH\s+\w+\s+AS|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET|DELETE\s+FROM\s|TRUNCATE\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|ROLE|DATABASE|TEMP)|LOCK\s+TABLE\s|BEGIN$|COMMIT$|ROLLBACK$"
    r"|(SET|PREPARE|DECLARE|LISTEN|DISCARD)\s)"
)
_READS_TOKENS = ("decode", "PyJW", "api_jw", "get_unverified")
_SESSION_METHODS = {"set_session", "set_isolation_level", "set_client_encoding", "cancel"}


class Rule(NamedTuple):
    """*find* yields line numbers; the files in *exempt* are where it belongs."""

    what: str
    find: Callable[[ast.Module], Iterator[int]]
    exempt: tuple[str, ...] = ()


def _reads_environment(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv"):
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (node.lineno for alias in node.names if alias.name in ("environ", "environb", "getenv"))


def _holds_sql(tree: ast.Module) -> Iterator[int]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings and _SQL.match(text):
                yield node.lineno


def _imports(*modules: str) -> Callable[[ast.Module], Iterator[int]]:
    def find(tree: ast.Module) -> Iterator[int]:
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            yield from (getattr(node, "lineno", 0) for name in names if name.split(".")[0] in modules)

    return find


def _verifies_tokens(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="jwt"), attr=name) if name.startswith(_READS_TOKENS):
                yield node.lineno
            case ast.ImportFrom(module="jwt" | "jwt.api_jwt" | "jwt.api_jws"):
                yield node.lineno


def _prints(tree: ast.Module) -> Iterator[int]:
    for call in _calls(tree):
        if isinstance(call.func, ast.Name) and call.func.id in ("print", "breakpoint", "input"):
            yield call.lineno


def _leaves_state_on_a_session(tree: ast.Module) -> Iterator[int]:
    """Find what makes RDS Proxy pin a connection: session settings, DISCARD ALL, named cursors."""
    for call in _calls(tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        is_named_cursor = call.func.attr == "cursor" and (call.args or any(k.arg == "name" for k in call.keywords))
        is_reset = call.func.attr == "reset" and not call.args
        if is_named_cursor or is_reset or call.func.attr in _SESSION_METHODS:
            yield call.lineno


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


_ROSTER = "layers/shared/roster"

RULES = (
    Rule(
        "environment variables are read in settings.py alone",
        _reads_environment,
        (f"{_ROSTER}/infrastructure/settings.py",),
    ),
    Rule(
        "SQL stands beside its adapter, in database.py and migrations.py alone",
        _holds_sql,
        (
            f"{_ROSTER}/auth/statements.py",
            f"{_ROSTER}/users/statements.py",
            f"{_ROSTER}/sessions/statements.py",
            f"{_ROSTER}/orders/statements.py",
            f"{_ROSTER}/audit/postgres.py",
            f"{_ROSTER}/idempotency/statements.py",
            f"{_ROSTER}/auth/postgres.py",
            f"{_ROSTER}/second_factors/postgres.py",
            f"{_ROSTER}/second_steps/postgres.py",
            f"{_ROSTER}/infrastructure/cache_control_postgres.py",
            f"{_ROSTER}/links/making_statements.py",
            f"{_ROSTER}/users/list_statements.py",
            f"{_ROSTER}/links/statements.py",
            f"{_ROSTER}/mail/postgres.py",
            f"{_ROSTER}/infrastructure/database.py",
            f"{_ROSTER}/infrastructure/transactions.py",
            f"{_ROSTER}/infrastructure/commits.py",
            f"{_ROSTER}/infrastructure/rate_limits/postgres.py",
            f"{_ROSTER}/infrastructure/migrations.py",
        ),
    ),
    Rule(
        "only who mails, rotates keys or deploys knows the AWS SDK",
        _imports("boto3", "botocore", "aioboto3"),
        tuple(
            f"{_ROSTER}/{name}.py"
            for name in ("infrastructure/ses", "infrastructure/remote_functions", "signing_keys/secrets_manager")
        ),
    ),
    Rule(
        "only tokens.py and keys.py know PyJWT",
        _imports("jwt"),
        (f"{_ROSTER}/auth/tokens.py", f"{_ROSTER}/infrastructure/keys.py"),
    ),
    Rule("tokens are verified in one module", _verifies_tokens, (f"{_ROSTER}/auth/tokens.py",)),
    Rule("nothing is printed: logs are JSON", _prints),
    Rule("no connection is left with state of its own", _leaves_state_on_a_session),
)
