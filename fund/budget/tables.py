"""Budget lines, and what is appropriated to them. Amounts are whole fen."""

from piccolo.columns import (
    BigInt,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

_KEPT = OnDelete.restrict


class FundLine(Table, tablename="fund_line"):
    """A budget line: money of one year from one source, granted by `document`."""

    id = Serial(primary_key=True)
    year = SmallInt()
    name = Varchar(80)
    source = Varchar(16)
    document = Varchar(120)
    opened_by = Integer()
    opened_by_name = Varchar(80)
    opened_at = Timestamptz()

    fund_line_one_name_a_year = Unique([year, name])
    known_source = Check("source IN ('city', 'above')")


class FundAppropriation(Table, tablename="fund_appropriation"):
    """One person's proposal that money has been appropriated to a line."""

    id = Serial(primary_key=True)
    line = ForeignKey(FundLine, null=False, on_delete=_KEPT)
    amount = BigInt()
    document = Varchar(120)
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()

    above_zero = Check("amount > 0")


class FundAppropriationDecision(Table, tablename="fund_appropriation_decision"):
    """The second person's answer; `proposed_by` repeats the proposal's for the check."""

    id = Serial(primary_key=True)
    appropriation = ForeignKey(FundAppropriation, null=False, on_delete=_KEPT)
    approved = Boolean()
    reason = Text()
    proposed_by = Integer()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    fund_appropriation_decision_decided_once = Unique([appropriation])
    two_people = Check("decided_by <> proposed_by")


APPEND_ONLY: list[type[Table]] = [FundAppropriation, FundAppropriationDecision, FundLine]
