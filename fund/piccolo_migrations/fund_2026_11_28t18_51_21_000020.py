"""Tables"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

ID = "2026-11-28T18:51:21:000020"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


class FundAppropriation(Table, tablename="fund_appropriation"):
    id = Serial(primary_key=True)


class FundBatch(Table, tablename="fund_batch"):
    id = Serial(primary_key=True)


class FundCorrection(Table, tablename="fund_correction"):
    id = Serial(primary_key=True)


class FundEntitlement(Table, tablename="fund_entitlement"):
    id = Serial(primary_key=True)


class FundEntry(Table, tablename="fund_entry"):
    id = BigSerial(primary_key=True)


class FundInKind(Table, tablename="fund_in_kind"):
    id = Serial(primary_key=True)


class FundLine(Table, tablename="fund_line"):
    id = Serial(primary_key=True)


class FundPayee(Table, tablename="fund_payee"):
    id = BigSerial(primary_key=True)


class FundPayment(Table, tablename="fund_payment"):
    id = BigSerial(primary_key=True)


class FundStep(Table, tablename="fund_step"):
    id = BigSerial(primary_key=True)


TABLES = {
    ("FundEntitlement", "fund_entitlement"): {
        "id": (Serial, {"primary_key": True}),
        "key": (Varchar, {"length": 160, "default": "", "unique": True}),
        "year": (SmallInt, {"default": 0, "index": True}),
        "beneficiary": (Varchar, {"length": 80, "default": ""}),
        "beneficiary_account": (Integer, {"default": None, "null": True}),
        "measure": (Varchar, {"length": 64, "default": ""}),
        "measure_name": (Varchar, {"length": 80, "default": ""}),
        "title": (Varchar, {"length": 120, "default": ""}),
        "gross": (BigInt, {"default": 0}),
        "tax": (BigInt, {"default": 0}),
        "tax_category": (Varchar, {"length": 64, "default": ""}),
        "tax_rules": (Varchar, {"length": 80, "default": ""}),
        "source_kind": (Varchar, {"length": 32, "default": ""}),
        "source_digest": (Varchar, {"length": 80, "default": ""}),
        "source_title": (Varchar, {"length": 160, "default": ""}),
        "source_path": (Varchar, {"length": 200, "default": ""}),
        "payable_from": (Date, {"default": None, "null": True}),
        "approved_at": (Timestamptz, {"default": TimestamptzNow()}),
        "recorded_by": (Integer, {"default": None, "null": True}),
        "recorded_by_name": (Varchar, {"length": 80, "default": ""}),
    },
    ("FundStep", "fund_step"): {
        "id": (BigSerial, {"primary_key": True}),
        "entitlement": (
            ForeignKey,
            {"references": FundEntitlement, "on_delete": OnDelete.restrict, "null": False},
        ),
        "number": (Integer, {"default": 0}),
        "act": (Varchar, {"length": 20, "default": ""}),
        "payment": (
            ForeignKey,
            {"references": FundPayment, "on_delete": OnDelete.restrict, "index": True},
        ),
        "line": (ForeignKey, {"references": FundLine, "on_delete": OnDelete.restrict}),
        "reason": (Text, {"default": ""}),
        "by": (Integer, {"default": None, "null": True}),
        "by_name": (Varchar, {"length": 80, "default": ""}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundBatchDecision", "fund_batch_decision"): {
        "id": (Serial, {"primary_key": True}),
        "batch": (
            ForeignKey,
            {"references": FundBatch, "on_delete": OnDelete.restrict, "null": False},
        ),
        "approved": (Boolean, {"default": False}),
        "reason": (Text, {"default": ""}),
        "made_by": (Integer, {"default": 0}),
        "decided_by": (Integer, {"default": 0}),
        "decided_by_name": (Varchar, {"length": 80, "default": ""}),
        "decided_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundAppropriationDecision", "fund_appropriation_decision"): {
        "id": (Serial, {"primary_key": True}),
        "appropriation": (
            ForeignKey,
            {"references": FundAppropriation, "on_delete": OnDelete.restrict, "null": False},
        ),
        "approved": (Boolean, {"default": False}),
        "reason": (Text, {"default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "decided_by": (Integer, {"default": 0}),
        "decided_by_name": (Varchar, {"length": 80, "default": ""}),
        "decided_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundBalance", "fund_balance"): {
        "id": (Serial, {"primary_key": True}),
        "line": (
            ForeignKey,
            {"references": FundLine, "on_delete": OnDelete.restrict, "null": False},
        ),
        "account": (Varchar, {"length": 20, "default": ""}),
        "amount": (BigInt, {"default": 0}),
    },
    ("FundResultFile", "fund_result_file"): {
        "id": (Serial, {"primary_key": True}),
        "batch": (
            ForeignKey,
            {"references": FundBatch, "on_delete": OnDelete.restrict, "null": False},
        ),
        "digest": (Varchar, {"length": 64, "default": "", "unique": True}),
        "file_name": (Varchar, {"length": 200, "default": ""}),
        "report": (JSONB, {"default": "{}"}),
        "uploaded_by": (Integer, {"default": 0}),
        "uploaded_by_name": (Varchar, {"length": 80, "default": ""}),
        "uploaded_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundInKindStep", "fund_in_kind_step"): {
        "id": (BigSerial, {"primary_key": True}),
        "in_kind": (
            ForeignKey,
            {"references": FundInKind, "on_delete": OnDelete.restrict, "null": False},
        ),
        "number": (Integer, {"default": 0}),
        "done": (Boolean, {"default": False}),
        "place": (Varchar, {"length": 200, "default": ""}),
        "starts_on": (Date, {"default": None, "null": True}),
        "ends_on": (Date, {"default": None, "null": True}),
        "done_on": (Date, {"default": None, "null": True}),
        "evidence": (Text, {"default": ""}),
        "file_digest": (Varchar, {"length": 64, "default": ""}),
        "file_name": (Varchar, {"length": 200, "default": ""}),
        "by": (Integer, {"default": 0}),
        "by_name": (Varchar, {"length": 80, "default": ""}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundInKind", "fund_in_kind"): {
        "id": (Serial, {"primary_key": True}),
        "entitlement": (
            ForeignKey,
            {
                "references": FundEntitlement,
                "on_delete": OnDelete.restrict,
                "null": False,
                "index": True,
            },
        ),
        "kind": (Varchar, {"length": 32, "default": ""}),
        "words": (Varchar, {"length": 200, "default": ""}),
        "department": (Varchar, {"length": 80, "default": ""}),
        "due_on": (Date, {"default": None, "null": True}),
    },
    ("FundPayment", "fund_payment"): {
        "id": (BigSerial, {"primary_key": True}),
        "batch": (
            ForeignKey,
            {"references": FundBatch, "on_delete": OnDelete.restrict, "null": False},
        ),
        "entitlement": (
            ForeignKey,
            {"references": FundEntitlement, "on_delete": OnDelete.restrict, "null": False},
        ),
        "payee": (
            ForeignKey,
            {"references": FundPayee, "on_delete": OnDelete.restrict, "null": False},
        ),
        "attempt": (Integer, {"default": 0}),
        "net": (BigInt, {"default": 0}),
    },
    ("FundBatch", "fund_batch"): {
        "id": (Serial, {"primary_key": True}),
        "note": (Varchar, {"length": 200, "default": ""}),
        "made_by": (Integer, {"default": 0}),
        "made_by_name": (Varchar, {"length": 80, "default": ""}),
        "made_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundCorrectionDecision", "fund_correction_decision"): {
        "id": (Serial, {"primary_key": True}),
        "correction": (
            ForeignKey,
            {"references": FundCorrection, "on_delete": OnDelete.restrict, "null": False},
        ),
        "approved": (Boolean, {"default": False}),
        "reason": (Text, {"default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "decided_by": (Integer, {"default": 0}),
        "decided_by_name": (Varchar, {"length": 80, "default": ""}),
        "decided_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundStanding", "fund_standing"): {
        "id": (Serial, {"primary_key": True}),
        "entitlement": (
            ForeignKey,
            {
                "references": FundEntitlement,
                "on_delete": OnDelete.restrict,
                "null": False,
                "unique": True,
            },
        ),
        "state": (Varchar, {"length": 20, "default": "", "index": True}),
        "held": (Boolean, {"default": False}),
        "number": (Integer, {"default": 0}),
        "payment": (ForeignKey, {"references": FundPayment, "on_delete": OnDelete.restrict}),
        "line": (ForeignKey, {"references": FundLine, "on_delete": OnDelete.restrict}),
    },
    ("FundCorrection", "fund_correction"): {
        "id": (Serial, {"primary_key": True}),
        "payment": (
            ForeignKey,
            {"references": FundPayment, "on_delete": OnDelete.restrict, "null": False},
        ),
        "act": (Varchar, {"length": 16, "default": ""}),
        "reason": (Text, {"default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "proposed_by_name": (Varchar, {"length": 80, "default": ""}),
        "proposed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundBatchSending", "fund_batch_sending"): {
        "id": (Serial, {"primary_key": True}),
        "batch": (
            ForeignKey,
            {"references": FundBatch, "on_delete": OnDelete.restrict, "null": False},
        ),
        "approved": (Boolean, {"default": True}),
        "made_by": (Integer, {"default": 0}),
        "decided_by": (Integer, {"default": 0}),
        "sent_by": (Integer, {"default": 0}),
        "sent_by_name": (Varchar, {"length": 80, "default": ""}),
        "sent_at": (Timestamptz, {"default": TimestamptzNow()}),
        "file_digest": (Varchar, {"length": 64, "default": ""}),
    },
    ("FundPosting", "fund_posting"): {
        "id": (BigSerial, {"primary_key": True}),
        "entry": (
            ForeignKey,
            {"references": FundEntry, "on_delete": OnDelete.restrict, "null": False},
        ),
        "line": (
            ForeignKey,
            {"references": FundLine, "on_delete": OnDelete.restrict, "null": False},
        ),
        "account": (Varchar, {"length": 20, "default": ""}),
        "entitlement": (
            ForeignKey,
            {"references": FundEntitlement, "on_delete": OnDelete.restrict, "index": True},
        ),
        "amount": (BigInt, {"default": 0}),
    },
    ("FundAppropriation", "fund_appropriation"): {
        "id": (Serial, {"primary_key": True}),
        "line": (
            ForeignKey,
            {"references": FundLine, "on_delete": OnDelete.restrict, "null": False},
        ),
        "amount": (BigInt, {"default": 0}),
        "document": (Varchar, {"length": 120, "default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "proposed_by_name": (Varchar, {"length": 80, "default": ""}),
        "proposed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundEntry", "fund_entry"): {
        "id": (BigSerial, {"primary_key": True}),
        "step": (
            ForeignKey,
            {"references": FundStep, "on_delete": OnDelete.restrict, "unique": True},
        ),
        "appropriation": (
            ForeignKey,
            {"references": FundAppropriation, "on_delete": OnDelete.restrict, "unique": True},
        ),
        "by": (Integer, {"default": None, "null": True}),
        "by_name": (Varchar, {"length": 80, "default": ""}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundPayee", "fund_payee"): {
        "id": (BigSerial, {"primary_key": True}),
        "entitlement": (
            ForeignKey,
            {"references": FundEntitlement, "on_delete": OnDelete.restrict, "null": False},
        ),
        "version": (Integer, {"default": 0}),
        "sealed": (Bytea, {"default": b""}),
        "number_index": (Bytea, {"default": b"", "index": True}),
        "entered_by": (Integer, {"default": 0}),
        "entered_by_name": (Varchar, {"length": 80, "default": ""}),
        "entered_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FundLine", "fund_line"): {
        "id": (Serial, {"primary_key": True}),
        "year": (SmallInt, {"default": 0}),
        "name": (Varchar, {"length": 80, "default": ""}),
        "source": (Varchar, {"length": 16, "default": ""}),
        "document": (Varchar, {"length": 120, "default": ""}),
        "opened_by": (Integer, {"default": 0}),
        "opened_by_name": (Varchar, {"length": 80, "default": ""}),
        "opened_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="fund", description=DESCRIPTION)

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
        table_class_name="FundEntitlement",
        tablename="fund_entitlement",
        constraint_name="possible_amounts",
        constraint_class=Check,
        params={"condition": "tax >= 0 AND gross >= tax"},
    )
    manager.add_constraint(
        table_class_name="FundStep",
        tablename="fund_step",
        constraint_name="fund_step_numbered_once",
        constraint_class=Unique,
        params={"columns": ["entitlement", "number"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundBatchDecision",
        tablename="fund_batch_decision",
        constraint_name="fund_batch_decision_decided_once",
        constraint_class=Unique,
        params={"columns": ["batch"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundBatchDecision",
        tablename="fund_batch_decision",
        constraint_name="two_people",
        constraint_class=Check,
        params={"condition": "decided_by <> made_by"},
    )
    manager.add_constraint(
        table_class_name="FundAppropriationDecision",
        tablename="fund_appropriation_decision",
        constraint_name="fund_appropriation_decision_decided_once",
        constraint_class=Unique,
        params={"columns": ["appropriation"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundAppropriationDecision",
        tablename="fund_appropriation_decision",
        constraint_name="two_people",
        constraint_class=Check,
        params={"condition": "decided_by <> proposed_by"},
    )
    manager.add_constraint(
        table_class_name="FundBalance",
        tablename="fund_balance",
        constraint_name="fund_balance_one_balance",
        constraint_class=Unique,
        params={"columns": ["line", "account"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundBalance",
        tablename="fund_balance",
        constraint_name="never_below_zero",
        constraint_class=Check,
        params={
            "condition": "CASE account WHEN 'appropriated' THEN amount <= 0 ELSE amount >= 0 END"
        },
    )
    manager.add_constraint(
        table_class_name="FundInKindStep",
        tablename="fund_in_kind_step",
        constraint_name="fund_in_kind_step_numbered_once",
        constraint_class=Unique,
        params={"columns": ["in_kind", "number"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundInKindStep",
        tablename="fund_in_kind_step",
        constraint_name="done_has_its_day",
        constraint_class=Check,
        params={"condition": "done = (done_on IS NOT NULL)"},
    )
    manager.add_constraint(
        table_class_name="FundInKindStep",
        tablename="fund_in_kind_step",
        constraint_name="days_in_order",
        constraint_class=Check,
        params={"condition": "ends_on >= starts_on"},
    )
    manager.add_constraint(
        table_class_name="FundPayment",
        tablename="fund_payment",
        constraint_name="fund_payment_once_in_a_batch",
        constraint_class=Unique,
        params={"columns": ["batch", "entitlement"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundPayment",
        tablename="fund_payment",
        constraint_name="fund_payment_numbered_once",
        constraint_class=Unique,
        params={"columns": ["entitlement", "attempt"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundPayment",
        tablename="fund_payment",
        constraint_name="something_to_pay",
        constraint_class=Check,
        params={"condition": "net > 0"},
    )
    manager.add_constraint(
        table_class_name="FundCorrectionDecision",
        tablename="fund_correction_decision",
        constraint_name="fund_correction_decision_decided_once",
        constraint_class=Unique,
        params={"columns": ["correction"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundCorrectionDecision",
        tablename="fund_correction_decision",
        constraint_name="two_people",
        constraint_class=Check,
        params={"condition": "decided_by <> proposed_by"},
    )
    manager.add_constraint(
        table_class_name="FundCorrection",
        tablename="fund_correction",
        constraint_name="known_act",
        constraint_class=Check,
        params={"condition": "act IN ('reverse', 'confirm')"},
    )
    manager.add_constraint(
        table_class_name="FundBatchSending",
        tablename="fund_batch_sending",
        constraint_name="fund_batch_sending_sent_once",
        constraint_class=Unique,
        params={"columns": ["batch"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundBatchSending",
        tablename="fund_batch_sending",
        constraint_name="only_approved",
        constraint_class=Check,
        params={"condition": "approved"},
    )
    manager.add_constraint(
        table_class_name="FundBatchSending",
        tablename="fund_batch_sending",
        constraint_name="three_people",
        constraint_class=Check,
        params={"condition": "sent_by <> made_by AND sent_by <> decided_by"},
    )
    manager.add_constraint(
        table_class_name="FundPosting",
        tablename="fund_posting",
        constraint_name="fund_posting_once_an_entry",
        constraint_class=Unique,
        params={"columns": ["entry", "line", "account"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundPosting",
        tablename="fund_posting",
        constraint_name="not_nothing",
        constraint_class=Check,
        params={"condition": "amount <> 0"},
    )
    manager.add_constraint(
        table_class_name="FundAppropriation",
        tablename="fund_appropriation",
        constraint_name="above_zero",
        constraint_class=Check,
        params={"condition": "amount > 0"},
    )
    manager.add_constraint(
        table_class_name="FundEntry",
        tablename="fund_entry",
        constraint_name="one_reason",
        constraint_class=Check,
        params={"condition": "num_nonnulls(step, appropriation) = 1"},
    )
    manager.add_constraint(
        table_class_name="FundPayee",
        tablename="fund_payee",
        constraint_name="fund_payee_numbered_once",
        constraint_class=Unique,
        params={"columns": ["entitlement", "version"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundLine",
        tablename="fund_line",
        constraint_name="fund_line_one_name_a_year",
        constraint_class=Unique,
        params={"columns": ["year", "name"], "nulls_distinct": True},
    )
    manager.add_constraint(
        table_class_name="FundLine",
        tablename="fund_line",
        constraint_name="known_source",
        constraint_class=Check,
        params={"condition": "source IN ('city', 'above')"},
    )

    return manager
