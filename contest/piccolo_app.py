from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES: tuple[str, ...] = (
    "contest.calendar.tables",
    "contest.editions.tables",
    "contest.rulebooks.tables",
    "contest.entrants.tables",
    "contest.nominations.tables",
    "contest.figures.tables",
    "contest.notices.tables",
)

APP_CONFIG = AppConfig(
    app_name="contest",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["accounts.piccolo_app"],
)
