"""Tables"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSONB, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow

ID = "2026-11-28T18:51:21:000000"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


TABLES = {
    ("AuditEntry", "audit_entry"): {
        "id": (BigSerial, {"primary_key": True}),
        "at": (Timestamptz, {"default": TimestamptzNow(), "index": True}),
        "actor_id": (Integer, {"default": 0, "null": True, "index": True}),
        "actor_name": (Varchar, {"length": 80, "default": ""}),
        "action": (Varchar, {"length": 80, "default": "", "index": True}),
        "subject_type": (Varchar, {"length": 40, "default": ""}),
        "subject_id": (Varchar, {"length": 80, "default": "", "index": True}),
        "details": (JSONB, {"default": "{}"}),
        "client_address": (Text, {"default": ""}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="core", description=DESCRIPTION)

    for (class_name, tablename), columns in TABLES.items():
        manager.add_table(class_name=class_name, tablename=tablename)
        for name, (kind, params) in columns.items():
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
                column_name=name,
                db_column_name=name,
                column_class_name=kind.__name__,
                column_class=kind,
                params=params,
            )

    return manager
