from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES: tuple[str, ...] = (
    "accounts.people.tables",
    "accounts.sessions.tables",
    "accounts.sign_in.sms.tables",
    "accounts.sign_in.staff.tables",
    "accounts.sign_in.wechat.tables",
)

APP_CONFIG = AppConfig(
    app_name="accounts",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
