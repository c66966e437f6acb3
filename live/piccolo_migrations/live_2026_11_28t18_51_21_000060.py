"""Tables"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import (
    BigInt,
    ForeignKey,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

ID = "2026-11-28T18:51:21:000060"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


class Contest(Table, tablename="contest"):
    id = Serial(primary_key=True)


TABLES = {
    ("Show", "screen_show"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "null": False, "unique": True}),
        "version": (BigInt, {"default": 0}),
        "mode": (Varchar, {"length": 16, "default": ""}),
        "step": (Integer, {"default": 0}),
        "plan": (Text, {"default": None, "null": True}),
        "body": (Text, {"default": ""}),
    },
    ("Board", "board"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "null": False, "unique": True}),
        "version": (BigInt, {"default": 0}),
        "body": (Text, {"default": ""}),
        "frozen_at": (Timestamptz, {"default": None, "null": True}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="live", description=DESCRIPTION)

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
    manager.add_constraint(
        table_class_name="Show",
        tablename="screen_show",
        constraint_name="known_mode",
        constraint_class=Check,
        params={"condition": "mode IN ('board', 'blank', 'card', 'reveal')"},
    )

    return manager
