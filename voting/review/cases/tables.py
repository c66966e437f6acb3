"""The cases that the detectors' findings are put into."""

from typing import Any

from piccolo.columns import (
    JSONB,
    BigInt,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from voting.review.changes.tables import BallotChange

CONTEST = LazyTableReference("Contest", app_name="contest")


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
    """How a person closed a case: dismissed with a reason, or by proposing a void."""

    id = Serial(primary_key=True)
    fraud_case: ForeignKey[Any] = ForeignKey(FraudCase, unique=True)
    void: ForeignKey[Any] = ForeignKey(BallotChange, null=True, default=None)
    reason = Text()
    closed_by = Integer()
    closed_by_name = Varchar(80)
    closed_at = Timestamptz()


APPEND_ONLY: list[type[Table]] = [FraudCase, FraudCaseBallot, FraudCaseOutcome]
