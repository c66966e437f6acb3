"""What Piccolo cannot say of the tables"""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.database import db

ID = "2026-11-28T18:51:21:000021"
VERSION = "1.38.0"
DESCRIPTION = "What Piccolo cannot say of the tables"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="fund", description=DESCRIPTION)

    async def run() -> None:
        async with db.connection() as connection:
            await connection.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))

    manager.add_raw(run)
    return manager
