"""Parts of an entitlement that are not money."""

from piccolo.columns import (
    BigSerial,
    Boolean,
    Date,
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

_ENTITLEMENT = LazyTableReference("FundEntitlement", app_name="fund")
_KEPT = OnDelete.restrict


class FundInKind(Table, tablename="fund_in_kind"):
    """A part that is not money, owed by a department until a day."""

    id = Serial(primary_key=True)
    entitlement: ForeignKey[Table] = ForeignKey(
        _ENTITLEMENT, null=False, on_delete=_KEPT, index=True
    )
    kind = Varchar(32)
    words = Varchar(200)
    department = Varchar(80)
    due_on = Date(null=True, default=None)


class FundInKindStep(Table, tablename="fund_in_kind_step"):
    """What has been arranged for a part in kind (where, from when to when), or that it is done,
    with the evidence. The newest arrangement holds; done is said once."""

    id = BigSerial(primary_key=True)
    in_kind = ForeignKey(FundInKind, null=False, on_delete=_KEPT)
    number = Integer()
    done = Boolean()
    place = Varchar(200)
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)
    done_on = Date(null=True, default=None)
    evidence = Text()
    file_digest = Varchar(64)
    file_name = Varchar(200)
    by = Integer()
    by_name = Varchar(80)
    at = Timestamptz()

    fund_in_kind_step_numbered_once = Unique([in_kind, number])
    done_has_its_day = Check("done = (done_on IS NOT NULL)")
    days_in_order = Check("ends_on >= starts_on")


APPEND_ONLY: list[type[Table]] = [FundInKind, FundInKindStep]
KEPT_FILES: dict[str, list[Varchar]] = {"fund": [FundInKindStep.file_digest]}
