"""The migration function's work: the schema, and the first admin."""

from roster.auth.postgres import PostgresLoginFailures
from roster.infrastructure import migrations, observability, settings
from roster.infrastructure.database import Database
from roster.users.admins import Admins
from roster.wiring import auth, stores, users

# A migration may take longer than a request; the function's own time-out is 300 s.
WORK_SECONDS = 280.0


def migrate() -> list[str]:
    """Apply what is missing and return the names of what was applied."""
    database = Database(
        settings.database_url(), pool_max=1, idle_seconds=1, work_seconds=WORK_SECONDS, sign_in=stores.to_database
    )
    try:
        return list(migrations.apply(database, migrations.read_all()))
    except Exception as error:
        observability.report("MigrationFailed", error_type=type(error).__name__)
        raise
    finally:
        database.close()


def admins() -> Admins:
    return Admins(users.repository(), auth.accounts(), PostgresLoginFailures(stores.database))
