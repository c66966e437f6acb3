from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

from voting.schema import STATEMENTS

TABLE_MODULES = (
    "voting.boxes.tables",
    "voting.ledger.tables",
    "voting.merkle_log.tables",
    "voting.signals.tables",
    "voting.casting.tables",
    "voting.review.changes.tables",
    "voting.review.cases.tables",
)

APP_CONFIG = AppConfig(
    app_name="voting",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["contest.piccolo_app"],
)

RAW_SQL = STATEMENTS
"""What Piccolo cannot say of the tables; `tools/migrations.py` freezes it into a migration."""
