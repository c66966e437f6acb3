"""What is owed, to whom, for which document. Amounts are whole fen."""

from piccolo.columns import BigInt, Date, Integer, Serial, SmallInt, Timestamptz, Varchar
from piccolo.constraints import Check
from piccolo.table import Table


class FundEntitlement(Table, tablename="fund_entitlement"):
    """What one beneficiary is owed for one reason. `key` names the reason and is the caller's:
    the same key is the same entitlement, whatever comes again."""

    id = Serial(primary_key=True)
    key = Varchar(160, unique=True)
    year = SmallInt(index=True)
    beneficiary = Varchar(80)
    beneficiary_account = Integer(null=True, default=None)
    measure = Varchar(64)
    measure_name = Varchar(80)
    title = Varchar(120)
    gross = BigInt()
    tax = BigInt()
    tax_category = Varchar(64)
    tax_rules = Varchar(80)
    source_kind = Varchar(32)
    source_digest = Varchar(80)
    source_title = Varchar(160)
    source_path = Varchar(200)
    payable_from = Date(null=True, default=None)
    approved_at = Timestamptz()
    recorded_by = Integer(null=True, default=None)
    recorded_by_name = Varchar(80)

    possible_amounts = Check("tax >= 0 AND gross >= tax")


APPEND_ONLY: list[type[Table]] = [FundEntitlement]
