"""Tables"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import (
    JSONB,
    Array,
    BigInt,
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
from piccolo.columns.defaults.date import DateNow
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check
from piccolo.table import Table

ID = "2026-11-28T18:51:21:000040"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


class BallotChange(Table, tablename="ballot_change"):
    id = Serial(primary_key=True)


class Contest(Table, tablename="contest"):
    id = Serial(primary_key=True)


class FraudCase(Table, tablename="fraud_case"):
    id = Serial(primary_key=True)


TABLES = {
    ("BallotChange", "ballot_change"): {
        "id": (Serial, {"primary_key": True}),
        "kind": (Varchar, {"length": 8, "default": ""}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "void": (ForeignKey, {"references": "self", "index": True}),
        "rule": (Varchar, {"length": 200, "default": ""}),
        "reason": (Text, {"default": ""}),
        "proposed_by": (Integer, {"default": 0}),
        "proposed_by_name": (Varchar, {"length": 80, "default": ""}),
        "proposed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("LeafPlace", "leaf_place"): {
        "contest_id": (Integer, {"default": 0}),
        "prefix": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
    },
    ("BallotMark", "ballot_mark"): {
        "contest_id": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
        "void_id": (Integer, {"default": 0}),
        "state": (Varchar, {"length": 12, "default": ""}),
    },
    ("BallotSignal", "ballot_signal"): {
        "contest_id": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
        "at": (Timestamptz, {"default": TimestamptzNow()}),
        "prefix": (Bytea, {"default": None, "null": True}),
        "device": (Bytea, {"default": None, "null": True}),
        "agent": (Varchar, {"length": 12, "default": ""}),
        "account_minutes": (SmallInt, {"default": None, "null": True}),
    },
    ("Tally", "tally"): {
        "contest_id": (Integer, {"default": 0}),
        "entrant_id": (Integer, {"default": 0, "primary_key": True}),
        "votes": (BigInt, {"default": 0}),
        "under_review": (BigInt, {"default": 0}),
        "void": (BigInt, {"default": 0}),
    },
    ("LedgerNode", "ledger_node"): {
        "contest_id": (Integer, {"default": 0}),
        "level": (SmallInt, {"default": 0}),
        "place": (BigInt, {"default": 0, "primary_key": True}),
        "hash": (Bytea, {"default": b""}),
    },
    ("FraudCase", "fraud_case"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "index": True}),
        "entrant_id": (Integer, {"default": 0}),
        "first_at": (Timestamptz, {"default": TimestamptzNow()}),
        "last_at": (Timestamptz, {"default": TimestamptzNow()}),
        "ballots": (Integer, {"default": 0}),
        "urgency": (Integer, {"default": 0}),
        "findings": (JSONB, {"default": "{}"}),
        "chart": (JSONB, {"default": "{}"}),
        "opened_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("Vote", "vote"): {
        "contest_id": (Integer, {"default": 0}),
        "voter": (Bytea, {"default": b""}),
        "day": (Date, {"default": DateNow()}),
        "day_slot": (SmallInt, {"default": 0, "primary_key": True}),
        "contest_slot": (SmallInt, {"default": None, "null": True}),
        "entrant_id": (Integer, {"default": 0}),
        "entry_slot": (SmallInt, {"default": None, "null": True}),
        "sequence": (BigInt, {"default": 0}),
    },
    ("SignedHead", "signed_head"): {
        "contest_id": (Integer, {"default": 0}),
        "size": (BigInt, {"default": 0, "primary_key": True}),
        "root": (Bytea, {"default": b""}),
        "signed_at": (Timestamptz, {"default": TimestamptzNow()}),
        "signature": (Bytea, {"default": b""}),
    },
    ("FraudCaseBallot", "fraud_case_ballot"): {
        "case_id": (Integer, {"default": 0}),
        "contest_id": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
    },
    ("LedgerHead", "ledger_head"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "unique": True}),
        "size": (BigInt, {"default": 0}),
    },
    ("Ballot", "ballot"): {
        "contest_id": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
        "voter": (Bytea, {"default": b""}),
        "day": (Date, {"default": DateNow()}),
        "slot": (SmallInt, {"default": 0}),
        "entries": (
            Array,
            {
                "default": list,
                "base_column": Integer(
                    default=0,
                    null=False,
                    primary_key=False,
                    unique=False,
                    index=False,
                    index_method=IndexMethod.btree,
                    choices=None,
                    db_column_name=None,
                    secret=False,
                ),
            },
        ),
        "minute": (Timestamptz, {"default": TimestamptzNow()}),
        "key_digest": (Bytea, {"default": b""}),
        "leaf_hash": (Bytea, {"default": b""}),
    },
    ("ChangeEntry", "change_entry"): {
        "contest_id": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
        "change": (ForeignKey, {"references": BallotChange, "unique": True}),
        "minute": (Timestamptz, {"default": TimestamptzNow()}),
        "leaf_hash": (Bytea, {"default": b""}),
    },
    ("ChangeDecision", "change_decision"): {
        "id": (Serial, {"primary_key": True}),
        "change": (ForeignKey, {"references": BallotChange, "unique": True}),
        "proposed_by": (Integer, {"default": 0}),
        "approved": (Boolean, {"default": False}),
        "reason": (Text, {"default": ""}),
        "decided_by": (Integer, {"default": 0}),
        "decided_by_name": (Varchar, {"length": 80, "default": ""}),
        "decided_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("ChangedBallot", "changed_ballot"): {
        "change_id": (Integer, {"default": 0}),
        "contest_id": (Integer, {"default": 0}),
        "sequence": (BigInt, {"default": 0, "primary_key": True}),
    },
    ("BallotBox", "ballot_box"): {
        "id": (Serial, {"primary_key": True}),
        "contest": (ForeignKey, {"references": Contest, "unique": True}),
        "slug": (Varchar, {"length": 80, "default": ""}),
        "votes_per_day": (SmallInt, {"default": None, "null": True}),
        "votes_per_contest": (SmallInt, {"default": None, "null": True}),
        "votes_per_entry_per_day": (SmallInt, {"default": None, "null": True}),
        "secret_sealed": (Bytea, {"default": b""}),
        "made_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("FraudCaseOutcome", "fraud_case_outcome"): {
        "id": (Serial, {"primary_key": True}),
        "fraud_case": (ForeignKey, {"references": FraudCase, "unique": True}),
        "void": (ForeignKey, {"references": BallotChange}),
        "reason": (Text, {"default": ""}),
        "closed_by": (Integer, {"default": 0}),
        "closed_by_name": (Varchar, {"length": 80, "default": ""}),
        "closed_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="voting", description=DESCRIPTION)

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
        table_class_name="ChangeDecision",
        tablename="change_decision",
        constraint_name="two_people",
        constraint_class=Check,
        params={"condition": '"decided_by" != "proposed_by"'},
    )

    return manager
