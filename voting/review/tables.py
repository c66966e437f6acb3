"""Fraud review: signals beside the ballots, and the cases made of them."""

from typing import Any

from piccolo.columns import (
    JSONB,
    BigInt,
    Bytea,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

CONTEST = LazyTableReference("Contest", app_name="contest")
VOID_BATCH = LazyTableReference("VoidBatch", app_name="voting")


class BallotSignal(Table, tablename="ballot_signal"):
    """What the network told of one ballot, until it is purged. Key: (contest_id, sequence).

    `at` is to the second. `prefix` and `device` are 8 bytes under this contest's key, null
    when there was none; `account_minutes` is how long the account had been known, at most a
    week, so that it tells the new from the old and no one from another.
    """

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    at = Timestamptz()
    prefix = Bytea(null=True, default=None)
    device = Bytea(null=True, default=None)
    agent = Varchar(12)
    account_minutes = SmallInt(null=True, default=None)


class FraudCase(Table, tablename="fraud_case"):
    """What detectors found about one entrant, for a person to look at; it voids nothing.

    `findings` and `chart` are numbers only: they outlive the signals they came from.
    """

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(CONTEST, index=True)
    entrant_id = Integer()
    first_at = Timestamptz()
    last_at = Timestamptz()
    ballots = Integer()
    urgency = Integer()
    findings = JSONB()
    chart = JSONB()
    opened_at = Timestamptz()


class FraudCaseBallot(Table, tablename="fraud_case_ballot"):
    """One ballot that a case is about. Key: (case_id, sequence)."""

    case_id = Integer()
    contest_id = Integer()
    sequence = BigInt(primary_key=True)


class FraudCaseOutcome(Table, tablename="fraud_case_outcome"):
    """How a person closed a case: dismissed with a reason, or by proposing a void batch."""

    id = Serial(primary_key=True)
    fraud_case: ForeignKey[Any] = ForeignKey(FraudCase, unique=True)
    batch: ForeignKey[Any] = ForeignKey(VOID_BATCH, null=True, default=None)
    reason = Text()
    closed_by = Integer()
    closed_by_name = Varchar(80)
    closed_at = Timestamptz()
