"""Tables"""

import decimal

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import (
    JSONB,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

ID = "2026-11-28T18:51:21:000030"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


class Contest(Table, tablename="contest"):
    id = Serial(primary_key=True)


class Entrant(Table, tablename="entrant"):
    id = Serial(primary_key=True)


class FigureImport(Table, tablename="figure_import"):
    id = Serial(primary_key=True)


class Nomination(Table, tablename="nomination"):
    id = Serial(primary_key=True)


class Objection(Table, tablename="objection"):
    id = Serial(primary_key=True)


TABLES = {
    ("Notice", "notice"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "title": (Varchar, {"length": 120, "default": ""}),
        "body": (Text, {"default": ""}),
        "posted_at": (Timestamptz, {"default": TimestamptzNow()}),
        "actor_id": (Integer, {"default": None, "null": True}),
        "actor_name": (Varchar, {"length": 80, "default": ""}),
    },
    ("ReviewDecision", "review_decision"): {
        "id": (Serial, {"primary_key": True}),
        "nomination": (ForeignKey, {"references": Nomination, "index": True}),
        "decision": (Varchar, {"length": 20, "default": ""}),
        "gaps": (JSONB, {"default": "{}"}),
        "reason": (Text, {"default": ""}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
        "actor_id": (Integer, {"default": None, "null": True}),
        "actor_name": (Varchar, {"length": 80, "default": ""}),
    },
    ("RulebookVersion", "rulebook_version"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest}),
        "number": (Integer, {"default": 0}),
        "source": (Text, {"default": ""}),
        "digest": (Varchar, {"length": 71, "default": ""}),
        "uploaded_at": (Timestamptz, {"default": TimestamptzNow()}),
        "uploaded_by": (Integer, {"default": None, "null": True}),
    },
    ("Entrant", "entrant"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "nomination": (ForeignKey, {"references": Nomination, "unique": True}),
        "code": (Varchar, {"length": 3, "default": None, "null": True}),
        "name": (Varchar, {"length": 60, "default": ""}),
        "nominator": (Varchar, {"length": 40, "default": ""}),
        "township": (Varchar, {"length": 40, "default": ""}),
        "summary": (Varchar, {"length": 120, "default": ""}),
        "case_report": (Text, {"default": ""}),
        "photo": (Varchar, {"length": 64, "default": None, "null": True}),
        "first_time": (Boolean, {"default": False}),
        "attributes": (JSONB, {"default": "{}"}),
        "added_at": (Timestamptz, {"default": TimestamptzNow()}),
        "withdrawn_at": (Timestamptz, {"default": None, "null": True}),
        "withdrawn_reason": (Text, {"default": ""}),
    },
    ("Objection", "objection"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "reference": (Varchar, {"length": 20, "default": "", "unique": True}),
        "real_name_sealed": (Bytea, {"default": b""}),
        "contact_sealed": (Bytea, {"default": b""}),
        "about": (Varchar, {"length": 60, "default": ""}),
        "body": (Text, {"default": ""}),
        "filed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("HolidayYear", "holiday_year"): {
        "id": (Serial, {"primary_key": True}),
        "year": (Integer, {"default": 0, "unique": True}),
        "days_off": (JSONB, {"default": "{}"}),
        "makeup_days": (JSONB, {"default": "{}"}),
        "recorded_at": (Timestamptz, {"default": TimestamptzNow()}),
        "actor_id": (Integer, {"default": None, "null": True}),
        "actor_name": (Varchar, {"length": 80, "default": ""}),
    },
    ("FigureImport", "figure_import"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "file_name": (Varchar, {"length": 200, "default": ""}),
        "file_digest": (Varchar, {"length": 64, "default": ""}),
        "as_of": (Timestamptz, {"default": TimestamptzNow()}),
        "note": (Text, {"default": ""}),
        "status": (Varchar, {"length": 20, "default": ""}),
        "uploaded_at": (Timestamptz, {"default": TimestamptzNow()}),
        "uploaded_by": (Integer, {"default": None, "null": True}),
        "uploaded_by_name": (Varchar, {"length": 80, "default": ""}),
        "decided_at": (Timestamptz, {"default": None, "null": True}),
        "decided_by": (Integer, {"default": None, "null": True}),
        "decided_by_name": (Varchar, {"length": 80, "default": ""}),
        "decision_note": (Text, {"default": ""}),
    },
    ("Nomination", "nomination"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "nominator": (Varchar, {"length": 40, "default": "", "index": True}),
        "created_by": (Integer, {"default": None, "null": True}),
        "status": (Varchar, {"length": 20, "default": "", "index": True}),
        "name": (Varchar, {"length": 40, "default": ""}),
        "phone_sealed": (Bytea, {"default": None, "null": True}),
        "born_on_sealed": (Bytea, {"default": None, "null": True}),
        "platform": (Varchar, {"length": 20, "default": ""}),
        "account": (Varchar, {"length": 60, "default": ""}),
        "summary": (Varchar, {"length": 120, "default": ""}),
        "case_report": (Text, {"default": ""}),
        "photo": (Varchar, {"length": 64, "default": None, "null": True}),
        "first_time": (Boolean, {"default": False}),
        "guardian_name": (Varchar, {"length": 40, "default": ""}),
        "guardian_phone_sealed": (Bytea, {"default": None, "null": True}),
        "guardian_consent": (Boolean, {"default": False}),
        "consent": (Boolean, {"default": False}),
        "created_at": (Timestamptz, {"default": TimestamptzNow()}),
        "saved_at": (Timestamptz, {"default": TimestamptzNow()}),
        "submitted_at": (Timestamptz, {"default": None, "null": True}),
        "withdrawn_reason": (Text, {"default": ""}),
    },
    ("ObjectionAnswer", "objection_answer"): {
        "id": (Serial, {"primary_key": True}),
        "objection": (ForeignKey, {"references": Objection, "unique": True}),
        "outcome": (Varchar, {"length": 20, "default": ""}),
        "body": (Text, {"default": ""}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
        "actor_id": (Integer, {"default": None, "null": True}),
        "actor_name": (Varchar, {"length": 80, "default": ""}),
    },
    ("PhaseChange", "phase_change"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest}),
        "from_phase": (Varchar, {"length": 20, "default": ""}),
        "to_phase": (Varchar, {"length": 20, "default": ""}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
        "actor_id": (Integer, {"default": None, "null": True}),
        "actor_name": (Varchar, {"length": 80, "default": ""}),
    },
    ("Contest", "contest"): {
        "id": (Serial, {"primary_key": True}),
        "slug": (Varchar, {"length": 60, "default": "", "unique": True}),
        "title": (Varchar, {"length": 120, "default": ""}),
        "series": (Varchar, {"length": 60, "default": "", "index": True}),
        "edition": (Varchar, {"length": 20, "default": ""}),
        "phase": (Varchar, {"length": 20, "default": ""}),
        "phase_since": (Timestamptz, {"default": TimestamptzNow()}),
        "created_at": (Timestamptz, {"default": TimestamptzNow()}),
        "nomination_closes_at": (Timestamptz, {"default": None, "null": True}),
        "code_order": (Varchar, {"length": 20, "default": ""}),
        "code_seed": (Text, {"default": ""}),
        "approval_document": (Varchar, {"length": 120, "default": ""}),
        "notice_starts_on": (Date, {"default": None, "null": True}),
        "notice_ends_on": (Date, {"default": None, "null": True}),
    },
    ("Figure", "figure"): {
        "id": (Serial, {"primary_key": True}),
        "figure_import": (ForeignKey, {"references": FigureImport, "index": True}),
        "entrant": (ForeignKey, {"references": Entrant}),
        "figure_id": (Varchar, {"length": 60, "default": ""}),
        "value": (Numeric, {"default": decimal.Decimal("0"), "digits": (24, 6)}),
        "line": (Integer, {"default": 0}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contest", description=DESCRIPTION)

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
        table_class_name="RulebookVersion",
        tablename="rulebook_version",
        constraint_name="one_number_each",
        constraint_class=Unique,
        params={"columns": ["contest", "number"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="Entrant",
        tablename="entrant",
        constraint_name="one_code_each",
        constraint_class=Unique,
        params={"columns": ["contest", "code"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FigureImport",
        tablename="figure_import",
        constraint_name="two_people",
        constraint_class=Check,
        params={"condition": '("decided_by" IS NULL OR "decided_by" != "uploaded_by")'},
    )
    manager.add_constraint(
        table_class_name="PhaseChange",
        tablename="phase_change",
        constraint_name="each_phase_once",
        constraint_class=Unique,
        params={"columns": ["contest", "to_phase"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="Figure",
        tablename="figure",
        constraint_name="once_in_a_file",
        constraint_class=Unique,
        params={"columns": ["figure_import", "entrant", "figure_id"], "nulls_distinct": True},
    )

    return manager
