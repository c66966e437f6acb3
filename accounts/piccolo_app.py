from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES = ("accounts.tables",)

APP_CONFIG = AppConfig(
    app_name="accounts",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
