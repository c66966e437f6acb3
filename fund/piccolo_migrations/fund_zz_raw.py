"""Keys, checks and triggers; kept apart so that regenerating the tables does not lose them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.database import db
from fund.schema import STATEMENTS

ID = "2026-12-31T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What Piccolo cannot say"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="fund", description=DESCRIPTION)

    async def run() -> None:
        async with db.connection() as connection:
            for statements in STATEMENTS:
                await connection.execute(statements)

    manager.add_raw(run)
    return manager
