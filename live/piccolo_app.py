from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES = ("live.boards.tables", "live.stage.tables")

APP_CONFIG = AppConfig(
    app_name="live",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["scoring.piccolo_app"],
)
