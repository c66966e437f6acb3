"""Tables"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
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

ID = "2026-11-28T18:51:21:000050"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


class Account(Table, tablename="account"):
    id = Serial(primary_key=True)


class CertificationProposal(Table, tablename="certification_proposal"):
    id = BigSerial(primary_key=True)


class Contest(Table, tablename="contest"):
    id = Serial(primary_key=True)


class Entrant(Table, tablename="entrant"):
    id = Serial(primary_key=True)


class PanelSeat(Table, tablename="panel_seat"):
    id = BigSerial(primary_key=True)


class Sheet(Table, tablename="judge_sheet"):
    id = BigSerial(primary_key=True)


class SheetChange(Table, tablename="sheet_change"):
    id = BigSerial(primary_key=True)


class SheetEntry(Table, tablename="sheet_entry"):
    id = BigSerial(primary_key=True)


TABLES = {
    ("Sheet", "judge_sheet"): {
        "id": (BigSerial, {"primary_key": True}),
        "seat": (
            ForeignKey,
            {"references": PanelSeat, "on_delete": OnDelete.restrict, "null": False},
        ),
        "round": (Varchar, {"length": 64, "default": ""}),
    },
    ("ScoringWindow", "scoring_window"): {
        "id": (BigSerial, {"primary_key": True}),
        "contest": (
            ForeignKey,
            {"references": Contest, "on_delete": OnDelete.restrict, "null": False},
        ),
        "round": (Varchar, {"length": 64, "default": ""}),
        "entrant": (
            ForeignKey,
            {"references": Entrant, "on_delete": OnDelete.restrict, "null": False},
        ),
        "is_open": (Boolean, {"default": True, "null": True}),
        "reason": (Text, {"default": ""}),
        "opened_at": (Timestamptz, {"default": TimestamptzNow()}),
        "opened_by": (Integer, {"default": 0}),
        "closed_at": (Timestamptz, {"default": None, "null": True}),
        "closed_by": (Integer, {"default": None, "null": True}),
    },
    ("PanelSeat", "panel_seat"): {
        "id": (BigSerial, {"primary_key": True}),
        "contest": (
            ForeignKey,
            {"references": Contest, "on_delete": OnDelete.restrict, "null": False},
        ),
        "account": (
            ForeignKey,
            {"references": Account, "on_delete": OnDelete.restrict, "null": False},
        ),
        "number": (Integer, {"default": 0}),
        "appointed_at": (Timestamptz, {"default": TimestamptzNow()}),
        "conflicts_declared_at": (Timestamptz, {"default": None, "null": True}),
    },
    ("Conflict", "panel_conflict"): {
        "id": (BigSerial, {"primary_key": True}),
        "seat": (ForeignKey, {"references": PanelSeat, "null": False}),
        "entrant": (
            ForeignKey,
            {"references": Entrant, "on_delete": OnDelete.restrict, "null": False},
        ),
        "reason": (Text, {"default": ""}),
        "declared_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("Certification", "certification"): {
        "id": (BigSerial, {"primary_key": True}),
        "contest": (
            ForeignKey,
            {"references": Contest, "on_delete": OnDelete.restrict, "null": False},
        ),
        "proposal": (
            ForeignKey,
            {"references": CertificationProposal, "on_delete": OnDelete.restrict, "null": False},
        ),
        "version": (Integer, {"default": 0}),
        "result": (Text, {"default": ""}),
        "result_digest": (Varchar, {"length": 80, "default": ""}),
        "bundle": (Varchar, {"length": 64, "default": ""}),
        "ledger_size": (BigInt, {"default": 0}),
        "ledger_root": (Varchar, {"length": 64, "default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "approved_by": (Integer, {"default": 0}),
        "approved_by_name": (Varchar, {"length": 80, "default": ""}),
        "approved_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("SheetChangeDecision", "sheet_change_decision"): {
        "id": (BigSerial, {"primary_key": True}),
        "change": (
            ForeignKey,
            {"references": SheetChange, "on_delete": OnDelete.restrict, "null": False},
        ),
        "approved": (Boolean, {"default": False}),
        "reason": (Text, {"default": ""}),
        "decided_by": (Integer, {"default": 0}),
        "decided_by_name": (Varchar, {"length": 80, "default": ""}),
        "decided_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("SheetEntry", "sheet_entry"): {
        "id": (BigSerial, {"primary_key": True}),
        "sheet": (ForeignKey, {"references": Sheet, "on_delete": OnDelete.restrict, "null": False}),
        "entrant": (
            ForeignKey,
            {"references": Entrant, "on_delete": OnDelete.restrict, "null": False},
        ),
        "status": (Varchar, {"length": 16, "default": "draft"}),
        "reason": (Text, {"default": ""}),
        "settled_at": (Timestamptz, {"default": None, "null": True}),
    },
    ("CertificationProposal", "certification_proposal"): {
        "id": (BigSerial, {"primary_key": True}),
        "contest": (
            ForeignKey,
            {"references": Contest, "on_delete": OnDelete.restrict, "null": False},
        ),
        "result_digest": (Varchar, {"length": 80, "default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "proposed_by_name": (Varchar, {"length": 80, "default": ""}),
        "proposed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("Mark", "judge_mark"): {
        "id": (BigSerial, {"primary_key": True}),
        "entry": (
            ForeignKey,
            {"references": SheetEntry, "on_delete": OnDelete.restrict, "null": False},
        ),
        "criterion": (Varchar, {"length": 64, "default": ""}),
        "client_sequence": (BigInt, {"default": 0}),
        "value": (Numeric, {"default": None, "digits": None, "null": True}),
        "saved_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("SheetVersion", "sheet_version"): {
        "id": (BigSerial, {"primary_key": True}),
        "sheet": (ForeignKey, {"references": Sheet, "on_delete": OnDelete.restrict, "null": False}),
        "version": (Integer, {"default": 0}),
        "content": (Text, {"default": ""}),
        "digest": (Varchar, {"length": 80, "default": ""}),
        "method": (Varchar, {"length": 16, "default": ""}),
        "signed_by": (Integer, {"default": 0}),
        "signed_by_name": (Varchar, {"length": 80, "default": ""}),
        "signed_at": (Timestamptz, {"default": TimestamptzNow()}),
        "reason": (Text, {"default": ""}),
        "signature": (Bytea, {"default": b""}),
    },
    ("SheetChange", "sheet_change"): {
        "id": (BigSerial, {"primary_key": True}),
        "sheet": (ForeignKey, {"references": Sheet, "on_delete": OnDelete.restrict, "null": False}),
        "base_version": (Integer, {"default": 0}),
        "content": (Text, {"default": ""}),
        "reason": (Text, {"default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "proposed_by_name": (Varchar, {"length": 80, "default": ""}),
        "proposed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("RunningOrder", "running_order"): {
        "id": (BigSerial, {"primary_key": True}),
        "contest": (
            ForeignKey,
            {"references": Contest, "on_delete": OnDelete.restrict, "null": False},
        ),
        "round": (Varchar, {"length": 64, "default": ""}),
        "codes": (JSONB, {"default": "{}"}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="scoring", description=DESCRIPTION)

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
        table_class_name="Sheet",
        tablename="judge_sheet",
        constraint_name="one_sheet_a_round",
        constraint_class=Unique,
        params={"columns": ["seat", "round"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="ScoringWindow",
        tablename="scoring_window",
        constraint_name="one_open_at_a_time",
        constraint_class=Unique,
        params={"columns": ["contest", "is_open"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="ScoringWindow",
        tablename="scoring_window",
        constraint_name="open_or_closed",
        constraint_class=Check,
        params={"condition": "(is_open IS NULL) = (closed_at IS NOT NULL)"},
    )
    manager.add_constraint(
        table_class_name="ScoringWindow",
        tablename="scoring_window",
        constraint_name="never_false",
        constraint_class=Check,
        params={"condition": "is_open"},
    )
    manager.add_constraint(
        table_class_name="PanelSeat",
        tablename="panel_seat",
        constraint_name="one_seat_each",
        constraint_class=Unique,
        params={"columns": ["contest", "account"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="PanelSeat",
        tablename="panel_seat",
        constraint_name="one_judge_a_number",
        constraint_class=Unique,
        params={"columns": ["contest", "number"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="Conflict",
        tablename="panel_conflict",
        constraint_name="declared_once",
        constraint_class=Unique,
        params={"columns": ["seat", "entrant"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="Certification",
        tablename="certification",
        constraint_name="certified_once_a_version",
        constraint_class=Unique,
        params={"columns": ["contest", "version"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="Certification",
        tablename="certification",
        constraint_name="certified_once_a_proposal",
        constraint_class=Unique,
        params={"columns": ["proposal"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="Certification",
        tablename="certification",
        constraint_name="two_people",
        constraint_class=Check,
        params={"condition": "approved_by <> proposed_by"},
    )
    manager.add_constraint(
        table_class_name="SheetChangeDecision",
        tablename="sheet_change_decision",
        constraint_name="decided_once",
        constraint_class=Unique,
        params={"columns": ["change"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="SheetEntry",
        tablename="sheet_entry",
        constraint_name="one_entry_each",
        constraint_class=Unique,
        params={"columns": ["sheet", "entrant"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="SheetEntry",
        tablename="sheet_entry",
        constraint_name="known_status",
        constraint_class=Check,
        params={"condition": "status IN ('draft', 'submitted', 'recused', 'absent')"},
    )
    manager.add_constraint(
        table_class_name="SheetEntry",
        tablename="sheet_entry",
        constraint_name="settled_when_not_draft",
        constraint_class=Check,
        params={"condition": "(status = 'draft') = (settled_at IS NULL)"},
    )
    manager.add_constraint(
        table_class_name="Mark",
        tablename="judge_mark",
        constraint_name="saved_once",
        constraint_class=Unique,
        params={"columns": ["entry", "criterion", "client_sequence"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="SheetVersion",
        tablename="sheet_version",
        constraint_name="numbered_once",
        constraint_class=Unique,
        params={"columns": ["sheet", "version"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="RunningOrder",
        tablename="running_order",
        constraint_name="one_order_a_round",
        constraint_class=Unique,
        params={"columns": ["contest", "round"], "nulls_distinct": True},
    )

    return manager
