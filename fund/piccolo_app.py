from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

from fund.schema import STATEMENTS

TABLE_MODULES = (
    "fund.budget.tables",
    "fund.entitlements.tables",
    "fund.in_kind.tables",
    "fund.payments.tables",
    "fund.books.tables",
)

APP_CONFIG = AppConfig(
    app_name="fund",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["accounts.piccolo_app"],
)

RAW_SQL = STATEMENTS
"""What Piccolo cannot say of the tables; `tools/migrations.py` freezes it into a migration."""
