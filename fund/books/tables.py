"""The acts on entitlements, and the double-entry books that follow them.

Steps, entries and postings are only ever added. Where an entitlement stands and what an account
holds follow from them: triggers keep both in tables that the app may only read. Amounts are
whole fen.
"""

from piccolo.columns import (
    BigInt,
    BigSerial,
    Boolean,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

_LINE = LazyTableReference("FundLine", app_name="fund")
_APPROPRIATION = LazyTableReference("FundAppropriation", app_name="fund")
_ENTITLEMENT = LazyTableReference("FundEntitlement", app_name="fund")
_PAYMENT = LazyTableReference("FundPayment", app_name="fund")
_KEPT = OnDelete.restrict


class FundStep(Table, tablename="fund_step"):
    """One act on an entitlement, numbered without a gap; `by` is null for the system."""

    id = BigSerial(primary_key=True)
    entitlement: ForeignKey[Table] = ForeignKey(_ENTITLEMENT, null=False, on_delete=_KEPT)
    number = Integer()
    act = Varchar(20)
    payment: ForeignKey[Table] = ForeignKey(
        _PAYMENT, null=True, default=None, on_delete=_KEPT, index=True
    )
    line: ForeignKey[Table] = ForeignKey(_LINE, null=True, default=None, on_delete=_KEPT)
    reason = Text()
    by = Integer(null=True, default=None)
    by_name = Varchar(80)
    at = Timestamptz()

    fund_step_numbered_once = Unique([entitlement, number])


class FundStanding(Table, tablename="fund_standing"):
    """Where an entitlement is after its newest step."""

    id = Serial(primary_key=True)
    entitlement: ForeignKey[Table] = ForeignKey(
        _ENTITLEMENT, null=False, on_delete=_KEPT, unique=True
    )
    state = Varchar(20, index=True)
    held = Boolean()
    number = Integer()
    payment: ForeignKey[Table] = ForeignKey(_PAYMENT, null=True, default=None, on_delete=_KEPT)
    line: ForeignKey[Table] = ForeignKey(_LINE, null=True, default=None, on_delete=_KEPT)


class FundEntry(Table, tablename="fund_entry"):
    """One entry of the books: what a step or an appropriation moved, and who moved it."""

    id = BigSerial(primary_key=True)
    step = ForeignKey(FundStep, null=True, default=None, on_delete=_KEPT, unique=True)
    appropriation: ForeignKey[Table] = ForeignKey(
        _APPROPRIATION, null=True, default=None, on_delete=_KEPT, unique=True
    )
    by = Integer(null=True, default=None)
    by_name = Varchar(80)
    at = Timestamptz()

    one_reason = Check("num_nonnulls(step, appropriation) = 1")


class FundPosting(Table, tablename="fund_posting"):
    """One line of an entry; the postings of an entry add up to zero on each budget line."""

    id = BigSerial(primary_key=True)
    entry = ForeignKey(FundEntry, null=False, on_delete=_KEPT)
    line: ForeignKey[Table] = ForeignKey(_LINE, null=False, on_delete=_KEPT)
    account = Varchar(20)
    entitlement: ForeignKey[Table] = ForeignKey(
        _ENTITLEMENT, null=True, default=None, on_delete=_KEPT, index=True
    )
    amount = BigInt()

    fund_posting_once_an_entry = Unique([entry, line, account])
    not_nothing = Check("amount <> 0")


class FundBalance(Table, tablename="fund_balance"):
    """What an account of a line holds: the sum of its postings."""

    id = Serial(primary_key=True)
    line: ForeignKey[Table] = ForeignKey(_LINE, null=False, on_delete=_KEPT)
    account = Varchar(20)
    amount = BigInt()

    fund_balance_one_balance = Unique([line, account])
    never_below_zero = Check(
        "CASE account WHEN 'appropriated' THEN amount <= 0 ELSE amount >= 0 END"
    )


APPEND_ONLY: list[type[Table]] = [FundEntry, FundPosting, FundStep]
KEPT_BY_TRIGGERS: list[type[Table]] = [FundBalance, FundStanding]
