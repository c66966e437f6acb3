from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES = (
    "scoring.judging.panel.tables",
    "scoring.judging.running_order.tables",
    "scoring.judging.sheets.tables",
    "scoring.results.tables",
)

APP_CONFIG = AppConfig(
    app_name="scoring",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["voting.piccolo_app"],
)
